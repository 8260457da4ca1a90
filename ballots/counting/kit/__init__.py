"""The material with which somebody outside counts a campaign's sealed boxes again, with a program of its own."""

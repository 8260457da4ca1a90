"""Deeds on campaigns of very many polls, as the worker does them."""

"""Notices: what is to be told to whom today, the texts, and the ways by which they go."""

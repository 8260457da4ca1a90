"""Checks of everything that comes in through pages of this app."""

"""Accounts: their history, their passwords, and how somebody signs in."""

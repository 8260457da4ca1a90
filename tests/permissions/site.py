"""Rows of the pages that belong to no app: signing in, help, health."""

from .statuses import EVERY_USER, EVERYBODY

ROWS = (
    ("login", "GET", "", "200 302 302 302 302 302 302"),
    # Nobody has given a password here before.
    ("second_code", "GET", "", "in 302 302 302 302 302 302"),
    ("logout", "POST", "", "in 302 302 302 302 302 302"),
    ("password_change", "GET", "", EVERY_USER),
    ("healthz", "GET", "", EVERYBODY),
    ("readyz", "GET", "", EVERYBODY),
    # For programs on the machine itself: see tests/reports/test_metrics.py.
    ("metrics", "GET", "", "404 404 404 404 404 404 404"),
    ("help_index", "GET", "", EVERY_USER),
    ("help_topic", "GET", "", EVERY_USER),
)

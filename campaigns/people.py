"""Names of accounts as pages and files print them."""

from django.contrib.auth.models import User

GONE = "已注销的账号"


def name_of(user: User | None) -> str:
    """The full name of an account, or its login name; of an account that was deleted, that it is gone."""
    return (user.get_full_name() or user.username) if user else GONE

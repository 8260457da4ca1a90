"""The mark of an exported roster or list of opinions: who took it out, and when."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from .people import name_of


def export_mark(user: User, at: datetime | None = None) -> str:
    """「张三于2026年11月30日15:20导出」, in local time; now where no moment is given."""
    moment = timezone.localtime(at)
    return f"{name_of(user)}于{moment.year}年{moment.month}月{moment.day}日{moment:%H:%M}导出"

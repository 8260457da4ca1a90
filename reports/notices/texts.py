"""The text of a notice, which every way carries alike: the subject, the lines, and where to see to it."""

from django.conf import settings

from .matters import Matter

HEAD = "【评议提醒】"
# Robots of 企业微信 take 2048 bytes.
MOST_BYTES, LONGEST_SUBJECT = 1900, 150
MORE = "其余的见网页。"
WITHOUT_ADDRESS = "请登录评议系统查看。"


def notice_subject(matter: Matter) -> str:
    """The subject, cut where a title is long, on one line: it is a header of a mail."""
    subject = " ".join(matter.subject.split())
    return subject if len(subject) <= LONGEST_SUBJECT else f"{subject[:LONGEST_SUBJECT]}…"


def notice_text(matter: Matter) -> str:
    """The whole text; of many lines the first that fit, and that there are more."""
    first, last = f"{HEAD}{notice_subject(matter)}", _where(matter.page)
    lines: list[str] = []
    for line in matter.lines:
        if _size(first, *lines, line, MORE, last) > MOST_BYTES:
            lines.append(MORE)
            break
        lines.append(line)
    return "\n".join((first, *lines, last))


def _where(page: str) -> str:
    """The page at the configured address; without one nothing but a word, for a request may name any host."""
    return f"{settings.SITE}{page}" if settings.SITE else WITHOUT_ADDRESS


def _size(*lines: str) -> int:
    return len("\n".join(lines).encode())

"""Text as people type and paste it, made fit to be stored: no invisible characters, no stray white space."""

import re
import unicodedata

# Come along when text is copied from a web page or a chat, and mean nothing.
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")


class NotPlain(ValueError):
    """Text with characters that cannot be seen or printed; the message says which."""


def clean_text(text: str) -> str:
    """A line of text: white space of any kind becomes one space, control characters are refused."""
    text = " ".join(text.translate(_ZERO_WIDTH).split())
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co"):
            raise NotPlain(f"含有看不见的控制字符（U+{ord(character):04X}），请删去后重新输入。")
    return text


def clean_name(text: str) -> str:
    """A person's name: 「张　三」, spaced out to align with longer names, is 「张三」."""
    return _BETWEEN_HAN.sub("", clean_text(text))

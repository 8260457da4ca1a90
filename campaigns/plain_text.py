"""Text as people type and paste it, made fit to be stored: no invisible characters, no stray white space."""

import re
import unicodedata

# Come along when text is copied from a web page or a chat, and mean nothing.
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
# Points that stand for the separator of a name (间隔号), which the national rule writes as U+00B7.
_SEPARATOR = re.compile(rf"(?<=[{_HAN}])\s*[·•・･．.‧∙⋅⸱·]\s*(?=[{_HAN}])")
_OPENING, _CLOSING = re.compile(r"\s*[(（﹙]\s*"), re.compile(r"\s*[)）﹚]")
# The private-use characters of old systems (GBK) that the codec still gives back as such.
_REPLACED = {
    0xE816: 0x20087,
    0xE817: 0x20089,
    0xE818: 0x200CC,
    0xE81E: 0x9FB4,
    0xE826: 0x9FB5,
    0xE82B: 0x9FB6,
    0xE82C: 0x9FB7,
    0xE831: 0x215D7,
    0xE832: 0x9FB8,
    0xE83B: 0x2298F,
    0xE843: 0x9FB9,
    0xE854: 0x9FBA,
    0xE855: 0x241FE,
    0xE864: 0x9FBB,
}


class NotPlain(ValueError):
    """Text with characters that cannot be seen or printed; the message says which."""


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters that keeps both ends: what tells names apart often stands last."""
    if len(text) <= most:
        return text
    tail = (most - 1) // 2
    return f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}"


def clean_text(text: str) -> str:
    """A line of text: white space of any kind becomes one space, control characters are refused."""
    text = " ".join(text.translate(_ZERO_WIDTH).split())
    for character in text:
        if unicodedata.category(character) == "Co":
            raise NotPlain(_private_use(character))
        if unicodedata.category(character) in ("Cc", "Cf", "Cs"):
            raise NotPlain(f"含有看不见的控制字符（U+{ord(character):04X}），请删去后重新输入。")
    return text


def _private_use(character: str) -> str:
    likely = likely_character(character)
    advice = f"旧系统用它表示“{likely}”，请改为“{likely}”" if likely else "换一台电脑就显示不出来，请改用标准字"
    return f"含有私用区字符（U+{ord(character):04X}），{advice}。"


def likely_character(character: str) -> str:
    """The standard character that a private-use one of old systems stands for; empty where that is not known.

    GBK kept places FE50 to FEA0 for characters that Unicode did not have yet, and wrote them as U+E815 to U+E864;
    GB 18030 has them at the same places today.
    """
    code = ord(character)
    if not 0xE815 <= code <= 0xE864:
        return ""
    if code in _REPLACED:
        return chr(_REPLACED[code])
    place = 0x50 + code - 0xE815 if code < 0xE844 else 0x80 + code - 0xE844  # no second byte is 7F
    return bytes([0xFE, place]).decode("gb18030")


def clean_name(text: str) -> str:
    """A person's name in one spelling.

    「张　三」, spaced out to align with longer names, is 「张三」; any point between two parts is 「·」; brackets are wide.
    """
    return respelled(_BETWEEN_HAN.sub("", clean_text(text)))


def is_respelled(text: str) -> bool:
    """Whether the name that somebody typed has a separator or brackets in another spelling."""
    text = _BETWEEN_HAN.sub("", clean_text(text))
    return text != respelled(text)


def respelled(name: str) -> str:
    """A name with its separators and brackets made alike."""
    name = _SEPARATOR.sub("·", name)
    return _CLOSING.sub("）", _OPENING.sub("（", name)) if re.search(rf"[{_HAN}]", name) else name


def name_key(text: str) -> str:
    """The same for all spellings of one unit's name: width, brackets and spaces between Chinese characters do not count."""
    text = unicodedata.normalize("NFKC", text).strip()
    return re.sub(r"\s*([()])\s*", r"\1", _BETWEEN_HAN.sub("", text))

"""Looks a Word file over before it is kept as a template: a plain docx of modest size with known fields, which fetches nothing.

Only names stand in braces: there is no language in a template that could run, loop or reach anything.
"""

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from campaigns.kept_files import MOST_BYTES, Unsuitable

from .fields import BLOCKS, KNOWN, LISTED, PLACEHOLDER

LARGEST = 2 * 1024 * 1024
MOST_PARTS, LARGEST_INSIDE = 200, 2 * MOST_BYTES
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARAGRAPH, TEXT, DOCUMENT_BODY = f"{_W}p", f"{_W}t", f"{_W}body"
_FILLED = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
_PLAIN_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
# Parts that hold a program, another document, or a thing of another program.
_STRANGE_PARTS = re.compile(
    r"vbaproject|activex/|embeddings/|vbadata|afchunk|\.(bin|docm|dotm|html?|mht|exe|js)$", re.IGNORECASE
)
# Fields of Word that fetch a file or start a program when the document is opened.
_FETCHING = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON)\b", re.IGNORECASE)
_PARSER = {"resolve_entities": False, "no_network": True, "huge_tree": False, "load_dtd": False}


def check_template(content: bytes) -> None:
    """Raises Unsuitable, with a sentence for the user, for a file that is no template."""
    if len(content) > LARGEST:
        raise Unsuitable(f"模板有{len(content) / 1024 / 1024:.1f}MB，不能超过2MB。请把里面的图片压缩以后再传。")
    parts = _parts_of(content)
    if _PLAIN_DOCX not in parts.get("[Content_Types].xml", b"").decode("utf-8", "replace"):
        raise Unsuitable("只收Word文档（docx）。带宏的文档（docm）、Word模板（dotx）、doc、wps请先另存为docx。")
    trees = {name: _tree_of(name, body) for name, body in parts.items() if name.endswith((".xml", ".rels"))}
    for name, tree in trees.items():
        _refuse_what_fetches(name, tree)
    _check_fields(trees)


def _parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of the document by name, unpacked no further than they say that they are long."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_INSIDE:
                raise Unsuitable("这个文件解开以后太大，不能作模板。")
            if strange := [entry.filename for entry in entries if _STRANGE_PARTS.search(entry.filename)]:
                raise Unsuitable(f"模板里不能有宏、控件、嵌入的文件：{strange[0]}。请删去，另存为docx再传。")
            return {entry.filename: packed.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
        raise Unsuitable("这不是一份能打开的Word文档（docx）。") from None


def _tree_of(name: str, body: bytes):
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body or body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unsuitable(f"这个文件的{name}不是Word写出来的，不能作模板。")
    try:
        return etree.fromstring(body, etree.XMLParser(**_PARSER))
    except etree.XMLSyntaxError:
        raise Unsuitable(f"这个文件的{name}损坏了，请用Word打开，另存为docx再传。") from None


def _refuse_what_fetches(name: str, tree) -> None:
    if name.endswith(".rels"):
        for link in tree:
            if link.get("TargetMode") == "External":
                raise Unsuitable(
                    f"模板里不能有外部链接：{link.get('Target', '')[:80]}。请取消超链接、断开链接的图片再传。"
                )
    commands = [element.text or "" for element in tree.iter(f"{_W}instrText")]
    commands += [element.get(f"{_W}instr", "") for element in tree.iter(f"{_W}fldSimple")]
    if fetching := _FETCHING.search(" ".join(commands)):
        raise Unsuitable(f"模板里不能有会读取别处文件的域：{fetching[0].upper()}。请把它变成普通文字再传。")


def _check_fields(trees: dict) -> None:
    """Refuses fields that are unknown, out of place or not closed, and a template without the blocks."""
    used: list[str] = []
    for name, tree in trees.items():
        if not _FILLED.fullmatch(name):
            if any("{{" in (text.text or "") for text in tree.iter(TEXT)):
                raise Unsuitable("字段只能写在正文、表格、文本框、页眉、页脚里，不能写在脚注、批注里。")
            continue
        for paragraph in tree.iter(PARAGRAPH):
            used += _fields_in(paragraph)
    for block in BLOCKS:
        if used.count(block) != 1:
            raise Unsuitable(f"模板里要有一处、只有一处“{{{{{block}}}}}”，单独成一段。现在有{used.count(block)}处。")


def _fields_in(paragraph) -> Iterator[str]:
    text = "".join(node.text or "" for node in own_texts(paragraph))
    for field in PLACEHOLDER.findall(text):
        if field not in KNOWN:
            raise Unsuitable(f"没有“{{{{{field[:40]}}}}}”这个字段。可以用的字段：{'、'.join(LISTED)}。")
        if field in BLOCKS and (not PLACEHOLDER.fullmatch(text.strip()) or paragraph.getparent().tag != DOCUMENT_BODY):
            raise Unsuitable(
                f"“{{{{{field}}}}}”要在正文里单独成一段，不能写在表格、文本框、页眉里，前后也不能有别的字。"
            )
        yield field
    rest = PLACEHOLDER.sub("", text)
    if any(sign in rest for sign in ("{{", "}}", "{%", "%}", "{#")):
        raise Unsuitable(f"“{rest.strip()[:40]}”里的花括号没有配对。字段写成“{{{{标题}}}}”，模板里不能写别的指令。")


def own_texts(paragraph) -> list:
    """The text nodes of a paragraph, without those of a text box in it."""
    return [node for node in paragraph.iter(TEXT) if next(node.iterancestors(PARAGRAPH)) is paragraph]

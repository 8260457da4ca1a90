"""Word's own styles in the faces of an official document, so that its outline and its style list work."""

from copy import deepcopy
from functools import cache

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle

# 225 mm ÷ 22 lines.
LINE_PITCH = Pt(28.95)
# Faces that Windows and the offices' software bring; a system without one puts its like in its place.
BODY, HEI, KAI, SONG, TITLE = "仿宋", "黑体", "楷体", "宋体", "方正小标宋简体"

TITLE_STYLE, HEADING, SUBHEADING, NORMAL = "Title", "Heading 1", "Heading 2", "Normal"
SIGNATURE, ATTACHMENT, ATTACHMENT_TITLE, ATTACHED = "落款", "附件标签", "附件标题", "附件说明"
CELL, CAPTION, NOTE = "表格文字", "Caption", "表注"
NAME, MISSING, LEAD = "姓名", "待填", "二级标题文字"


def set_styles(document: Document) -> None:
    """Give the document its styles."""
    styles = document.styles
    normal = styles[NORMAL]
    _face(normal, BODY, size=16)
    _lines(normal, first_line=200)
    normal.paragraph_format.widow_control = True
    normal.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _stand_on_the_grid(normal)
    _paragraph_styles(styles)
    for name, face in ((NAME, SONG), (LEAD, KAI), (MISSING, HEI)):
        _face(styles.add_style(name, WD_STYLE_TYPE.CHARACTER), face)
    styles[MISSING].font.highlight_color = WD_COLOR_INDEX.YELLOW
    _face(styles["Footer"], SONG, size=14)
    _face(styles["Header"], HEI, size=14)
    for name in ("Footer", "Header"):
        _lines(styles[name])
        styles[name].paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    styles["Header"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def bring_table_styles(document: Document) -> None:
    """Give a document that somebody else wrote the styles of our tables, and leave its other ones."""
    styles, own = document.styles, docx.Document().styles
    for name in ("Normal Table", "Table Grid"):
        if name not in styles:
            styles.element.append(deepcopy(own[name].element))
    for name, face, size, alignment in (
        (CELL, SONG, 9, WD_ALIGN_PARAGRAPH.CENTER),
        (CAPTION, HEI, 11, WD_ALIGN_PARAGRAPH.LEFT),
        (NOTE, SONG, 9, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        _face(style, face, size=size)
        _lines(style)
        style.paragraph_format.alignment = alignment
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if NAME not in styles:
        _face(styles.add_style(NAME, WD_STYLE_TYPE.CHARACTER), SONG)


def _paragraph_styles(styles) -> None:
    centre, left = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
    for name, face, size, alignment, first_line in (
        (TITLE_STYLE, TITLE, 22, centre, 0),
        (HEADING, HEI, 16, left, 200),
        (SUBHEADING, KAI, 16, left, 200),
        (SIGNATURE, BODY, 16, WD_ALIGN_PARAGRAPH.RIGHT, 0),
        (ATTACHED, BODY, 16, left, 0),
        (ATTACHMENT, HEI, 16, left, 0),
        (ATTACHMENT_TITLE, TITLE, 22, centre, 0),
        (CELL, SONG, 9, centre, 0),
        (CAPTION, HEI, 11, left, 0),
        (NOTE, SONG, 9, left, 0),
    ):
        style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles[NORMAL]
        _face(style, face, size=size)
        _lines(style, first_line=first_line)
        style.paragraph_format.alignment = alignment
    for name in (HEADING, SUBHEADING, CAPTION, ATTACHMENT):
        styles[name].paragraph_format.keep_with_next = True
    styles[ATTACHMENT].paragraph_format.page_break_before = True
    for name in (CELL, NOTE, CAPTION):
        styles[name].paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    styles[ATTACHMENT_TITLE].paragraph_format.space_after = Pt(8)
    styles[CAPTION].paragraph_format.space_before = styles[CAPTION].paragraph_format.space_after = Pt(4)


def _face(style: CharacterStyle, face: str, *, size: float | None = None) -> None:
    """A face for Chinese and Latin, upright and black; a size in points."""
    font = style.font
    font.name = face
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[theme]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face)
    if size:
        font.size = Pt(size)
        font.bold = font.italic = False
        font.color.rgb = RGBColor(0, 0, 0)


def _stand_on_the_grid(normal: ParagraphStyle) -> None:
    """28 characters of 16 pt on 156 mm by their own spacing, in twentieths of a point.

    Left to the page's grid, LibreOffice gives a character that is wider than its cell two cells.
    """
    spacing = make_element("w:spacing", val=-6)
    normal.element.rPr.find(qn("w:sz")).addprevious(spacing)
    properties = normal.element.get_or_add_pPr()
    # In the order of the schema: no mark in the margin, no gap between figures and Chinese, no grid.
    for name in ("w:overflowPunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:snapToGrid"):
        properties.find(qn("w:spacing")).addprevious(make_element(name, val=0))


def _lines(style: ParagraphStyle, *, first_line: int = 0) -> None:
    """Lines on the grid; the indent of the first one in hundredths of a character."""
    properties = style.element.get_or_add_pPr()
    for old in [
        *properties.findall(qn("w:ind")),
        *properties.findall(qn("w:pBdr")),
        *properties.findall(qn("w:spacing")),
    ]:
        properties.remove(old)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE_PITCH
    indent(properties, first_line=first_line)


def indent(properties, **hundredths: int) -> None:
    """Indents in hundredths of a character: first_line, left, right, hanging."""
    element = properties.get_or_add_ind()
    names = {"first_line": "firstLineChars", "left": "leftChars", "right": "rightChars", "hanging": "hangingChars"}
    for name, value in hundredths.items():
        element.set(qn(f"w:{names[name]}"), str(value))
        # The measure for a reader without character units: 15.8 pt a character on this grid.
        element.set(qn(f"w:{names[name].removesuffix('Chars')}"), str(value * 316 // 100))


def remember_styles(document: Document) -> None:
    """Let a document look the identifier of each style up once: it goes through all styles for it, paragraph by paragraph."""
    vars(document.part)["get_style_id"] = cache(document.part.get_style_id)


def speak_chinese(document: Document) -> None:
    """So that neither spelling nor line breaking take the text for English."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(make_element("w:lang", val="en-US", eastAsia="zh-CN"))


def make_element(name: str, **attributes):
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    return element

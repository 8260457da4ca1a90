"""Makes the faces inside a PDF as small as what is drawn with them."""

import io
from collections.abc import Iterable
from functools import partial

import pydyf
from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont
from weasyprint.pdf.fonts import Font
from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset
from weasyprint.text.fonts import get_hb_object_data

OUTLINES, HEAD = "CFF ", 4096
# The text is laid out; of these tables nothing is drawn.
_NOT_DRAWN = (b"BASE", b"DSIG", b"GDEF", b"GPOS", b"GSUB", b"VORG", b"cmap", b"vhea", b"vmtx")
_numbered: dict[tuple[int, int, bytes], int] = {}


class LeanFaces(dict):
    """The faces of a document, by WeasyPrint's keys; of each the PDF gets only the glyphs that are drawn.

    WeasyPrint empties the other ones and keeps their places, for which it cuts each face twice: with the 60,000 of Noto two
    characters weigh 60 KB. A bare table of outlines (CIDFontType0C) is asked for its glyphs by number, so that the others
    need no place and one cut is enough. A face of which glyphs are drawn whose numbers are not their places is left to
    WeasyPrint.
    """

    def __init__(self) -> None:
        super().__init__()
        self._outlines: dict[bytes, bytes] = {}

    def __setitem__(self, key: object, font: Font) -> None:
        font.subset = partial(self._keep_drawn, font)
        super().__setitem__(key, font)

    def _keep_drawn(self, font: Font, drawn: Iterable[int], hinting: bool) -> None:
        glyphs = sorted(glyph for glyph in drawn if glyph < font.glyph_count)
        lean = lean_face(font, glyphs) if glyphs and glyphs[-1] < numbered_count(font.file_content, font.index) else b""
        if lean:
            font.file_content, self._outlines[lean] = lean, _table(lean)
        else:
            type(font).subset(font, drawn, hinting)

    def put_outlines(self, pdf: pydyf.PDF) -> None:
        """Put the bare table in the place of each face that has one."""
        for face in pdf.objects:
            if isinstance(face, pydyf.Stream) and face.stream and (outlines := self._outlines.get(face.stream[0])):
                face.stream, face.extra["Subtype"] = [outlines], "/CIDFontType0C"


def lean_face(font: Font, glyphs: list[int]) -> bytes:
    """An OpenType face of some glyphs, in ascending order, in new places; empty where the library for it is missing or old."""
    if not (harfbuzz_subset and harfbuzz.hb_version_atleast(4, 1, 0)):
        return b""
    wanted = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)
    _add(harfbuzz_subset.hb_subset_input_glyph_set(wanted), glyphs)
    dropped = harfbuzz_subset.hb_subset_input_set(wanted, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG)
    _add(dropped, sorted(harfbuzz.hb_tag_from_string(name, -1) for name in _NOT_DRAWN))
    flags = harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE | harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING
    # The sign for a missing glyph has an outline only where it is drawn.
    missing = harfbuzz_subset.HB_SUBSET_FLAGS_NOTDEF_OUTLINE if font.missing else 0
    harfbuzz_subset.hb_subset_input_set_flags(wanted, flags | missing)
    lean = harfbuzz_subset.hb_subset_or_fail(font.hb_face, wanted)
    return get_hb_object_data(ffi.gc(lean, harfbuzz.hb_face_destroy)) if lean else b""


def _add(numbers, more: list[int]) -> None:
    """Put numbers in ascending order into a set of HarfBuzz."""
    harfbuzz.hb_set_add_sorted_array(numbers, ffi.new("hb_codepoint_t[]", more), len(more))


def numbered_count(face: bytes, index: int) -> int:
    """How many of the first glyphs of a face have their place for their number; read once for each face of this process."""
    # At its head a face has the sums of its tables.
    key = (index, len(face), face[:HEAD])
    if key not in _numbered:
        _numbered[key] = _count_numbered(_table(face, index))
    return _numbered[key]


def _table(face: bytes, index: int = 0) -> bytes:
    """The bare table of outlines of a face; empty where it has another kind of them."""
    reader = TTFont(io.BytesIO(face), fontNumber=index).reader
    return reader[OUTLINES] if OUTLINES in reader.tables else b""


def _count_numbered(outlines: bytes) -> int:
    if not outlines:
        return 0
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(outlines), None)
    (font,) = fonts.topDictIndex
    if not hasattr(font, "ROS"):
        return 0
    places = enumerate(font.charset)
    return next((place for place, number in places if place and number != f"cid{place:05}"), len(font.charset))

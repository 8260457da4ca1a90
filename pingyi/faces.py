"""Makes the faces inside a PDF as small as what is drawn with them."""

import io
from collections import defaultdict
from collections.abc import Iterable

import pydyf
import uharfbuzz
from fontTools.cffLib import CFFFontSet

# The outline of the sign for a missing glyph stays, where it is there.
_FLAGS = uharfbuzz.SubsetFlags.DESUBROUTINIZE | uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE


def keep_drawn_glyphs(pdf: pydyf.PDF) -> None:
    """Leave in the faces of a PDF only the glyphs that it draws.

    WeasyPrint empties the other ones and keeps their places: with the 60,000 of Noto two characters weigh 60 KB. A bare
    table of outlines (CIDFontType0C) is asked for its glyphs by number, so that the others need no place.
    """
    drawn: dict[int, set[int]] = defaultdict(set)
    for font in pdf.objects:
        if isinstance(font, pydyf.Dictionary) and font.get("Subtype") == "/CIDFontType0":
            descriptor = _referred(pdf, font["FontDescriptor"])
            drawn[_number(descriptor["FontFile3"])] |= set(_with_a_width(font["W"]))
    for number, glyphs in drawn.items():
        face = pdf.objects[number]
        if outlines := outlines_of(b"".join(face.stream), glyphs):
            face.stream, face.extra["Subtype"] = [outlines], "/CIDFontType0C"


def _referred(pdf: pydyf.PDF, reference: bytes) -> pydyf.Object:
    return pdf.objects[_number(reference)]


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _with_a_width(widths: pydyf.Array) -> Iterable[int]:
    """The glyphs of a table of widths: the first of a run, then the widths of the run."""
    for first, run in zip(widths[::2], widths[1::2], strict=True):
        yield from range(first, first + len(run))


def outlines_of(face: bytes, glyphs: set[int]) -> bytes | None:
    """The bare table of some glyphs' outlines; None for a face whose glyphs have no numbers of their own."""
    source = uharfbuzz.Face(face)
    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.flags = _FLAGS
    outlines = _table(uharfbuzz.subset(source, wanted), "CFF ")
    kept = sorted(glyph for glyph in glyphs if 0 < glyph < source.glyph_count)
    return outlines if outlines and _numbers(outlines) == [f"cid{glyph:05}" for glyph in kept] else None


def _table(face: uharfbuzz.Face, name: str) -> bytes:
    return bytes(face.reference_table(name).data)


def _numbers(outlines: bytes) -> list[str]:
    """The numbers by which a table knows its glyphs, after the sign for a missing one."""
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(outlines), None)
    (font,) = fonts.topDictIndex
    return font.charset[1:] if hasattr(font, "ROS") else []

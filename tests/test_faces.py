"""The faces inside a PDF: as small as what is drawn with them, and drawn as before."""

import io
import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import pypdfium2
import pytest
from django.conf import settings
from fontTools.cffLib import CFFFontSet
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont
from PIL import ImageChops
from pypdf import PdfReader

from pingyi import drawing, faces

PAGE = (
    "<style>body { font-family: 'Noto Sans CJK SC' } b { font-family: 'Noto Serif CJK SC' }</style><p>评议<b>满意</b>"
)


_copies = itertools.count()


def draw(page=PAGE):
    """The page drawn anew: the suite keeps what it has drawn, by its HTML."""
    return drawing.draw_pdf(f"{page}<!-- {next(_copies)} -->")


def files_of(pdf):
    """The file of each face, with what the PDF says that it is."""
    fonts = PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()
    described = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    return [(file["/Subtype"], file.get_data()) for file in (face["/FontFile3"] for face in described)]


def glyphs_of(outlines):
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(outlines), None)
    return fonts.topDictIndex[0].charset


def picture_of(pdf):
    return pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil()


def difference_of(*pictures):
    """The largest difference of two pictures' points, of 255."""
    return max(most for _, most in ImageChops.difference(*pictures).getextrema())


def test_a_face_holds_the_glyphs_that_are_drawn_and_no_other():
    kinds = files_of(draw())

    assert [kind for kind, _ in kinds] == ["/CIDFontType0C"] * 2
    assert [len(glyphs_of(outlines)) for _, outlines in kinds] == [3, 3]


def test_the_page_looks_and_reads_as_with_the_whole_faces(monkeypatch):
    small = draw()
    monkeypatch.setattr(faces, "lean_face", lambda *_: b"")
    whole = draw()

    assert len(small) < len(whole) / 5
    assert difference_of(picture_of(small), picture_of(whole)) < 24
    assert difference_of(picture_of(small), picture_of(draw(PAGE.replace("满", "不")))) > 200
    assert "评议满意" in pypdfium2.PdfDocument(small)[0].get_textpage().get_text_range()


def make_face(names):
    """An OpenType face whose glyphs have names and no numbers."""
    pen = T2CharStringPen(500, None)
    pen.moveTo((0, 0)), pen.lineTo((400, 0)), pen.lineTo((400, 400)), pen.closePath()
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({65: "A", 66: "B"})
    builder.setupCFF("Test", {}, dict.fromkeys(names, pen.getCharString()), {})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    builder.setupHorizontalHeader()
    builder.setupPost()
    written = io.BytesIO()
    builder.save(written)
    return written.getvalue()


def test_a_face_whose_glyphs_have_no_numbers_stays_as_it_is(tmp_path):
    face = tmp_path / "named.otf"
    face.write_bytes(make_face([".notdef", "A", "B"]))
    page = (
        f"<style>@font-face {{ font-family: Named; src: url({face.as_uri()}) }} p {{ font-family: Named }}</style><p>AB"
    )

    ((kind, file),) = files_of(drawing.draw_pdf(page, files_from=tmp_path))

    assert kind == "/OpenType"
    assert glyphs_of(TTFont(io.BytesIO(file)).reader["CFF "])[1:] == ["A", "B"]


def test_a_face_is_left_whole_once_a_glyph_is_drawn_whose_number_is_not_its_place():
    path = settings.FONTS_DIR / "FandolFang-Regular.otf"
    if not path.exists():
        pytest.skip("the faces of an official document are not installed")
    face, numbered = TTFont(path), faces.numbered_count(path.read_bytes(), 0)
    late = next(chr(code) for code, name in face.getBestCmap().items() if face.getGlyphID(name) >= numbered)
    style = f"<style>@font-face {{ font-family: 仿宋; src: url({path.as_uri()}) }} p {{ font-family: 仿宋 }}</style>"

    kinds = [files_of(drawing.draw_pdf(f"{style}<p>一{last}", files_from=path.parent))[0][0] for last in ("丁", late)]

    assert 0 < numbered < len(face.getGlyphOrder())
    assert kinds == ["/CIDFontType0C", "/OpenType"]


def test_a_face_is_whole_where_the_library_that_cuts_it_is_missing(monkeypatch):
    monkeypatch.setattr(faces, "harfbuzz_subset", None)

    assert [kind for kind, _ in files_of(draw())] == ["/OpenType"] * 2


def test_documents_are_drawn_one_at_a_time_with_the_same_faces(monkeypatch):
    at_work, faces_used = [], set()

    def write_pdf(document, *, font_config, **options):
        at_work.append(document)
        time.sleep(0.01)
        faces_used.add(font_config)
        assert at_work == [document]
        at_work.remove(document)
        return b"%PDF"

    monkeypatch.setattr(drawing.weasyprint.HTML, "write_pdf", write_pdf)
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda _: draw(), range(8)))

    assert drawn == [b"%PDF"] * 8
    assert len(faces_used) == 1


def test_after_a_document_that_could_not_be_drawn_the_next_one_is(monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(faces, "lean_face", lambda font, _: font.broken)
        with pytest.raises(AttributeError):
            draw()

    assert draw().startswith(b"%PDF")

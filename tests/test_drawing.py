"""PDF: what a document may fetch, and what is said where none can be drawn."""

import io

import pytest
from pypdf import PdfReader

from pingyi import drawing
from pingyi.errors import CannotDraw, ExplainCannotDraw

SECRET = "not for any document"
ATTACHED = "<a rel=attachment href='{}'>看</a>"


def attachments(pdf):
    notes = [note.get_object() for page in PdfReader(io.BytesIO(pdf)).pages for note in page.get("/Annots", [])]
    return [note["/FS"]["/EF"]["/F"].get_data() for note in notes if note["/Subtype"] == "/FileAttachment"]


def test_a_document_takes_files_of_its_folder_and_no_other(tmp_path, caplog):
    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "own.txt").write_text("own")
    (tmp_path / "secret.txt").write_text(SECRET)
    addresses = [
        (folder / "own.txt").as_uri(),
        (tmp_path / "secret.txt").as_uri(),
        f"{folder.as_uri()}/../secret.txt",
        f"{folder.as_uri()}/%2e%2e/secret.txt",
        "http://127.0.0.1:9/secret.txt",
    ]

    pdf = drawing.draw_pdf("".join(map(ATTACHED.format, addresses)), files_from=folder)

    assert attachments(pdf) == [b"own"]
    assert caplog.text.count("may not fetch") == len(addresses) - 1


def test_without_a_folder_nothing_is_fetched(tmp_path):
    (tmp_path / "secret.txt").write_text(SECRET)

    pdf = drawing.draw_pdf(ATTACHED.format((tmp_path / "secret.txt").as_uri()))

    assert attachments(pdf) == []


ARTICLE = "<html lang=zh-CN><title>小结</title><h1>评议情况</h1><h2>一、满意率</h2><table><tr><th scope=col>满意<tr><td>41</table>"


def catalogue(pdf):
    return PdfReader(io.BytesIO(pdf)).trailer["/Root"]


def test_a_document_for_reading_says_its_structure_language_title_and_headings():
    pdf = drawing.draw_pdf(ARTICLE, for_reading=True)

    root = catalogue(pdf)
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert root["/Lang"] == "zh-CN" and root["/ViewerPreferences"]["/DisplayDocTitle"]
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata.title == "小结"
    assert [heading.title for heading in reader.outline if not isinstance(heading, list)] == ["评议情况"]
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()


def test_a_document_for_the_printer_has_no_tags():
    assert "/StructTreeRoot" not in catalogue(drawing.draw_pdf(ARTICLE))


def test_without_pango_the_reason_and_the_remedy_are_told(monkeypatch, rf):
    monkeypatch.setattr(drawing, "weasyprint", None)

    with pytest.raises(CannotDraw) as refusal:
        drawing.draw_pdf("<p>评议")
    answer = ExplainCannotDraw(None).process_exception(rf.get("/"), refusal.value)

    assert answer.status_code == 503
    assert "make setup" in answer.content.decode()


def test_other_errors_are_not_explained_away(rf):
    assert ExplainCannotDraw(None).process_exception(rf.get("/"), LookupError("x")) is None

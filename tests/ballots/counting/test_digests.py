"""The digests of a signed sheet prove the boxes, and nothing that is stored beside them does."""

import pytest
from django.core.management import CommandError, call_command

from ballots.counting.boxes import box_digest
from ballots.counting.digests import NotADigest, check_digests, read_digests
from ballots.models import SealedBox
from campaigns.models import Poll
from tests.factories import make_organization, make_sealed_poll

A, B = "0123456789abcdef" * 4, "fedcba9876543210" * 4


def in_groups(digest):
    return " ".join(digest[start : start + 8] for start in range(0, 64, 8))


@pytest.mark.parametrize(
    "text",
    [
        f"{A}\n{B}",
        f"{in_groups(A)}\n{in_groups(B)}",
        # As a sheet prints it, over two lines and between other words.
        f"集中评议·党员 某局党委 41 {in_groups(A)[:35]}\n{in_groups(A)[36:]}\n书面评议·党员 某局党委 12 {in_groups(B).upper()}",
        f"{A}\n{in_groups(A)}\n{B}".translate({ord(figure): ord(figure) + 0xFEE0 for figure in "0123456789"}),
    ],
)
def test_digests_are_read_as_sheets_print_and_people_type_them(text):
    assert read_digests(text) == [A, B]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "没有摘要"),
        ("票箱 41 张", "没有摘要"),
        (f"{A}\n\n党员 {in_groups(B)}a", "第3行起：摘要应为64位的0至9、a至f，这里连着的有65位"),
    ],
)
def test_a_digest_that_was_copied_wrong_is_refused_with_its_line(text, message):
    with pytest.raises(NotADigest, match=message):
        read_digests(text)


@pytest.fixture
def poll(db):
    return make_sealed_poll()


def digests_of(poll):
    return [box.sha256 for box in SealedBox.objects.filter(batch__poll=poll)]


def test_the_boxes_of_the_sheet_are_there(poll):
    make_sealed_poll(organizer=make_organization("另一党委"))

    checked = check_digests(Poll.objects.sealed(), digests_of(poll))

    assert checked.is_good
    assert [box.batch.poll for box in checked.boxes] == [poll]


def test_a_box_that_was_replaced_with_its_digest_is_noticed(poll):
    signed = digests_of(poll)
    box = SealedBox.objects.get()
    content = box.content.replace("21", "11")
    SealedBox.objects.update(content=content, sha256=box_digest(content))

    checked = check_digests(Poll.objects.sealed(), signed)

    assert (checked.boxes, checked.strange) == ((), tuple(signed))
    assert not checked.is_good


def test_the_command_says_whether_the_boxes_are_those_of_the_sheet(poll, tmp_path, capsys):
    sheet = tmp_path / "sheet.txt"
    sheet.write_text(f"集中评议 {in_groups(digests_of(poll)[0])}", encoding="utf-8")

    call_command("recount", digests=str(sheet))
    good = capsys.readouterr().out
    sheet.write_text(in_groups(A), encoding="utf-8")
    with pytest.raises(CommandError, match="不完全相符"):
        call_command("recount", digests=str(sheet))

    assert "1个摘要全部相符：票箱就是签字时的那些。" in good
    assert "没有这样的票箱" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"), [(None, "读不了文件"), (b"\xff\xfe1", "不是UTF-8"), (b"12", "没有摘要")]
)
def test_a_file_that_cannot_be_read_is_refused_before_anything_is_counted(poll, tmp_path, capsys, content, message):
    sheet = tmp_path / "sheet.txt"
    if content:
        sheet.write_bytes(content)

    with pytest.raises(CommandError, match=message):
        call_command("recount", digests=str(sheet))

    assert capsys.readouterr().out == ""

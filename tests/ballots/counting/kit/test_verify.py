"""The program for outsiders, run as a process of its own, on true kits and on kits that were tampered with."""

import ast
import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile

import pytest

from ballots.counting import sealing
from ballots.counting.boxes import box_sm3
from ballots.counting.kit import verify
from ballots.counting.kit.writing import PROGRAM, write_kit
from ballots.models import SealedBox, TallyRow
from tests.factories import close_poll, enter_ballots, make_batch, make_open_poll


def _runs(name):
    return shutil.which(name) and subprocess.run([name, "-c", ""], capture_output=True, check=False).returncode == 0


OLD_PYTHON = next(filter(_runs, ("python3.8", "python3.9", "python3.10")), None)


@pytest.fixture(scope="module")
def true_kit(module_database, tmp_path_factory):
    """The unpacked kit of a poll with two batches of two categories, one of them small."""
    poll = make_open_poll()
    for category, ballots in zip(
        poll.campaign.categories.all(), ({"11": 6, "12": 2, "-3": 1}, {"11": 1, "2-": 1}), strict=True
    ):
        enter_ballots(make_batch(poll, category=category, method="entered", channel="paper"), ballots)
    close_poll(poll)
    sealing.seal(poll, by=None)
    return unpacked(poll.campaign, tmp_path_factory.mktemp("true") / "kit")


@pytest.fixture
def kit(db, true_kit, tmp_path):
    return shutil.copytree(true_kit, tmp_path / "kit")


def unpacked(campaign, folder):
    file = io.BytesIO()
    write_kit(campaign, file)
    zipfile.ZipFile(file).extractall(folder)
    return folder


def run(*arguments, python=sys.executable, typed=""):
    """(exit status, printed, complaints) of the program, apart from everything of ours."""
    done = subprocess.run(
        [python, "-I", str(PROGRAM), *map(str, arguments)],
        input=typed,
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


class Forger:
    """Changes a kit as somebody would who may write all of it."""

    def __init__(self, folder):
        self.folder = folder
        self.kit = json.loads((folder / "kit.json").read_text())
        self.poll = self.kit["polls"][0]
        self.box = max(self.poll["boxes"], key=lambda box: box["ballots"])
        self.batch = next(batch for batch in self.poll["batches"] if batch["id"] == self.box["batch"])
        with (folder / "rows.csv").open() as file:
            self.rows = list(csv.DictReader(file))

    @property
    def path(self):
        return self.folder / self.box["file"]

    def lines(self, change):
        """Change the lines of the box; the digest beside it stays."""
        self.path.write_text("\n".join(change(self.path.read_text().split("\n"))), newline="\n")

    def digest(self):
        """Write the digests that fit the box as it is now."""
        content = self.path.read_bytes()
        self.box |= {"sha256": hashlib.sha256(content).hexdigest(), "sm3": box_sm3(content.decode())}

    def row(self, *, place=0, **changes):
        for name, by in changes.items():
            self.rows[place][name] = int(self.rows[place][name]) + by

    def save(self):
        (self.folder / "kit.json").write_text(json.dumps(self.kit, ensure_ascii=False))
        with (self.folder / "rows.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, self.rows[0] if self.rows else ["poll"])
            writer.writeheader()
            writer.writerows(self.rows)

    def better_ballot(self):
        """Make a good ballot of the last one, in its place."""
        self.lines(lambda lines: [lines[0], *sorted([*lines[1:-1], "11"])])

    def better_rows(self):
        """The rows that the box with the better ballot gives: a 基本满意 of the second question is now a 满意."""
        rows = [row for row in self.rows if row["category"] == self.batch["category"]]
        for row, grade in zip(rows, self.last_marks, strict=True):
            if grade != "1":
                row["grade_1"] = int(row["grade_1"]) + 1
                name = {"2": "grade_2", "3": "grade_3", "-": "abstained", "x": "spoiled"}[grade]
                row[name] = int(row[name]) - 1

    @property
    def last_marks(self):
        return self._last

    def remember(self):
        self._last = self.path.read_text().split("\n")[-1]


def flip_a_mark(forger):
    forger.better_ballot()


def add_a_ballot(forger):
    forger.lines(lambda lines: [lines[0], *sorted([*lines[1:], "11"])])


def drop_a_ballot(forger):
    forger.lines(lambda lines: lines[:-1])


def reorder_the_ballots(forger):
    forger.lines(lambda lines: [lines[0], *reversed(lines[1:])])
    forger.digest()


def mark_outside_the_scale(forger):
    forger.lines(lambda lines: [lines[0], *sorted([*lines[1:-1], "19"])])
    forger.digest()


def shorten_a_ballot(forger):
    forger.lines(lambda lines: [*lines[:-1], "1"])
    forger.digest()


def rename_the_unit_in_the_box(forger):
    forger.lines(lambda lines: [lines[0].replace('"unit":"', '"unit":"第'), *lines[1:]])
    forger.digest()


def swap_the_grades_in_the_box(forger):
    def swapped(lines):
        head = json.loads(lines[0])
        head["grades"].reverse()
        return [json.dumps(head, ensure_ascii=False), *lines[1:]]

    forger.lines(swapped)
    forger.digest()


def break_the_head(forger):
    forger.lines(lambda lines: ["{", *lines[1:]])
    forger.digest()


def leave_a_box_out(forger):
    forger.poll["boxes"].remove(forger.box)


def list_a_box_twice(forger):
    forger.poll["boxes"].append(dict(forger.box))


def give_the_box_to_another_batch(forger):
    forger.box["batch"] = next(b["id"] for b in forger.poll["batches"] if b["id"] != forger.box["batch"])


def write_another_sha256(forger):
    forger.box["sha256"] = "0" * 64


def write_another_sm3(forger):
    forger.box["sm3"] = "0" * 64


def raise_a_row(forger):
    forger.row(grade_1=1, valid=1)


def move_within_a_row(forger):
    forger.row(grade_1=1, grade_2=-1)


def drop_a_row(forger):
    forger.rows.pop()


def repeat_a_row(forger):
    forger.rows.append(dict(forger.rows[0]))


def change_box_and_row(forger):
    forger.remember()
    forger.better_ballot()
    forger.better_rows()


def change_box_and_digest(forger):
    forger.better_ballot()
    forger.digest()


def void_a_batch(forger):
    forger.batch["void"] = True


def return_more_than_was_issued(forger):
    forger.batch["issued"] = 0


TAMPERED = [
    flip_a_mark,
    add_a_ballot,
    drop_a_ballot,
    reorder_the_ballots,
    mark_outside_the_scale,
    shorten_a_ballot,
    rename_the_unit_in_the_box,
    swap_the_grades_in_the_box,
    break_the_head,
    leave_a_box_out,
    list_a_box_twice,
    give_the_box_to_another_batch,
    write_another_sha256,
    write_another_sm3,
    raise_a_row,
    move_within_a_row,
    drop_a_row,
    repeat_a_row,
    change_box_and_row,
    change_box_and_digest,
    void_a_batch,
    return_more_than_was_issued,
]


def test_a_true_kit_agrees_and_its_table_is_that_of_the_database(kit):
    status, printed, complaints = run(kit)

    assert (status, complaints) == (0, "")
    assert printed.endswith(f"票箱{SealedBox.objects.count()}个，全部一致。\n")
    for text, valid, satisfied in _sums():
        assert any(text in line and f"有效{valid}\t满意{satisfied} " in line for line in printed.splitlines())


def _sums():
    """Text, valid and 满意 of each question, of all categories together."""
    sums = {}
    for row in TallyRow.objects.select_related("indicator"):
        valid, satisfied = sums.get(row.indicator.text, (0, 0))
        sums[row.indicator.text] = valid + row.valid_count, satisfied + row.grade_1_count
    return [(text, *counts) for text, counts in sums.items()]


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda tamper: tamper.__name__)
def test_a_kit_that_was_tampered_with_does_not_agree(kit, tamper):
    forger = Forger(kit)
    tamper(forger)
    forger.save()

    status, printed, _ = run(kit)

    assert status == 1
    assert "不一致\t" in printed


def test_of_a_box_changed_with_its_row_and_its_digest_only_the_paper_tells(kit):
    signed = "\n".join(f"{box.sha256}\n\n{box.sm3}" for box in SealedBox.objects.all())
    assert run(kit, "--digests", "-", typed=signed)[0] == 0
    forger = Forger(kit)
    forger.remember()
    forger.better_ballot()
    forger.better_rows()
    forger.digest()
    forger.save()

    without_paper, with_paper = run(kit), run(kit, "--digests", "-", typed=signed)

    assert without_paper[0] == 0
    assert with_paper[0] == 1
    assert "签字的摘要" in with_paper[1]


def test_a_zip_is_read_as_it_is_downloaded(kit, tmp_path):
    shutil.make_archive(str(tmp_path / "packed"), "zip", kit)

    assert run(tmp_path / "packed.zip")[0] == 0


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("kit.json", "{", "kit.json 读不懂"),
        ("kit.json", '{"format": "other"}', "只认“pingyi-kit/1”"),
        ("kit.json", '{"format": "pingyi-kit/1", "campaign": "甲", "polls": [{}]}', "kit.json 缺少内容"),
        ("rows.csv", "poll,target\n1,x\n", "rows.csv 第2行读不懂"),
        ("boxes/000001.txt", None, "没有文件“boxes/000001.txt”"),
    ],
)
def test_material_that_cannot_be_read_is_refused_in_words(kit, name, content, complaint):
    if content is None:
        (kit / name).unlink()
    else:
        (kit / name).write_text(content)

    status, printed, complaints = run(kit)

    assert status == 2
    assert complaint in complaints
    assert "Traceback" not in complaints
    assert "全部一致" not in printed


def test_a_digest_copied_with_a_figure_too_few_is_refused(kit):
    status, _, complaints = run(kit, "--digests", "-", typed="0123456789abcdef" * 3 + "01234567")

    assert status == 2
    assert "连着的有56位" in complaints


def test_the_program_is_written_in_what_python_3_8_reads():
    ast.parse(PROGRAM.read_text(), feature_version=(3, 8))


@pytest.mark.skipif(OLD_PYTHON is None, reason="no older Python on this machine")
def test_an_older_python_counts_the_same(kit):
    assert run(kit, python=OLD_PYTHON) == run(kit)


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        # GB/T 32905-2016, annex A.
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_gives_the_digests_of_the_standard(data, digest):
    assert verify.sm3(data) == digest
    assert box_sm3(data.decode()) in (digest, "")


def test_sm3_fits_the_platform_at_every_length():
    if not box_sm3("x"):
        pytest.skip("the platform has no SM3")
    for length in range(200):
        text = "票" * (length // 3) + "x" * (length % 3)
        assert verify.sm3(text.encode()) == box_sm3(text)

"""A backup made while people vote, the machine gone, and everything back on an empty one."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings

from ballots.models import Ballot, Code, SealedBox
from campaigns import kept_files
from campaigns.models import BegunDeed, Poll, TrailEntry
from tests.factories import make_organization, make_sealed_poll

from .browsers import is_taken
from .meetings import count_cells, different_marks, make_meeting
from .servers import ENGINES, Site, migrate

pytestmark = pytest.mark.slow

_numbers = itertools.count(1)
VOTERS, BEFORE = 60, 20
PASSPHRASE = {"PINGYI_BACKUP_PASSPHRASE": "一份只在测试里用的备份口令"}


@pytest.fixture
def elsewhere(engine, django_db_blocker):
    """A machine with nothing on it."""
    with django_db_blocker.unblock():
        site = Site(engine, f"elsewhere_{next(_numbers)}", template=None)
        try:
            yield site
        finally:
            site.remove()


def test_after_the_machine_is_gone_every_ballot_acknowledged_before_the_backup_is_there(site, elsewhere, tmp_path):
    with site.database():
        make_sealed_poll(organizer=make_organization("已评的党委"))
        boxes = dict(SealedBox.objects.values_list("sha256", "content"))
    (site.folder / "var" / kept_files.folder().name).mkdir(parents=True, exist_ok=True)
    (site.folder / "var" / kept_files.folder().name / "photo").write_bytes(b"\xff\xd8\xff")
    meeting = make_meeting(site, voters=VOTERS)
    marks = different_marks(VOTERS)
    phones = meeting.phones(marks)
    assert all(is_taken(phone.send()) for phone in phones[:BEFORE])

    backup = tmp_path / "made.backup"
    with ThreadPoolExecutor(4) as pool:
        making = pool.submit(site.manage, "backup", backup, "--while-open", **PASSPHRASE)
        votes = [pool.submit(phone.send) for phone in phones[BEFORE:-5]]
    made = making.result()
    assert (made.returncode, "重新计票，一致" in made.stdout) == (0, True), made.stderr
    assert "封存以后重新备份" in made.stderr
    assert all(is_taken(vote.result()) for vote in votes)
    site.kill()

    restored = elsewhere.manage("restore", backup, **PASSPHRASE, PINGYI_SECRET_KEY="")

    assert restored.returncode == 0, restored.stderr
    with elsewhere.database():
        assert commands_told() == [("restore", "done")]
        assert not BegunDeed.objects.exists()
        stored = list(Ballot.objects.values_list("marks", flat=True))
        assert set(marks[:BEFORE]) <= set(stored) <= set(marks)
        assert len(stored) == len(set(stored))
        # A ballot and the use of its code are one: the backup holds both or neither.
        assert Code.objects.count() == VOTERS - len(stored)
        assert boxes.items() <= dict(SealedBox.objects.values_list("sha256", "content")).items()
        assert Poll.objects.count() == 2
    assert (elsewhere.folder / "var" / "secret_key").read_text() == site_key()
    assert (elsewhere.folder / "var" / "attachments" / "photo").exists()

    # People go on there with the slips they hold; whoever has a receipt is taken once.
    elsewhere.start()
    for phone in phones:
        phone.port = elsewhere.port
    assert all(is_taken(phone.send()) for phone in phones)
    meeting.site = elsewhere
    meeting.close_and_seal()
    assert meeting.counted() == (sorted(marks), count_cells(marks))


def test_a_restored_site_takes_slips_printed_under_a_key_that_was_changed_since(site, elsewhere, tmp_path):
    meeting = make_meeting(site, voters=3)
    marks = different_marks(3)
    phones = meeting.phones(marks)
    backup = tmp_path / "made.backup"
    keys = {
        "PINGYI_SECRET_KEY": "a new secret key",
        "PINGYI_SECRET_KEY_FALLBACKS": site_key(),
        "PINGYI_CODE_KEY": "a key of codes",
    }
    made = site.manage("backup", backup, "--while-open", **PASSPHRASE, **keys)
    assert made.returncode == 0, made.stderr
    site.kill()

    restored = elsewhere.manage("restore", backup, **PASSPHRASE, PINGYI_SECRET_KEY="")

    assert restored.returncode == 0, restored.stderr
    kept = {name: (elsewhere.folder / "var" / name).read_text() for name in ("secret_key_fallbacks", "code_key")}
    assert kept == {"secret_key_fallbacks": site_key(), "code_key": "a key of codes"}
    elsewhere.start(PINGYI_SECRET_KEY="a new secret key")
    for phone in phones:
        phone.port = elsewhere.port
    assert all(is_taken(phone.send()) for phone in phones)


def commands_told():
    return list(TrailEntry.objects.filter(deed="command").order_by("number").values_list("route", "result"))


def site_key():
    return settings.SECRET_KEY


def test_a_machine_with_data_is_not_overwritten_and_a_wrong_passphrase_opens_nothing(site, elsewhere, tmp_path):
    with site.database():
        make_sealed_poll()
        Poll.objects.update(erased_at=Poll.objects.get().sealed_at)
    backup = tmp_path / "made.backup"
    assert site.manage("backup", backup, **PASSPHRASE).returncode == 0

    over, guessed = (
        site.manage("restore", backup, **PASSPHRASE),
        elsewhere.manage("restore", backup, PINGYI_BACKUP_PASSPHRASE="不是这个口令不是这个口令"),
    )

    assert over.returncode == guessed.returncode == 1
    assert "不覆盖" in over.stderr
    assert "口令不对" in guessed.stderr
    with site.database():
        assert SealedBox.objects.exists()
        assert commands_told() == [("backup", "done"), ("restore", "refused")]


def test_while_ballots_are_taken_no_backup_is_made_unasked(site, tmp_path):
    make_meeting(site, voters=2)

    refused = site.manage("backup", tmp_path / "made.backup", **PASSPHRASE)

    assert refused.returncode == 1
    assert "可以查出哪个码投了哪张票" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_backup_is_refused_in_the_middle_of_casting_and_every_ballot_is_taken(site, tmp_path):
    meeting, marks = make_meeting(site, voters=VOTERS), different_marks(VOTERS)
    phones = meeting.phones(marks)

    with ThreadPoolExecutor(4) as pool:
        votes = [pool.submit(phone.send) for phone in phones]
        refused = [pool.submit(site.manage, "backup", tmp_path / f"{number}.backup", **PASSPHRASE) for number in "12"]

    assert [made.result().returncode for made in refused] == [1, 1]
    assert all("可以查出哪个码投了哪张票" in made.result().stderr for made in refused)
    assert list(tmp_path.iterdir()) == []
    assert all(is_taken(vote.result()) for vote in votes)
    with site.database():
        assert commands_told() == [("backup", "refused")] * 2
    meeting.close_and_seal()
    assert meeting.counted() == (sorted(marks), count_cells(marks))


@pytest.fixture
def both(django_db_blocker):
    """A site on SQLite and an empty PostgreSQL database."""
    engines = [ENGINES[vendor]() for vendor in ("sqlite", "postgresql")]
    sites = []
    try:
        with django_db_blocker.unblock():
            for engine in engines:
                migrate(engine.create("template"), engine.folder)
            sites += [Site(engines[0], "old"), Site(engines[1], "new", template="template0")]
            yield sites
    finally:
        for site in sites:
            site.remove()
        for engine in engines:
            engine.remove()


def test_a_meeting_moves_from_sqlite_to_postgresql_in_the_middle_and_goes_on_there(both):
    old, new = both
    with old.database():
        make_sealed_poll(organizer=make_organization("已评的党委"))
        boxes = sorted(SealedBox.objects.values_list("pk", "content", "sha256"))
    meeting = make_meeting(old, voters=20)
    marks = different_marks(20)
    old.start()
    phones = meeting.phones(marks)
    assert all(is_taken(phone.send()) for phone in phones[:12])

    running = old.manage("move", "--to", new.url)
    assert (running.returncode, "请先停止网页服务" in running.stderr) == (1, True), running.stderr
    old.stop()
    moved = old.manage("move", "--to", new.url)

    assert moved.returncode == 0, moved.stderr
    assert "逐行比较一致" in moved.stdout
    # The file is renamed, and no new one in its place.
    assert not [path for path in old.engine.files("old") if path.name in ("old.sqlite3", "old.sqlite3-wal")]
    with new.database():
        assert commands_told() == [("move", "refused"), ("move", "done")]
        assert not BegunDeed.objects.exists()
        assert sorted(SealedBox.objects.values_list("pk", "content", "sha256")) == boxes
        assert sorted(Ballot.objects.values_list("marks", flat=True)) == sorted(marks[:12])
    again = old.manage("move", "--to", new.url)
    assert "已经有数据" in again.stderr
    new.start()
    for phone in phones:
        phone.port = new.port
    assert all(is_taken(phone.send()) for phone in phones)
    meeting.site = new
    meeting.close_and_seal()
    assert meeting.counted() == (sorted(marks), count_cells(marks))

import pytest
import segno
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from ballots import actions
from ballots.counting import closing
from ballots.voting import codes
from campaigns import actions as campaign_actions
from tests.factories import (
    cast_ballots,
    close_poll,
    make_batch,
    make_campaign,
    make_cast,
    make_open_poll,
    make_organization,
    make_user,
)
from tests.words import words

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def poll():
    return make_open_poll()


@pytest.fixture
def wall(client, poll):
    """The wall screen as it is now."""
    client.force_login(make_cast(poll.organization).secretary)
    return lambda: client.get(reverse("ballots:poll_wall", args=[poll.pk]))


def admit(batch, count):
    codes.admit(batch, count)
    return codes.screen_code(batch)


def test_the_wall_shows_the_screen_code_as_picture_and_as_text(wall, poll):
    code = admit(make_batch(poll, method="screen"), 41)

    page = wall()

    assert codes.pretty(code) in words(page)
    assert "http://testserver/v/" in words(page)
    assert page.content.decode().count("data:image/svg+xml") == 1


def test_the_wall_leads_to_the_configured_site_however_the_secretary_came(wall, poll, settings):
    settings.SITE = "http://192.168.43.7:8000"
    code = admit(make_batch(poll, method="screen"), 41)

    page = wall()

    assert "http://192.168.43.7:8000/v/" in words(page)
    assert "testserver" not in page.content.decode()
    picture = segno.make(f"http://192.168.43.7:8000/v/{code}/", error="m", micro=False)
    assert escape(picture.svg_data_uri(border=2, scale=10)) in page.content.decode()


def test_the_wall_refreshes_by_itself_without_a_script(wall):
    page = wall()

    assert page["Refresh"] == "10"
    assert "<script" not in page.content.decode()
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(("cast", "shown"), [(1, "不足5票"), (4, "不足5票"), (5, "5票以上"), (14, "10票以上")])
def test_the_wall_tells_turnout_in_steps_and_nothing_of_the_marks(wall, poll, cast, shown):
    batch = make_batch(poll)
    codes.make_slips(batch, 30 - cast)
    cast_ballots(batch, {"32": cast})

    page = words(wall())

    assert f"已收到 {shown}" in page
    assert "发放 30 票" in page
    assert "满意" not in page
    assert "14" not in page


def test_the_wall_adds_slips_and_screen_up(wall, poll):
    slips, screen = make_batch(poll), make_batch(poll, method="screen", category="群众代表")
    admit(screen, 10)
    cast_ballots(slips, {"11": 6})

    page = words(wall())

    assert "发放 16 票" in page
    assert "已收到 5票以上" in page


def test_a_meeting_with_slips_alone_shows_its_turnout_too(wall, poll):
    cast_ballots(make_batch(poll), {"11": 7})

    page = wall()

    assert "请用手机扫手中的选票码" in words(page)
    assert "5票以上" in words(page)
    assert "data:image" not in page.content.decode()


def test_each_category_has_its_own_screen_code(wall, poll):
    shown = [admit(make_batch(poll, method="screen", category=name), 3) for name in ("党员", "群众代表")]

    page = wall()

    for code, name in zip(shown, ("党员", "群众代表"), strict=True):
        assert codes.pretty(code) in words(page)
        assert name in words(page)
    assert page.content.decode().count("data:image") == 2


def test_the_wall_shows_the_next_code_when_its_time_has_come(wall, poll):
    batch = make_batch(poll, method="screen")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        before = codes.pretty(admit(batch, 3))
        clock.shift(180)
        after = codes.pretty(codes.screen_code(batch))

        page = words(wall())

    assert after in page and before not in page
    assert "码约3分钟换一次" in page


def test_a_shut_door_shows_no_code(wall, poll):
    batch = make_batch(poll, method="screen")
    code = admit(batch, 3)
    batch.shut_door()

    page = wall()

    assert "入口已关" in words(page)
    assert codes.pretty(code) not in words(page)
    assert "data:image" not in page.content.decode()


def test_a_voided_batch_is_off_the_wall(wall, poll):
    batch = make_batch(poll, method="screen")
    code = admit(batch, 3)
    closing.void_batch(batch, by=None, reason="码外传")

    page = wall()

    assert codes.pretty(code) not in words(page)
    assert "发放 0 票" in words(page)


def test_a_closed_poll_shows_neither_code_nor_number(wall, poll):
    batch = make_batch(poll, method="screen")
    code = admit(batch, 3)
    close_poll(poll)

    page = wall()

    assert "评议已经截止" in words(page)
    assert codes.pretty(code) not in words(page)
    assert "data:image" not in page.content.decode()
    assert "已收到" not in words(page)


def test_a_rehearsal_says_so_on_the_wall(client):
    organizer = make_organization()
    campaign = make_campaign(organizer)
    campaign_actions.make_polls(campaign, [organizer])
    poll = campaign.polls.get()
    client.force_login(make_user(kind="secretary", organization=organizer))
    address = reverse("ballots:poll_wall", args=[poll.pk])
    before = words(client.get(address))

    actions.start_rehearsal(poll)

    assert "评议还没有开始" in before
    assert "演练" in words(client.get(address))


def test_the_wall_asks_as_much_of_the_database_for_three_batches_as_for_one(wall, poll, django_assert_num_queries):
    admit(make_batch(poll, method="screen"), 3)
    with django_assert_num_queries(6) as queries:
        wall()
    for channel in ("meeting", "paper"):
        codes.make_slips(make_batch(poll, channel=channel, category="群众代表"), 3)

    with django_assert_num_queries(len(queries)):
        wall()

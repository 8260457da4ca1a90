import re

import pypdfium2
import pytest
from django.urls import reverse

from ballots.models import Batch, Code
from ballots.voting import codes
from tests.factories import close_poll, make_batch, make_cast, make_open_poll, make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def poll():
    return make_open_poll()


@pytest.fixture
def people(poll):
    return make_cast(poll.organization)


@pytest.fixture
def secretary(client, people):
    client.force_login(people.secretary)
    return client


def address(name, thing):
    return reverse(f"ballots:{name}", args=[thing.pk])


def test_only_the_campaigns_channels_and_categories_and_every_way_of_voting_are_offered(secretary, poll):
    make_open_poll(make_organization("另一局党委"), title="另一活动", channels=["phone"])

    form = secretary.get(address("batch_add", poll)).context["form"]

    assert [value for value, _ in form.fields["channel"].choices] == ["meeting", "paper"]
    assert list(form.fields["category"].queryset) == list(poll.campaign.categories.all())
    assert [value for value, _ in form.fields["method"].choices] == ["slips", "screen", "entered"]


@pytest.mark.parametrize(
    ("method", "next_page"), [("slips", "batch_slips"), ("screen", "batch_admit"), ("entered", "batch_edit")]
)
def test_a_batch_is_added_and_leads_to_its_codes_or_its_paper(secretary, poll, method, next_page):
    category = poll.campaign.categories.get(name="群众代表")

    answer = secretary.post(
        address("batch_add", poll), {"channel": "meeting", "category": category.pk, "method": method}
    )

    batch = Batch.objects.get()
    assert (batch.poll, batch.channel, batch.category, batch.method) == (poll, "meeting", category, method)
    assert answer.url == address(next_page, batch)
    assert secretary.get(answer.url).status_code == 200


@pytest.mark.parametrize("field", ["channel", "category", "method"])
def test_a_batch_outside_what_is_offered_is_refused(secretary, poll, field):
    foreign = make_open_poll(make_organization("另一局党委"), title="另一活动").campaign.categories.first()
    good = {"channel": "meeting", "category": poll.campaign.categories.first().pk, "method": "slips"}
    bad = {"channel": "phone", "category": foreign.pk, "method": "guess"}

    page = secretary.post(address("batch_add", poll), {**good, field: bad[field]})

    assert list(page.context["form"].errors) == [field]
    assert not Batch.objects.exists()


def test_no_batch_is_added_to_a_closed_poll(secretary, poll):
    close_poll(poll)

    page = secretary.post(
        address("batch_add", poll),
        {"channel": "meeting", "category": poll.campaign.categories.first().pk, "method": "slips"},
    )

    assert "已截止" in page.content.decode()
    assert not Batch.objects.exists()


def test_slips_are_downloaded_once_and_each_is_valid(secretary, poll):
    batch = make_batch(poll, category="群众代表")

    answer = secretary.post(address("batch_slips", batch), {"count": 30})

    document = pypdfium2.PdfDocument(answer.content)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    printed = re.findall(r"\b\w{5}-\w{5}\b", text)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    assert "attachment" in answer["Content-Disposition"]
    assert len(printed) == 30
    assert {codes.exchange(code).batch_id for code in printed} == {batch.pk}
    batch.refresh_from_db()
    assert (batch.printed_count, batch.codes.count()) == (30, 30)


@pytest.mark.parametrize("count", ["", "0", "-3", "2001", "多", "1e3"])
@pytest.mark.parametrize(("name", "method"), [("batch_slips", "slips"), ("batch_admit", "screen")])
def test_a_number_that_makes_no_sense_is_refused(secretary, poll, name, method, count):
    batch = make_batch(poll, method=method)

    page = secretary.post(address(name, batch), {"count": count})

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Code.objects.exists()


def test_no_slips_are_made_once_the_poll_is_closed(secretary, poll):
    batch = make_batch(poll)
    close_poll(poll)

    page = secretary.post(address("batch_slips", batch), {"count": 3})

    assert page["Content-Type"].startswith("text/html")
    assert "不收票" in page.content.decode()
    assert not Code.objects.exists()


def test_the_secretary_shuts_and_opens_the_door_of_the_screen(secretary, poll):
    batch = make_batch(poll, method="screen")
    early = secretary.post(address("door_open", batch), follow=True)
    codes.admit(batch, 3)

    shut = secretary.post(address("door_shut", batch), follow=True)
    opened = secretary.post(address("door_open", batch), follow=True)

    assert "没有会场码" in early.content.decode()
    assert "入口已关上" in shut.content.decode() and "打开入口" in shut.content.decode()
    assert "入口已打开" in opened.content.decode() and "关上入口" in opened.content.decode()


def test_the_screen_s_page_says_plainly_what_a_code_for_everybody_cannot_promise(secretary, poll):
    batch = make_batch(poll, method="screen")

    page = secretary.get(address("batch_admit", batch)).content.decode()

    assert "会场码保证不了一人一票" in page
    assert "要求一人一票的，请用一次性选票码" in page


def test_a_new_batch_uses_slips_unless_somebody_chooses(secretary, poll):
    page = secretary.get(reverse("ballots:batch_add", args=[poll.pk]))

    assert page.context["form"]["method"].value() == "slips"


def test_people_are_admitted_by_the_screen_and_more_may_be_added(secretary, poll):
    batch = make_batch(poll, method="screen")

    for count in (20, 3):
        answer = secretary.post(address("batch_admit", batch), {"count": count}, follow=True)

    batch.refresh_from_db()
    assert (batch.printed_count, batch.codes.count()) == (23, 23)
    assert "放行23人" in answer.content.decode()


def test_an_address_that_phones_cannot_open_is_warned_of(secretary, poll, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "pingyi.example.org"]
    batch = make_batch(poll)

    local, public = (
        secretary.get(address("batch_slips", batch), headers={"host": host}).content.decode()
        for host in ("127.0.0.1:8000", "pingyi.example.org")
    )

    assert "只有本机能打开" in local
    assert "只有本机能打开" not in public


def test_slips_bear_the_configured_site_however_the_secretary_came(secretary, poll, settings):
    settings.ALLOWED_HOSTS, settings.SITE = ["127.0.0.1"], "http://192.168.43.7:8000"
    batch, here = make_batch(poll), {"host": "127.0.0.1:8000"}

    page = secretary.get(address("batch_slips", batch), headers=here).content.decode()
    drawn = secretary.post(address("batch_slips", batch), {"count": 2}, headers=here)

    assert "只有本机能打开" not in page
    text = pypdfium2.PdfDocument(drawn.content)[0].get_textpage().get_text_range()
    assert "192.168.43.7:8000/v/" in text and "127.0.0.1" not in text


def test_a_batch_of_the_other_way_of_voting_is_not_found(secretary, poll):
    slips, screen = make_batch(poll), make_batch(poll, method="screen")

    assert secretary.get(address("batch_admit", slips)).status_code == 404
    assert secretary.get(address("batch_slips", screen)).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [("secretary", 200), ("teller", 403), ("officer", 403), ("administrator", 403), ("outsider", 404)],
)
def test_the_units_secretary_alone_hands_out_codes(client, poll, people, role, status):
    slips, screen = make_batch(poll), make_batch(poll, method="screen")
    client.force_login(getattr(people, role))

    pages = [
        client.get(address("batch_add", poll)),
        client.get(address("batch_slips", slips)),
        client.get(address("batch_admit", screen)),
        client.get(address("poll_wall", poll)),
    ]

    assert [page.status_code for page in pages] == [status] * 4
    if status != 200:
        assert client.post(address("batch_slips", slips), {"count": 3}).status_code == status
        assert not Code.objects.exists()

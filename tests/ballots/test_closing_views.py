"""The pages from rehearsal to seal: who may open them, what they say, and that they tell nothing too early."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from ballots import actions
from ballots.counting import bulk, closing, sealing
from ballots.models import Ballot, Batch, Opinion, TallyRow
from ballots.voting import codes
from campaigns import polls_for_deed
from campaigns.actions import make_polls
from campaigns.models import Poll
from campaigns.views.many import NOT_AS_SEEN
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def people():
    return factories.make_cast(factories.make_organization())


@pytest.fixture
def campaign(people):
    campaign = factories.make_campaign(people.organization)
    make_polls(campaign, [people.organization])
    return campaign


@pytest.fixture
def poll(campaign):
    actions.open_campaign(campaign, by=None)
    return campaign.polls.get()


@pytest.fixture
def secretary(client, people):
    client.force_login(people.secretary)
    return client


def url(name, **kwargs):
    return reverse(f"ballots:{name}", kwargs=kwargs)


def text_of(response):
    return response.content.decode()


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def post_close(client, poll, attended="", **by_batch):
    sent = {"attended_count": attended, "confirmed": "yes"}
    for batch, numbers in by_batch.items():
        sent |= {f"batch-{batch.removeprefix('b')}-{name}": value for name, value in numbers.items()}
    return client.post(url("poll_close", poll_id=poll.pk), sent, follow=True)


# The workbench


def test_the_workbench_shows_turnout_in_steps_and_no_exact_number_while_open(secretary, poll):
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 17})
    codes.make_slips(batch, 43)

    response = secretary.get(url("poll_detail", poll_id=poll.pk))

    cells = [cell.strip() for cell in strip_tags(text_of(response)).splitlines()]
    assert "15票以上" in cells
    assert "60" in cells
    assert not {"17", "43"} & set(cells)
    # Keys are numbers, too, and may be any.
    known = vars(response.context["batches"][0]).items()
    assert not {17, 43} & {value for name, value in known if name not in ("id", "poll_id", "category_id")}
    assert [step.place for step in response.context["steps"]] == ["done", "done", "current", "ahead", "ahead", "ahead"]


def test_the_workbench_reconciles_after_closing(secretary, poll):
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 17})
    codes.make_slips(batch, 43)
    closing.close(poll, by=None, attended=25, facts={batch.pk: closing.BatchFacts(issued=20)})

    page = text_of(secretary.get(url("poll_detail", poll_id=poll.pk)))

    numbers = ("60", "20", "17", "17", "0", "43")
    row = "".join(f'<td class="number">{number}</td>' for number in numbers)
    assert row in "".join(line.strip() for line in page.splitlines())
    assert reverse("ballots:poll_seal", kwargs={"poll_id": poll.pk}) in page


def test_each_role_is_offered_only_what_it_may_do(client, people, poll):
    batch = factories.make_batch(poll)
    deeds = [
        url("poll_close", poll_id=poll.pk),
        url("batch_add", poll_id=poll.pk),
        url("batch_void", batch_id=batch.pk),
        url("batch_slips", batch_id=batch.pk),
    ]

    offered = {}
    for role in ("secretary", "teller", "officer", "administrator"):
        client.force_login(getattr(people, role))
        page = text_of(client.get(url("poll_detail", poll_id=poll.pk)))
        offered[role] = [deed in page for deed in deeds]

    nothing = [False] * 4
    assert offered == {"secretary": [True] * 4, "teller": nothing, "officer": nothing, "administrator": nothing}


def test_results_are_offered_after_the_seal_but_not_to_the_administrator_of_accounts(client, people, poll):
    factories.enter_ballots(factories.make_batch(poll, method="entered"), {"11": 9})
    factories.close_poll(poll)
    links = {}
    for state in ("closed", "sealed"):
        if state == "sealed":
            sealing.seal(poll, by=None)
        for role in ("secretary", "teller", "officer", "administrator"):
            client.force_login(getattr(people, role))
            page = text_of(client.get(url("poll_detail", poll_id=poll.pk)))
            links[state, role] = reverse("reports:poll_results", kwargs={"poll_id": poll.pk}) in page

    assert [role for (state, role), shown in links.items() if shown] == ["secretary", "teller", "officer"]
    assert not any(shown for (state, _), shown in links.items() if state == "closed")


def test_the_workbench_takes_as_many_queries_for_two_batches_as_for_six(secretary, poll, django_assert_max_num_queries):
    def add_two():
        factories.make_batch(poll)
        factories.make_batch(poll, method="entered")

    add_two()
    secretary.get(url("poll_detail", poll_id=poll.pk))
    with django_assert_max_num_queries(50) as few:
        secretary.get(url("poll_detail", poll_id=poll.pk))
    add_two()
    add_two()

    with django_assert_max_num_queries(len(few)):
        secretary.get(url("poll_detail", poll_id=poll.pk))


def everything(poll, campaign, batch):
    return {
        "poll_detail": ("get", {"poll_id": poll.pk}),
        "rehearsal_start": ("post", {"poll_id": poll.pk}),
        "rehearsal_end": ("post", {"poll_id": poll.pk}),
        "poll_close": ("get", {"poll_id": poll.pk}),
        "poll_seal": ("get", {"poll_id": poll.pk}),
        "batch_void": ("get", {"batch_id": batch.pk}),
        "campaign_open": ("get", {"campaign_id": campaign.pk}),
        "campaign_close": ("get", {"campaign_id": campaign.pk}),
        "campaign_seal": ("get", {"campaign_id": campaign.pk}),
    }


@pytest.mark.parametrize(
    ("role", "status"), [("outsider", 404), ("teller", 403), ("officer", 403), ("administrator", 403)]
)
def test_only_the_secretary_runs_a_poll(client, people, campaign, poll, role, status):
    batch = factories.make_batch(poll)
    client.force_login(getattr(people, role))

    answers = {
        name: getattr(client, method)(url(name, **kwargs)).status_code
        for name, (method, kwargs) in everything(poll, campaign, batch).items()
    }

    expected = dict.fromkeys(answers, status)
    if status == 403:
        expected["poll_detail"] = 200
    assert answers == expected


def test_a_branch_secretary_runs_the_own_poll_but_not_the_campaign(client, people):
    branch = factories.make_organization("一支部", parent=people.organization, kind="branch")
    campaign = factories.make_campaign(people.organization)
    make_polls(campaign, [branch])
    actions.open_campaign(campaign, by=None)
    client.force_login(factories.make_user("branch", kind="secretary", organization=branch))

    answers = [
        client.get(url("poll_close", poll_id=campaign.polls.get().pk)).status_code,
        client.get(url("campaign_close", campaign_id=campaign.pk)).status_code,
        client.post(url("campaign_seal", campaign_id=campaign.pk)).status_code,
        client.post(url("campaign_open", campaign_id=campaign.pk)).status_code,
    ]

    assert answers == [200, 403, 403, 403]


@pytest.mark.parametrize("name", ["rehearsal_start", "rehearsal_end"])
def test_a_rehearsal_is_not_changed_by_following_a_link(secretary, campaign, name):
    poll = campaign.polls.get()

    assert secretary.get(url(name, poll_id=poll.pk)).status_code == 405


# Rehearsal and opening


def test_a_rehearsal_warns_starts_and_ends_without_a_trace(secretary, campaign):
    poll = campaign.polls.get()
    secretary.post(url("rehearsal_start", poll_id=poll.pk))
    poll.refresh_from_db()
    factories.cast_ballots(factories.make_batch(poll), {"11": 2})

    rehearsing = text_of(secretary.get(url("poll_detail", poll_id=poll.pk)))
    ended = secretary.post(url("rehearsal_end", poll_id=poll.pk), follow=True)

    poll.refresh_from_db()
    assert "正在演练，投的票都不算数" in rehearsing
    assert messages_of(ended) == ["演练已结束，演练的票批、选票码、票和意见已全部清除。"]
    assert (poll.state, Batch.objects.count(), Ballot.objects.count()) == ("preparing", 0, 0)


def test_a_rehearsal_that_cannot_start_says_why(secretary, poll):
    response = secretary.post(url("rehearsal_start", poll_id=poll.pk), follow=True)

    assert messages_of(response) == ["评议活动已经开启，不能再演练。"]


def test_opening_lists_what_is_missing_with_its_page_and_is_refused(secretary, campaign):
    campaign.procedure = ""
    campaign.save()

    page = text_of(secretary.get(url("campaign_open", campaign_id=campaign.pk)))
    refused = secretary.post(url("campaign_open", campaign_id=campaign.pk), follow=True)

    campaign.refresh_from_db()
    where = reverse("campaigns:campaign_clarities", kwargs={"campaign_id": campaign.pk})
    assert f'<a href="{where}">五明确：评议程序未填。</a>' in page
    assert "确认开启" not in page
    assert messages_of(refused) == ["没有开启：五明确：评议程序未填。"]
    assert not campaign.is_frozen


def test_opening_shows_what_will_be_frozen_and_freezes_it(secretary, people, campaign):
    page = text_of(secretary.get(url("campaign_open", campaign_id=campaign.pk)))
    response = secretary.post(url("campaign_open", campaign_id=campaign.pk))

    campaign.refresh_from_db()
    assert all(words in page for words in ("兑现公开承诺情况", "总体评价", "有效票", "群众代表", "1个评议点"))
    assert response.url == reverse("campaigns:campaign_detail", kwargs={"campaign_id": campaign.pk})
    assert (campaign.opened_by, campaign.polls.get().state) == (people.secretary, "open")


def test_opening_offers_the_ready_units_alone_and_says_what_the_others_lack(secretary, people, campaign):
    branch = factories.make_organization("第一党支部", parent=campaign.organizer, kind="branch")
    make_polls(campaign, [branch])
    lacking = campaign.polls.get(organization=branch)
    lacking.targets.all().delete()

    overview = text_of(secretary.get(reverse("campaigns:campaign_detail", args=[campaign.pk])))
    response = secretary.get(url("campaign_open", campaign_id=campaign.pk))
    page = text_of(response)
    stale = secretary.post(url("campaign_open", campaign_id=campaign.pk), {"ready": "another"}, follow=True)
    opened = secretary.post(
        url("campaign_open", campaign_id=campaign.pk), {"ready": response.context["plan"].mark}, follow=True
    )

    where = reverse("campaigns:poll_targets", args=[lacking.pk])
    assert "先开启已备好的单位" in overview
    assert f'<a href="{where}">“第一党支部”的票上没有评议对象。</a>' in page
    assert "先开启已备好的1个单位，其余留在筹备" in page and "确认开启" not in page
    assert "您看过以后，备好的单位变了" in messages_of(stale)[0]
    assert messages_of(opened) == [
        f"“{campaign}”已开启，1个评议点票面已经固定，可以发票收票；其余1个留在筹备，备好以后集中重新开启。"
    ]
    assert "集中重新开启" in text_of(opened)
    left = text_of(secretary.get(url("poll_detail", poll_id=lacking.pk)))
    assert "活动开启时还没有备好，现在不收票" in left and "废码" not in left
    assert sorted(campaign.polls.values_list("state", flat=True)) == ["open", "preparing"]


# Closing


def test_closing_by_the_form_fixes_the_numbers(secretary, people, poll):
    phone, paper = factories.make_batch(poll), factories.make_batch(poll, channel="paper", method="entered")
    factories.cast_ballots(phone, {"11": 6})
    factories.enter_ballots(paper, {"11": 4})

    response = post_close(
        secretary,
        poll,
        attended="12",
        **{f"b{phone.pk}": {"issued": "6"}, f"b{paper.pk}": {"issued": "7", "returned": "5", "void": "1"}},
    )

    poll.refresh_from_db()
    numbers = Batch.objects.order_by("pk").values_list("issued_count", "returned_count", "void_count")
    assert messages_of(response) == ["已截止。请核对下面的票数，无误后封存。"]
    assert (poll.state, poll.attended_count, poll.closed_by) == ("closed", 12, people.secretary)
    assert list(numbers) == [(6, 6, 0), (7, 5, 1)]
    assert response.context["totals"]["valid_count"] == 10


def test_a_form_that_does_not_reconcile_says_so_beside_the_batch_keeps_the_input_and_writes_nothing(secretary, poll):
    phone, paper = factories.make_batch(poll), factories.make_batch(poll, channel="paper", method="entered")
    factories.cast_ballots(phone, {"11": 13})
    factories.enter_ballots(paper, {"11": 4})

    response = post_close(
        secretary,
        poll,
        attended="99",
        **{f"b{phone.pk}": {"issued": "14"}, f"b{paper.pk}": {"issued": "4", "returned": "5", "void": "0"}},
    )

    first, second = response.context["batch_forms"]
    poll.refresh_from_db()
    assert first.non_field_errors() == ["发出14张，多于制作的13张。"]
    assert "收回的测评票多于发出的测评票（发出4，收回5）" in second.non_field_errors()[0]
    assert "应录入5张，实际录入4张" in second.non_field_errors()[1]
    page = text_of(response)
    assert all(f'value="{value}"' in page for value in ("99", "14", "5"))
    assert (poll.state, poll.attended_count) == ("open", None)
    assert not Batch.objects.exclude(issued_count=None).exists()


def test_numbers_are_held_against_the_ballots_only_when_the_closing_is_confirmed(secretary, poll):
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 13})
    page, sent = url("poll_close", poll_id=poll.pk), {"attended_count": "", f"batch-{batch.pk}-issued": "12"}

    asked = [text_of(secretary.post(page, sent | {f"batch-{batch.pk}-issued": number})) for number in ("12", "13")]
    refused = secretary.post(page, {**sent, "confirmed": "yes"})

    assert ["确认后立即停止收票" in text for text in asked] == [True, True]
    assert [closing.MISMATCH in text for text in asked] == [False, False]
    assert refused.context["attendance"].non_field_errors() == [closing.MISMATCH]
    assert "确认后立即停止收票" not in text_of(refused)
    assert url("batch_void", batch_id=batch.pk) in text_of(refused)
    assert Poll.objects.get().state == Poll.State.OPEN
    secretary.post(page, {**sent, f"batch-{batch.pk}-issued": "13", "confirmed": "yes"})
    assert Poll.objects.get().state == Poll.State.CLOSED


@pytest.mark.parametrize("value", ["-1", "abc", "1000001", "1.5"])
def test_a_number_that_is_none_is_refused(secretary, poll, value):
    batch = factories.make_batch(poll)

    response = post_close(secretary, poll, **{f"b{batch.pk}": {"issued": value}})

    poll.refresh_from_db()
    assert list(response.context["batch_forms"][0].errors) == ["issued"]
    assert poll.state == "open"


def test_an_empty_form_closes_a_poll_that_took_nothing(secretary, poll):
    post_close(secretary, poll)

    poll.refresh_from_db()
    assert poll.state == "closed"


def test_a_batch_made_while_the_form_was_open_is_asked_for(secretary, poll, monkeypatch):
    first = factories.make_batch(poll)
    close = closing.close

    def made_meanwhile(*args, **kwargs):
        factories.make_batch(poll, category="群众代表")
        return close(*args, **kwargs)

    monkeypatch.setattr(closing, "close", made_meanwhile)
    response = post_close(secretary, poll, **{f"b{first.pk}": {"issued": "0"}})

    assert "填写期间又增加了票批" in response.context["attendance"].non_field_errors()[0]
    assert [str(form.batch) for form in response.context["batch_forms"]] == ["集中评议·党员", "集中评议·群众代表"]


@pytest.mark.parametrize("name", ["poll_close", "poll_seal"])
def test_a_page_of_another_state_leads_back_and_says_why(secretary, poll, name):
    if name == "poll_close":
        factories.close_poll(poll)

    response = secretary.get(url(name, poll_id=poll.pk), follow=True)

    assert "不能截止" in messages_of(response)[0] or "只有已截止的才能封存" in messages_of(response)[0]
    assert response.redirect_chain[0][0] == url("poll_detail", poll_id=poll.pk)


# Voiding


def test_voiding_wants_a_reason_and_keeps_what_was_counted(secretary, people, poll):
    batch = factories.make_batch(poll, method="entered")
    factories.enter_ballots(batch, {"33": 51})
    page = url("batch_void", batch_id=batch.pk)

    without = secretary.post(page, {"reason": " ", "issued": "50", "returned": "51"})
    secretary.post(page, {"reason": "收回多于发出", "issued": "50", "returned": "51"})

    batch.refresh_from_db()
    assert list(without.context["form"].errors) == ["reason"]
    assert (batch.state, batch.voided_by, batch.void_reason) == ("void", people.secretary, "收回多于发出")
    assert (batch.issued_count, batch.returned_count) == (50, 51)
    workbench = text_of(secretary.get(url("poll_detail", poll_id=poll.pk)))
    assert "收回多于发出" in workbench
    assert url("batch_add", poll_id=poll.pk) in workbench
    assert url("batch_void", batch_id=batch.pk) not in workbench


def test_voiding_twice_says_that_it_was_done(secretary, poll):
    batch = factories.make_batch(poll)
    closing.void_batch(batch, by=None, reason="程序有误")

    response = secretary.post(url("batch_void", batch_id=batch.pk), {"reason": "再来一次"}, follow=True)

    batch.refresh_from_db()
    assert messages_of(response) == ["这个票批已经作废。"]
    assert batch.void_reason == "程序有误"


# Sealing


def test_sealing_asks_first_and_then_cannot_be_undone(secretary, people, poll):
    factories.enter_ballots(factories.make_batch(poll, method="entered"), {"11": 9})
    factories.close_poll(poll)
    page = url("poll_seal", poll_id=poll.pk)

    asked = text_of(secretary.get(page))
    before = TallyRow.objects.count()
    secretary.post(page)
    again = secretary.post(page, follow=True)

    poll.refresh_from_db()
    assert "封存不能撤销" in asked
    assert (before, TallyRow.objects.count(), poll.state, poll.sealed_by) == (0, 2, "sealed", people.secretary)
    assert "须先截止再封存" in messages_of(again)[-1]


def test_broken_identities_are_shown_with_their_numbers_and_nothing_is_sealed(secretary, poll):
    batch = factories.make_batch(poll, method="entered")
    factories.enter_ballots(batch, {"11": 9})
    factories.close_poll(poll)
    Ballot.objects.create(batch=batch, marks="11")

    page = text_of(secretary.post(url("poll_seal", poll_id=poll.pk)))

    poll.refresh_from_db()
    assert "有效票应为9张，票库中有10张" in page
    assert "alert-danger" in page
    assert (poll.state, TallyRow.objects.count()) == ("closed", 0)


# A campaign together


@pytest.fixture
def three(people):
    """Polls of an open campaign: one by phone, one with paper, one where nothing was handed out."""
    names = ("一支部", "二支部", "三支部")
    units = [factories.make_organization(name, parent=people.organization, kind="branch") for name in names]
    campaign = factories.make_campaign(people.organization)
    make_polls(campaign, units)
    actions.open_campaign(campaign, by=None)
    phone, paper, _ = campaign.polls.all()
    factories.cast_ballots(factories.make_batch(phone), {"11": 8, "2-": 1})
    factories.make_batch(paper, method="entered")
    return campaign


def test_a_campaign_closes_what_it_can_and_lists_the_rest(secretary, three):
    page = url("campaign_close", campaign_id=three.pk)

    before = text_of(secretary.get(page))
    after = secretary.post(page, {}, follow=True)

    assert "有纸质票，须填写发出数和收回数。" in before
    assert messages_of(after) == ["截止了1个评议点。"]
    assert list(three.polls.values_list("state", flat=True)) == ["closed", "open", "open"]
    secretary.post(page, {"with_empty": "on"})
    assert list(three.polls.values_list("state", flat=True)) == ["closed", "open", "closed"]


def test_a_poll_that_a_campaign_could_not_close_is_named_with_the_reason(secretary, three):
    Poll.objects.filter(organization__name="一支部").update(attended_count=3)

    response = secretary.post(url("campaign_close", campaign_id=three.pk), {})

    assert [(str(poll.organization), why == closing.MISMATCH) for poll, why in response.context["refused"]] == [
        ("一支部", True)
    ]
    assert "没有截止" in text_of(response)


def test_a_campaign_seals_all_that_is_closed(secretary, three):
    secretary.post(url("campaign_close", campaign_id=three.pk), {"with_empty": "on"})
    page = url("campaign_seal", campaign_id=three.pk)

    asked = text_of(secretary.get(page))
    response = secretary.post(page)

    assert "将要封存的2个" in asked
    assert re.search(r"二支部</a></th>\s*<td>仍在收票，须先截止。", asked)
    assert response.url == reverse("campaigns:campaign_detail", kwargs={"campaign_id": three.pk})
    assert list(three.polls.values_list("state", flat=True)) == ["sealed", "open", "sealed"]
    assert not Opinion.objects.exists()


def test_a_campaign_names_the_poll_that_it_could_not_seal(secretary, three):
    secretary.post(url("campaign_close", campaign_id=three.pk), {"with_empty": "on"})
    Ballot.objects.create(batch=Batch.objects.get(poll__organization__name="一支部"), marks="11")

    response = secretary.post(url("campaign_seal", campaign_id=three.pk))

    (refused,) = response.context["refused"]
    assert (str(refused[0].organization), refused[1]) == ("一支部", "“集中评议·党员”有效票应为9张，票库中有10张。")
    assert "以下1个评议点没有封存" in text_of(response)
    assert list(three.polls.values_list("state", flat=True)) == ["closed", "open", "sealed"]


# Ballots that were not entered


def test_c2_closing_without_the_written_ballots_is_asked_about_first(secretary, poll):
    batch = factories.make_batch(poll, method="entered")
    factories.enter_ballots(batch, {"11": 41})
    numbers = {f"batch-{batch.pk}-{name}": count for name, count in (("issued", 41), ("returned", 41), ("void", 0))}

    numbers["confirmed"] = "yes"
    asked = secretary.post(url("poll_close", poll_id=poll.pk), {"attended_count": 78, **numbers})
    poll.refresh_from_db()

    assert poll.state == Poll.State.OPEN
    assert "参评78人，只发出41份，书面评议37份未录入。请先补录" in text_of(asked)
    assert 'type="checkbox" name="goes_on"' in text_of(asked)
    secretary.post(url("poll_close", poll_id=poll.pk), {"attended_count": 78, "goes_on": "on", **numbers})
    poll.refresh_from_db()
    assert (poll.state, poll.attended_count) == (Poll.State.CLOSED, 78)


def test_a_closing_with_everybody_s_ballot_asks_nothing(secretary, poll):
    assert 'type="checkbox"' not in text_of(secretary.get(url("poll_close", poll_id=poll.pk)))


def test_a_closing_that_does_not_reconcile_is_refused_before_anything_is_asked(secretary, poll):
    batch = factories.make_batch(poll, method="entered")
    factories.enter_ballots(batch, {"11": 41})
    numbers = {f"batch-{batch.pk}-{name}": count for name, count in (("issued", 40), ("returned", 41), ("void", 0))}

    refused = text_of(secretary.post(url("poll_close", poll_id=poll.pk), {"attended_count": 78, **numbers}))

    assert "收回的测评票多于发出的测评票" in refused
    assert "请先补录" not in refused
    assert Poll.objects.get().state == Poll.State.OPEN


def test_how_many_slips_were_handed_out_is_asked_and_nothing_is_proposed(secretary, poll):
    batch = factories.make_batch(poll)
    codes.make_slips(batch, 12)
    page = secretary.get(url("poll_close", poll_id=poll.pk))

    response = post_close(secretary, poll, **{f"b{batch.pk}": {"issued": ""}})

    (form,) = page.context["batch_forms"]
    assert form["issued"].value() is None
    assert "发到参评人员手里的张数。共制作12张，没有发出去的不算。" in text_of(page)
    assert response.context["batch_forms"][0].errors == {
        "issued": ["请清点并填写发出的张数；共制作12张，没有发出去的不算。"]
    }
    assert Poll.objects.get(pk=poll.pk).state == "open"


@pytest.mark.parametrize("has_batch", [True, False])
def test_while_ballots_come_in_closing_is_not_the_loudest_button(secretary, poll, has_batch):
    if has_batch:
        factories.make_batch(poll)

    page = text_of(secretary.get(url("poll_detail", poll_id=poll.pk)))

    assert f'<a class="btn btn-outline-secondary" href="{url("poll_close", poll_id=poll.pk)}">截止收票</a>' in page
    assert page.count("btn btn-primary") == 1


@pytest.fixture
def in_pages(monkeypatch):
    """A page has room for a single poll."""
    monkeypatch.setattr(polls_for_deed, "NAMED_AT_ONCE", 1)


def field_of(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def test_the_units_of_a_campaign_to_be_closed_are_searched_and_only_they_are_closed(secretary, three, in_pages):
    page = url("campaign_close", campaign_id=three.pk)

    asked = text_of(secretary.get(page, {"q": "一支部"}))
    response = secretary.post(page, {"q": field_of(asked, "q"), "seen": field_of(asked, "seen"), "with_empty": "on"})

    assert "集中截止查找到的1个" in asked and "三支部" not in asked
    assert response.status_code == 302
    assert list(three.polls.values_list("state", flat=True)) == ["closed", "open", "open"]


def test_nothing_is_closed_where_the_list_has_changed_since_it_was_seen(secretary, three):
    page = url("campaign_close", campaign_id=three.pk)
    asked = text_of(secretary.get(page))
    factories.make_batch(three.polls.get(organization__name="三支部"))

    response = secretary.post(page, {"seen": field_of(asked, "seen")})

    assert messages_of(response) == [NOT_AS_SEEN]
    assert "可以集中截止的2个" in text_of(response)
    assert field_of(text_of(response), "seen") != field_of(asked, "seen")
    assert list(three.polls.values_list("state", flat=True)) == ["open"] * 3


def test_a_list_in_pages_is_closed_and_sealed_only_with_its_mark(secretary, three, in_pages):
    factories.make_batch(three.polls.get(organization__name="三支部"))
    close, seal = (url(name, campaign_id=three.pk) for name in ("campaign_close", "campaign_seal"))

    unmarked = secretary.post(close, {})
    assert messages_of(unmarked) == [NOT_AS_SEEN]
    assert list(three.polls.values_list("state", flat=True)) == ["open"] * 3
    assert "第1页，共2页，2条" in text_of(unmarked) and "?ready-page=2" in text_of(unmarked)
    secretary.post(close, {"seen": field_of(text_of(unmarked), "seen")})
    unmarked = secretary.post(seal)
    assert messages_of(unmarked)[-1] == NOT_AS_SEEN
    assert list(three.polls.values_list("state", flat=True)) == ["closed", "open", "closed"]
    secretary.post(seal, {"seen": field_of(text_of(unmarked), "seen")})
    assert list(three.polls.values_list("state", flat=True)) == ["sealed", "open", "sealed"]


def test_a_search_on_the_page_of_sealing_narrows_the_names_alone(secretary, three, in_pages):
    secretary.post(url("campaign_close", campaign_id=three.pk), {"with_empty": "on"})
    page = url("campaign_seal", campaign_id=three.pk)

    asked = text_of(secretary.get(page, {"q": "三支部"}))
    secretary.post(page, {"seen": field_of(asked, "seen")})

    assert "将要封存的1个" in asked and "封存的仍是全部2个" in asked and "封存可以封存的2个" in asked
    assert list(three.polls.values_list("state", flat=True)) == ["sealed", "open", "sealed"]


def test_the_rest_of_a_long_closing_waits_for_the_next_press(secretary, three, monkeypatch):
    monkeypatch.setattr(bulk, "SECONDS_AT_ONCE", -1)

    response = secretary.post(url("campaign_close", campaign_id=three.pk), {}, follow=True)

    assert messages_of(response) == ["截止了0个评议点。", "还有1个没有轮到，再按一次接着办。"]
    assert list(three.polls.values_list("state", flat=True)) == ["open"] * 3


def test_the_pages_of_a_campaign_take_the_same_queries_for_one_unit_and_for_three(secretary, people):
    counts = {}
    for units in (1, 3):
        campaign = factories.make_campaign(people.organization, title=f"{units}个单位")
        branches = [
            factories.make_organization(f"{units}之{n}", parent=people.organization, kind="branch")
            for n in range(units)
        ]
        make_polls(campaign, branches)
        actions.open_campaign(campaign, by=None)
        for poll in campaign.polls.all():
            factories.make_batch(poll)
        for name in ("campaign_close", "campaign_seal"):
            with CaptureQueriesContext(connection) as queries:
                secretary.get(url(name, campaign_id=campaign.pk))
            counts.setdefault(name, []).append(len(queries))
            if name == "campaign_close":
                secretary.post(url(name, campaign_id=campaign.pk), {})

    assert all(first == second for first, second in counts.values()), counts

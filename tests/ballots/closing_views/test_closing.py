"""Closing a poll by its form, voiding a batch, and written ballots that were not entered."""

import pytest

from ballots.counting import closing
from ballots.models import Batch
from ballots.voting import codes
from campaigns.models import Poll
from tests import factories

from .asking import messages_of, post_close, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.database]

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

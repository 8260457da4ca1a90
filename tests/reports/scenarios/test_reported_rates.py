"""A reported rate against the ballots, and written ballots that were not entered (C1 to C3)."""

import pytest
from django.urls import reverse

from ballots.counting import sealing
from reports.report import content_of_poll
from reports.tables import tally_format
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_cast,
    make_open_poll,
    make_sealed_poll,
)
from tests.words import words

from .printed import ONE, page_of, paragraphs_of

pytestmark = pytest.mark.django_db

# C1, C3


def checked(client, poll, reported, who="secretary"):
    people = make_cast(poll.organization)
    client.force_login(getattr(people, who))
    line = f"{poll.targets.get().pk}-{poll.tally_rows.first().indicator_id}"
    return client.get(reverse("reports:rate_check", args=[poll.pk]), {"line": line, "reported": reported})


@pytest.mark.parametrize(
    ("reported", "sentence"),
    [
        ("98", "39/41=95.1%，与98%不符；98%对应满意+基本满意 40/41=97.6%，或以40票为分母 39/40=97.5%。"),
        ("97.5", "39/41=95.1%，与97.5%不符；97.5%对应以40票为分母 39/40=97.5%。"),
        ("95.1", "39/41=95.1%，与填报的95.1%相符。"),
        ("95", "39/41=95.1%，与填报的95%相符。"),
        ("95.2", "39/41=95.1%，与95.2%不符，票数得不出95.2%，不能按95.2%填报。"),
    ],
)
def test_c1_a_reported_rate_is_held_against_the_ballots(client, reported, sentence):
    poll = make_sealed_poll({"1": 39, "2": 1, "-": 1}, indicators=ONE)

    assert sentence in words(checked(client, poll, reported).content.decode())


@pytest.mark.parametrize(("reported", "message"), [("九成", "请填写0至100的数"), ("101", "不能超过100%"), ("", "必填")])
def test_c1_what_is_no_rate_is_refused(client, reported, message):
    assert message in checked(client, make_sealed_poll({"1": 41}, indicators=ONE), reported).content.decode()


@pytest.mark.parametrize(("who", "status"), [("officer", 200), ("teller", 403), ("outsider", 404)])
def test_c1_tellers_check_no_reported_rates(client, who, status):
    assert checked(client, make_sealed_poll({"1": 41}, indicators=ONE), "98", who).status_code == status


def test_c1_the_summary_says_it_in_the_scenario_s_words(client):
    poll = make_sealed_poll({"1": 39, "2": 1, "-": 1}, indicators=ONE)

    sentence = "共发出评议表41份，收回41份，其中满意39份，占95.1%；基本满意1份，占2.4%；无不满意票；弃权1份。"
    assert sentence in paragraphs_of(poll)
    assert "因四舍五入，各项之和可能不等于100%。" in words(page_of(client, poll))


@pytest.mark.parametrize(
    ("satisfied", "sentence"),
    [
        (48, "48/50=96.0%，与填报的96%相符。"),
        (47, "47/50=94.0%，与96%不符，票数得不出96%，不能按96%填报。"),
    ],
)
def test_c3_96_percent_of_50_is_48_and_not_47(client, satisfied, sentence):
    poll = make_sealed_poll({"1": satisfied, "2": 50 - satisfied}, indicators=ONE)

    assert sentence in words(checked(client, poll, "96").content.decode())


def test_c3_the_summary_names_participants_and_rate():
    poll = make_sealed_poll({"1": 48, "2": 2}, indicators=ONE)

    assert "参与评议人员50人次，群众满意率达96.0%。" in paragraphs_of(poll)


# C2


def make_poll_with_paper(paper, *, issued):
    poll = make_open_poll(indicators=ONE)
    enter_ballots(make_batch(poll, method="entered"), {"1": 39, "2": 1, "-": 1})
    numbers = {}
    if issued:
        batch = make_batch(poll, channel="paper", method="entered")
        enter_ballots(batch, paper)
        numbers = {batch.pk: issued}
    close_poll(poll, attended=78, issued=numbers)
    sealing.seal(poll, by=None)
    return poll


@pytest.mark.parametrize("issued", [0, 37])
def test_c2_written_ballots_that_were_not_entered_are_told_wherever_the_rate_stands(client, issued):
    poll = make_poll_with_paper({}, issued=issued)
    warning = "参评78人，仅录入评议表41份，书面评议37份未录入。"

    assert warning in words(page_of(client, poll))
    assert tally_format.build(poll.campaign).checks[0]["message"] == warning
    assert paragraphs_of(poll)[0] == f"{warning}以下各数均不含书面评议。"
    assert "参与评议人员41人次，群众满意率达95.1%（不含书面评议）。" in paragraphs_of(poll)


def test_c2_with_the_written_ballots_there_is_one_rate_and_no_warning(client):
    poll = make_poll_with_paper({"1": 33, "2": 2}, issued=37)

    (table,) = content_of_poll(poll).tables
    assert [(figure.label, figure.count, figure.rate.text) for figure in table.rows[0].figures] == [
        ("满意", 72, "94.7"),
        ("基本满意", 3, "3.9"),
        ("不满意", 0, "0.0"),
        ("弃权", 1, "1.3"),
    ]
    assert content_of_poll(poll).warnings == ()
    assert "未录入" not in page_of(client, poll)
    assert "参与评议人员76人次，群众满意率达94.7%。" in paragraphs_of(poll)

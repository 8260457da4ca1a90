"""An office's own threshold from the tally to every place that tells of it."""

import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from ballots.counting import judgement
from reports.files import excel, pdf
from reports.findings import crossings_of
from reports.findings.actions import decide_finding
from reports.report import content_of_poll, summary_of
from reports.results.poll import results_of
from reports.scope import Scope
from tests.factories import kept_limit, make_cast, make_sealed_poll, own_limit
from tests.reports.files.test_pdf import text_of
from tests.reports.summary.worded import paragraphs_of


@given(st.integers(1, 60), st.integers(2, 61), st.integers(1, 400))
def test_c9_at_the_border_at_least_crosses_and_strictly_more_does_not(numerator, denominator, times):
    """Whatever the share and the count, a vote less crosses neither and a vote more crosses both."""
    numerator = min(numerator, denominator - 1)
    count, base = numerator * times, denominator * times

    def crosses(count, or_equal):
        lines = [judgement.JudgedLine(count, base, is_overall=True)]
        return judgement.crossed(lines, "overall", numerator, denominator, or_equal=or_equal) is not None

    assert [crosses(count, or_equal) for or_equal in (False, True)] == [False, True]
    assert [crosses(count - 1, or_equal) for or_equal in (False, True)] == [False, False]
    assert [crosses(count + 1, or_equal) for or_equal in (False, True)] == [True, True]


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=4),
    st.integers(1, 9),
    st.integers(2, 10),
)
def test_together_at_least_is_judged_by_the_sums(lines, numerator, denominator):
    numerator = min(numerator, denominator - 1)
    judged = [judgement.JudgedLine(count, count + rest, is_overall=False) for count, rest in lines]
    count, base = sum(line.count for line in judged), sum(line.base for line in judged)

    crossed = judgement.crossed(judged, "together", numerator, denominator, or_equal=True)

    assert (crossed is not None) == (base > 0 and count * denominator >= base * numerator)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("dissatisfied", "is_at_least", "is_crossed"),
    [(48, True, True), (47, True, False), (48, False, False), (49, False, True)],
)
def test_c9_forty_percent_of_120_ballots(dissatisfied, is_at_least, is_crossed):
    limit = kept_limit(is_at_least=is_at_least)
    poll = make_sealed_poll({"11": 120 - dissatisfied, "13": dissatisfied}, thresholds=[limit])

    crossings = crossings_of([results_of(poll)])

    assert [crossing.count for crossing in crossings] == [dissatisfied] * is_crossed


@pytest.fixture
def poll():
    return make_sealed_poll({"11": 72, "13": 48}, thresholds=[kept_limit(review_state="待党委复核")])


FACT = "某局党委“总体评价”：不满意48票，占120票的40.0%，达到40%"


@pytest.mark.django_db
def test_nothing_follows_before_the_review_and_everything_says_what_follows_after_it(poll, client):
    people = make_cast(poll.organization)
    client.force_login(people.officer)
    pages = [reverse("reports:poll_results", args=[poll.pk]), reverse("reports:finding_list", args=[poll.campaign_id])]
    (crossing,) = crossings_of([results_of(poll)])

    def told():
        content = content_of_poll(poll)
        book = load_workbook(io.BytesIO(excel.draw_poll_workbook(content, opinions=None)))
        cells = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
        return [client.get(page).content.decode() for page in pages] + [text_of(pdf.results_sheet(content)), cells]

    before = told()
    decide_url = reverse("reports:finding_decide", args=[poll.pk, crossing.threshold.key, crossing.target_id])
    assert client.post(decide_url, {"state": "confirmed", "reason": "复核无误"}).status_code == 302
    after = told()

    for text in before:
        assert FACT in text.replace("\n", "")
        assert "待党委复核" in text
        assert "限期整改" not in text
    for text in after:
        assert "已认定" in text
        assert "限期整改；取消评先资格" in text.replace("\n", "")


@pytest.mark.django_db
def test_the_summary_names_the_confirmed_and_the_tally_the_rule(poll):
    (crossing,) = crossings_of([results_of(poll)])
    decide_finding(crossing, state="confirmed", by=make_cast(poll.organization).officer, reason="")

    sentences = paragraphs_of(summary_of(Scope.of_poll(poll)), "use")
    out = io.StringIO()
    call_command("tally", campaign=poll.campaign.title, format="json", stdout=out)

    assert "经组织认定，某局党委的“不满意”票达到40%：限期整改；取消评先资格。" in "".join(sentences)
    (finding,) = json.loads(out.getvalue())["findings"]
    assert finding["rule"] == own_limit(review_state="待党委复核").key
    assert (finding["numerator"], finding["denominator"], finding["state"]) == (48, 120, "confirmed")

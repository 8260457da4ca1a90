"""Reports filed while figures were kept as printed words open as they were filed, and print the same."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from reports.files import excel, word
from reports.models import SummaryVersion
from reports.report import summary_for_download
from reports.report.format_1 import upgraded
from reports.report.snapshot import thaw
from reports.scope import Scope
from reports.summary.actions import locked_summary
from tests.factories import make_sealed_poll

KEPT = Path(__file__).parent / "snapshots"


def kept(name):
    return json.loads((KEPT / f"format_1_{name}.json").read_text())


def words_of_row(row):
    """A row of format 1: everything that it prints."""
    figures = [(figure["label"], figure["count"], figure["rate"]) for figure in row["figures"]]
    return row["label"], row["base"], figures, row["satisfaction"], row["positive"], row["note"]


def printed_row(row):
    figures = [(figure.label, figure.count, figure.rate.text) for figure in row.figures]
    if not figures:
        return row.label, "", [], "", "", row.note
    return row.label, row.printed_base, figures, row.satisfaction.text, row.positive.text, row.note


def words_of_score(score):
    parts = [(part["name"], part["weight"], part["score"]) for part in score["parts"]]
    return parts, score["score"], score["pooled"], score["satisfaction"], score["weighted_satisfaction"]


def printed_score(score):
    parts = [(part.name, part.weight, part.score.text) for part in score.parts]
    return parts, *(
        figure.text for figure in (score.score, score.pooled, score.satisfaction, score.weighted_satisfaction)
    )


def tables_of(name):
    """Each table of a snapshot as it was kept, and as it is read."""
    snapshot = kept(name)
    old, new = snapshot["report"], thaw(snapshot)
    pairs = list(zip(old["summary"]["tables"], new.summary.tables, strict=True))
    for poll, read in zip(
        *([old["poll"]], [new.poll]) if old["poll"] else (old["campaign"]["polls"], new.campaign.polls), strict=True
    ):
        pairs += zip(poll["tables"], read.tables, strict=True)
    return pairs


@pytest.mark.parametrize("name", ["poll", "campaign"])
def test_every_row_of_a_filed_report_prints_what_was_filed(name):
    pairs = tables_of(name)

    assert pairs
    for old, new in pairs:
        assert [printed_row(row) for row in new.rows] == [words_of_row(row) for row in old["rows"]]


def test_groups_and_scores_of_a_filed_report_print_what_was_filed():
    pairs = tables_of("poll")

    for old, new in pairs:
        assert [(text, [printed_row(row) for row in rows]) for text, rows in new.splits] == [
            (text, [words_of_row(row) for row in rows]) for text, rows in old["splits"]
        ]
        assert [printed_score(score) for score in new.scores] == [words_of_score(score) for score in old["scores"]]
    assert any(new.splits and new.scores for _, new in pairs)


def test_crossings_of_a_filed_report_say_what_they_said():
    (crossing,) = thaw(kept("poll")).poll.crossings

    assert crossing.rate.text == kept("poll")["report"]["poll"]["crossings"][0]["rate"]
    assert crossing.rate.value == Fraction(crossing.count, crossing.base)


def test_a_rate_of_format_1_is_exact_again_from_its_count_and_its_base():
    row = thaw(kept("poll")).poll.tables[0].rows[0]

    assert [figure.rate.value for figure in row.figures] == [Fraction(figure.count, row.base) for figure in row.figures]
    assert row.satisfaction == row.figures[0].rate


def test_a_figure_that_was_made_to_add_up_stays_as_it_was_filed():
    old = kept("poll")["report"]
    figure = old["poll"]["tables"][0]["rows"][0]["figures"][0]

    figure["rate"] = "12.3"

    rate = upgraded(old)["poll"]["tables"][0]["rows"][0]["figures"][0]["rate"]
    assert (rate["units"], rate["decimals"]) == (123, 1)
    assert rate["value"] != "123/1000"


def test_the_sums_of_a_unit_are_what_its_table_was_filed_with():
    (table,) = kept("campaign")["report"]["summary"]["tables"]

    lines = thaw(kept("campaign")).campaign.top.lines

    assert [(line.indicator, line.result.satisfaction.text, line.result.positive.text) for line in lines] == [
        (row["label"], row["satisfaction"], row["positive"]) for row in table["rows"]
    ]


@pytest.mark.parametrize(
    ("words", "rates"),
    [
        ("", []),
        ("98.3%", [("", "98.3%")]),
        ("—", [("", "—")]),
        ("是否完成60.0%，效果100.0%", [("是否完成60.0%，效果", "100.0%")]),
        ("效果—", [("效果", "—")]),
        ("有效票少于3张，不单独公布", []),
    ],
)
def test_the_vote_on_a_commitment_prints_what_was_filed(words, rates):
    snapshot = kept("campaign")
    (entry,) = snapshot["report"]["commitments"]["entries"]
    assert entry["satisfaction"] == "98.3%"
    entry["satisfaction"] = words

    (entry,) = thaw(snapshot).commitments.entries

    assert [(voted.name, voted.rate.percent_text) for voted in entry.voted.rates] == rates
    assert entry.voted.text == words


def printed_facts(poll):
    return [(fact.label, fact.text) for fact in poll.facts]


def test_dates_and_facts_of_a_filed_report_print_what_was_filed():
    old, new = kept("poll")["report"], thaw(kept("poll"))

    assert (new.poll.sealed_on.text, printed_facts(new.poll)) == (
        old["poll"]["sealed_on"],
        [tuple(fact) for fact in old["poll"]["facts"]],
    )
    (problem,), (filed,) = new.ledger.entries, old["ledger"]["entries"]
    assert [measure.done_on.text for measure in problem.measures] == [
        measure["done_on"] for measure in filed["measures"]
    ]
    assert (problem.due_on.text, problem.done_on.text) == (filed["due_on"], filed["done_on"])
    (comment,), (filed,) = new.comments.entries, old["comments"]["entries"]
    assert (comment.commented_on.text, comment.followed_up_on.text) == (filed["commented_on"], filed["followed_up_on"])
    (promise,), (filed,) = new.commitments.entries, old["commitments"]["entries"]
    assert (promise.due_on.text, promise.fulfilled_on.text) == (filed["due_on"], filed["fulfilled_on"])


@pytest.mark.parametrize("name", ["poll", "campaign"])
def test_files_are_drawn_of_a_filed_report(name):
    report = thaw(kept(name))

    assert excel.draw_report_workbook(report).startswith(b"PK")
    assert word.draw_summary_docx(report.summary).startswith(b"PK")


@pytest.mark.django_db
def test_the_summary_alone_of_a_filed_report_is_that_of_the_whole():
    scope = Scope.of_poll(make_sealed_poll())
    locked_summary(scope, None).keep(by=None, snapshot=kept("poll"))
    assert SummaryVersion.objects.of(scope).get().is_final

    assert summary_for_download(scope) == thaw(kept("poll")).summary

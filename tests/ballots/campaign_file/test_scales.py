"""Scales of a campaign file's own: read, counted to the last grade, and refused with the place of the error."""

import io
import json

import pytest
from django.core.management import call_command

from ballots.campaign_file import load_campaign_file
from campaigns.models import Poll, Questionnaire
from reports.results.rollup import roll_up
from tests.ballots.campaign_file.documents import changed, errors_of, write_file

SEVEN = ["极好", "很好", "较好", "一般", "较差", "很差", "极差"]
COUNTS = [7, 1, 2, 3, 4, 5, 6]
OWN = {
    "key": "seven",
    "title": "七档",
    "grades": [{"label": label, "positive": place < 3, "score": 100 - 15 * place} for place, label in enumerate(SEVEN)],
}
ZHEN = {
    "key": "zhen-5",
    "title": "五档",
    "grades": [
        {"label": "很满意", "score": 100, "positive": True},
        {"label": "不太满意", "score": 40},
        {"label": "不了解", "in_base": False},
    ],
}


def with_scale(scale=OWN, **overrides):
    """The campaign file with one more scale, on which its only ballots are marked."""
    document = changed(
        scales=[scale],
        questionnaires=[
            {
                "key": "org",
                "title": "基层党组织评议表",
                "target_kind": "organization",
                "scale": scale["key"],
                "indicators": [{"text": "总体评价", "overall": True}],
                **overrides,
            }
        ],
    )
    labels = [grade["label"] for grade in scale["grades"]]
    document["polls"] = [
        {
            "organization": "第一党支部",
            "entitled": 28,
            "attended": 28,
            "targets": [{"kind": "organization", "name": "第一党支部", "questionnaire": "org"}],
            "batches": [
                {
                    "channel": "meeting",
                    "category": "党员",
                    "issued": 28,
                    "returned": 28,
                    "void": 0,
                    "ballots": [
                        {"count": count, "marks": {"第一党支部": [label]}}
                        for count, label in zip(COUNTS, labels, strict=False)
                    ]
                    + (
                        [{"count": 28 - sum(COUNTS[: len(labels)]), "marks": {"第一党支部": [labels[0]]}}]
                        * (len(labels) < 7)
                    ),
                }
            ],
        }
    ]
    document["campaign"]["thresholds"] = []
    return document


@pytest.mark.django_db
@pytest.mark.database
def test_seven_grades_are_counted_each_by_itself_and_rolled_up(tmp_path):
    load_campaign_file(write_file(tmp_path, with_scale()), seal=True)

    poll = Poll.objects.get()
    out = io.StringIO()
    call_command("tally", campaign=poll.campaign.title, format="json", stdout=out)
    (row,) = [row for row in json.loads(out.getvalue())["rows"] if not row["category"] and not row["channel"]]
    node = roll_up(poll.campaign)

    assert [row["counts"][label] for label in SEVEN] == COUNTS
    assert (row["base"], row["satisfaction"]) == (28, "25.0")
    assert list(node.lines[0].result.cell.grades) == COUNTS
    # 7 + 1 + 2 of 28.
    assert node.lines[0].result.positive.text == "35.7"
    call_command("recount", stdout=out)
    assert "有效票28张\t一致" in out.getvalue()


@pytest.mark.django_db
def test_not_knowing_stays_outside_the_base_of_an_own_scale(tmp_path):
    load_campaign_file(write_file(tmp_path, with_scale(ZHEN)), seal=True)

    scale = Questionnaire.objects.get().scale
    result = roll_up(Poll.objects.get().campaign).lines[0].result

    assert (scale.name, [grade.label for grade in scale.grades.all()]) == ("五档", ["很满意", "不太满意", "不了解"])
    # 2 of the 28 do not know; 7 and the other 18 are content.
    assert (result.base, result.cell.grades, result.satisfaction.text) == (26, (25, 1), "96.2")


def own(**overrides):
    return {**OWN, **overrides}


def with_grade(place, **overrides):
    grades = [dict(grade) for grade in OWN["grades"]]
    grades[place] |= overrides
    return own(grades=grades)


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (with_scale(own(key="good-4")), "$.scales[0].key：“good-4”是系统已有的量表，自己的量表请用别的代码。"),
        (with_scale(own(grades=OWN["grades"][:1])), "$.scales[0].grades：有1项，至少应有2项。"),
        (with_scale(own(note="x")), "$.scales[0].note：不认识的键，这里可以有：key、title、grades。"),
        (
            with_scale(with_grade(6, label="很差")),
            "$.scales[0].grades[6].label：等次“很差”写了两次。",
        ),
        (
            with_scale(with_grade(0, positive=False)),
            "$.scales[0].grades[0].positive：第一档是最好的一档，应属满意范围。",
        ),
        (with_scale(with_grade(6, score=101)), "$.scales[0].grades[6].score：现为101，应为0至100的整数。"),
        (
            with_scale(with_grade(6, score=99)),
            "$.scales[0].grades[6].score：分值应从高到低，不能比前一档“很差”的25分还高。",
        ),
        (
            with_scale(with_grade(5, in_base=False, score=None)),
            "$.scales[0].grades[5].in_base：“很差”不计入分母，应排在计入分母的各档后面。",
        ),
        (
            with_scale(unknown=True),
            "$.questionnaires[0].unknown：自己的量表在scales中写明有没有“不了解”一档，这里不再写unknown。",
        ),
    ],
)
def test_a_scale_that_cannot_be_used_is_refused_with_its_place(document, error):
    assert error in errors_of(document)


def test_a_mark_that_is_not_on_the_own_scale_is_refused():
    document = with_scale()
    document["polls"][0]["batches"][0]["ballots"][0]["marks"]["第一党支部"] = ["满意"]

    (error,) = errors_of(document)
    assert "“满意”" in error
    assert all(label in error for label in SEVEN)

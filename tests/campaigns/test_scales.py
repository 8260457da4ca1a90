"""A secretary writes the grades of a questionnaire, and chooses them again elsewhere."""

import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from campaigns import actions
from campaigns.models import Scale
from tests.campaigns.test_questionnaires import posted

pytestmark = pytest.mark.django_db

ROWS = [("很满意", True, "100"), ("满意", True, "80"), ("一般", False, "60"), ("很不满意", False, "0")]


@pytest.fixture
def questionnaire(campaign):
    return campaign.questionnaires.get()


def url(name, questionnaire):
    return reverse(f"campaigns:{name}", args=[questionnaire.pk])


def sent(*rows, name="四档", **overrides):
    """The page as a browser sends it: seven rows, those that are not used empty."""
    values = {"name": name, "form-TOTAL_FORMS": "7", "form-INITIAL_FORMS": "0", **overrides}
    for place in range(7):
        label, is_positive, score = rows[place] if place < len(rows) else ("", False, "")
        values |= {f"form-{place}-label": label, f"form-{place}-score": score}
        if is_positive:
            values[f"form-{place}-is_positive"] = "on"
    return values


def labels(questionnaire):
    questionnaire.refresh_from_db()
    return [grade.label for grade in questionnaire.scale.grades.all()]


def test_the_grades_as_written_become_the_questionnaire_s_scale(cast, questionnaire, as_user):
    client = as_user(cast.secretary)

    page = client.get(url("scale_edit", questionnaire)).content.decode()
    answer = client.post(url("scale_edit", questionnaire), sent(*ROWS, ("不了解", False, "")), follow=True)

    assert 'value="基本满意"' in page
    assert "改用量表“四档”" in answer.content.decode()
    assert labels(questionnaire) == ["很满意", "满意", "一般", "很不满意", "不了解"]
    assert list(questionnaire.scale.grades.values_list("is_in_base", "is_positive", "score")) == [
        (True, True, 100),
        (True, True, 80),
        (True, False, 60),
        (True, False, 0),
        (False, False, None),
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (ROWS[:1], "一个量表有2至7档，现在有1档。"),
        ([*ROWS, ("满意", False, "")], "等次“满意”写了两次。"),
        ([*ROWS[:3], ("很不满意", False, "")], "各档要么都有分值，要么都没有。"),
        ([*ROWS[:3], ("很不满意", False, "一百")], "分值应为0至100的整数。"),
        ([*ROWS, ("", True, "")], "这一行没有写等次；不用的行请全部清空。"),
        ([("多选", True, ""), ("不满意", False, "")], "“多选”是计票时的名称，等次不能叫这个"),
    ],
)
def test_grades_that_break_a_rule_are_refused_and_stay_on_the_page(cast, questionnaire, as_user, rows, words):
    answer = as_user(cast.secretary).post(url("scale_edit", questionnaire), sent(*rows))

    assert words in answer.content.decode()
    assert f'value="{rows[0][0]}"' in answer.content.decode()
    assert labels(questionnaire) == ["满意", "基本满意", "不满意"]
    assert not Scale.objects.filter(name="四档").exists()


def test_another_questionnaire_chooses_the_scale_that_was_made(cast, campaign, questionnaire, as_user):
    client = as_user(cast.secretary)
    client.post(url("scale_edit", questionnaire), sent(*ROWS))
    questionnaire.refresh_from_db()
    own = questionnaire.scale
    with actions.targets_following(campaign):
        other = actions.copy_questionnaire(campaign, "organization-four")

    page = client.get(url("questionnaire_edit", other)).content.decode()
    chosen = {"title": other.title, "position": str(other.position), "target_rule": other.target_rule}
    refused = client.post(
        url("questionnaire_edit", other), posted(("甲", False), library_scale=own.key, has_unknown="on", **chosen)
    )
    client.post(url("questionnaire_edit", other), posted(("甲", False), library_scale=own.key, **chosen))

    assert "四档（很满意／满意／一般／很不满意）" in page
    assert "“不了解”一档在“自定等次”里增加" in refused.content.decode()
    assert labels(other) == ["很满意", "满意", "一般", "很不满意"]
    # And from there back to a scale of the library.
    client.post(url("questionnaire_edit", other), posted(("甲", False), library_scale="good-4", **chosen))
    assert labels(other) == ["好", "较好", "一般", "差"]


def test_the_scale_of_an_open_campaign_stays(cast, campaign, questionnaire, as_user):
    open_campaign(campaign, by=None)

    as_user(cast.secretary).post(url("scale_edit", questionnaire), sent(*ROWS))

    assert labels(questionnaire) == ["满意", "基本满意", "不满意"]

"""Tables in other words: what is asked, what is guessed, and the ballots that come out once it was answered."""

import json
from collections import Counter

import pytest

from ballots.ballot_import import Asking, Meanings, check_table, read_source, shape_of, translated
from ballots.models import Ballot, Batch, Opinion
from campaigns.models import TableMapping
from tests.ballots.ballot_import.surveys import (
    DEEDS,
    OPINION,
    OVERALL,
    UNIT,
    WHO,
    make_units,
    number_survey,
    survey,
    text_survey,
)
from tests.ballots.ballot_import.tables import HEADING, ROW, as_csv
from tests.ballots.ballot_import.test_command import on_disk, run
from tests.factories import make_branch_poll, make_open_poll

pytestmark = pytest.mark.django_db

COLUMNS = {
    UNIT: "单位",
    WHO: "类别",
    DEEDS: "基层党组织评议表｜兑现公开承诺情况",
    OVERALL: "基层党组织评议表｜总体评价",
    OPINION: "意见建议",
}


@pytest.fixture
def campaign():
    return make_units()


def asking(campaign, file):
    return Asking(campaign, read_source(file))


def groups(campaign, file, meanings):
    plan = check_table(campaign, translated(read_source(file), meanings))
    return [(group.unit, group.channel, group.category, group.marks, group.opinions) for group in plan.groups]


def test_a_survey_in_words_leaves_only_the_channel_to_be_asked(campaign):
    questions = asking(campaign, text_survey())
    proposal = questions.proposal(Meanings())

    assert proposal == Meanings(COLUMNS)
    left = questions.unanswered(proposal)
    assert (left.columns, left.constants, left.words) == ([], ["渠道"], {})


def test_a_survey_in_words_comes_out_as_its_ballots_and_empty_answers_are_no_opinions(campaign):
    told = groups(campaign, text_survey(), Meanings(COLUMNS, constants={"渠道": "网络评议"}))

    assert told == [("一支部", "online", "党员", {"12": 3}, [])]


def test_numbers_are_asked_and_never_guessed(campaign):
    questions = asking(campaign, number_survey())
    proposal = questions.proposal(Meanings())

    assert proposal.words == {}
    assert questions.unanswered(proposal).words == {UNIT: ["1"], WHO: ["1"], DEEDS: ["1"], OVERALL: ["2"]}


def test_numbers_mean_what_was_said_of_each_column(campaign):
    words = {UNIT: {"1": "一支部"}, WHO: {"1": "群众代表"}, DEEDS: {"1": "满意"}, OVERALL: {"2": "不满意"}}
    meanings = Meanings(COLUMNS, words, {"渠道": "网络评议"})

    assert not asking(campaign, number_survey()).unanswered(meanings)
    assert groups(campaign, number_survey(), meanings) == [("一支部", "online", "群众代表", {"13": 3}, [])]


def test_codes_before_a_grade_skips_and_several_grades_are_understood(campaign):
    answers = [
        ("一支部", "A.党员", "A.满意", "B、基本满意", ""),
        ("一支部", "A.党员", "A.满意┋B.基本满意", "(跳过)", "(跳过)"),
    ]
    questions = asking(campaign, survey(*answers))
    proposal = questions.proposal(Meanings())

    assert proposal.words == {
        WHO: {"A.党员": "党员"},
        DEEDS: {"A.满意": "满意", "A.满意┋B.基本满意": "多选"},
        OVERALL: {"B、基本满意": "基本满意"},
    }
    told = groups(campaign, survey(*answers), Meanings(proposal.columns, proposal.words, {"渠道": "网络评议"}))
    assert told == [("一支部", "online", "党员", {"12": 1, "x-": 1}, [])]


def test_a_bare_letter_is_asked(campaign):
    questions = asking(campaign, survey(("一支部", "党员", "A", "B", "")))
    proposal = questions.proposal(Meanings())

    assert questions.unanswered(proposal).words == {DEEDS: ["A"], OVERALL: ["B"]}


def test_a_file_of_one_unit_is_asked_once_which_it_is(campaign):
    headings = [heading for heading in HEADING if heading != "单位"]
    headings = [heading.replace("某局党委", "基层党组织评议表") for heading in headings]
    file = as_csv(ROW[1:], heading=headings)
    questions = asking(campaign, file)

    left = questions.unanswered(questions.proposal(Meanings()))
    assert (left.columns, left.constants, left.words) == ([], ["单位"], {})
    assert questions.choices("单位") == ["一支部", "二支部"]
    file.seek(0)
    assert groups(campaign, file, Meanings(constants={"单位": "二支部"})) == [
        ("二支部", "paper", "群众代表", {"12": 1}, [])
    ]


def test_the_only_unit_is_proposed():
    poll = make_open_poll()
    questions = asking(poll.campaign, as_csv(ROW[1:], heading=HEADING[1:]))

    assert questions.proposal(Meanings()).constants == {"单位": "某局党委"}


def test_a_table_in_our_own_words_raises_no_question(campaign):
    headings = [heading.replace("某局党委", "基层党组织评议表") for heading in HEADING]
    questions = asking(campaign, as_csv(["一支部", *ROW[1:]], heading=headings))

    assert not questions.unanswered(Meanings())
    assert not questions.completed(questions.proposal(Meanings()))


def test_members_are_told_apart_by_their_names_in_the_question():
    poll = make_branch_poll(member_count=3)
    headings = [heading for heading in asking(poll.campaign, as_csv(ROW)).headings if heading.startswith("党员01｜")]
    grade = headings[0].partition("｜")[2]
    file = as_csv(["满意", "满意"], heading=[f"5、党员01—{grade}", f"6、党员02：{grade}"])

    proposal = asking(poll.campaign, file).proposal(Meanings())

    assert len(headings) > 1
    assert proposal.columns == {f"5、党员01—{grade}": f"党员01｜{grade}", f"6、党员02：{grade}": f"党员02｜{grade}"}


def test_a_column_nobody_knows_is_asked_and_its_texts_are_not_shown(campaign):
    questions = asking(
        campaign,
        survey(
            *[("一支部", "党员", "满意", "满意", "多开会")] * 3,
            headings=[*"abcdef", UNIT, WHO, DEEDS, OVERALL, "还想说的话", "g"],
        ),
    )

    assert "还想说的话" in questions.unanswered(questions.proposal(Meanings())).columns
    assert questions.sample(DEEDS) == "满意"
    long = asking(campaign, survey(*[("一支部", "党员", "满意", "满意", text) for text in ("甲", "乙", "丙")]))
    assert long.sample(OPINION) == ""


def test_a_column_of_very_many_unknown_words_is_not_asked_about_word_by_word(campaign):
    answers = [("一支部", "党员", f"很好{number}", "满意", "") for number in range(41)]

    assert DEEDS not in asking(campaign, survey(*answers)).unanswered(Meanings(COLUMNS)).words


# The command


def test_the_command_says_what_it_does_not_know(campaign, tmp_path, capsys):
    status, out, err = run(capsys, "--campaign", campaign.title, on_disk(tmp_path, number_survey()))

    assert (status, out) == (1, [])
    assert err[0].startswith(f"第1行G列“{UNIT}”：不认识这一列")
    assert "用 --write-map 文件 写出一份草稿" in err[-1]
    assert not Ballot.objects.exists()


def test_the_command_writes_a_draft_and_imports_by_it_once_it_is_filled_in(campaign, tmp_path, capsys):
    file, path = on_disk(tmp_path, number_survey()), tmp_path / "对应.json"
    run(capsys, "--campaign", campaign.title, file, "--write-map", str(path))
    draft = json.loads(path.read_text(encoding="utf-8"))

    assert draft == {
        "columns": COLUMNS,
        "words": {UNIT: {"1": "？"}, WHO: {"1": "？"}, DEEDS: {"1": "？"}, OVERALL: {"2": "？"}},
        "constants": {"渠道": "？"},
    }
    unfilled = run(capsys, "--campaign", campaign.title, file, "--map", str(path))
    assert unfilled[0] == 1
    words = {UNIT: {"1": "一支部"}, WHO: {"1": "党员"}, DEEDS: {"1": "满意"}, OVERALL: {"2": "基本满意"}}
    path.write_text(json.dumps(draft | {"words": words, "constants": {"渠道": "网络"}}), encoding="utf-8")
    status, out, err = run(capsys, "--campaign", campaign.title, file, "--map", str(path))

    assert (status, out) == (0, ["已导入评议票3张：1个单位，1个票批。"])
    assert err[0].startswith("没有读取也没有保存“序号”")
    batch = Batch.objects.get()
    assert Counter(Ballot.objects.filter(batch=batch).values_list("marks", flat=True)) == {"12": 3}
    assert not Opinion.objects.exists()


@pytest.mark.parametrize(("content", "told"), [("单位", "不是 JSON 文件"), ('{"列": {}}', "可写的键是")])
def test_the_command_refuses_a_map_that_is_none(campaign, tmp_path, capsys, content, told):
    path = tmp_path / "对应.json"
    path.write_text(content, encoding="utf-8")

    status, _, err = run(capsys, "--campaign", campaign.title, on_disk(tmp_path, text_survey()), "--map", str(path))

    assert status == 1
    assert told in err[0]


def test_the_command_reads_a_table_as_the_browser_was_told(campaign, tmp_path, capsys):
    table = read_source(text_survey())
    meanings = Meanings(COLUMNS, constants={"渠道": "网络评议"})
    TableMapping.objects.remember(campaign.organizer, shape_of(table.names), meanings.to_json(), by=None)

    assert run(capsys, "--campaign", campaign.title, on_disk(tmp_path, text_survey()))[0] == 0

"""The ready-made library: its wording, that its parts fit together, and that broken data is refused.

The expected wordings are written out here by hand, so that a slip in the data cannot agree with itself.
"""

import re
from copy import deepcopy
from dataclasses import FrozenInstanceError, asdict

import pytest

from campaigns import library
from campaigns.library import LibraryError, loader

WORDINGS = {
    "report-six": (
        "对科学发展观的认识深不深",
        "查找的问题准不准",
        "对原因分析的透不透",
        "发展思路清不清",
        "工作措施可行不可行",
        "总体评价",
    ),
    "organization-five-advances": (
        "推进变化变革、跨越发展情况",
        "推进敢于担当、维护稳定情况",
        "推进承诺践诺、为民服务情况",
        "推进创新效率、提升能力情况",
        "推进强基固本、履职尽责情况",
    ),
    "member-five-leads": (
        "带头学习提高素质",
        "带头维护团结稳定",
        "带头争创一流佳绩",
        "带头服务基层群众",
        "带头遵守党纪国法",
    ),
    "four-senses": ("对党员干部的信任感", "对民生实事的满足感", "对生态环境的舒适感", "对社会治安的放心感"),
    "four-sentiments": ("联系群众知民情", "服务群众暖民心", "敢抓敢管解民忧", "带领群众助民富"),
    "organization-four": (
        "深入开展创先争优活动，切实兑现公开承诺的情况",
        "推动本单位中心工作和重点任务完成的情况",
        "履行工作职责，为民办实事、做好事、解难事情况",
        "履行管党职责，加强基层组织和党员队伍建设，发挥党组织战斗堡垒作用的情况",
    ),
    "secretary-three": (
        "组织开展创先争优活动情况",
        "履行抓基层党建“第一责任人”职责情况",
        "基层组织建设和党员队伍建设情况",
    ),
    "member-three": ("参加创先争优活动情况", "立足岗位履行职责、承诺践诺情况", "联系和服务群众情况"),
    "branch-five": (
        "组织开展创先争优活动情况",
        "推动中心工作和重点任务完成情况",
        "承诺践诺情况",
        "为群众办实事、做好事、解难事情况",
        "加强党组织和党员队伍建设情况",
    ),
    "member-four": ("参加创先争优活动情况", "立足岗位履行职责情况", "承诺践诺情况", "联系和服务群众情况"),
    "mining-organization-five": (
        "兑现创先争优公开承诺情况",
        "推动中心工作和重点任务完成情况",
        "为群众办实事做好事解难事情况",
        "加强党组织和党员队伍建设情况",
        "对党组织开展创先争优活动的总体评价",
    ),
    "mining-member-three": ("参加创先争优活动践行公开承诺", "立足本职岗位创先争优", "联系和服务群众"),
    "mining-four-themes": ("活动目标是否达到", "发展思路是否清晰", "公开承诺事项是否完成", "工作措施是否得力"),
    "company-three": (
        "推进创先争优活动兑现公开承诺情况",
        "推动中心工作和重点任务完成情况",
        "加强党组织和党员队伍建设情况",
    ),
    "commitment-fulfilment": ("公开承诺事项是否完成", "践诺效果", "对兑现承诺的总体评价"),
    "rectification-satisfaction": (
        "问题整改到位不到位",
        "整改措施合理不合理",
        "整改结果有效没有效",
        "对上期问题整改情况的总体评价",
    ),
}

OVERALL = {
    "report-six": "总体评价",
    "mining-organization-five": "对党组织开展创先争优活动的总体评价",
    "organization-overall": "对基层党组织开展创先争优活动情况的总体评价",
    "member-overall": "对党员开展创先争优活动情况的总体评价",
    "member-verdict": "综合评定",
    "commitment-fulfilment": "对兑现承诺的总体评价",
    "rectification-satisfaction": "对上期问题整改情况的总体评价",
}

SCALES = {
    "satisfaction-3": ("满意", "基本满意", "不满意"),
    "satisfaction-4": ("满意", "比较满意", "基本满意", "不满意"),
    "fair-4": ("满意", "基本满意", "一般", "不满意"),
    "member-4": ("优秀", "合格", "基本合格", "不合格"),
    "good-4": ("好", "较好", "一般", "差"),
    "score": ("5分", "4分", "3分", "2分", "1分"),
    "most-satisfied-2": ("最满意", "未勾选"),
    "least-satisfied-2": ("最不满意", "未勾选"),
}

POSITIVE = {
    "satisfaction-3": ("满意", "基本满意"),
    "satisfaction-4": ("满意", "比较满意", "基本满意"),
    "fair-4": ("满意", "基本满意"),
    "member-4": ("优秀", "合格"),
    "good-4": ("好", "较好"),
    "score": ("5分", "4分", "3分"),
    "most-satisfied-2": ("最满意",),
    "least-satisfied-2": ("最不满意",),
}


def rows(name):
    return deepcopy(loader.read_entries(name))


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings_in(item)


@pytest.mark.parametrize("key", WORDINGS)
def test_indicators_are_those_of_the_source_word_for_word(key):
    questionnaire = library.questionnaires()[key]

    assert tuple(indicator.text for indicator in questionnaire.indicators) == WORDINGS[key]


def test_overall_appraisal_is_marked_where_it_is_asked_and_nowhere_else():
    marked = {key: q.overall.text for key, q in library.questionnaires().items() if q.overall}

    assert marked == OVERALL


def test_only_the_commonly_known_contents_of_a_slogan_are_marked_for_checking():
    marked = [i.text for q in library.questionnaires().values() for i in q.indicators if i.is_editable]

    assert marked == [
        "领导班子好",
        "党员队伍好",
        "工作机制好",
        "工作业绩好",
        "群众反映好",
        "带头学习提高",
        "带头争创佳绩",
        "带头服务群众",
        "带头遵纪守法",
        "带头弘扬正气",
    ]


def test_forms_handed_out_together_bear_their_printed_titles():
    appraisal = library.appraisals()["company-two-forms"]

    titles = [library.questionnaires()[key].title for key in appraisal.questionnaires]

    assert titles == ["基层党组织开展创先争优活动群众评议表", "党员参加创先争优活动群众评议表"]


def test_the_five_clarities_of_two_forms_hold_for_a_campaign_of_either_form_alone():
    clarity = asdict(library.appraisals()["company-two-forms"].clarity)

    told = "".join(clarity.values())
    assert not re.search("两张|两表|党组织评议|党员评议|[一二三四五六七八九]项", told), told


def test_scales_have_the_grades_of_the_file_format():
    assert {key: scale.labels for key, scale in library.scales().items()} == SCALES


def test_positive_grades_are_those_of_the_combined_rate():
    positive = {key: tuple(g.label for g in s.grades if g.is_positive) for key, s in library.scales().items()}

    assert positive == POSITIVE


def test_score_scale_spreads_a_hundred_over_five_rungs():
    assert [grade.score for grade in library.scales()["score"].grades] == [100, 80, 60, 40, 20]


def test_unknown_is_the_last_grade_and_outside_the_base():
    grades = library.grades_of("satisfaction-3", unknown=True)

    assert [(grade.label, grade.is_in_base) for grade in grades] == [
        ("满意", True),
        ("基本满意", True),
        ("不满意", True),
        ("不了解", False),
    ]
    assert library.grades_of("satisfaction-3") == grades[:3]


def test_open_questions_ask_for_their_own_kind_of_opinion():
    kinds = {q.key: q.opinion_kind for q in library.questionnaires().values() if q.target_kind == "open"}
    listed = {q.key: q.opinion_kind for q in library.questionnaires().values() if q.most_chosen}
    asked = [q for q in library.questionnaires().values() if q.key not in kinds | listed]

    assert kinds == {
        "satisfied-deed": "satisfied_deed",
        "dissatisfied-matter": "dissatisfied_matter",
        "prominent-problem": "prominent_problem",
    }
    assert listed == {"best-deeds": "satisfied_deed", "worst-matters": "dissatisfied_matter"}
    assert {q.opinion_kind for q in asked} == {"suggestion"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"most_chosen": 0}, "out of range"),
        ({"most_chosen": 51}, "out of range"),
        ({"most_chosen": "3"}, "out of range"),
        ({"target_kind": "organization"}, "not of documents"),
        ({"indicators": ["甲", "乙"]}, "more than one indicator"),
        ({"unknown": True}, "without two grades"),
        ({"scale": "satisfaction-3"}, "without two grades"),
    ],
)
def test_a_list_to_choose_from_asks_one_thing_about_documents_on_two_grades(changes, problem):
    row = next(row for row in loader.read_entries("questionnaires") if row["key"] == "best-deeds")

    with pytest.raises(LibraryError, match=f"questionnaire best-deeds.*{problem}"):
        loader.build_questionnaires([{**row, **changes}], scales=library.scales())


def test_performance_appraisal_asks_what_its_thresholds_judge():
    appraisal = library.appraisals()["performance"]

    assert [(target.rule, target.questionnaire) for target in appraisal.targets] == [
        ("organization_itself", "four-senses"),
        ("its_cadres", "four-sentiments"),
        ("open_question", "satisfied-deed"),
        ("open_question", "dissatisfied-matter"),
        ("open_question", "prominent-problem"),
    ]
    assert appraisal.thresholds == ("org-dissatisfied-third", "cadre-fair-or-worse-half")
    assert library.questionnaires()["four-sentiments"].scale == "fair-4"


def test_threshold_of_an_organization_is_more_than_a_third_dissatisfied():
    threshold = library.thresholds()["org-dissatisfied-third"]

    assert (threshold.labels, threshold.numerator, threshold.denominator) == (("不满意",), 1, 3)
    assert threshold.target_kinds == ("organization",)
    assert threshold.consequences == ("不得作为表彰或评先推荐对象", "对主要负责人进行诫勉谈话", "对班子进行整顿")


def test_threshold_of_a_cadre_waits_for_review():
    threshold = library.thresholds()["cadre-fair-or-worse-half"]

    assert (threshold.labels, threshold.numerator, threshold.denominator) == (("一般", "不满意"), 1, 2)
    assert threshold.target_kinds == ("cadre",)
    assert threshold.needs_review
    assert threshold.review_state == "待组织复核认定"


def test_every_appraisal_fills_in_the_five_clarities_with_its_own_words():
    texts = [text for a in library.appraisals().values() for text in asdict(a.clarity).values()]

    assert len(texts) == 5 * len(library.appraisals())
    assert all(text.endswith("。") for text in texts)
    assert [text for text in texts if texts.count(text) > 1] == []


def test_every_description_is_two_sentences():
    counts = {key: appraisal.description.count("。") for key, appraisal in library.appraisals().items()}

    assert counts == dict.fromkeys(library.appraisals(), 2)


def test_every_questionnaire_that_is_no_open_question_asks_about_something():
    empty = [q.key for q in library.questionnaires().values() if not q.indicators and q.target_kind != "open"]

    assert empty == []


@pytest.mark.parametrize("name", ["scales", "questionnaires", "appraisals", "thresholds"])
def test_chinese_text_has_only_full_width_punctuation(name):
    chinese = [text for text in strings_in(loader.read_entries(name)) if re.search(r"[\u4e00-\u9fff]", text)]

    assert [text for text in chinese if re.search(r"[,;:!?()\[\]\"'„‟]", text)] == []
    assert [text for text in chinese if text != text.strip() or "。。" in text] == []
    assert [text for text in chinese if text.count("“") != text.count("”")] == []


def test_no_indicator_keeps_its_enumerator_or_a_full_stop():
    texts = [indicator.text for q in library.questionnaires().values() for indicator in q.indicators]

    assert [text for text in texts if re.match(r"[一二三四五六七八]是|\d|[①-⑩]", text) or text[-1] in "。；，"] == []


def test_entries_cannot_be_changed():
    with pytest.raises(TypeError):
        library.scales()["satisfaction-3"] = None
    with pytest.raises(FrozenInstanceError):
        library.questionnaires()["report-six"].title = "别的"


def test_second_entry_with_the_same_key_is_refused():
    doubled = rows("scales") + rows("scales")[:1]

    with pytest.raises(LibraryError, match="key satisfaction-3 twice"):
        loader.build_scales(doubled)


def test_object_with_the_same_name_twice_is_refused(tmp_path, monkeypatch):
    (tmp_path / "scales.json").write_text('[{"key": "a", "key": "b"}]', encoding="utf-8")
    monkeypatch.setattr(loader, "__file__", str(tmp_path / "loader.py"))

    with pytest.raises(LibraryError, match="keys repeated"):
        loader.read_entries("scales")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"scale": "satisfaction-9"}, "scale 'satisfaction-9' is not one of"),
        ({"target_kind": "team"}, "target_kind 'team' is not one of"),
        ({"indicators": []}, "has indicators exactly when"),
        ({"indicators": ["甲", "甲"]}, "indicators repeated"),
        ({"indicators": [{"text": "甲", "overall": True}, {"text": "乙", "overall": True}]}, "more than one overall"),
        ({"indicators": [{"text": "甲", "overal": True}]}, "does not know"),
        ({"opinion_prompt": ""}, "opinion_prompt is empty"),
        ({"colour": "red"}, "does not know"),
    ],
)
def test_broken_questionnaire_is_refused_by_name(change, complaint):
    broken = {**rows("questionnaires")[0], **change}

    with pytest.raises(LibraryError, match=f"questionnaire report-six: .*{complaint}"):
        loader.build_questionnaires([broken], scales=library.scales())


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"targets": [{"rule": "organization_itself", "questionnaire": "nothing"}]}, "questionnaire 'nothing'"),
        ({"targets": [{"rule": "its_secretary", "questionnaire": "four-senses"}]}, "of kind organization"),
        ({"targets": [{"rule": "its_friends", "questionnaire": "four-senses"}]}, "rule 'its_friends'"),
        ({"targets": [{"rule": "a_document", "questionnaire": "report-six"}]}, "name wrongly given or missing"),
        ({"targets": [{"rule": "organization_itself", "questionnaire": "four-senses"}]}, "can cross cadre-fair"),
        ({"thresholds": ["org-dissatisfied-tenth"]}, "threshold 'org-dissatisfied-tenth'"),
        ({"channels": ["pigeon"]}, "channel 'pigeon'"),
        ({"categories": ["干部", "干部"]}, "categories repeated"),
        ({"weights": [50, 50]}, "weighs not every category"),
        ({"weights": [50, 30, 10]}, "weights that are not 100"),
        ({"clarity": {}}, "LibraryClarity lacks"),
        ({"steps": ["self", "dance"]}, "step 'dance'"),
        ({"steps": ["self", "self"]}, "steps repeated"),
    ],
)
def test_broken_appraisal_is_refused_by_name(change, complaint):
    performance = next(row for row in rows("appraisals") if row["key"] == "performance")
    broken = {**performance, **change}

    with pytest.raises(LibraryError, match=f"appraisal performance: .*{complaint}"):
        loader.build_appraisals(
            [broken],
            scales=library.scales(),
            questionnaires=library.questionnaires(),
            thresholds=library.thresholds(),
        )


def test_scale_with_scores_out_of_order_is_refused():
    scale = rows("scales")[0]
    scale["grades"][0]["score"] = 10

    with pytest.raises(LibraryError, match="scale satisfaction-3: its scores"):
        loader.build_scales([scale])


def test_threshold_that_no_scale_can_cross_is_refused():
    threshold = {**rows("thresholds")[0], "labels": ["很不满意"]}

    with pytest.raises(LibraryError, match="no scale has all its labels"):
        loader.build_thresholds([threshold], scales=library.scales())


def test_only_the_form_of_points_is_scored():
    assert [key for key, appraisal in library.appraisals().items() if appraisal.is_scored] == ["thousand-points"]

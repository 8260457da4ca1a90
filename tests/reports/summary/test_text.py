"""Text of a 小结: punctuation, fields in braces, and the runs that a paragraph is drawn in."""

import pytest

from reports.summary.shape import Piece
from reports.summary.text import field_names, full_width, has_stray_brace, paragraphs_of, pieces


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("参评41人,收回41张;满意:39张!", "参评41人，收回41张；满意：39张！"),
        ("意见如下:一是", "意见如下：一是"),
        ("比例1:2,见 A,B", "比例1:2，见 A,B"),
        ("好,“很好”", "好，“很好”"),
    ],
)
def test_half_width_punctuation_beside_chinese_is_mended_alone(typed, printed):
    assert full_width(typed) == printed


def test_paragraphs_are_lines_with_something_in_them():
    assert paragraphs_of(" 一\n\n  \n二 ") == ["一", "二"]


def test_fields_are_found_in_either_kind_of_brace():
    assert field_names("满意率{满意率}，共｛ 收回 ｝张") == ["满意率", "收回"]
    assert [has_stray_brace(text) for text in ("{满意率}", "{满意率", "满意率}｝")] == [False, True, True]


def test_figures_gaps_and_names_are_runs_of_their_own():
    runs = pieces("张三说满意率{满意率}%，{人数}人，【待填：地点】", ["张三"], {"满意率": "95.1%", "人数": None})

    assert runs == (
        Piece("张三", "name"),
        Piece("说满意率"),
        Piece("95.1%", "figure"),
        Piece("，"),
        Piece("【待填：人数】", "missing"),
        Piece("人，"),
        Piece("【待填：地点】", "missing"),
    )


def test_without_fields_braces_are_text_and_the_longer_name_wins():
    assert pieces("{甲}张三丰", ["张三", "张三丰"]) == (Piece("{甲}"), Piece("张三丰", "name"))

"""Text made fit to be stored."""

import pytest

from campaigns.plain_text import NotPlain, clean_name, clean_text, likely_character, shortened


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  第一\t党支部\n", "第一 党支部"),
        ("第一\u3000党支部", "第一 党支部"),
        ("\ufeff第一\u200b党支部", "第一党支部"),
        ("", ""),
        ("=1+1", "=1+1"),
    ],
)
def test_white_space_and_zero_width_characters_are_tidied(typed, stored):
    assert clean_text(typed) == stored


@pytest.mark.parametrize(
    ("character", "likely"), [("\ue863", "䶮"), ("\ue815", "⺁"), ("\ue864", "\u9fbb"), ("\ue000", "")]
)
def test_a_private_use_character_of_old_systems_is_known(character, likely):
    assert likely_character(character) == likely


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x7f", "\u202e", "\ue000", "\ud800"])
def test_an_invisible_character_is_refused_by_its_number(character):
    with pytest.raises(NotPlain, match=f"U\\+{ord(character):04X}"):
        clean_text(f"张{character}三")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("张 三", "张三"),
        ("张\u3000\u3000三", "张三"),
        ("𬱖 䶮", "𬱖䶮"),
        ("John Smith", "John Smith"),
        ("买买提·吐尔逊", "买买提·吐尔逊"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("买买提.吐尔逊", "买买提·吐尔逊"),
        ("买买提 ‧ 吐尔逊", "买买提·吐尔逊"),
        ("李四(大)", "李四（大）"),
        ("李四 （ 大 ）", "李四（大）"),
        ("John (Jr.) Smith", "John (Jr.) Smith"),
    ],
)
def test_a_name_spaced_out_for_alignment_is_closed_up(typed, stored):
    assert clean_name(typed) == stored


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [("第一党支部", 5, "第一党支部"), ("第一联合党支部甲", 5, "第一…部甲"), ("第一联合党支部乙", 6, "第一联…部乙")],
)
def test_a_shortened_text_keeps_both_ends(text, most, short):
    assert shortened(text, most) == short

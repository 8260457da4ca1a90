"""Passwords that people use and attackers know are refused; ones worth having pass."""

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from campaigns.accounts.strength import LONGEST_LOOKED_AT, PINYIN
from tests.factories import make_organization, make_user

WEAK = (
    "woaini5201314",
    "Aa12345678",
    "qwe1234567",
    "iloveyou520",
    "5201314woaini",
    "aini1314520",
    "1qaz2wsx3edc",
    "asdfghjkl123",
    "zhangsan1990",
    "wangwei888888",
    "woaizhongguo",
    "dangzhibu2026",
    "Dangwei@2026",
    "pingyi2026!",
    "xiaoming1990",
    "P@ssw0rd2026",
    "admin123456",
    "q1w2e3r4t5y6",
    "abcd1234abcd1234",
    "woaini5201314",
    "WoAiNi1314520!",
    "dang100zhounian",
    "weirenminfuwu2026",
    "buwangchuxin1921",
    "zhongguomeng@2026",
    "qazwsxedcrfv",
    "zaq12wsxcde3",
    "asdfghjkl2026",
    "第一党支部2026",
    "shequdangzhibu2026",
)
STRONG = (
    "another-long-password",
    "7rk3-qmzt-x4vd",
    "correct-horse-staple",
    "青山绿水共为邻里乡亲携手",
    "k" * 3 + "T9#vQm2!xLw",
)


@pytest.mark.parametrize("password", WEAK)
def test_a_password_that_is_easy_to_guess_is_refused(password):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password)

    assert "太容易猜" in str(refusal.value)


@pytest.mark.parametrize("password", STRONG)
def test_a_password_that_is_hard_to_guess_is_taken(password):
    validate_password(password)


@pytest.mark.parametrize(
    ("password", "refusal"), [("7rk3-qmzt-x", "至少12个字符"), ("7rk3-qmzt-x4vd-" * 9, "至多128个字符")]
)
def test_a_password_has_at_least_12_and_at_most_128_characters(password, refusal):
    with pytest.raises(ValidationError, match=refusal):
        validate_password(password)

    validate_password((password * 2)[:128])


def test_the_login_name_makes_no_password():
    with pytest.raises(ValidationError):
        validate_password("kqvxz-zhwvt-2026", User(username="kqvxz-zhwvt"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password", ["中共某市某区教育局机关委员会2026", "某市某区教育局2026", "2026某市某区教育局党委"]
)
def test_the_name_of_the_own_unit_with_a_year_makes_no_password(password):
    unit = make_organization("中共某市某区教育局机关委员会")
    owner, other = make_user("owner", kind="secretary", organization=unit), make_user("other")

    with pytest.raises(ValidationError, match="太容易猜"):
        validate_password(password, owner)
    if len(password) > 12:
        # Nobody else is known by it.
        validate_password(password, other)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("unit", "password"),
    [
        ("某局党委", "moujudangwei2026"),
        ("某局党委", "MouJu@2026!!"),
        ("中共某市某区教育局机关委员会", "jiaoyujudangwei2026"),
        ("中共某市某区教育局机关委员会", "moushimouqujiaoyuju2026"),
        ("中共某市某区教育局机关委员会", "Msmqjyj@2026"),
        ("绿源社区党支部", "lvyuanshequ2026"),
    ],
)
def test_the_own_unit_s_name_in_pinyin_with_a_year_makes_no_password(unit, password):
    owner = make_user("owner", kind="secretary", organization=make_organization(unit))

    with pytest.raises(ValidationError, match="太容易猜"):
        validate_password(password, owner)


@pytest.mark.django_db
def test_a_strong_password_stays_one_at_a_unit_with_a_long_name():
    owner = make_user("owner", kind="secretary", organization=make_organization("中共某市某区教育局机关委员会"))

    for password in STRONG:
        validate_password(password, owner)


def test_a_very_long_password_is_judged_by_its_beginning():
    validate_password("7rk3-qmzt-x4vd" + "a" * LONGEST_LOOKED_AT)


def test_the_syllables_are_those_of_pinyin():
    assert len(PINYIN) == len(set(PINYIN))
    assert {"zhang", "wei", "xiong", "nv", "er", "shuang"} <= set(PINYIN)
    assert 380 < len(PINYIN) < 420

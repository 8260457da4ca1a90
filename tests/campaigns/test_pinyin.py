"""Names stand in the order of their pinyin, on either database."""

import pytest
from django.db import connection

from campaigns.models import Member, Organization, Poll
from campaigns.pinyin import ByPinyin, in_pinyin, initials, pinyin_key
from tests.factories import make_member, make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.database]

IN_ORDER = ["3组", "陈静", "李娜", "李伟", "王芳", "王伟", "闫敏", "张丽", "赵强", "周杰", "佐藤", "b组", "B组"]


@pytest.fixture
def branch():
    branch = make_organization("第一党支部", kind="branch")
    for name in sorted(IN_ORDER):
        make_member(branch, name)
    return branch


def test_members_stand_by_pinyin_both_ways(branch):
    names = Member.objects.values_list("name", flat=True)

    assert list(names.order_by(ByPinyin("name"))) == IN_ORDER
    assert list(names.order_by(ByPinyin("name").desc())) == IN_ORDER[::-1]
    assert sorted(IN_ORDER) != IN_ORDER


def test_every_character_of_the_block_has_one_place():
    characters = [chr(number) for number in range(0x4E00, 0x9FA6)]

    places = {pinyin_key(character) for character in characters}

    assert places == set(characters)


def test_figures_are_their_own_key_and_no_name_has_none():
    assert [pinyin_key(name) for name in ("3-5", "", None)] == ["3-5", "", None]


def test_a_name_is_written_as_it_is_typed():
    assert in_pinyin("某市绿源社区3组") == "moushilvyuanshequ3zu"
    assert in_pinyin("阿坝女略鸟鱼昨") == "abanvlveniaoyuzuo"
    assert initials("中共某市A区") == "zgmsaq"
    assert (in_pinyin(""), initials("")) == ("", "")


def test_names_of_units_are_read_in_order_from_an_index_where_the_database_can_keep_them_so():
    """An index on the same expression and collation, with the nulls where the list has them, so that the planner can use it."""
    if connection.vendor != "postgresql":
        return
    make_organization("第一党支部")
    polls = Poll.objects.order_by(ByPinyin("organization__name"), "path")

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
    plans = [Organization.objects.order_by(ByPinyin("name")).explain(), polls.explain()]
    plans.append(Organization.objects.order_by(ByPinyin("name").desc()).explain())

    assert ["organization_by_pinyin" in plan for plan in plans] == [True, True, True]

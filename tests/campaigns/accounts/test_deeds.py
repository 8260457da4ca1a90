"""The history of accounts in words, for administrators and for the owner."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns.accounts.deeds import SENTENCES, deed_sentence, deed_told, news_told, record_deed, tell_deeds
from campaigns.models import AccountDeed
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_every_kind_of_deed_has_its_sentence():
    assert set(SENTENCES) == set(AccountDeed.Kind.values)


def test_a_deed_is_told_to_the_owner_as_yours_and_to_others_by_name():
    owner, chief = make_user("owner", first_name="张三"), make_user("chief", first_name="李四")

    deed = record_deed(owner, AccountDeed.Kind.RENAMED, by=chief, detail="“张三”改为“张四”")
    own = record_deed(owner, AccountDeed.Kind.PASSWORD_CHANGED, by=owner)
    on_server = record_deed(owner, AccountDeed.Kind.SHUT, by=None)

    assert deed_sentence(deed) == "修改了“张三”的姓名：“张三”改为“张四”"
    assert deed_told(deed).startswith("管理员李四于")
    assert deed_told(deed).endswith("日修改了您的姓名：“张三”改为“张四”")
    assert deed_sentence(own) == "修改了自己的密码"
    assert deed_told(own).startswith("您于")
    assert deed_told(on_server).startswith("服务器管理人员于")


def test_what_others_did_is_told_once_oldest_first():
    owner, chief = make_user("owner"), make_user("chief")
    deeds = [record_deed(owner, kind, by=chief) for kind in (AccountDeed.Kind.SHUT, AccountDeed.Kind.REOPENED)]
    record_deed(owner, AccountDeed.Kind.PASSWORD_CHANGED, by=owner)
    record_deed(chief, AccountDeed.Kind.SHUT, by=owner)
    on_server = record_deed(owner, AccountDeed.Kind.PASSWORD_GIVEN, by=None)

    assert tell_deeds(owner) == [*deeds, on_server]
    assert tell_deeds(owner) == []


def test_a_new_account_is_greeted_with_one_sentence_and_later_deeds_with_their_own():
    owner, chief = make_user("owner"), make_user("chief", first_name="李四")
    kinds = (AccountDeed.Kind.OPENED, AccountDeed.Kind.ROLE_GIVEN, AccountDeed.Kind.PASSWORD_GIVEN)
    for kind in kinds:
        record_deed(owner, kind, by=chief, detail="某局党委党务干事")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        record_deed(owner, AccountDeed.Kind.ROLE_GIVEN, by=chief, detail="第一支部计票员")
        record_deed(owner, AccountDeed.Kind.RENAMED, by=chief, detail="“甲”改为“乙”")

        told = [re.sub(r"于.*?日", "于某日", sentence) for sentence in news_told(tell_deeds(owner))]

    assert told == [
        "管理员李四于某日新增了您的账号，给了您“某局党委党务干事”角色，给您设置了初始密码",
        "管理员李四于某日给了您“第一支部计票员”角色",
        "管理员李四于某日修改了您的姓名：“甲”改为“乙”",
    ]


def test_a_role_that_somebody_else_gave_is_told_by_itself():
    owner, chief = make_user("owner"), make_user("chief")
    record_deed(owner, AccountDeed.Kind.OPENED, by=chief)
    record_deed(owner, AccountDeed.Kind.ROLE_GIVEN, by=make_user("other"), detail="计票员")

    assert len(news_told(tell_deeds(owner))) == 2
    assert news_told([]) == []

"""The history of accounts in words, for administrators and for the owner."""

import pytest

from campaigns.accounts.deeds import SENTENCES, deed_sentence, deed_told, record_deed, tell_deeds
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

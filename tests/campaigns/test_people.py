"""Names of accounts as pages and files print them."""

import pytest

from campaigns.people import GONE, name_of
from tests.factories import make_user


@pytest.mark.django_db
def test_an_account_is_called_by_its_full_name_else_by_its_login_name():
    named, unnamed = make_user("zhang", last_name="张", first_name="三"), make_user("li")

    assert [name_of(named), name_of(unnamed)] == [named.get_full_name(), "li"]
    assert "张" in name_of(named)


def test_a_deleted_account_is_said_to_be_gone():
    assert name_of(None) == GONE == "已注销的账号"

"""Names of accounts as pages and files print them."""

import pytest
from django.conf import settings
from django.template import Context, Template

from campaigns.people import GONE, name_of
from tests.factories import make_user


@pytest.mark.django_db
def test_an_account_is_called_by_its_full_name_else_by_its_login_name():
    named, unnamed = make_user("zhang", last_name="张", first_name="三"), make_user("li")

    assert [name_of(named), name_of(unnamed)] == [named.get_full_name(), "li"]
    assert "张" in name_of(named)


def test_a_deleted_account_is_said_to_be_gone():
    assert name_of(None) == GONE == "已注销的账号"


def test_a_template_names_an_account_by_the_same_filter():
    template = Template("{% load people %}{{ user|name_of }}")

    assert template.render(Context({"user": None})) == GONE


def test_no_template_puts_a_name_together_by_itself():
    templates = sorted((settings.BASE_DIR / "templates").rglob("*.html"))

    assert templates
    assert [path.name for path in templates if "get_full_name" in path.read_text(encoding="utf-8")] == []

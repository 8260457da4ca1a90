"""Templates name accounts by one filter."""

from django.conf import settings
from django.contrib.auth.models import User
from django.template import Context, Template

from campaigns.people import GONE


def named(user):
    return Template("{% load people %}{{ user|name_of }}").render(Context({"user": user}))


def test_a_template_names_an_account_by_the_same_filter():
    assert named(None) == GONE
    assert named(User(username="li")) == "li"


def test_a_name_cannot_bring_markup_into_the_page():
    assert named(User(username="li", first_name="<b>四</b>")) == "&lt;b&gt;四&lt;/b&gt;"


def test_no_template_puts_a_name_together_by_itself():
    templates = sorted((settings.BASE_DIR / "templates").rglob("*.html"))

    assert templates
    assert [path.name for path in templates if "get_full_name" in path.read_text(encoding="utf-8")] == []

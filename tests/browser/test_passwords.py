"""A password can be looked at while it is typed."""

import pytest

from tests.factories import PASSWORD, make_cast, make_organization

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_password_is_shown_while_it_is_wanted_and_hidden_when_it_is_sent(page, live_server):
    make_cast(make_organization())
    page.goto(f"{live_server.url}/login/")
    field = page.locator("[name=password]")
    page.fill("[name=username]", "secretary")
    field.fill(PASSWORD)
    types = [field.get_attribute("type")]

    for words in ("显示密码", "隐藏密码", "显示密码"):
        page.get_by_role("button", name=words).click()
        types.append(field.get_attribute("type"))
    page.evaluate(
        "document.querySelector('.login form').addEventListener('submit', "
        "() => { window.name = document.querySelector('[name=password]').type; })"
    )
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"{live_server.url}/")

    assert types == ["password", "text", "password", "text"]
    assert page.evaluate("window.name") == "password"

"""「开始正式使用」: in the demo, at the machine, with the code that the start showed; nowhere else."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from campaigns.accounts.beginning import AlreadyInUse
from campaigns.views import beginning
from tests.factories import make_user

pytestmark = pytest.mark.django_db
CODE = "7rk3-qmzt"
FACTS = {
    "username": "secretary",
    "first_name": "张三",
    "password1": "fan-shui-qiao-lou-27",
    "password2": "fan-shui-qiao-lou-27",
    "start_code": CODE,
}
AT_MACHINE = {"SERVER_NAME": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def begun(settings, monkeypatch):
    """The accounts that the page has opened, none of them in truth."""
    settings.DEMO, settings.START_CODE = True, CODE
    accounts = []
    monkeypatch.setattr(beginning, "begin_in_earnest", lambda username, **facts: accounts.append((username, facts)))
    return accounts


@pytest.fixture
def page():
    return reverse("campaigns:begin")


def test_each_page_of_the_demo_leads_to_the_beginning_and_no_page_in_earnest_does(client, settings, page):
    in_earnest = client.get(reverse("login")).content.decode()
    settings.DEMO = True
    signing_in = client.get(reverse("login")).content.decode()
    client.force_login(make_user("visitor"))
    home = client.get(reverse("reports:home")).content.decode()
    participant = client.get(reverse("ballots:code_enter")).content.decode()

    assert "演示数据：" not in in_earnest and page not in in_earnest
    assert all("演示数据：" in text and f'href="{page}"' in text for text in (signing_in, home))
    assert "演示：" in participant and page not in participant


def test_in_earnest_there_is_nothing_to_begin(client, page):
    assert client.get(page)["Location"] == client.post(page, FACTS, **AT_MACHINE)["Location"] == reverse("login")


def test_whoever_has_the_code_opens_the_account_even_by_a_name_that_the_demo_has(client, begun, page):
    make_user("secretary")
    client.force_login(User.objects.get())

    answer = client.post(page, FACTS, **AT_MACHINE)

    assert begun == [("secretary", {"name": "张三", "password": FACTS["password1"]})]
    assert "正式数据库已建立" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "mark",
    [
        {"REMOTE_ADDR": "10.0.0.9"},
        {"SERVER_NAME": "testserver"},
        {"HTTP_X_FORWARDED_FOR": "10.0.0.9"},
        {"HTTP_FORWARDED": "for=10.0.0.9"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_X_REAL_IP": "10.0.0.9"},
    ],
)
def test_a_stranger_reads_how_it_is_done_and_does_nothing(client, begun, page, mark):
    read = client.get(page, **AT_MACHINE | mark)
    sent = client.post(page, FACTS, **AT_MACHINE | mark)

    assert "first_administrator" in read.content.decode() and "start_code" not in read.content.decode()
    assert (sent.status_code, begun) == (403, [])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"start_code": "aaaa-aaaa"}, "启动码不对"),
        ({"password1": "short", "password2": "short"}, "密码"),
        ({"password1": "pingyi-2026", "password2": "pingyi-2026"}, "太容易猜"),
        ({"password2": "other"}, "不一致"),
        ({"username": "张 三"}, "用户名"),
        ({"first_name": ""}, "必填"),
    ],
)
def test_a_wrong_word_is_told_at_its_place_and_nothing_begins(client, begun, page, wrong, told):
    answer = client.post(page, FACTS | wrong, **AT_MACHINE).content.decode()

    assert told in answer
    assert begun == []


def test_where_somebody_was_quicker_the_page_says_so(client, begun, page, monkeypatch):
    def refuse(*_, **__):
        raise AlreadyInUse

    monkeypatch.setattr(beginning, "begin_in_earnest", refuse)

    assert "已经有账号" in client.post(page, FACTS, **AT_MACHINE).content.decode()


@pytest.mark.parametrize("goes_over", [True, False])
def test_the_browser_goes_to_sign_in_where_the_server_goes_over(client, begun, page, monkeypatch, goes_over):
    monkeypatch.setattr(beginning, "go_over", lambda: goes_over)

    answer = client.post(page, FACTS, **AT_MACHINE)

    assert ("Refresh" in answer) is goes_over
    assert ("make run" in answer.content.decode()) is not goes_over

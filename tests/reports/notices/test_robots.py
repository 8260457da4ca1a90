"""Each kind of robot gets the body that it takes, and its refusal is told by its number."""

import json

import pytest

from reports.notices.reaching import NotReached
from reports.notices.robots import body_for, lock_address, post_to_robot, refusal_in
from tests.factories import make_organization, make_user, make_webhook

from .servers import address_of, robot_server


@pytest.mark.parametrize(
    ("robot", "body"),
    [
        ("wecom", {"msgtype": "text", "text": {"content": "提醒"}}),
        ("dingtalk", {"msgtype": "text", "text": {"content": "提醒"}}),
        ("feishu", {"msg_type": "text", "content": {"text": "提醒"}}),
    ],
)
def test_each_robot_has_its_own_body(robot, body):
    assert body_for(robot, "提醒") == body


@pytest.mark.parametrize(
    ("robot", "answer", "problem"),
    [
        ("wecom", '{"errcode": 0, "errmsg": "ok"}', ""),
        ("wecom", '{"errcode": 93000, "errmsg": "invalid webhook url"}', "企业微信没有收下，它的代码是93000。"),
        ("dingtalk", '{"errcode": 310000, "errmsg": "keywords not in content"}', "钉钉没有收下，它的代码是310000。"),
        ("feishu", '{"code": 0, "msg": "success"}', ""),
        ("feishu", '{"code": 19024, "msg": "Key Words Not Found"}', "飞书没有收下，它的代码是19024。"),
        ("feishu", "<html>", "答复不像是飞书的机器人，请核对地址。"),
        ("wecom", "[]", "答复不像是企业微信的机器人，请核对地址。"),
        ("wecom", '{"errcode": "93000 <b>"}', "答复不像是企业微信的机器人，请核对地址。"),
    ],
)
def test_a_refusal_is_told_by_its_number_and_never_in_the_server_s_words(robot, answer, problem):
    assert refusal_in(robot, answer) == problem


def test_an_address_is_kept_locked():
    assert "secret" not in lock_address("https://robots.example.cn/send?key=secret")


@pytest.mark.django_db
@pytest.mark.parametrize("robot", ["wecom", "dingtalk", "feishu"])
def test_a_robot_hears_the_text_at_its_own_address(on_loopback, robot):
    unit = make_organization()
    with robot_server() as server:
        webhook = make_webhook(unit, by=make_user(), robot=robot, address=address_of(server))

        post_to_robot(webhook, "【评议提醒】")
        server.body = '{"errcode": 45009, "code": 11232}'
        with pytest.raises(NotReached, match="没有收下") as refusal:
            post_to_robot(webhook, "又一条")

    path, _, body = server.posts[0]
    assert (path, json.loads(body)) == ("/send?key=secret", body_for(robot, "【评议提醒】"))
    assert refusal.value.may_try_again

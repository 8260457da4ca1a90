"""Each kind of robot gets the body that it takes, and its refusal is told by its number."""

import base64
import json
import subprocess
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from reports.notices.reaching import NotReached
from reports.notices.robots import body_for, lock_address, post_to_robot, refusal_in, signed
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
        (
            "dingtalk",
            '{"errcode": 310000, "errmsg": "keywords not in content"}',
            "钉钉没有收下，它的代码是310000。安全设置不符：关键词、加签的密钥，或者服务器的时钟。",
        ),
        (
            "feishu",
            '{"code": 19021, "msg": "sign match fail"}',
            "飞书没有收下，它的代码是19021。加签的密钥不对，或者服务器的时钟不准。",
        ),
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


SECRET = "SECthis-is-the-secret"


def signature_of(key, words):
    """HMAC-SHA256 in base64 by another program."""
    command = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key.encode().hex()}", "-binary"]
    made = subprocess.run(command, input=words.encode(), capture_output=True, check=True)
    return base64.b64encode(made.stdout).decode()


def is_signed(robot, path, body):
    """Whether a robot that wants its texts signed would take a post: the moment is near, and the signature right."""
    if robot == "dingtalk":
        asked = parse_qs(urlsplit(path).query)
        (moment,), (sign,) = asked["timestamp"], asked["sign"]
        seconds, right = int(moment) / 1000, signature_of(SECRET, f"{moment}\n{SECRET}")
        assert asked["key"] == ["secret"]
    else:
        moment, sign = body["timestamp"], body["sign"]
        seconds, right = int(moment), signature_of(f"{moment}\n{SECRET}", "")
    return abs(time.time() - seconds) < 3600 and sign == right


@pytest.mark.django_db
@pytest.mark.parametrize("robot", ["dingtalk", "feishu"])
def test_a_robot_that_wants_texts_signed_gets_them_so_at_a_server_that_checks(on_loopback, robot):
    unit = make_organization()
    with robot_server() as server:
        facts = {"by": make_user(), "robot": robot, "address": address_of(server)}
        webhook = make_webhook(unit, **facts, secret=SECRET)
        post_to_robot(webhook, "【评议提醒】")
        post_to_robot(make_webhook(unit, **facts), "没有加签")

    (path, _, body), (plain_path, _, plain_body) = server.posts
    sent = json.loads(body)
    assert is_signed(robot, path, sent)
    assert {key: sent[key] for key in body_for(robot, "")} == body_for(robot, "【评议提醒】")
    assert (plain_path, json.loads(plain_body)) == ("/send?key=secret", body_for(robot, "没有加签"))
    assert SECRET not in webhook.locked_secret + path + body


def test_a_signature_is_that_of_the_platforms_own_examples():
    at = 1599360473.25
    ding, body = signed("dingtalk", "https://oapi.dingtalk.com/robot/send", {}, SECRET, now=at)
    address, flown = signed("feishu", "https://open.feishu.cn/hook", {"msg_type": "text"}, SECRET, now=at)

    assert parse_qs(urlsplit(ding).query) == {
        "timestamp": ["1599360473250"],
        "sign": [signature_of(SECRET, f"1599360473250\n{SECRET}")],
    }
    assert (body, address) == ({}, "https://open.feishu.cn/hook")
    assert flown == {
        "msg_type": "text",
        "timestamp": "1599360473",
        "sign": signature_of(f"1599360473\n{SECRET}", ""),
    }

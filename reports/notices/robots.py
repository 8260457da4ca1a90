"""Robots of groups in 企业微信, 钉钉 and 飞书: the body that each takes, how 钉钉 and 飞书 want it signed (加签), and how each
says that it took it."""

import base64
import hmac
import json
import time
from hashlib import sha256
from urllib.parse import urlencode

from pingyi.keys import lock_for

from ..models import Webhook
from .reaching import NotReached, post_json

_Robot = Webhook.Robot
# The answer's key that is 0 where the text was taken.
_CODE_KEYS = {_Robot.WECOM: "errcode", _Robot.DINGTALK: "errcode", _Robot.FEISHU: "code"}


# Where the number says more than that.
_HINTS = {
    (_Robot.DINGTALK, 310000): "安全设置不符：关键词、加签的密钥，或者服务器的时钟。",
    (_Robot.FEISHU, 19021): "加签的密钥不对，或者服务器的时钟不准。",
}


def lock_address(address: str) -> str:
    """The address, or the secret to sign with, as it is kept: whoever knows it may write to the group."""
    return lock_for("reports.webhook").encrypt(address.encode()).decode()


def post_to_robot(webhook: Webhook, text: str) -> None:
    """Let the robot say a text to its group; raises NotReached."""
    lock = lock_for("reports.webhook")
    address = lock.decrypt(webhook.locked_address.encode()).decode()
    body = body_for(webhook.robot, text)
    if webhook.locked_secret:
        secret = lock.decrypt(webhook.locked_secret.encode()).decode()
        address, body = signed(webhook.robot, address, body, secret, now=time.time())
    answer = post_json(address, body)
    if problem := refusal_in(webhook.robot, answer):
        raise NotReached(problem, may_try_again=True)


def body_for(robot: str, text: str) -> dict:
    """The JSON that a kind of robot takes."""
    if robot == _Robot.FEISHU:
        return {"msg_type": "text", "content": {"text": text}}
    return {"msgtype": "text", "text": {"content": text}}


def signed(robot: str, address: str, body: dict, secret: str, *, now: float) -> tuple[str, dict]:
    """The address and the body with the moment and the signature in the place where a kind of robot looks for them.

    钉钉 counts milliseconds and signs 「moment, new line, secret」 with the secret; 飞书 counts seconds and signs nothing with
    「moment, new line, secret」. Both have HMAC-SHA256 in base64, as their pages on robots of groups say.
    """
    if robot == _Robot.DINGTALK:
        moment = str(round(now * 1000))
        sign = _signature(key=secret, words=f"{moment}\n{secret}")
        joint = "&" if "?" in address else "?"
        return f"{address}{joint}{urlencode({'timestamp': moment, 'sign': sign})}", body
    moment = str(int(now))
    return address, {"timestamp": moment, "sign": _signature(key=f"{moment}\n{secret}", words=""), **body}


def _signature(*, key: str, words: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), words.encode(), sha256)).decode()


def refusal_in(robot: str, answer: str) -> str:
    """The reason why a robot took nothing, by its number; empty where it did. Robots answer 200 in either case."""
    try:
        facts = json.loads(answer)
    except ValueError:
        facts = None
    code = facts.get(_CODE_KEYS[Webhook.Robot(robot)]) if isinstance(facts, dict) else None
    if code == 0:
        return ""
    label = Webhook.Robot(robot).label
    if isinstance(code, int):
        return f"{label}没有收下，它的代码是{code}。{_HINTS.get((Webhook.Robot(robot), code), '')}"
    return f"答复不像是{label}的机器人，请核对地址。"

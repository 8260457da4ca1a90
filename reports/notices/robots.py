"""Robots of groups in 企业微信, 钉钉 and 飞书: the body that each takes, and how each says that it took it."""

import json

from pingyi.keys import lock_for

from ..models import Webhook
from .reaching import NotReached, post_json

_Robot = Webhook.Robot
# The answer's key that is 0 where the text was taken.
_CODE_KEYS = {_Robot.WECOM: "errcode", _Robot.DINGTALK: "errcode", _Robot.FEISHU: "code"}


def lock_address(address: str) -> str:
    """The address as it is kept: whoever knows it may write to the group."""
    return lock_for("reports.webhook").encrypt(address.encode()).decode()


def post_to_robot(webhook: Webhook, text: str) -> None:
    """Let the robot say a text to its group; raises NotReached."""
    address = lock_for("reports.webhook").decrypt(webhook.locked_address.encode()).decode()
    answer = post_json(address, body_for(webhook.robot, text))
    if problem := refusal_in(webhook.robot, answer):
        raise NotReached(problem, may_try_again=True)


def body_for(robot: str, text: str) -> dict:
    """The JSON that a kind of robot takes."""
    if robot == _Robot.FEISHU:
        return {"msg_type": "text", "content": {"text": text}}
    return {"msgtype": "text", "text": {"content": text}}


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
        return f"{label}没有收下，它的代码是{code}。"
    return f"答复不像是{label}的机器人，请核对地址。"

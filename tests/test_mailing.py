"""The address of a mail server is read whole, and a password never travels in the open."""

import pytest

from pingyi.mailing import mail_settings


@pytest.mark.parametrize(
    ("url", "port", "lock"),
    [
        ("smtps://clerk:a%40b@mail.example.cn", 465, {"EMAIL_USE_SSL": True}),
        ("smtp+tls://clerk:a%40b@mail.example.cn", 587, {"EMAIL_USE_TLS": True}),
        ("smtps://clerk:a%40b@mail.example.cn:994", 994, {"EMAIL_USE_SSL": True}),
    ],
)
def test_a_server_is_read_with_its_port_its_lock_and_its_password(url, port, lock):
    assert mail_settings(url) == {
        "EMAIL_HOST": "mail.example.cn",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": "clerk",
        "EMAIL_HOST_PASSWORD": "a@b",
        **lock,
    }


def test_a_server_on_this_machine_may_be_plain():
    assert mail_settings("smtp://127.0.0.1:2525")["EMAIL_PORT"] == 2525
    assert mail_settings("smtp://clerk:secret@localhost")["EMAIL_HOST_PASSWORD"] == "secret"


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.cn",
        "http://mail.example.cn",
        "smtps://",
        "smtps://mail.example.cn/inbox",
        "smtp://clerk:secret@mail.example.cn",
        "smtp://clerk:secret@10.0.0.5",
    ],
)
def test_anything_else_is_refused_without_telling_the_password(url):
    with pytest.raises(ValueError, match="wants") as refusal:
        mail_settings(url)

    assert "secret" not in str(refusal.value)

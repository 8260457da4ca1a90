"""Browsers are named as their owners know them."""

import pytest

from campaigns.accounts.browsers import browser_family

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36"
)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (CHROME, "Chrome，Windows"),
        (f"{CHROME} Edg/129.0.0.0", "Edge，Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox，Linux"),
        (f"{PHONE} Version/17.5 Mobile/15E148 Safari/604.1", "Safari，iPhone"),
        (f"{PHONE} Mobile/15E148 MicroMessenger/8.0.50", "微信，iPhone"),
        ("curl/8.0", "其他浏览器"),
        ("", "其他浏览器"),
        ("<script>alert(1)</script>" * 1000, "其他浏览器"),
    ],
)
def test_a_browser_is_told_by_family_and_system(agent, told):
    assert browser_family(agent) == told

"""The kind of a browser in words, from what it says of itself: enough for its owner to know it again."""

# The first that is in the text counts: many browsers name others too.
FAMILIES = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ浏览器"),
    ("360SE", "360浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "安卓"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "苹果电脑"),
    ("Linux", "Linux"),
)


def browser_family(agent: str) -> str:
    """「Edge，Windows」; the parts that are not known are left out, and with neither it is another browser."""
    parts = [next((name for mark, name in known if mark in agent), "") for known in (FAMILIES, SYSTEMS)]
    return "，".join(filter(None, parts)) or "其他浏览器"

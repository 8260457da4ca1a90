"""窗口即时评议 of the demo: three months of taps at a window, and those before a meeting in its campaign."""

from datetime import timedelta

from campaigns.models import Organization, Poll

from ..models import ServiceWindow, WindowTaking, WindowWord
from ..window.actions import add_window, count_taps, mask_word
from ..window.taking import take_into
from .stage import Stage

MONTHS_OF_TAPS = 92  # days
# How people at the window decide, of a hundred; it got better over the months.
FIRST_GRADES, LAST_GRADES = (78, 15, 7), (90, 8, 2)
SUNDAY, SATURDAY = 6, 5
QUESTION = "您对今天的办事服务满意吗？"
# Each with how many weeks ago it was left.
WORDS = (
    (11, "叫号屏太小，坐在后排看不清。"),
    (9, "材料一次说清楚了，没有跑第二趟，谢谢。"),
    (6, "中午能不能留一个人值班。"),
    (3, "二号窗口的小赵讲得最耐心。"),
    (2, "门口的坡道好走多了。"),
)
# The last but one is shown without the name.
MASKED = "有一位工作人员讲得最耐心。"


def open_window(stage: Stage, organization: Organization) -> ServiceWindow:
    """A window of the unit at which people have tapped for three months, on Saturdays only a few."""
    window = add_window(organization, name="便民服务窗口", question=QUESTION, scale="satisfaction-3")
    for days_ago in range(MONTHS_OF_TAPS, 0, -1):
        day = stage.day(days_ago)
        if day.weekday() == SUNDAY:
            continue
        number = stage.chance.randint(1, 4) if day.weekday() == SATURDAY else stage.chance.randint(9, 26)
        passed = 1 - days_ago / MONTHS_OF_TAPS
        weights = [first + (last - first) * passed for first, last in zip(FIRST_GRADES, LAST_GRADES, strict=True)]
        places = stage.chance.choices(range(1, len(weights) + 1), weights=weights, k=number)
        count_taps(window, day, {place: places.count(place) for place in set(places)})
    for weeks_ago, text in WORDS:
        day = stage.day(7 * weeks_ago)
        week_on = day - timedelta(days=day.weekday())
        word = WindowWord.objects.create(window=window, text=text, week_on=week_on)
        if "小赵" in text:
            mask_word(word, MASKED)
    return window


def take_taps(stage: Stage, poll: Poll, window: ServiceWindow, *, days_ago: int) -> WindowTaking:
    """Take what was tapped before a meeting into its campaign, up to the last part that ended by then."""
    first, last = stage.day(MONTHS_OF_TAPS), stage.day(days_ago)
    # A Friday's taps are enough for themselves; a Saturday's are joined with those of Monday.
    while last.weekday() != SATURDAY - 1:
        last -= timedelta(days=1)
    return take_into(poll, window, first_on=first, last_on=last, by=stage.secretary)

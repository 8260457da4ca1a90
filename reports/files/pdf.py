"""Draws contents as PDF. Nothing is computed here, and nothing but the installed font files is ever fetched."""

import re
from pathlib import Path

import segno
from django.conf import settings
from django.template.loader import render_to_string

from campaigns.models import Poll
from pingyi.drawing import draw_pdf

from ..announcements import AnnouncementContent
from ..comments import CommentsContent
from ..consequences import RestrictionsContent
from ..ledger.content import LedgerContent
from ..minutes.content import MinutesContent
from ..models import Announcement, Letterbox, ServiceWindow
from ..opinions import OpinionsContent
from ..persons.content import PersonContent
from ..scoring.content import ScoreRanking
from ..scoring.scheme import SchemeContent
from ..secretaries.ranking import SecretariesRanking
from ..summary import Piece, SummaryContent
from ..tables.poll import PollContent
from .feedback import FeedbackContent
from .layout import Signature, paper_of, title_lines
from .registration import RegistrationContent

# The faces of an official document; where a file is missing Noto stands in for all of them.
FACES = {
    "仿宋": "FandolFang-Regular.otf",
    "宋体": "FandolSong-Regular.otf",
    "黑体": "FandolHei-Regular.otf",
    "楷体": "FandolKai-Regular.otf",
    "小标宋": "FandolSong-Bold.otf",
}
# The word printed across a copy that is not the one to hang up.
MARKS_ACROSS = {Announcement.State.DRAFT: "草稿", Announcement.State.WITHDRAWN: "已撤下"}
# Little pictures from a phone, which no face of ours has; 「〓」 is the printers' mark for a missing character.
_EMOJI = re.compile("[\U0001f000-\U0001faff][\U0001f000-\U0001faff\u200d\ufe0f]*")


def draw_count_sheet(content: PollContent) -> bytes:
    """计票结果报告单, with lines to sign."""
    return _draw("print/count_sheet.html", {"content": content})


def results_sheet(content: PollContent) -> bytes:
    """The results with their splits, as the page shows them."""
    return _draw("print/results.html", {"content": content})


def draw_summary_pdf(content: SummaryContent, *, is_draft: bool = False) -> bytes:
    """小结 in the layout of GB/T 9704; a draft bears its watermark."""
    return _draw("print/summary.html", {"paper": paper_of(content), "is_draft": is_draft})


def feedback(content: FeedbackContent) -> bytes:
    """The letter to one target, with a line to sign for it."""
    return _draw("print/feedback.html", {"content": content})


def registration(content: RegistrationContent) -> bytes:
    """民主评议党员登记表 of one member, on one page."""
    return _draw("print/registration.html", {"content": content})


def draw_minutes(content: MinutesContent) -> bytes:
    """会议记录 of a meeting, with lines to sign."""
    return _draw("print/minutes.html", {"content": content})


def opinions_list(content: OpinionsContent, title: str, *, mark: str = "") -> bytes:
    """The opinions in the words in which they may be shown; `title` says whose, `mark` who took them out and when."""
    return _draw("print/opinions.html", {"content": content, "title": title, "mark": mark})


def person_sheet(content: PersonContent, *, mark: str) -> bytes:
    """Everything that is held of a person, for that person."""
    return _draw("print/person.html", {"content": content, "mark": mark})


def ledger(content: LedgerContent, title: str) -> bytes:
    """整改台账 with all its columns; `title` says whose."""
    return _draw("print/ledger.html", {"content": content, "title": title})


def comments(content: CommentsContent, title: str) -> bytes:
    """点评台账 with its coverage; `title` says whose."""
    return _draw("print/comments.html", {"content": content, "title": title})


def restrictions(content: RestrictionsContent) -> bytes:
    """结果运用名单: about whom, why, by what votes."""
    return _draw("print/restrictions.html", {"content": content})


def secretaries(content: SecretariesRanking) -> bytes:
    """The ranking of secretaries, with those that have no place and why."""
    return _draw("print/secretaries.html", {"content": content})


def draw_letterbox_poster(box: Letterbox, *, address: str, picture: str) -> bytes:
    """A poster to hang up: the unit's 意见箱 with the SVG `picture` of its address."""
    return _draw("print/letterbox_poster.html", {"box": box, "address": address, "picture": picture})


def draw_window_poster(window: ServiceWindow, *, address: str, picture: str) -> bytes:
    """A poster to hang up at a window, with the SVG `picture` of its address."""
    return _draw("print/window_poster.html", {"window": window, "address": address, "picture": picture})


def blank_consultation(poll: Poll) -> bytes:
    """A blank 征求意见表 of a poll."""
    targets = list(poll.targets.order_by("position", "pk").values_list("name", flat=True))
    return _draw("print/consultation.html", {"poll": poll, "targets": targets})


def blank_score_sheet(poll: Poll, scheme: SchemeContent) -> bytes:
    """A blank 考核打分表 about a poll's unit."""
    return _draw("print/score_sheet.html", {"poll": poll, "scheme": scheme})


def draw_score_ranking(content: ScoreRanking) -> bytes:
    """The ranking of 千分制考核 with its formula, and each unit's bonus and deductions."""
    return _draw("print/score_ranking.html", {"content": content})


def _draw(template: str, context: dict) -> bytes:
    fonts = Path(settings.FONTS_DIR)
    faces = [(family, (fonts / file).as_uri()) for family, file in FACES.items() if (fonts / file).is_file()]
    html = render_to_string(template, {**context, "faces": faces})
    return draw_pdf(_EMOJI.sub("〓", html), files_from=fonts, for_reading=True)


def announcement(content: AnnouncementContent, *, address: str = "", picture: str = "", mark: str = "") -> bytes:
    """公示 to hang up. `picture` is the SVG of the public page's `address`; `mark` stands across what is not up."""
    first_list = 3 if content.problems else 2
    context = {
        "content": content,
        "first_list": first_list,
        "period": first_list + len(content.lists),
        "title_lines": title_lines(content.title, unit=f"关于{content.unit}"),
        "signature": Signature(content.unit, (Piece(content.signed_on),)),
        "address": address,
        "picture": picture,
        "mark": mark,
    }
    return _draw("print/announcement.html", context)


def draw_notice(notice: Announcement, content: AnnouncementContent, *, address: str) -> bytes:
    """The PDF of a notice with the picture of its page's address, where it has one."""
    picture = segno.make(address, error="m", micro=False).svg_inline(border=0, omitsize=True) if address else ""
    mark = MARKS_ACROSS.get(notice.state, "")
    return announcement(content, address=address, picture=picture, mark=mark)


def name_of_notice(notice: Announcement) -> str:
    """The name of its file without the ending: the title, and what it is where it is not up."""
    mark = MARKS_ACROSS.get(notice.state, "")
    return f"{notice.title}{f'（{mark}）' if mark else ''}"

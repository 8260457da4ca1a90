"""Figures that a secretary places in the text by name; the names are the same in every 小结 of their kind."""

from collections.abc import Iterable

from ballots.counting import tally
from campaigns.models import Campaign

from .. import wording
from ..results.poll import PollResults
from ..results.rollup import Node
from ..wording import date_text
from .follow_up import FollowUp
from .sentences import channel_rates, headline_line, sheets_by_channel

Fields = dict[str, str | None]


def poll_fields(results: PollResults, headline: tally.Result | None, after: FollowUp) -> Fields:
    """The fields of one poll's 小结: name → value as printed, None where there is none."""
    poll, sheets, decimals = results.poll, results.sheets, results.rules.decimals
    channels = results.unentered[0] if results.unentered else ""
    return {
        "组织单位": poll.campaign.organizer_name,
        **_sheets(sheets, decimals),
        "应参评人数": _number(sheets.entitled),
        "实参评人数": _number(sheets.attended),
        "参评率": _rate(sheets.attended, sheets.entitled, decimals),
        **_rates(headline, note=wording.without(channels)),
        "评议渠道": _ways(sheets_by_channel(results).items()),
        **_channels(results),
        **_follow_up(after),
        "评议日期": date_text(poll.meeting_on) or None,
    }


def unit_fields(campaign: Campaign, node: Node, headline: tally.Result | None, members: int, after: FollowUp) -> Fields:
    """The fields of a unit's part of a campaign."""
    decimals, is_organizer = campaign.decimals, campaign.organizer_id == node.organization_id
    return {
        "组织单位": node.name if is_organizer else campaign.organizer_name,
        "会议场次": str(node.meetings),
        **_sheets(node.sheets, decimals),
        "评议单位数": str(node.units),
        "已评单位数": str(node.units_sealed),
        "单位覆盖率": _printed(node.coverage),
        "党员数": str(members),
        **_rates(headline),
        "评议渠道": _ways(node.channels),
        **_follow_up(after),
        "点评单位数": str(after.comments.commented),
        "应点评单位数": str(after.comments.planned),
        "点评覆盖率": _printed(after.comments.coverage),
    }


def _ways(channels: Iterable[tuple[str, tally.Sheets]]) -> str | None:
    """The channels through which ballots came in, by name; one that was only planned is none of them."""
    return "、".join(name for name, sheets in channels if sheets.returned) or None


def _sheets(sheets: tally.Sheets, decimals: int) -> Fields:
    return {
        "发出": str(sheets.issued),
        "收回": str(sheets.returned),
        "有效": str(sheets.valid),
        "整票无效": str(sheets.void),
        "回收率": _rate(sheets.returned, sheets.issued, decimals),
    }


def _rates(headline: tally.Result | None, *, note: str = "") -> Fields:
    """The rates of the 总体评价; where ballots were not entered each says so (C2)."""
    shares = {share.label: share.rate for share in headline.shares} if headline else {}
    rates = {
        "满意率": shares.get("满意"),
        "基本满意率": shares.get("基本满意"),
        "不满意率": shares.get("不满意"),
        "综合满意率": headline.positive if headline else None,
    }
    return {name: _printed(rate, note=note) if rate else None for name, rate in rates.items()}


def _channels(results: PollResults) -> Fields:
    """The sheets of each channel, and its 满意率 where it is shown by itself (S0-1)."""
    headline = headline_line(results)
    rates = channel_rates(headline.by_channel) if headline else {}
    return {
        name: value
        for channel, sheets in sheets_by_channel(results).items()
        for name, value in (
            (f"{channel}发出", str(sheets.issued)),
            (f"{channel}收回", str(sheets.returned)),
            (f"{channel}有效", str(sheets.valid)),
            (f"{channel}满意率", _printed(rates.get(channel, tally.Rate()))),
        )
    }


def _follow_up(after: FollowUp) -> Fields:
    ledger, commitments = after.ledger, after.commitments
    return {
        "意见条数": str(after.opinions.counted),
        "意见件数": str(after.opinions.matters),
        "座谈会次数": str(after.forums.forums),
        "征求意见表发出": str(after.forums.issued),
        "征求意见表收回": str(after.forums.returned),
        "问题数": str(ledger.problems),
        "办结问题数": str(ledger.closed),
        "措施数": str(ledger.measures),
        "已落实": str(ledger.done),
        "正在落实": str(ledger.underway),
        "措施完成率": _printed(ledger.rate),
        "点评次数": str(after.comments.comments),
        "点评党员数": str(after.comments.members),
        "承诺数": str(commitments.commitments),
        "实事数": str(commitments.deeds),
        "兑现数": str(commitments.fulfilled),
        "兑现率": _printed(commitments.rate),
    }


def _number(count: int | None) -> str | None:
    return None if count is None else str(count)


def _rate(part: int | None, whole: int | None, decimals: int) -> str | None:
    return _printed(tally.rate_of(part, whole, decimals))


def _printed(rate: tally.Rate, *, note: str = "") -> str | None:
    return f"{rate.percent_text}{note}" if rate.is_known else None

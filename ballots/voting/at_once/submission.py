"""A ballot as its statement takes it, the same on both databases."""

from dataclasses import dataclass, field

# The reason of a day on which no ballot is taken; empty on all others. A rehearsal may be held on any day.
OFF_DAYS = """CASE
        WHEN NOT campaign.is_stopped_on_time OR poll.state = 'rehearsing' THEN ''
        WHEN campaign.starts_on > {today} THEN 'early'
        WHEN campaign.ends_on < {today} THEN 'over'
        ELSE '' END"""


@dataclass(frozen=True, slots=True)
class Submission:
    """A ballot that was checked against the form of its poll, with the keys of all rows that it writes.

    `version` is that of the poll whose form was read; `right` the digest of a slip's code or of the browser's mark; an
    opinion is its key, its target's, its kind and its text.
    """

    poll_id: int
    version: str
    today: str
    batch_id: int
    right: int
    is_screen: bool
    receipt: int
    ballot_id: int
    # Neither is shown in tracebacks, which end in logs.
    marks: str = field(repr=False)
    opinions: list[tuple[int, int, str, str]] = field(repr=False)

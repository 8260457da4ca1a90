"""The polls of a campaign as a table names them."""

from collections import defaultdict
from dataclasses import dataclass

from campaigns.models import Campaign, Organization, Poll
from campaigns.models.place import STEP
from campaigns.plain_text import name_key

from .headings import SLASH, listed, normal


@dataclass(frozen=True)
class UnitPoll:
    """A poll, and where its organization stands in the tree."""

    id: int
    state: str
    name: str
    path: str


class UnitProblem(ValueError):
    """A unit that has no poll in the campaign, or one that takes no ballots; the message says what is allowed."""


class Units:
    """Finds the poll of a unit by its name, or by a path of names that ends with it."""

    def __init__(self, campaign: Campaign):
        self._polls = defaultdict(list)
        # The same for every spelling of a name: 「第三党支部（机关）」 is 「第三党支部(机关)」.
        self._alike = defaultdict(list)
        self._found: dict[str, UnitPoll] = {}
        fields = ("pk", "state", "organization__name", "organization__path")
        for values in campaign.polls.values_list(*fields):
            poll = UnitPoll(*values)
            self._polls[normal(poll.name)].append(poll)
            self._alike[name_key(poll.name)].append(poll)

    def has(self, text: str) -> bool:
        """Whether the text names a unit of the campaign, whether or not it takes ballots now."""
        try:
            self._sought(text)
        except UnitProblem:
            return False
        return True

    def labels(self, state: str) -> list[str]:
        """The names of the units whose polls are in a state, in the tree's order."""
        polls = [poll for polls in self._polls.values() for poll in polls if poll.state == state]
        return [self.label(poll) for poll in sorted(polls, key=lambda poll: poll.path)]

    def find(self, text: str) -> UnitPoll:
        """The open poll of a unit; raises UnitProblem."""
        poll = self._sought(text)
        if poll.state != Poll.State.OPEN:
            state = Poll.State(poll.state).label
            raise UnitProblem(f"这个评议点现为“{state}”，只有“{Poll.State.OPEN.label}”的才能导入")
        return poll

    def _sought(self, text: str) -> UnitPoll:
        text = SLASH.join(part.strip() for part in normal(text).split(SLASH) if part.strip())
        if text not in self._found:
            self._found[text] = self._one(text)
        return self._found[text]

    def _one(self, text: str) -> UnitPoll:
        # A name may have a slash of its own.
        matches = self._polls.get(text) or self._alike.get(name_key(text)) or []
        if not matches and SLASH in text:
            candidates = self._polls.get(text.rpartition(SLASH)[2]) or []
            full = self.full_names(candidates)
            matches = [poll for poll in candidates if f"{SLASH}{full[poll.path]}".endswith(f"{SLASH}{text}")]
        if not matches:
            names = listed(poll.name for polls in self._polls.values() for poll in polls)
            raise UnitProblem(f"本次评议活动没有这个单位的评议点；可写{names or '——本活动还没有评议点'}")
        if len(matches) > 1:
            full = self.full_names(matches)
            exact = [poll for poll in matches if full[poll.path] == text]
            if len(exact) == 1:
                return exact[0]
            raise UnitProblem(f"同名的单位有{len(matches)}个；请写路径，可写{listed(full.values())}")
        return matches[0]

    def label(self, poll: UnitPoll) -> str:
        """The name, or the path where others have the same name."""
        twins = self._polls[normal(poll.name)]
        return poll.name if len(twins) == 1 else self.full_names([poll])[poll.path]

    def full_names(self, polls: list[UnitPoll]) -> dict[str, str]:
        """The names from the root down to each poll's unit, by its path."""
        above = {poll.path[:end] for poll in polls for end in range(STEP, len(poll.path) + 1, STEP)}
        names = dict(Organization.objects.filter(path__in=above).values_list("path", "name"))
        return {
            poll.path: SLASH.join(normal(names[poll.path[:end]]) for end in range(STEP, len(poll.path) + 1, STEP))
            for poll in polls
        }

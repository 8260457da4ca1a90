"""The reach of masked words beyond their opinion: the problem that was made of it, reports filed and notices published before.

Both stay as they were but for words that point at a person: whoever opens them sees what the desk shows.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q

from campaigns.models import OrganizationChange, Poll
from campaigns.models.columns import max_length
from campaigns.models.place import ancestor_paths
from campaigns.units import key_of

from ..ledger.actions import record
from ..models import Announcement, Letter, Problem, SummaryVersion, WindowWord

MAX_CONTENT_LENGTH = max_length(Problem, "content")


@dataclass(frozen=True)
class Masked:
    """An opinion with the words that it had until now, and those in which it is shown."""

    opinion_id: int
    target_id: int
    before: frozenset[str]
    shown: str

    @property
    def contents(self) -> list[str]:
        """The words that it had, as the ledger takes them."""
        return [content for content in map(in_one_line, self.before) if content != in_one_line(self.shown)]


def in_one_line(text: str) -> str:
    """A text no longer than the ledger takes."""
    text = " ".join(text.split())
    return text if len(text) <= MAX_CONTENT_LENGTH else text[: MAX_CONTENT_LENGTH - 1] + "…"


def carry_over(poll: Poll, masked: Collection[Masked], *, by) -> None:
    """Put masked words where the opinions of a poll were written down before. Only at the desk, in its transaction."""
    for mask in masked:
        _mask_problems(mask, by=by)
    if masked:
        _mask_filed(poll, masked)
        _mask_published(poll, masked)


def mask_originals(shown: Mapping[int, str]) -> None:
    """Let masked words take the place of the originals that were brought in, by their opinions' keys: letters, words at windows."""
    for opinion_id, text in shown.items():
        Letter.objects.filter(opinion=opinion_id).update(text=text)
        WindowWord.objects.filter(opinion=opinion_id).update(text=text, masked_text="")


def _mask_problems(mask: Masked, *, by) -> None:
    """Problems that still bear the opinion's own words, found by them: an opinion that was parted has no link to its problem."""
    for problem in Problem.objects.select_for_update().filter(target=mask.target_id, content__in=mask.contents):
        Problem.objects.filter(pk=problem.pk).update(content=in_one_line(mask.shown))
        record(problem, "反映问题改用公开的文字", by=by)


def _mask_filed(poll: Poll, masked: Collection[Masked]) -> None:
    """Final copies of the poll's own report and of those of the units above it."""
    above = Q(summary__campaign=poll.campaign_id, summary__organization__in=map(key_of, ancestor_paths(poll.path)))
    filed = SummaryVersion.objects.final().filter(Q(summary__poll=poll) | above)
    shown = {mask.opinion_id: mask.shown for mask in masked}
    contents = {content: in_one_line(mask.shown) for mask in masked for content in mask.contents}
    renamed = poll.organization.changes.filter(kind=OrganizationChange.Kind.RENAMED)
    names = {poll.unit_name, poll.organization.name, *renamed.values_list("before", flat=True)}
    for version in filed.select_for_update(of=["self"]):
        report = version.snapshot["report"]
        opinions = [
            entry for entry in report["opinions"]["entries"] if entry["text"] != shown.get(entry["id"], entry["text"])
        ]
        for entry in opinions:
            entry["text"] = shown[entry["id"]]
        own = [entry for entry in report["ledger"]["entries"] if entry["unit"] in names]
        problems = [entry for entry in own if entry["content"] in contents]
        for entry in problems:
            entry["content"] = contents[entry["content"]]
        if opinions or problems:
            version.save(update_fields=["snapshot"])


def _mask_published(poll: Poll, masked: Collection[Masked]) -> None:
    """Notices of the poll and of the units above it, with the opinions and the problems that they list."""
    above = Q(campaign=poll.campaign_id, organization__in=map(key_of, ancestor_paths(poll.path)))
    notices = Announcement.objects.filter(Q(poll=poll) | above, content__isnull=False)
    shown = {mask.opinion_id: mask.shown for mask in masked}
    contents = {content: in_one_line(mask.shown) for mask in masked for content in mask.contents}
    for notice in notices.select_for_update(of=["self"]):
        # A published one has its content (constraint announcement_published_with_its_content).
        lists = notice.content.get("lists", ())  # type: ignore[union-attr]
        entries = [entry for part in lists for entry in part["entries"]]
        before = [entry["text"] for entry in entries]
        for entry in entries:
            words = entry["text"]
            entry["text"] = shown.get(entry["opinion_id"], contents.get(words, words))
        if before != [entry["text"] for entry in entries]:
            notice.save(update_fields=["content"])

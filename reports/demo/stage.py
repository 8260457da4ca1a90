"""The steps that every act of the demo takes: people on rosters, a campaign, ballots, the closing and the seal."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db import connection

from ballots import actions as ballot_actions
from ballots.counting import closing
from ballots.models import Batch
from ballots.voting import casting, codes
from campaigns import actions
from campaigns.models import Campaign, Commitment, Member, Organization, Poll

from . import people, words

ROWS_AT_ONCE = 500


@dataclass
class Stage:
    """Who does it, today's date, and chance with the act's own seed, so that an act is the same whenever it is played."""

    secretary: User
    today: date
    chance: random.Random
    suggestions: tuple[str, ...] = ()
    # Texts of each kind that were not used yet.
    _unused: dict[str, list[str]] = field(default_factory=dict)

    @property
    def year(self) -> int:
        """The year that is appraised: in January and February still the last one."""
        return self.day(62).year

    def day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)

    def half_year(self, days_ago: int) -> str:
        day = self.day(days_ago)
        return f"{day.year}年{'上' if day.month <= 6 else '下'}半年"

    def quarter(self, days_ago: int) -> str:
        day = self.day(days_ago)
        return f"{day.year}年第{'一二三四'[(day.month - 1) // 3]}季度"

    def split(self, total: int, parts: int, *, least: int) -> list[int]:
        """A total in so many parts of uneven size."""
        sizes = Counter(self.chance.choices(range(parts), k=total - least * parts))
        return [least + sizes[part] for part in range(parts)]

    def add_members(
        self, sizes: Iterable[tuple[Organization, int]], *, deputies: int = 2, all_full: bool = False
    ) -> list[Member]:
        """Members for each organization: a secretary, deputies, and the rest.

        Every thirtieth or so is on probation and therefore without a line for grades, unless `all_full`.
        """
        rows = []
        for organization, count in sizes:
            rare = (self.chance.choice(people.RARE_NAMES),) if self.chance.random() < 0.1 else ()
            for place, name in enumerate(people.names(count, self.chance, first=rare)):
                rows.append(Member(organization=organization, name=name, post=_post(place, deputies)))
                if not all_full and rows[-1].post == Member.Post.MEMBER and self.chance.random() < 1 / 30:
                    rows[-1].status = Member.Status.PROBATIONARY
        return Member.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)

    def promise(
        self, counts: Iterable[tuple[Member, int]], *, contents: Sequence[str] = words.COMMITMENTS_AT_WORK
    ) -> None:
        """So many public commitments of each member, most of them fulfilled."""
        rows = [
            Commitment(
                organization_id=member.organization_id,
                member=member,
                content=content,
                due_on=self.today + timedelta(days=40),
                status=self.chance.choices(Commitment.Status.values, weights=(12, 86, 2))[0],
            )
            for member, count in counts
            for content in self.chance.sample(contents, count)
        ]
        for row in rows:
            if row.status == Commitment.Status.FULFILLED:
                row.fulfilled_on = self.day(self.chance.randint(35, 240))
            elif row.status == Commitment.Status.UNFULFILLED:
                row.note = words.NOT_FULFILLED
        Commitment.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)

    def campaign(self, root: Organization, appraisal: str, *, title: str, period: str, **facts) -> Campaign:
        return actions.create_campaign(
            organizer=root, appraisal=appraisal, title=title, period=period, by=self.secretary, **facts
        )

    def open(self, campaign: Campaign, units: Iterable[Organization]) -> list[Poll]:
        """The polls of the units, taking ballots; each knows its campaign and organization."""
        actions.make_polls(campaign, units)
        ballot_actions.open_campaign(campaign, by=self.secretary)
        return list(campaign.polls.select_related("campaign", "organization"))

    def polls_of(self, campaign: Campaign) -> list[Poll]:
        """Each poll of a campaign as it is now, in tree order, without its large form."""
        return list(campaign.polls.select_related("campaign", "organization").defer("form"))

    def look_at_tables(self) -> None:
        """PostgreSQL plans by statistics, which know nothing of the thousands of rows of this very transaction."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    def describe(self, polls: Sequence[Poll], *, days_ago: int, place: str, supervisor: str = "") -> None:
        """Meeting facts; who counts is found among people of no roster."""
        for poll in polls:
            host, *others = people.names(5, self.chance)
            poll.meeting_on = self.day(days_ago)
            poll.place, poll.host, poll.supervisor = place, host, supervisor
            poll.scrutineers, poll.tellers = "、".join(others[:2]), "、".join(others[2:])
        fields = ["meeting_on", "place", "host", "supervisor", "scrutineers", "tellers"]
        Poll.objects.bulk_update(polls, fields, batch_size=100)

    def enter(
        self, poll: Poll, *, channel: str, category: str, marks: Iterable[str], issued: int | None = None, opinions=()
    ) -> tuple[int, closing.BatchFacts]:
        """A batch of paper ballots, keyed: its key and what was counted; `issued` where not all came back."""
        batch = ballot_actions.add_batch(
            poll,
            channel=channel,
            category=poll.campaign.categories.get(name=category),
            method=Batch.Method.ENTERED,
        )
        returned = casting.record_ballots(batch=batch, marks=Counter(marks).items(), opinions=opinions)
        return batch.pk, closing.BatchFacts(issued=issued or returned, returned=returned)

    def cast_with_slips(
        self, poll: Poll, *, channel: str, category: str, marks: Sequence[str], spare: int = 0
    ) -> Batch:
        """A batch of one-time slips of which all but the spare ones were used."""
        batch = ballot_actions.add_batch(
            poll, channel=channel, category=poll.campaign.categories.get(name=category), method=Batch.Method.SLIPS
        )
        slips = codes.make_slips(batch, len(marks) + spare)
        for number, (slip, sheet) in enumerate(zip(slips, marks, strict=False)):
            opinions = self.opinions(poll, 1) if number % 4 == 1 else ()
            casting.cast(ticket=codes.exchange(slip), key=f"demo {slip}", marks=sheet, opinions=opinions)
        return batch

    def cast_with_shared_slips(
        self, polls: Sequence[Poll], *, channel: str, category: str, marks: Sequence[Sequence[str]], spare: int = 0
    ) -> list[Batch]:
        """A batch of each poll, whose slips admit to all of them; a person's marks by form, empty where one was kept back."""
        tied = ballot_actions.share_slips(polls, channel=channel, category=category)
        slips = codes.make_slips(tied[0], len(marks) + spare)
        for slip, sheets in zip(slips, marks, strict=False):
            for ticket, sheet in zip(codes.exchange_all(slip), sheets, strict=True):
                if sheet:
                    casting.cast(ticket=ticket, key=f"demo {ticket.slip}", marks=sheet)
        return tied

    def close(
        self, poll: Poll, facts: Iterable[tuple[int, closing.BatchFacts]], *, entitled: int, attended: int
    ) -> None:
        poll.entitled_count = entitled
        poll.save(update_fields=["entitled_count"])
        closing.close(poll, by=self.secretary, attended=attended, facts=dict(facts))

    def opinions(self, poll: Poll, count: int) -> list[casting.OpinionText]:
        """So many opinions about the poll's targets, each of the kind that is asked there."""
        targets = list(poll.targets.select_related("questionnaire"))
        opinions = []
        for _ in range(count):
            target = self.chance.choice(targets)
            opinions.append(casting.OpinionText(target.pk, self._text(target.questionnaire.opinion_kind)))
        return opinions

    def opinions_with(self, poll: Poll, texts: Iterable[str]) -> list[casting.OpinionText]:
        """Opinions with these texts about the first of the poll's targets."""
        first = poll.targets.order_by("position").values_list("pk", flat=True)[0]
        return [casting.OpinionText(first, text) for text in texts]

    def _text(self, kind: str) -> str:
        """A text that was not used yet, as long as there are some."""
        if not self._unused.get(kind):
            texts_of_kind = list(words.BY_KIND.get(kind, self.suggestions))
            self.chance.shuffle(texts_of_kind)
            self._unused[kind] = texts_of_kind
        return self._unused[kind].pop()


def _post(place: int, deputies: int) -> str:
    if place == 0:
        return Member.Post.SECRETARY
    return Member.Post.DEPUTY if place <= deputies else Member.Post.MEMBER

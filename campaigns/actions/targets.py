"""The targets of polls: made by the rules of the questionnaires, and kept in step with them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..models import Campaign, Commitment, Member, Organization, Poll, Questionnaire, Target, TargetKind
from ..models.columns import max_length
from ..plain_text import shortened
from .campaigns import editing
from .going import GoingRows
from .questionnaires import free_name

# The targets of so many polls are in memory at once.
POLLS_AT_ONCE = 1000
POSTS_OF_RULE: dict[str, set[str]] = {
    Questionnaire.TargetRule.ITS_SECRETARY: {Member.Post.SECRETARY},
    Questionnaire.TargetRule.ITS_CADRES: {Member.Post.SECRETARY, Member.Post.DEPUTY, Member.Post.CADRE},
}


def targets_of(poll: Poll, questionnaires: Iterable[Questionnaire], members: Iterable[Member]) -> list[Target]:
    """The targets, unsaved, that a poll gets by its questionnaires' rules.

    A member whom a questionnaire of their own covers (secretary, cadre) is not asked about again among the members.
    """
    questionnaires, members = list(questionnaires), list(members)
    covered = set()
    for questionnaire in questionnaires:
        covered |= POSTS_OF_RULE.get(questionnaire.target_rule, set())
    targets: list[Target] = []
    for questionnaire in questionnaires:
        for facts in _wanted(poll, questionnaire, members, covered):
            targets.append(
                Target(
                    poll=poll,
                    kind=questionnaire.target_kind,
                    questionnaire=questionnaire,
                    position=len(targets) + 1,
                    **facts,
                )
            )
    return targets


def _wanted(poll: Poll, questionnaire: Questionnaire, members: list[Member], covered: set[str]) -> list[dict]:
    """Name, organization and member of each target that one questionnaire asks for."""
    rule = questionnaire.target_rule
    if rule == Questionnaire.TargetRule.ORGANIZATION_ITSELF:
        return [{"name": poll.organization.name, "organization": poll.organization}]
    if rule == Questionnaire.TargetRule.MEMBERS_TOGETHER:
        return [{"name": questionnaire.target_name or "全体党员", "organization": poll.organization}]
    if rule in POSTS_OF_RULE:
        return [{"name": member.name, "member": member} for member in members if member.post in POSTS_OF_RULE[rule]]
    if rule == Questionnaire.TargetRule.ITS_MEMBERS:
        asked = [member for member in members if member.post not in covered]
        if questionnaire.grades_members:
            asked = [member for member in asked if member.status != Member.Status.PROBATIONARY]
        return [{"name": member.name, "member": member} for member in asked]
    if questionnaire.is_choice:
        return []  # its options are put on the ballot one by one
    return [{"name": questionnaire.target_name or questionnaire.title}]


def members_by_organization(
    organizations: Iterable[Organization], questionnaires: Iterable[Questionnaire]
) -> dict[int, list[Member]]:
    """The active members of some units whom the rules of some questionnaires may ask for, in the order of the roster."""
    posts = posts_asked_for(questionnaires)
    by_organization: dict[int, list[Member]] = {}
    if not posts:
        return by_organization
    keys = [organization.pk for organization in organizations]
    for member in Member.objects.active().filter(organization__in=keys, post__in=posts):
        by_organization.setdefault(member.organization_id, []).append(member)
    return by_organization


def posts_asked_for(questionnaires: Iterable[Questionnaire]) -> set[str]:
    """The posts of the members whom the rules ask for; a province has a million members, and most rules ask for none."""
    posts: set[str] = set()
    for questionnaire in questionnaires:
        if questionnaire.target_rule == Questionnaire.TargetRule.ITS_MEMBERS:
            return set(Member.Post.values)
        posts |= POSTS_OF_RULE.get(questionnaire.target_rule, set())
    return posts


@contextmanager
def targets_following(campaign: Campaign) -> Iterator[Campaign]:
    """Change questionnaires inside; the targets of every poll follow. Raises Frozen.

    Targets that the rules newly ask for are added, targets that they no longer ask for are removed. Whatever somebody
    added, renamed or removed by hand stays as it is, unless its questionnaire now asks about another kind.
    """
    with editing(campaign) as locked:
        before = _questionnaires(locked)
        yield locked
        after = _questionnaires(locked)
        if set(map(_asking, before)) == set(map(_asking, after)):
            return
        for questionnaire in after:
            other_kinds = [kind for kind in TargetKind.values if kind != questionnaire.target_kind]
            GoingRows(Target, {"questionnaire": questionnaire.pk, "kind__in": other_kinds}).delete()
        ranks = _ranks(after)
        before, after = _changed(before, after)
        for polls in _polls_in_lots(locked):
            members = members_by_organization([poll.organization for poll in polls], [*before, *after])
            was, wanted = (_asked_for(polls, asked, members) for asked in (before, after))
            _carry_over(polls, ranks, before=was, after=wanted)


def _questionnaires(campaign: Campaign) -> list[Questionnaire]:
    """The questionnaires as they are now, in the order of the ballot."""
    return list(campaign.questionnaires.select_related("scale"))


def _changed(
    before: list[Questionnaire], after: list[Questionnaire]
) -> tuple[list[Questionnaire], list[Questionnaire]]:
    """The questionnaires that ask for other targets than before; all of them where members are asked about beside others, for
    then the rules depend on one another.
    """
    if any(row.target_rule == Questionnaire.TargetRule.ITS_MEMBERS for row in (*before, *after)):
        return before, after
    same = set(map(_asking, before)) & set(map(_asking, after))
    before = [row for row in before if _asking(row) not in same]
    return before, [row for row in after if _asking(row) not in same]


def _asking(questionnaire: Questionnaire) -> tuple:
    """All of a questionnaire that decides which targets its rule asks for, and under which names."""
    rule = questionnaire.target_rule
    is_named = rule in (Questionnaire.TargetRule.A_DOCUMENT, Questionnaire.TargetRule.OPEN_QUESTION)
    name = questionnaire.target_name or (questionnaire.title if is_named else "")
    kind = questionnaire.target_kind
    return (questionnaire.pk, kind, rule, name, questionnaire.is_choice, questionnaire.grades_members)


def _polls_in_lots(campaign: Campaign) -> Iterator[list[Poll]]:
    """The polls with their units, so many at once as fit into memory with their targets and members."""
    keys = list(campaign.polls.order_by("path", "pk").values_list("pk", flat=True))
    for start in range(0, len(keys), POLLS_AT_ONCE):
        polls = Poll.objects.filter(pk__in=keys[start : start + POLLS_AT_ONCE])
        yield list(polls.select_related("organization").defer("form").order_by("path", "pk"))


def refresh_targets(campaign: Campaign) -> None:
    """Bring the targets of every poll in step with the rules and the roster as it is now; raises Frozen.

    Names changed by hand, documents and open questions stay, and so do people invited from organizations below.
    """
    with editing(campaign) as locked:
        questionnaires = _questionnaires(locked)
        ranks = _ranks(questionnaires)
        for polls in _polls_in_lots(locked):
            members = members_by_organization([poll.organization for poll in polls], questionnaires)
            after = _asked_for(polls, questionnaires, members)
            _carry_over(polls, ranks, before=_by_roster(polls), after=after, follow_names=False)


def _by_roster(polls: Sequence[Poll]) -> dict[int, dict]:
    """For each of some polls the targets that the roster decides about, as `_asked_for` has them."""
    by_poll: dict[int, dict] = {}
    targets = Target.objects.filter(poll__in=[poll.pk for poll in polls])
    for target in targets.select_related("poll__organization", "member__organization").defer("poll__form"):
        if _is_by_roster(target):
            by_poll.setdefault(target.poll_id, {})[_key(target)] = target
    return by_poll


def arrange_targets(poll: Poll, rows: Iterable[tuple[int, str]]) -> None:
    """Write one poll's targets as somebody arranged them: keys and names in order; the others are removed.

    A key that is gone by now is passed over. Raises Frozen.
    """
    with editing(poll.campaign, ballot_of=poll):
        targets = {target.pk: target for target in poll.targets.all()}
        kept = []
        for key, name in rows:
            if target := targets.pop(key, None):
                target.name = name
                kept.append(target)
        poll.targets.filter(pk__in=targets).delete()
        _numbered(kept)
        # By way of names that nobody has, so that two targets may exchange theirs.
        for target in kept:
            Target.objects.filter(pk=target.pk).exclude(name=target.name).update(name=f"#{target.pk}")
        Target.objects.bulk_update(kept, ["name", "position"], batch_size=200)


def add_target(target: Target) -> Target:
    """Put one more target at the end of its poll's ballot; raises Frozen."""
    with editing(target.poll.campaign, ballot_of=target.poll):
        target.position = target.poll.targets.count() + 1
        target.save()
        return target


def add_commitments(poll: Poll, questionnaire: Questionnaire, commitments: Iterable[Commitment]) -> int:
    """Put commitments to the vote (评诺), each a section of a questionnaire about documents, behind its others.

    A member's is named with the member. Commitments that are there already are passed over; returns how many were added.
    Raises Frozen.
    """
    with editing(poll.campaign, ballot_of=poll) as locked:
        ranks = _ranks(_questionnaires(locked))
        targets = list(poll.targets.order_by("position", "pk"))
        there = {row.commitment_id for row in targets if row.questionnaire_id == questionnaire.pk}
        added = [
            Target(
                poll=poll,
                kind=TargetKind.DOCUMENT,
                name=_ballot_name(commitment),
                commitment=commitment,
                questionnaire=questionnaire,
            )
            for commitment in commitments
            if commitment.pk not in there
        ]
        for target in added:
            _insert(targets, target, ranks)
        moved = [target for target in _numbered(targets) if target.pk]
        Target.objects.bulk_update(moved, ["position"], batch_size=200)
        Target.objects.bulk_create(added)
        return len(added)


def _ballot_name(commitment: Commitment) -> str:
    """The name of a commitment on the ballot; room is left for the number that tells two alike apart."""
    name = f"{commitment.member.name}：{commitment.content}" if commitment.member else commitment.content
    room = max_length(Target, "name") - len("（99）")
    return shortened(name, room)


def order_targets(campaign: Campaign) -> None:
    """Put the sections of every ballot in the order of the questionnaires; within one, their order stays."""
    with editing(campaign) as locked:
        ranks = _ranks(_questionnaires(locked))
        for polls in _polls_in_lots(locked):
            changed = [
                target
                for targets in _targets_by_poll(polls).values()
                for target in _numbered(sorted(targets, key=lambda target: ranks[target.questionnaire_id]))
            ]
            _write(changed, "position")


def _write(targets: Iterable[Target], name: str) -> None:
    """Write a column of targets: most ballots of a campaign are alike, so those that get the same are written together."""
    by_value: dict[Any, list[int]] = {}
    for target in targets:
        by_value.setdefault(getattr(target, name), []).append(target.pk)
    for value, keys in by_value.items():
        for start in range(0, len(keys), POLLS_AT_ONCE):
            Target.objects.filter(pk__in=keys[start : start + POLLS_AT_ONCE]).update(**{name: value})


def _asked_for(
    polls: Iterable[Poll], questionnaires: Sequence[Questionnaire], members: dict[int, list[Member]]
) -> dict[int, dict]:
    """For each poll what the rules ask for: key → unsaved target, in order."""
    return {
        poll.pk: {
            _key(target): target for target in targets_of(poll, questionnaires, members.get(poll.organization_id, []))
        }
        for poll in polls
    }


def _key(target: Target) -> tuple:
    """The thing that a target is about, whatever its name."""
    return (target.questionnaire_id, target.kind, target.organization_id, target.member_id, target.commitment_id)


def _is_by_roster(target: Target) -> bool:
    """Whether the roster decides about the target: not a document, a question or an active person from below."""
    if target.member is None:
        return target.organization_id is not None
    if not target.member.is_active:
        return True
    unit, home = target.poll.organization, target.member.organization
    return home.pk == unit.pk or not unit.contains(home)


def _targets_by_poll(polls: Iterable[Poll]) -> dict[int, list[Target]]:
    by_poll: dict[int, list[Target]] = {}
    keys = [poll.pk for poll in polls]
    for target in Target.objects.filter(poll__in=keys).order_by("poll", "position", "pk"):
        by_poll.setdefault(target.poll_id, []).append(target)
    return by_poll


def _ranks(questionnaires: Iterable[Questionnaire]) -> dict[int, int]:
    """The place of each questionnaire on the ballot."""
    return {questionnaire.pk: rank for rank, questionnaire in enumerate(questionnaires)}


def _carry_over(
    polls: Iterable[Poll], ranks: dict[int, int], *, before: dict, after: dict, follow_names: bool = True
) -> None:
    """Apply to the targets of each of some polls what changed between two sets of what the rules ask for."""
    present = _targets_by_poll(polls)
    removed: list[int] = []
    added: list[Target] = []
    moved: list[Target] = []
    all_renamed: list[Target] = []
    for poll_id, wanted in after.items():
        old, targets = before.get(poll_id, {}), present.get(poll_id, [])
        gone = [target for target in targets if _is_of_rule(target, old) and _key(target) not in wanted]
        removed += [target.pk for target in gone]
        targets = [target for target in targets if target not in gone]
        there = {_key(target) for target in targets}
        renamed = _rename(targets, old, wanted) if follow_names else set()
        new = [target for key, target in wanted.items() if key not in old and key not in there]
        for target in new:
            _insert(targets, target, ranks)
        added += new
        moved += [target for target in _numbered(targets) if target.pk]
        all_renamed += renamed
    if removed:
        GoingRows(Target, {"pk__in": removed}).delete()
    _write(moved, "position")
    _write(all_renamed, "name")
    Target.objects.bulk_create(added)


def _is_of_rule(target: Target, asked: dict) -> bool:
    """Whether a rule asked for the target; documents put in by hand have its key, and another name."""
    asked_for = asked.get(_key(target))
    return asked_for is not None and (target.kind != TargetKind.DOCUMENT or target.name == asked_for.name)


def _rename(targets: list[Target], old: dict, wanted: dict) -> set[Target]:
    """A name that came from the questionnaire follows it, one given by hand stays; returns the renamed ones."""
    renamed = set()
    for target in targets:
        key = _key(target)
        if key in old and target.name == old[key].name != wanted[key].name:
            target.name = _free_name_of(target, wanted[key].name, targets)
            renamed.add(target)
    return renamed


def _insert(targets: list[Target], target: Target, ranks: dict[int, int]) -> None:
    """Put a new target behind those of its own and earlier questionnaires, under a name that is free."""
    rank = ranks[target.questionnaire_id]
    before = [place for place, other in enumerate(targets, start=1) if ranks[other.questionnaire_id] <= rank]
    target.name = _free_name_of(target, target.name, targets)
    targets.insert(max(before, default=0), target)


def _free_name_of(target: Target, name: str, targets: list[Target]) -> str:
    return free_name(
        name, "{}（{}）", [other.name for other in targets if other.questionnaire_id == target.questionnaire_id]
    )


def _numbered(targets: list[Target]) -> list[Target]:
    """Number targets by their place; returns those whose number changed."""
    changed = [target for position, target in enumerate(targets, start=1) if target.position != position]
    for position, target in enumerate(targets, start=1):
        target.position = position
    return changed

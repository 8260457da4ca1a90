"""Deeds on 意见箱 and letters."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import Organization, Poll, Target
from campaigns.ways import Refusal, way_to

from ..gathering.actions import CannotGather, HeardOpinion, Source, record_opinion
from ..ledger.actions import register_problem
from ..models import Letter, Letterbox, OpinionReading, Problem


class BoxShut(Exception):
    """The box takes no letters now."""


class AlreadySent(Refusal):
    """The letter went where it was to go before; the message is for the user."""


def open_box(organization: Organization) -> Letterbox:
    """The unit's box, made where there is none, taking letters; its address stays."""
    box, _ = Letterbox.objects.update_or_create(organization=organization, defaults={"is_open": True})
    return box


def shut_box(organization: Organization) -> None:
    """Take no more letters; replies can still be read."""
    Letterbox.objects.filter(organization=organization).update(is_open=False)


def drop_letter(box: Letterbox, text: str, *, receipt: int) -> None:
    """Put a letter into the box; the same one sent twice is in it once. Raises BoxShut."""
    with transaction.atomic():
        if not Letterbox.objects.select_for_update().filter(pk=box.pk, is_open=True).exists():
            raise BoxShut
        try:
            with transaction.atomic():
                Letter.objects.create(letterbox=box, text=text, received_on=timezone.localdate(), receipt=receipt)
        except IntegrityError:
            if not Letter.objects.filter(letterbox=box, receipt=receipt).exists():
                raise


def reply_to(letter: Letter, reply: str, *, by) -> None:
    """Put a reply where the receipt code shows it, or take it back where it is empty."""
    facts = {"reply": reply, "replied_on": timezone.localdate() if reply else None, "replied_by": by if reply else None}
    Letter.objects.filter(pk=letter.pk).update(**facts)


def register_letter(letter: Letter, content: str, *, by) -> Problem:
    """Make a letter a problem of the unit's ledger, in a reader's words; raises AlreadySent."""
    with transaction.atomic():
        locked = Letter.objects.select_for_update(of=["self"]).get(pk=letter.pk)
        if locked.problem_id:
            raise AlreadySent(
                "这封信早已转入台账，没有重复登记。",
                way=way_to("整改台账", "reports:problem_detail", locked.problem_id),
            )
        if opinion := locked.opinion:
            raise AlreadySent(
                "这封信已经带入评议活动，请在那里的意见阅办中转入台账。",
                way=way_to("意见阅办", "reports:opinion_list", opinion.target.poll_id),
            )
        organization = letter.letterbox.organization
        problem = register_problem(organization, by=by, content=content, source=Problem.Source.OPINION)
        Letter.objects.filter(pk=letter.pk).update(problem=problem)
    return problem


def bring_into(letter: Letter, poll: Poll, target: Target, *, by) -> None:
    """Count a letter among the opinions of a poll, once; raises AlreadySent, CannotGather."""
    with transaction.atomic():
        locked = Letter.objects.select_for_update(of=["self"]).get(pk=letter.pk)
        if opinion := locked.opinion:
            way = way_to("意见阅办", "reports:opinion_list", opinion.target.poll_id)
            raise AlreadySent("这封信已经带入评议活动，没有重复登记。", way=way)
        if target.poll_id != poll.pk:
            raise CannotGather("评议对象不属于所选的评议活动。")
        heard = HeardOpinion(target, locked.text, Source.BOX, locked.received_on)
        origin = record_opinion(poll, heard, by=by)
        if locked.problem_id:
            # It is in the ledger already: the desk need not send it there again.
            OpinionReading.objects.create(opinion=origin.opinion, problem=locked.problem, read_by=by)
        Letter.objects.filter(pk=letter.pk).update(opinion=origin.opinion)

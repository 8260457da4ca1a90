"""Prepares meetings and what people send to them; runs with Django set up (`children.run_in_child`)."""

from urllib.parse import urlencode

from ballots import actions as ballot_actions
from ballots.models import Batch
from ballots.voting import codes, cookies
from campaigns import actions

from . import company

# Eight answers, as on the two sheets of the company.
MARKS = "11121111"


def open_meetings(url: str, meetings: int) -> dict:
    """Polls that take ballots, each with one batch of slips."""
    company.migrate()
    root = actions.add_organization(name="某公司党委", kind="committee")
    campaign = company.make_campaign(root, "群众评议")
    actions.make_polls(campaign, company.make_branches(root, meetings))
    ballot_actions.open_campaign(campaign, by=None)
    category = campaign.categories.last()
    batches = [
        ballot_actions.add_batch(poll, channel="meeting", category=category, method=Batch.Method.SLIPS)
        for poll in campaign.polls.all()
    ]
    return {"batches": [batch.pk for batch in batches]}


def slips(url: str, batches: list[int], count: int) -> dict:
    """Codes for people who walk the whole way, of each meeting as many."""
    share = -(-count // len(batches))
    made = [code for key in batches for code in codes.make_slips(Batch.objects.get(pk=key), share)]
    return {"codes": made[:count], "marks": MARKS}


def submissions(url: str, batches: list[int], count: int) -> dict:
    """So many submissions in all, ready to be sent, as a phone sends them after the review page."""
    share = -(-count // len(batches))
    ready = []
    for key in batches:
        for code in _codes(Batch.objects.get(pk=key), share):
            ticket = codes.exchange(code)
            body = {"ballot": ticket.fingerprint, "key": cookies.submission_key(ticket), "marks": MARKS}
            ready.append(post("/ballot/cast/", body, cookie=f"{cookies.TICKET}={ticket.dumps()}"))
    # Meeting by meeting in turn, so that all of them are busy at a time.
    return {"requests": [ready[place] for turn in range(share) for place in range(turn, len(ready), share)][:count]}


def _codes(batch: Batch, count: int) -> list[str]:
    """So many codes of a batch, more than are made at a time."""
    parts = range(0, count, codes.MAX_PRINTED)
    return [code for made in parts for code in codes.make_slips(batch, min(codes.MAX_PRINTED, count - made))]


def post(path: str, body: dict[str, str], *, cookie: str) -> str:
    content = urlencode(body)
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(content)}\r\n\r\n{content}"
    )

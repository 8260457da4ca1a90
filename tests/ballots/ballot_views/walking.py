"""A participant's way through the pages, as a browser without scripts walks it."""

import html
import re

from django.urls import reverse

from ballots.models import Ballot, Code, Opinion, Receipt

FILL, ANSWER, REVIEW, CAST, RECEIPT = (
    reverse(f"ballots:ballot_{name}") for name in ("fill", "answer", "review", "cast", "receipt")
)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def scan(client, code):
    return client.get(reverse("ballots:code_claim", args=[code]))


def hidden(response):
    """The hidden fields of a page, as a browser would send them."""
    return {name: html.unescape(value) for name, value in HIDDEN.findall(response.content.decode())}


def names_of(poll):
    """The names of the radio groups, and of the opinion boxes."""
    target = poll.targets.get()
    groups = [f"m{target.pk}-{indicator.pk}" for indicator in target.questionnaire.indicators.all()]
    return groups, f"o{target.pk}"


def review(client, poll, marks="12", **fields):
    """Fill the ballot in and go on to the review page, which is asked for by GET."""
    groups, _ = names_of(poll)
    chosen = {name: mark for name, mark in zip(groups, marks, strict=True) if mark != "-"}
    sent = client.post(ANSWER, {**hidden(client.get(FILL)), **chosen, **fields})
    return client.get(sent.url)


def seen(client, address, fields):
    """The page that a participant sees after sending something: another one, asked for by GET."""
    sent = client.post(address, fields)
    assert sent.status_code == 302
    return client.get(sent.url)


def count():
    return {model.__name__: model.objects.count() for model in (Ballot, Code, Receipt, Opinion)}

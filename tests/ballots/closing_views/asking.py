"""Addresses and words of the pages that run a poll, and the form that closes it."""

import re

from django.urls import reverse


def url(name, **kwargs):
    return reverse(f"ballots:{name}", kwargs=kwargs)


def text_of(response):
    return response.content.decode()


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def post_close(client, poll, attended="", **by_batch):
    sent = {"attended_count": attended, "confirmed": "yes"}
    for batch, numbers in by_batch.items():
        sent |= {f"batch-{batch.removeprefix('b')}-{name}": value for name, value in numbers.items()}
    return client.post(url("poll_close", poll_id=poll.pk), sent, follow=True)


def field_of(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]

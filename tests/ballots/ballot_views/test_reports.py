"""A report that is read before marking."""

import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from .walking import ANSWER, FILL, count, hidden, names_of, scan

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_report_is_read_before_marking_and_the_marks_are_kept(client, reported):
    poll, slip = reported
    groups, box = names_of(poll)
    scan(client, slip)
    page = client.get(FILL)
    before = count()

    asked = client.post(ANSWER, {**hidden(page), groups[0]: "2", box: "写到一半", "report": poll.targets.get().pk})
    report = client.get(asked.url).content.decode()
    back = client.get(FILL).content.decode()

    assert "先读报告：年度报告" in page.content.decode()
    assert "第一段<br>&lt;b&gt;第二段&lt;/b&gt;" in report and FILL in report and "不记录" in report
    assert re.findall(r'name="(m[\d-]+)" value="(\d)" checked', back) == [(groups[0], "2")]
    assert "写到一半" in back
    assert count() == before and not Session.objects.exists()


def test_opinions_that_the_browser_cannot_keep_are_not_lost_to_the_report(client, reported, monkeypatch):
    poll, slip = reported
    groups, box = names_of(poll)
    scan(client, slip)
    monkeypatch.setattr("ballots.voting.cookies.MOST_CHARACTERS", 100)
    monkeypatch.setattr(settings, "DRAFT_COOKIES", 1)

    fields = {**hidden(client.get(FILL)), groups[1]: "3", box: "很长的意见", "report": poll.targets.get().pk}
    page = client.post(ANSWER, fields).content.decode()

    assert "意见太长，离开本页保存不住。" in page and "很长的意见" in page
    assert re.findall(r'name="(m[\d-]+)" value="(\d)" checked', page) == [(groups[1], "3")]


def test_a_stranger_does_not_get_the_report(client, reported):
    poll, _ = reported
    address = reverse("ballots:ballot_report", args=[poll.targets.get().pk])

    assert client.get(address).status_code == 403
    assert client.get(f"{address}file/").status_code == 403


def test_a_report_of_another_poll_is_not_there(client, reported, poll, slip):
    other, _ = reported
    scan(client, slip)

    answers = [
        client.get(reverse("ballots:ballot_report", args=[key]))
        for key in (other.targets.get().pk, poll.targets.get().pk)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    refused = client.post(ANSWER, {**hidden(client.get(FILL)), "report": poll.targets.get().pk})
    assert refused.status_code == 400


def test_a_ballot_with_a_report_still_loads_four_files(client, reported):
    _, slip = reported
    scan(client, slip)

    page = client.get(FILL).content

    assert len(re.findall(rb'(?:href|src)="/static/([^"]+)"', page)) == 4

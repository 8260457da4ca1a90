"""The installation of docs/deploy.md, from signing in to the summary, through nginx."""

import io
import itertools
import zipfile

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from ballots.models import Batch
from ballots.voting import codes
from campaigns import actions
from campaigns.models import Campaign, Poll
from tests.factories import PASSWORD, make_campaign, make_organization, make_user

from .browsers import is_taken
from .deployment import Deployment
from .servers import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("engine", ["postgresql"], indirect=True)]
VOTERS = 6
SLOW = 30
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def deployment(engine, django_db_blocker):
    with django_db_blocker.unblock():
        deployment = Deployment(engine.create(f"deployed_{next(_numbers)}", template="template"))
        try:
            deployment.start()
            yield deployment
        finally:
            deployment.stop()


def prepare(deployment):
    """A campaign that waits to be opened, and its secretary."""
    with deployment.database():
        organization = make_organization()
        secretary = make_user("secretary", kind="secretary", organization=organization)
        secretary.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1)
        secretary.save()
        campaign = make_campaign(organization)
        actions.make_polls(campaign, [organization])
        return campaign.pk, campaign.polls.get().pk, campaign.categories.first().pk


def slips_of(deployment, poll_id):
    with deployment.database():
        batch = Batch.objects.get(poll=poll_id)
        return batch.pk, codes.make_slips(batch, VOTERS)


def test_from_signing_in_to_the_summary(deployment):
    campaign_id, poll_id, category_id = prepare(deployment)
    desk = deployment.desk().log_in("secretary", PASSWORD)

    opened = desk.post(f"/campaigns/{campaign_id}/open/", {})
    fields = {"channel": "meeting", "category": category_id, "method": "slips"}
    added = desk.post(f"/polls/{poll_id}/batches/add/", fields)
    batch_id, slips = slips_of(deployment, poll_id)
    sent = [deployment.phone().prepare(slip, "11").send() for slip in slips]
    closing = {"attended_count": "", f"batch-{batch_id}-issued": VOTERS, "confirmed": "yes"}
    closed = desk.post(f"/polls/{poll_id}/close/", closing)
    sealed = desk.post(f"/polls/{poll_id}/seal/", {})
    asked = desk.post(f"/campaigns/{campaign_id}/exports/", {"contents": "summary.pdf"})
    archive = f"{asked.location}archive.zip"
    wait_for(lambda: desk.get(archive).status == 200)

    assert (opened.location, added.location) == (f"/campaigns/{campaign_id}/", f"/batches/{batch_id}/slips/")
    assert all(map(is_taken, sent))
    assert (closed.location, sealed.location) == (f"/polls/{poll_id}/", f"/polls/{poll_id}/")
    with zipfile.ZipFile(io.BytesIO(desk.get(archive).content)) as files:
        (name,) = files.namelist()
        assert name.endswith("小结.pdf")
        assert files.read(name).startswith(b"%PDF")
    with deployment.database():
        assert Campaign.objects.get().polls.get().state == Poll.State.SEALED
    # Who voted, and with which code, is in no log of the server in front.
    assert {*deployment.nginx_logs().values()} == {""}


def test_slow_clients_wait_with_nginx_and_hold_nobody(deployment):
    head = f"POST /ballot/answer/ HTTP/1.1\r\nHost: {deployment.site}\r\nContent-Length: 5000\r\n\r\nballot="
    slow = [deployment.encrypted() for _ in range(SLOW)]
    try:
        for connection in slow:
            connection.sendall(head.encode())

        answers = [deployment.phone().get("/v/").status for _ in range(5)]
        # The last of those that were answered may still be there.
        behind = deployment.connections_behind()
    finally:
        for connection in slow:
            connection.close()

    assert answers == [200] * 5
    assert behind < SLOW // 2


def test_a_body_that_is_too_large_is_refused_in_chinese_by_the_page_and_by_nginx(deployment):
    beyond_page = deployment.phone().post("/ballot/answer/", {"ballot": "x" * 300_000})
    with deployment.encrypted() as connection:
        head = (
            f"POST /login/ HTTP/1.1\r\nHost: {deployment.site}\r\nContent-Length: 50000000\r\nConnection: close\r\n\r\n"
        )
        connection.sendall(head.encode())
        beyond_nginx = connection.makefile("rb").read().decode()

    assert beyond_page.status == 413
    assert "256.0" in beyond_page.text and "没有收下" in beyond_page.text
    assert beyond_nginx.startswith("HTTP/1.1 413")
    assert "发来的内容超过32 MB，没有收下" in beyond_nginx


def test_the_figures_are_for_programs_on_the_machine_and_not_for_visitors(deployment):
    through_nginx = [deployment.browser().get(path).status for path in ("/metrics", "/metrics?x", "//metrics")]

    assert deployment.ask_backend("/metrics") == 200
    assert through_nginx == [404, 404, 404]
    # Even where the site forgot to refuse them.
    assert deployment.ask_backend("/metrics", **{"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"}) == 404


@pytest.mark.parametrize("host", ["evil.example", None])
def test_what_a_visitor_writes_of_the_way_is_not_believed(deployment, host):
    with deployment.encrypted() as connection:
        forged = "X-Forwarded-Host: evil.example\r\nX-Forwarded-For: 10.9.9.9\r\nConnection: close\r\n\r\n"
        connection.sendall(f"GET /campaigns/ HTTP/1.1\r\nHost: {host or deployment.site}\r\n{forged}".encode())
        answer = connection.makefile("rb").read().decode()

    to_login, to_site = "location: /login/?next=/campaigns/", "location: https://localhost/campaigns/"
    assert (to_site if host else to_login) in answer.lower()
    assert "evil.example" not in answer
    assert answer.lower().count("strict-transport-security:") == (0 if host else 1)

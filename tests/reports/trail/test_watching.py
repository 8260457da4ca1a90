"""The middleware writes sign-ins, deeds, refusals and looks, and of participants nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from ballots.models import Batch, Receipt
from ballots.voting import casting, codes
from campaigns.accounts import second_factor
from campaigns.accounts.sessions import CONFIRMED
from campaigns.models import BegunDeed, Campaign, TrailEntry
from campaigns.views.second_factor import DEVICE
from reports.trail import watching
from reports.trail.chain import faults
from tests.factories import (
    PASSWORD,
    make_batch,
    make_cast,
    make_member,
    make_open_poll,
    make_organization,
    make_problem,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_cast(make_organization())


def rows():
    return list(TrailEntry.objects.order_by("number").values_list("account", "deed", "result"))


def sign_in(client, username, password):
    return client.post(reverse("login"), {"username": username, "password": password}, REMOTE_ADDR="10.1.2.3")


def test_signing_in_and_out_and_a_wrong_password_are_written_with_the_address(client, people):
    sign_in(client, "secretary", "wrong")
    sign_in(client, "secretary", PASSWORD)
    client.post(reverse("logout"))

    assert rows() == [
        ("secretary", "sign_in", "refused"),
        ("secretary", "sign_in", "done"),
        ("secretary", "sign_out", "done"),
    ]
    entry = TrailEntry.objects.get(number=1)
    assert (entry.user, entry.address, entry.role, entry.object_kind) == (people.secretary, "10.1.2.3", "党务干事", "")
    assert list(faults()) == []


def test_a_sign_in_is_done_once_the_code_was_right_and_the_password_alone_is_none(client, people):
    secret = second_factor.new_secret()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        second_factor.add_factor(people.secretary, secret, code_of(secret))
        clock.shift(second_factor.STEP_SECONDS * 3)

        sign_in(client, "secretary", PASSWORD)
        before = rows()
        client.post(reverse("second_code"), {"code": "000000"}, REMOTE_ADDR="10.1.2.3")
        client.post(reverse("second_code"), {"code": code_of(secret)}, REMOTE_ADDR="10.1.2.3")

    assert before == []
    assert rows() == [("secretary", "sign_in", "refused"), ("secretary", "sign_in", "done")]
    assert {entry.address for entry in TrailEntry.objects.all()} == {"10.1.2.3"}


def test_a_code_without_a_password_leaves_no_row(client, people):
    client.post(reverse("second_code"), {"code": "000000"})

    assert rows() == []


def test_a_device_that_is_added_is_told_from_a_wrong_code(client, people):
    client.force_login(people.secretary)
    page = reverse("campaigns:second_factor_add")
    client.get(page)
    secret = second_factor.unlock_secret(client.session[DEVICE])

    client.post(page, {"code": "000000"})
    client.post(page, {"code": code_of(secret)})

    assert rows() == [("secretary", "second_factor", "refused"), ("secretary", "second_factor", "done")]


def test_a_token_that_is_made_is_told_from_a_form_with_errors(client, people):
    client.force_login(people.secretary)
    page = reverse("reports:token_list", args=[people.organization.pk])

    client.post(page, {"name": ""})
    client.post(page, {"name": "门户网站", "expires_on": timezone.localdate() + timedelta(days=30)})

    assert rows() == [("secretary", "token", "refused"), ("secretary", "token", "done")]


def test_a_grave_deed_waits_for_the_password_and_is_refused_with_a_wrong_one(client, people):
    client.force_login(people.administrator)
    session = client.session
    session[CONFIRMED] = 1
    session.save()
    page = reverse("campaigns:account_password", args=[people.teller.pk])

    asked = client.post(page, {})
    before = rows()
    client.post(page, {"carried": asked.context["carried"], "password": "wrong"})

    assert before == []
    assert rows() == [("administrator", "password", "refused")]


def code_of(secret):
    return second_factor.code_at(secret, second_factor.present_step())


def test_a_name_that_is_no_accounts_is_not_written_as_it_may_be_a_password(client, people):
    sign_in(client, "my-own-password", "x")

    assert rows() == []


def test_a_deed_names_the_unit_the_role_and_the_thing_and_none_of_the_words(client, people):
    client.force_login(people.secretary)
    problem = make_problem(people.organization)

    client.post(reverse("reports:note_add", args=[problem.pk]), {"text": "机密的话", "on": "2026-01-05"})

    entry = TrailEntry.objects.get()
    assert (entry.role, entry.unit, entry.place) == ("党务干事", people.organization.name, people.organization.path)
    assert (entry.object_kind, entry.object_key) == ("问题", str(problem.pk))
    assert not any("机密" in str(getattr(entry, field.attname)) for field in TrailEntry._meta.concrete_fields)


def test_a_thing_that_is_made_is_named_and_one_that_is_deleted_still_is(client, people):
    client.force_login(people.secretary)
    branch = make_organization("第一党支部", parent=people.organization, kind="branch")

    client.post(reverse("campaigns:organization_delete", args=[branch.pk]))
    client.post(
        reverse("campaigns:organization_add") + f"?below={people.organization.pk}",
        {"name": "第二党支部", "kind": "branch"},
    )

    assert TrailEntry.objects.get(number=1).object_name == "第一党支部"
    made = TrailEntry.objects.get(number=2)
    assert (made.object_kind, made.result, made.unit) == ("党组织", "done", people.organization.name)


def test_a_form_with_errors_a_refusal_and_a_foreign_thing_are_refused(client, people):
    client.force_login(people.secretary)
    poll = make_open_poll(people.organization)
    foreign = make_open_poll(make_organization("别处党委"))

    client.post(reverse("campaigns:member_add", args=[people.organization.pk]), {"name": ""})
    client.post(reverse("ballots:rehearsal_start", args=[poll.pk]))
    client.post(reverse("ballots:poll_close", args=[foreign.pk]))

    assert rows() == [
        ("secretary", "roster", "refused"),
        ("secretary", "rehearsal", "refused"),
        ("secretary", "close", "refused"),
    ]
    assert TrailEntry.objects.get(number=3).unit == "别处党委"


def test_a_deed_that_fails_is_written_as_failed(client, people, monkeypatch):
    client.force_login(people.secretary)
    client.raise_request_exception = False
    monkeypatch.setattr(Campaign, "full_clean", lambda *arguments, **words: 1 / 0)

    client.post(reverse("campaigns:campaign_add"), {"title": "x"})

    assert rows() == [("secretary", "campaign", "failed")]


def test_participants_leave_no_row_even_where_somebody_is_signed_in(client, people):
    client.force_login(people.secretary)

    client.post(reverse("ballots:code_enter"), {"code": "AAAAA-AAAAA"})
    client.post(reverse("ballots:ballot_cast"), {"key": "x"})

    assert rows() == []


def test_no_ballot_code_receipt_member_or_participants_address_is_in_any_row(client, people):
    poll = make_open_poll(people.organization)
    batch = make_batch(poll)
    cast, returned = codes.make_slips(batch, 2)
    member = make_member(people.organization, "欧阳某某")
    phone = Client(REMOTE_ADDR="10.9.9.9")
    client.force_login(people.secretary)

    phone.post(reverse("ballots:code_enter"), {"code": cast})
    casting.cast(ticket=codes.exchange(cast), key="key", marks="11", opinions=[])
    client.post(reverse("ballots:slip_withdraw", args=[batch.pk]), {"code": returned})
    client.post(reverse("campaigns:member_edit", args=[member.pk]), {"name": "欧阳某某", "note": "备注"})
    client.post(reverse("campaigns:member_deactivate", args=[member.pk]))

    columns = [
        str(getattr(entry, field.attname))
        for entry in TrailEntry.objects.all()
        for field in TrailEntry._meta.concrete_fields
    ]
    receipts = [str(receipt) for receipt in Receipt.objects.values_list("digest", flat=True)]
    assert [row[1] for row in rows()] == ["slips", "roster", "roster"]
    assert receipts
    for secret in (cast, returned, cast.replace("-", ""), returned.replace("-", ""), "欧阳", "10.9.9.9", *receipts):
        assert not any(secret in column for column in columns)
    assert {entry.object_key for entry in TrailEntry.objects.filter(object_kind="党员")} == {""}


def test_a_download_without_its_row_is_not_given(client, people, monkeypatch):
    client.force_login(people.secretary)
    client.raise_request_exception = False
    monkeypatch.setattr(watching, "write_entry", refuse_to_write)

    assert client.get(reverse("reports:ledger_workbook")).status_code == 500


def test_a_deed_whose_end_cannot_be_written_stands_as_begun_and_the_log_says_so(client, people, monkeypatch, caplog):
    client.force_login(people.secretary)
    poll = make_open_poll(people.organization)
    batch = make_batch(poll, method="screen")
    codes.admit(batch, 1)
    monkeypatch.setattr(watching, "end_deed", refuse_to_write)

    response = client.post(reverse("ballots:door_shut", args=[batch.pk]))

    assert response.status_code == 302
    assert not Batch.objects.get(pk=batch.pk).is_door_open
    assert "No row in the trail of how ballots:door_shut ended" in caplog.text
    begun = BegunDeed.objects.get()
    assert (begun.account, begun.role, begun.deed, begun.object_key) == ("secretary", "党务干事", "door", str(batch.pk))


def test_a_deed_that_cannot_be_written_as_begun_is_not_done(client, people, monkeypatch):
    client.force_login(people.secretary)
    client.raise_request_exception = False
    batch = make_batch(make_open_poll(people.organization), method="screen")
    codes.admit(batch, 1)
    monkeypatch.setattr(watching, "begin_deed", refuse_to_write)

    response = client.post(reverse("ballots:door_shut", args=[batch.pk]))

    assert response.status_code == 500
    assert Batch.objects.get(pk=batch.pk).is_door_open


def test_without_its_row_a_sign_in_lets_nobody_in(client, people, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr(watching, "write_entry", refuse_to_write)

    sign_in(client, "secretary", PASSWORD)

    assert client.get(reverse("reports:home")).status_code == 302


def test_a_deed_that_met_a_held_database_is_written_as_failed_for_a_part_may_be_done(client, people, monkeypatch):
    client.force_login(people.secretary)
    poll = make_open_poll(people.organization)
    page = HttpResponse(status=503)
    request = RequestFactory().post("/")
    request.user, request.resolver_match = people.secretary, resolve(reverse("ballots:poll_close", args=[poll.pk]))
    watch = watching.KeepTrail(lambda request: page)
    watch.process_view(request, lambda: None, (), {"poll_id": poll.pk})

    assert watch(request) is page
    assert rows() == [("secretary", "close", "failed")]


def test_nothing_is_left_of_what_was_begun_and_ended(client, people):
    client.force_login(people.administrator)
    session = client.session
    session[CONFIRMED] = 1
    session.save()

    # The first waits for the password, the second is refused, the last is done.
    client.post(reverse("campaigns:account_password", args=[people.teller.pk]), {})
    client.post(reverse("campaigns:organization_delete", args=[people.organization.pk]))
    client.post(reverse("logout"))

    assert [row[1] for row in rows()] == ["roster", "sign_out"]
    assert not BegunDeed.objects.exists()


def refuse_to_write(*begun, **facts):
    raise DatabaseError

"""Words of a long form: kept while they are typed, found again, forgotten once the form is saved."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from campaigns.models import Commitment, UnsavedText
from campaigns.unsaved import MARK, MOST_ADDRESS, MOST_CHARACTERS, MOST_FIELDS, address_of_form, words_of
from tests.factories import make_member, make_organization, make_user

pytestmark = pytest.mark.database
KEEP = "/unsaved/"


@pytest.fixture
def unit(db):
    return make_organization()


@pytest.fixture
def user(unit):
    return make_user("secretary", kind="secretary", organization=unit)


@pytest.fixture
def desk(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def form(unit):
    return reverse("campaigns:commitment_add", args=[unit.pk])


def keep(desk, form, **words):
    return desk.post(KEEP, {"form": form, "words": json.dumps(words)})


def commitment(**more):
    first = {"kind": Commitment.Kind.values[0], "status": Commitment.Status.values[0]}
    return {**first, "content": "每月走访联系户一次", "due_on": "2026-12-31", **more}


def test_kept_words_are_found_again_with_their_time(desk, form):
    assert keep(desk, form, content="每月走访").status_code == 204

    found_again = desk.get(KEEP, {"form": form}).json()

    assert found_again["words"] == {"content": "每月走访"}
    assert "年" in found_again["kept_at"]


def test_nobody_else_finds_them(desk, client, form):
    keep(desk, form, content="每月走访")
    client.force_login(make_user("reader"))

    assert client.get(KEEP, {"form": form}).json() == {}


def test_no_words_forget_those_that_were_kept(desk, form):
    keep(desk, form, content="每月走访")

    keep(desk, form)

    assert not UnsavedText.objects.exists()


def test_saving_the_form_forgets_them(desk, form, user):
    keep(desk, form, content="每月走访联系户一次")
    UnsavedText.objects.keep(user, "/problems/add/", {"cause": "另一张表单"})

    assert desk.post(form, commitment(**{MARK: "1"})).status_code == 302

    assert [kept.form for kept in UnsavedText.objects.all()] == ["/problems/add/"]


def test_a_form_with_a_mistake_keeps_them(desk, form):
    keep(desk, form, content="每月走访")

    assert desk.post(form, commitment(content="", **{MARK: "1"})).status_code == 200

    assert UnsavedText.objects.exists()


def test_a_form_sent_without_a_session_keeps_them(desk, form):
    keep(desk, form, content="每月走访")
    desk.logout()

    assert desk.post(form, commitment(**{MARK: "1"})).status_code == 302

    assert UnsavedText.objects.exists()


def test_a_deed_that_is_refused_on_the_next_page_keeps_them(desk, unit, user):
    """A unit that has members is not deleted: its page says so."""
    branch = make_organization("机关支部", parent=unit)
    make_member(branch)
    form = reverse("campaigns:organization_delete", args=[branch.pk])
    keep(desk, form, reason="并入")

    answer = desk.post(form, {MARK: "1"}, follow=True)

    assert "alert-danger" in answer.content.decode()
    assert UnsavedText.objects.exists()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "没有这样的表单"),
        ("/nowhere/", "没有这样的表单"),
        ("/unsaved/?" + "x" * MOST_ADDRESS, f"不能超过{MOST_ADDRESS}"),
    ],
)
def test_only_forms_of_this_site_have_words(address, told):
    with pytest.raises(ValidationError, match=told):
        address_of_form(address)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "没有完整送到"),
        ("{", "没有完整送到"),
        ("[]", "栏目：文字"),
        ('{"cause": 3}', "栏目：文字"),
        (json.dumps({"cause": "长" * (MOST_CHARACTERS + 1)}), f"{MOST_CHARACTERS}字"),
        (json.dumps({str(number): "" for number in range(MOST_FIELDS + 1)}), f"{MOST_FIELDS}栏"),
    ],
)
def test_words_that_no_form_has_are_refused(text, told):
    with pytest.raises(ValidationError, match=told):
        words_of(text)


def test_a_refusal_is_told_and_nothing_is_kept(desk):
    answer = desk.post(KEEP, {"form": "/nowhere/", "words": "{}"})

    assert answer.status_code == 400
    assert "没有这样的表单" in answer.json()["error"]
    assert not UnsavedText.objects.exists()

"""Rows beside a user: the history of the account and wrong tries at it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from campaigns.models import AccountDeed, SignInTries
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_deed_is_one_of_those_that_are_known():
    deed = AccountDeed(account=make_user(), kind="forgotten")

    with pytest.raises(ValidationError, match="没有这种账号事项"):
        deed.validate_constraints()
    with pytest.raises(IntegrityError, match="account_deed_kind_known"), transaction.atomic():
        deed.save()


def test_an_account_with_a_history_is_not_deleted():
    account = make_user()
    AccountDeed.objects.create(account=account, kind="opened")

    with pytest.raises(ProtectedError):
        account.delete()


def test_each_account_and_address_is_counted_once():
    SignInTries.objects.create(key="address 10.0.0.1")

    with pytest.raises(IntegrityError), transaction.atomic():
        SignInTries.objects.create(key="address 10.0.0.1")
    assert str(SignInTries.objects.get()) == "address 10.0.0.1：0"

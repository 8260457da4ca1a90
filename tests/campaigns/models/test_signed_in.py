"""A session stands in the list once."""

import pytest
from django.db import IntegrityError, transaction

from campaigns.models import SignedIn
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_session_is_one_account_s_and_listed_once():
    owner, other = make_user("owner"), make_user("other")
    SignedIn.objects.create(user=owner, session_key="abc", browser="Firefox")

    with pytest.raises(IntegrityError), transaction.atomic():
        SignedIn.objects.create(user=other, session_key="abc")

    assert [str(row) for row in SignedIn.objects.of(owner)] == ["owner Firefox"]
    assert not SignedIn.objects.of(other).exists()

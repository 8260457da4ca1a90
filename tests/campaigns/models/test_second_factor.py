"""A device goes with its account, and its recovery codes with the device."""

import pytest

from campaigns.models import RecoveryCode, SecondFactor
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_recovery_codes_go_with_their_device_and_it_with_its_account():
    owner = make_user("owner")
    for user in (owner, make_user("other")):
        factor = SecondFactor.objects.create(user=user, locked_secret="…")
        RecoveryCode.objects.create(factor=factor, sha256="a" * 64)

    owner.delete()

    assert [str(code) for code in RecoveryCode.objects.all()] == ["other"]

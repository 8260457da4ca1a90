"""Locks of the secret key and of the keys before it."""

import pytest
from cryptography.fernet import InvalidToken

from pingyi.keys import lock_for


def test_a_lock_opens_what_was_locked_under_the_key_before(settings):
    value = lock_for("a purpose").encrypt(b"words")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]

    assert lock_for("a purpose").decrypt(value) == b"words"


@pytest.mark.parametrize("purpose", ["a purpose", "another purpose"])
def test_neither_another_key_nor_another_purpose_opens_it(settings, purpose):
    value = lock_for("a purpose").encrypt(b"words")
    if purpose == "a purpose":
        settings.SECRET_KEY = "another key"

    with pytest.raises(InvalidToken):
        lock_for(purpose).decrypt(value)

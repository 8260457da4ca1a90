"""Locks and signatures of the secret key and of the keys before it."""

import hashlib
import hmac

import pytest
from cryptography.fernet import InvalidToken
from django.core import signing

from pingyi.keys import is_signed, lock_for, mac, signer_for

VALUE = [["12345678", 12, "评议"], None]


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


def test_a_kept_signer_signs_and_reads_what_djangos_own_does():
    own = signer_for("a purpose").sign_object(VALUE)
    djangos = signing.dumps(VALUE, salt="a purpose")

    assert signing.loads(own, salt="a purpose") == VALUE
    assert signer_for("a purpose").unsign_object(djangos) == VALUE


def test_a_kept_signer_reads_what_was_signed_under_the_key_before_and_signs_with_the_new_one(settings):
    before = signer_for("a purpose").sign_object(VALUE)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]

    assert signer_for("a purpose").unsign_object(before) == VALUE
    assert signing.loads(signer_for("a purpose").sign_object(VALUE), key="a new key", salt="a purpose") == VALUE


@pytest.mark.parametrize("change", ["key", "purpose", "text"])
def test_a_kept_signer_refuses_another_key_another_purpose_and_another_text(change, settings):
    signed = signer_for("a purpose").sign_object(VALUE)
    if change == "key":
        settings.SECRET_KEY = "another key"
    read_with = signer_for("another purpose" if change == "purpose" else "a purpose")

    with pytest.raises(signing.BadSignature):
        read_with.unsign_object(f"{'A' if change == 'text' else ''}{signed}")


def test_a_kept_signer_refuses_what_is_too_old():
    signed = signer_for("a purpose").sign_object(VALUE)

    with pytest.raises(signing.SignatureExpired):
        signer_for("a purpose").unsign_object(signed, max_age=-1)


def test_a_mac_is_the_same_for_the_first_text_of_a_key_and_for_those_after():
    for text in ("words", "评议", "words"):
        assert mac("a key", text) == hmac.digest(b"a key", text.encode(), hashlib.sha256)


def test_what_djangos_signer_signed_is_known_under_the_key_before_too(settings):
    signed = signing.Signer(salt="a purpose").sign("words:评议")
    assert is_signed(signed, purpose="a purpose")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]
    assert is_signed(signed, purpose="a purpose")

    settings.SECRET_KEY_FALLBACKS = []
    assert not is_signed(signed, purpose="a purpose")


@pytest.mark.parametrize("change", ["purpose", "text", "no signature", "nothing"])
def test_what_was_not_signed_for_the_purpose_is_not_known(change):
    signed = signing.Signer(salt="a purpose").sign("words")
    given = {"purpose": signed, "text": f"A{signed}", "no signature": signed.partition(":")[2], "nothing": ""}[change]

    assert not is_signed(given, purpose="another purpose" if change == "purpose" else "a purpose")

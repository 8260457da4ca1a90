"""Locks made of the secret key: what is locked under an older key opens while that key is among the fallbacks."""

import base64

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def lock_for(purpose: str) -> MultiFernet:
    """A lock for one purpose: it locks with the present secret key and opens with each that counts."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([_fernet(purpose, key) for key in keys])


def _fernet(purpose: str, key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(salted_hmac(purpose, "key", secret=key, algorithm="sha256").digest()))

"""Locks and signatures made with the secret key: those of an older key count while it is among the fallbacks."""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.signing import TimestampSigner, b64_encode
from django.utils.crypto import salted_hmac


def lock_for(purpose: str) -> MultiFernet:
    """A lock for one purpose: it locks with the present secret key and opens with each that counts."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([_fernet(purpose, key) for key in keys])


def _fernet(purpose: str, key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(salted_hmac(purpose, "key", secret=key, algorithm="sha256").digest()))


class KeptSigner(TimestampSigner):
    """Django's signer of a purpose, for many signatures: the purpose's keys are made of the secret ones once."""

    def __init__(self, **given):
        super().__init__(**given)
        self._keys = {
            key: hashlib.sha256(f"{self.salt}signer{key}".encode()).digest() for key in (self.key, *self.fallback_keys)
        }

    def signature(self, value, key=None):
        return b64_encode(hmac.digest(self._keys[key or self.key], value.encode(), "sha256")).decode()


def signer_for(purpose: str) -> KeptSigner:
    """The signer of a purpose with the keys that the settings have now. It signs and reads what `django.core.signing` does."""
    return _signer(purpose, settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=32)
def _signer(purpose: str, key: str, fallbacks: tuple[str, ...]) -> KeptSigner:
    return KeptSigner(key=key, fallback_keys=fallbacks, salt=purpose)

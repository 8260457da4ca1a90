"""Locks and signatures made with the secret key: those of an older key count while it is among the fallbacks."""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.signing import TimestampSigner, b64_encode
from django.utils.crypto import constant_time_compare, salted_hmac


def lock_for(purpose: str) -> MultiFernet:
    """A lock for one purpose: it locks with the present secret key and opens with each that counts."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([_fernet(purpose, key) for key in keys])


def _fernet(purpose: str, key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(salted_hmac(purpose, "key", secret=key, algorithm="sha256").digest()))


def mac(key: str, text: str) -> bytes:
    """The HMAC-SHA256 of a text. OpenSSL looks its own function up once for each key, which takes longer than running it."""
    own = _begun(key).copy()
    own.update(text.encode())
    return own.digest()


@lru_cache(maxsize=32)
def _begun(key: str) -> hmac.HMAC:
    return _begun_with(key.encode())


def _begun_with(key: bytes) -> hmac.HMAC:
    return hmac.new(key, digestmod="sha256")


class KeptSigner(TimestampSigner):
    """Django's signer of a purpose, for many signatures: the purpose's keys are made of the secret ones once."""

    def __init__(self, **given):
        super().__init__(**given)
        self._begun = {key: _begun_with(_signing_key(self.salt, key)) for key in (self.key, *self.fallback_keys)}

    def signature(self, value, key=None):
        return _signature(self._begun[key or self.key].copy(), value)


def _signing_key(purpose: str, key: str) -> bytes:
    """The key that `django.core.signing` makes of a secret key."""
    return hashlib.sha256(f"{purpose}signer{key}".encode()).digest()


def is_signed(signed: str, *, purpose: str) -> bool:
    """Whether `django.core.signing.Signer` signed a text for a purpose that is not asked about again."""
    text, colon, signature = signed.rpartition(":")
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS) if colon else ()
    return any(
        constant_time_compare(signature, _signature(_begun_with(_signing_key(purpose, key)), text)) for key in keys
    )


def _signature(begun: hmac.HMAC, text: str) -> str:
    begun.update(text.encode())
    return b64_encode(begun.digest()).decode()


def signer_for(purpose: str) -> KeptSigner:
    """The signer of a purpose with the keys that the settings have now. It signs and reads what `django.core.signing` does."""
    return _signer(purpose, settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=32)
def _signer(purpose: str, key: str, fallbacks: tuple[str, ...]) -> KeptSigner:
    return KeptSigner(key=key, fallback_keys=fallbacks, salt=purpose)

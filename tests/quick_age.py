"""A passphrase's lock of the age format made with a hundredth of the work, as passwords are digested with MD5 here.

age takes a second of work for each file, so that nobody guesses; a hundred tests make and open backups.
"""

import base64
import hashlib
import hmac
import os

import pyrage
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# A power of two; age's own takes 18 and more.
WORK = 10
VERSION = "age-encryption.org/v1"
# The format cuts what is longer into pieces; a key is short.
LONGEST = 64 * 1024
slow_encrypt = pyrage.passphrase.encrypt


def encrypt(content: bytes, passphrase: str) -> bytes:
    """The content as an age file that the passphrase opens."""
    assert len(content) < LONGEST
    file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    facts = {"salt": f"{VERSION}/scrypt".encode() + salt, "n": 2**WORK, "r": 8, "p": 1, "dklen": 32}
    wrapped = ChaCha20Poly1305(hashlib.scrypt(passphrase.encode(), **facts)).encrypt(bytes(12), file_key, None)
    header = f"{VERSION}\n-> scrypt {_text(salt)} {WORK}\n{_text(wrapped)}\n---"
    seal = hmac.digest(_key(file_key, b"", b"header"), header.encode(), "sha256")
    body = ChaCha20Poly1305(_key(file_key, nonce, b"payload")).encrypt(bytes(11) + b"\x01", content, None)
    return f"{header} {_text(seal)}\n".encode() + nonce + body


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode().rstrip("=")


def _key(file_key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose).derive(file_key)

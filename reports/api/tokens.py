"""Tokens of the API: 256 random bits that are shown once; the digest lets nobody in."""

import hashlib
import secrets
from datetime import date

from django.contrib.auth.models import User

from campaigns.accounts.giving import has_real_administrator, standing_of
from campaigns.models import Organization
from campaigns.permissions import can_keep_tokens

from ..models import ApiToken

# It can be told from other secrets where somebody finds it.
PREFIX = "pingyi_"


def make_token(organization: Organization, *, name: str, expires_on: date, by: User) -> str:
    """The secret of a new token, which nobody can read again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        organization=organization, name=name, expires_on=expires_on, made_by=by, digest=_digest_of(secret)
    )
    return secret


def token_with(secret: str, *, today: date) -> ApiToken | None:
    """The token with this secret; None where it is unknown, revoked or over, or its maker may not read any more."""
    tokens = ApiToken.objects.live(today).select_related("organization", "made_by")
    token = tokens.filter(digest=_digest_of(secret)).first()
    return token if token and _maker_may_read(token) else None


def note_use(token: ApiToken, *, today: date) -> None:
    """Keep the day of the latest use, and write only on the first of a day."""
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)


def _maker_may_read(token: ApiToken) -> bool:
    maker = token.made_by
    if not (maker.is_active and can_keep_tokens(maker, token.organization)):
        return False
    return not (standing_of(maker).is_demo and has_real_administrator())


def _digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

"""The chain of the trail: each row's digest covers the row and the digest before it, so that a change or a gap shows."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from campaigns.models import BegunDeed, TrailArchive, TrailEntry
from campaigns.models.trail import TrailQuerySet
from campaigns.plain_text import shortened

from .objects import ThingInTrail

# Of PostgreSQL's advisory locks: one writer at a time. SQLite's transactions queue by themselves.
LOCK = 0x7472_6169_6C
ROWS_AT_ONCE = 2000
TEXTS = ("account", "role", "unit", "object_key", "object_name", "reason")


@dataclass(frozen=True)
class ChainEnd:
    """The last row, whether it is still there or in an archive."""

    number: int
    digest: str


@dataclass(frozen=True)
class TrailFault:
    """A row at which the chain does not hold."""

    number: int
    sentence: str


def write_entry(
    *,
    user: User | None,
    account: str,
    role: str,
    address: str,
    deed: str,
    route: str,
    thing: ThingInTrail,
    result: str,
    reason: str = "",
    at: datetime | None = None,
) -> TrailEntry:
    """Write a row at the end of the chain: the one place that writes any."""
    entry = TrailEntry(
        at=at or timezone.now(),
        user=user,
        account=account,
        role=role,
        place=thing.place,
        unit=thing.unit,
        address=address,
        deed=deed,
        route=route,
        object_kind=thing.kind,
        object_key=thing.key,
        object_name=thing.name,
        result=result,
        reason=reason,
    )
    fit(entry)
    with transaction.atomic():
        hold_chain()
        end = chain_end()
        entry.number, entry.before = end.number + 1, end.digest
        entry.digest = entry_digest(entry)
        entry.save(force_insert=True)
    return entry


def fit(row: TrailEntry | BegunDeed) -> None:
    """Shorten the texts of a row to what its columns take."""
    for field in row._meta.concrete_fields:
        if field.name in TEXTS:
            setattr(row, field.name, shortened(getattr(row, field.name), field.max_length or 0))


def hold_chain() -> None:
    """Let nobody else write until the transaction is over."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def chain_end() -> ChainEnd:
    last = TrailEntry.objects.order_by("-number").values_list("number", "digest").first()
    return ChainEnd(*last) if last else archived_end()


def archived_end() -> ChainEnd:
    """The last row that was archived, from which the rows that are there go on."""
    last = TrailArchive.objects.order_by("-last_number").values_list("last_number", "last_digest").first()
    return ChainEnd(*last) if last else ChainEnd(0, "")


def columns_of(entry: TrailEntry) -> dict[str, object]:
    """Every column but the digest, the time as text in UTC."""
    columns = {field.attname: getattr(entry, field.attname) for field in TrailEntry._meta.concrete_fields}
    del columns["digest"]
    return columns | {"at": entry.at.astimezone(UTC).isoformat()}


def entry_digest(entry: TrailEntry) -> str:
    """SHA-256 of all columns of a row, the digest of the one before among them."""
    text = json.dumps(columns_of(entry), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def faults() -> Iterator[TrailFault]:
    """Where the chain does not hold, row by row; nothing where it does."""
    return _faults_after(archived_end(), TrailEntry.objects.order_by("number"))


def faults_at_end(count: int) -> Iterator[TrailFault]:
    """Where the chain does not hold among the last rows, from the one before them on."""
    first = TrailEntry.objects.order_by("-number").values_list("number", flat=True)[count - 1 : count].first()
    if first is None:
        return faults()
    before = TrailEntry.objects.filter(number__lt=first).order_by("-number").values_list("number", "digest").first()
    end = ChainEnd(*before) if before else archived_end()
    return _faults_after(end, TrailEntry.objects.filter(number__gte=first).order_by("number"))


def _faults_after(end: ChainEnd, rows: TrailQuerySet) -> Iterator[TrailFault]:
    for entry in rows.iterator(ROWS_AT_ONCE):
        if entry.number != end.number + 1:
            yield TrailFault(entry.number, f"它前面缺少第{end.number + 1}条到第{entry.number - 1}条")
        elif entry.before != end.digest:
            yield TrailFault(entry.number, "与前一条的摘要接不上：前一条被换过，或者这一条是插进来的")
        if entry.digest != entry_digest(entry):
            yield TrailFault(entry.number, "内容与摘要不符：这一条被修改过")
        end = ChainEnd(entry.number, entry.digest)


def is_known(number: int, digest: str) -> bool:
    """Whether a row that somebody wrote down is still there as it was, or in an archive that ends with it."""
    in_trail = TrailEntry.objects.filter(number=number, digest=digest).exists()
    return in_trail or TrailArchive.objects.filter(last_number=number, last_digest=digest).exists()

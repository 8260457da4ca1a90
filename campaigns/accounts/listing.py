"""Accounts of many units out of a workbook: 姓名, 用户名, 单位, 角色, a line for each role; all are opened or none."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import BinaryIO

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower

from ..models import Organization, Role
from ..models.role import AUDITED, AUDITED_APART, overlap
from ..permissions import organizations_of_accounts
from ..plain_text import NotPlain, clean_name, clean_text
from ..roster.listed import LineError, hidden_row, listed_rows
from ..roster.safety import Unreadable
from ..unit_names import UnitsByName, named_units
from .giving import give_role, open_account

HEADINGS = ("姓名", "用户名", "单位", "角色")
PERSON = HEADINGS[:2]
# More lines than this are several files.
MOST_LINES = 1000
UNKNOWN = "您管理的范围内没有这个在用的党组织，名称要和“党组织和党员”里的一样"
KINDS: dict[str, str] = {label: str(kind) for kind, label in Role.Kind.choices}
# Letters and figures that nobody takes for others.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
# Of a random password for one sign-in these rounds are enough; hundreds are made in one request.
INITIAL_ROUNDS = 20_000


@dataclass(frozen=True)
class AccountLine:
    """A role of an account, as a row of the workbook has it; `unit` is an organization's key."""

    row: int
    name: str
    username: str
    unit: int
    unit_name: str
    kind: str

    @property
    def kind_label(self) -> str:
        return Role.Kind(self.kind).label


@dataclass
class AccountListing:
    """A workbook's lines, and whatever is wrong with them."""

    lines: list[AccountLine] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)
    # Rows of the template that nobody filled in: a unit and a role without a person.
    unfilled_count: int = 0

    @property
    def account_count(self) -> int:
        return len({line.username for line in self.lines})

    def to_json(self) -> dict:
        return {"lines": [asdict(line) for line in self.lines]}

    @classmethod
    def from_json(cls, content: dict) -> "AccountListing":
        return cls([AccountLine(**line) for line in content["lines"]])


def read_accounts(file: BinaryIO, *, by: User) -> AccountListing:
    """The lines of a workbook's first visible sheet, checked for whoever uploads it; raises Unreadable."""
    listing = AccountListing()
    rows = list(listed_rows(file, HEADINGS, most=MOST_LINES))
    in_use = organizations_of_accounts(by).filter(is_active=True)
    units = UnitsByName(named_units(in_use), (cells["单位"] for _, cells in rows if cells))
    for row, cells in rows:
        if cells is None:
            listing.errors.append(hidden_row(row))
            continue
        if not any(cells[heading] for heading in PERSON):
            listing.unfilled_count += 1
            continue
        line = _line(row, cells, units, listing.errors.append)
        if line:
            listing.lines.append(line)
    listing.errors += check_lines(listing.lines)
    listing.errors.sort(key=lambda error: error.row)
    if not listing.lines and not listing.errors:
        raise Unreadable("表头下面没有内容。" if not listing.unfilled_count else "各行都没有填姓名和用户名。")
    return listing


def _line(
    row: int, cells: dict[str, str], units: UnitsByName, refuse: Callable[[LineError], None]
) -> AccountLine | None:
    """A row as a line; None, with what is wrong said, where it is none."""
    problems = {
        "姓名": _name_problem(cells["姓名"]),
        "用户名": _username_problem(cells["用户名"]),
        "单位": units.problem(cells["单位"], unknown=UNKNOWN),
        "角色": "" if cells["角色"] in KINDS else f"角色只能是{'、'.join(KINDS)}",
    }
    for column, message in problems.items():
        if message:
            refuse(LineError(row, column, cells[column], message))
    if any(problems.values()):
        return None
    unit = units.unit(cells["单位"])
    return AccountLine(row, clean_name(cells["姓名"]), cells["用户名"], unit.pk, unit.name, KINDS[cells["角色"]])


def _name_problem(text: str) -> str:
    try:
        name = clean_name(text)
    except NotPlain as refusal:
        return str(refusal).rstrip("。")
    # A list that is opened in a spreadsheet again must not begin a formula.
    if not name or not name[0].isalpha():
        return "姓名不能留空，要以文字开头"
    return "" if len(name) <= 50 else "姓名至多50个字"


def _username_problem(text: str) -> str:
    wanted = "用户名要以字母或者数字开头，只用字母、数字和 @ . + - _，至多150个字符"
    try:
        if clean_text(text) != text or not text or not text[0].isalnum():
            return wanted
        User._meta.get_field("username").run_validators(text)  # type: ignore[union-attr]
    except (NotPlain, ValidationError):
        return wanted
    return ""


def check_lines(lines: Iterable[AccountLine]) -> Iterator[LineError]:
    """Faults between lines, and with accounts that are there already: asked again before anything is written."""
    lines = list(lines)
    lowered = {line.username.lower() for line in lines}
    there = User.objects.annotate(lowered=Lower("username")).filter(lowered__in=lowered)
    taken = set(there.values_list("lowered", flat=True))
    first: dict[str, AccountLine] = {}
    roles: dict[tuple, int] = {}
    apart = _kept_apart(lines)
    for line in lines:
        key = line.username.lower()
        known = first.setdefault(key, line)
        role = (key, line.unit, line.kind)
        if key in taken:
            message = "已经有这个用户名；给已有的账号增加角色，请到账号页"
            yield LineError(line.row, "用户名", line.username, message)
        elif (known.name, known.username) != (line.name, line.username):
            message = f"和第{known.row}行的用户名一样，姓名或者大小写不同；不同的人用不同的用户名"
            yield LineError(line.row, "用户名", line.username, message)
        elif line.row in apart:
            yield LineError(line.row, "角色", line.kind_label, f"{AUDITED_APART.rstrip('。')}，见第{apart[line.row]}行")
        elif role in roles:
            yield LineError(line.row, "角色", line.kind_label, f"和第{roles[role]}行重复")
        roles.setdefault(role, line.row)
    if len(lines) > MOST_LINES:
        yield LineError(lines[MOST_LINES].row, "", "", f"一次至多{MOST_LINES}行，请分成几个文件")


def _kept_apart(lines: list[AccountLine]) -> dict[int, int]:
    """The rows whose role does not go with an earlier one of the same account, with the row of that."""
    paths = dict(Organization.objects.filter(pk__in={line.unit for line in lines}).values_list("pk", "path"))
    earlier: dict[str, list[AccountLine]] = defaultdict(list)
    apart: dict[int, int] = {}
    for line in lines:
        for before in earlier[line.username.lower()]:
            if _is_opposed(before.kind, line.kind) and overlap(paths.get(before.unit, ""), paths.get(line.unit, "")):
                apart.setdefault(line.row, before.row)
        earlier[line.username.lower()].append(line)
    return apart


def _is_opposed(kind: str, further: str) -> bool:
    return any(
        audited in AUDITED and auditor == Role.Kind.AUDITOR for audited, auditor in ((kind, further), (further, kind))
    )


class AccountsChanged(Exception):
    """Something of a previewed list no longer holds; nothing was written."""


def open_accounts(listing: AccountListing, *, by: User) -> list[tuple[AccountLine, str]]:
    """Open the accounts of a list with all their roles; each line with the initial password, which is kept nowhere.

    Raises AccountsChanged where an account or a unit is no longer as in the preview.
    """
    with transaction.atomic():
        in_use = organizations_of_accounts(by).filter(is_active=True)
        units = {unit.pk: unit for unit in in_use.filter(pk__in={line.unit for line in listing.lines})}
        if any(check_lines(listing.lines)) or any(line.unit not in units for line in listing.lines):
            raise AccountsChanged("预览以后，账号或者党组织有了变动，没有写入，请重新上传。")
        passwords: dict[str, str] = {}
        accounts: dict[str, User] = {}
        for line in listing.lines:
            if line.username in accounts:
                role = Role(user=accounts[line.username], organization=units[line.unit], kind=line.kind)
                give_role(role, by=by)
                continue
            passwords[line.username] = initial_password()
            account = User(username=line.username, first_name=line.name, password=_hashed(passwords[line.username]))
            accounts[line.username] = open_account(account, organization=units[line.unit], kind=line.kind, by=by)
        return [(line, passwords[line.username]) for line in listing.lines]


def initial_password() -> str:
    """A password that nobody guesses and everybody can type: 「7rk3-qmzt-x4vd」."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def _hashed(password: str) -> str:
    hasher = get_hasher("default")
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), iterations=INITIAL_ROUNDS)
    return make_password(password)

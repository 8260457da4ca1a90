"""A walk of the whole site as each role, over the objects of the own unit, the one below, a sibling, the parent and somebody
else: every route, wrong methods, keys that do not belong together. Nobody reads a word of others, and nothing falls over.

Who may open what is in `test_permissions.py`; here each unit's objects bear a word of their own, which is looked for in
whatever comes back.
"""

import re
import zipfile
from collections import Counter
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.urls import reverse

from campaigns.models import Organization
from pingyi.heartbeat import beat
from reports.models import Letter
from tests import factories
from tests.permissions.table import patterns
from tests.permissions.worlds import make_keys

pytestmark = [pytest.mark.slow, pytest.mark.database]

ROLES = ("anonymous", "secretary", "teller", "officer", "administrator", "branch")
# Words that stand on nobody's page but the unit's own.
PARENT, SIBLING, FOREIGN = "ZQPARENT", "ZQSIBLING", "ZQFOREIGN"
OTHERS = (PARENT, SIBLING, FOREIGN)
# Each unit gets these worlds, as no state has objects of every kind.
# The first has one member in each unit.
STATES = (
    "sealed members",
    "ledger done",
    "plan",
    "sealed used",
    "sealed scored",
    "closed worded",
    "open paper",
    "preparing",
    "sealed commented",
)
# Columns whose content means something to the program.
KEPT = re.compile(r"path|sha256|sm3|digest|token|secret|receipt|password|key|rule|scale|state|kind|code|place|worker|format|file$|upload|content_type|username|email|subject|phone_digest|marks|stage|source|sheet|scheme")  # fmt: skip
# Tables that the seal covers; and the forms that a parent hands down to the units below, for these to read.
LEFT_TABLES = {
    "FormSet",
    "SealedBox",
    "Ballot",
    "Batch",
    "Poll",
    "ScoreBox",
    "WindowDay",
    "WindowTaking",
    "TallyRow",
    "Code",
}
# Drawn from the same content as the page beside them; drawing each takes half a second.
DRAWN = re.compile(r"\.pdf$|\.docx$|/feedback|/registration|archive|kit")
FIELDS = (
    "unit",
    "organization",
    "below",
    "campaign",
    "poll",
    "target",
    "member",
    "problem",
    "category",
    "questionnaire",
)


def own_models():
    return [model for app in ("campaigns", "ballots", "reports") for model in apps.get_app_config(app).get_models()]


def last_keys():
    return {model: set(model.objects.values_list("pk", flat=True)) for model in own_models()}


def mark(before, word):
    """Put a word into every text that was written since."""
    for model, old in before.items():
        if model.__name__ in LEFT_TABLES:
            continue
        texts = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and not field.choices
            and not KEPT.search(field.name)
            and (field.max_length or 99) > 20
        ]
        for row in model.objects.exclude(pk__in=old):
            for field in texts:
                mark_text(row, field, word)


def mark_text(row, field, word):
    value = getattr(row, field.attname)
    if not value or "ZQ" in value or isinstance(row, Organization):
        return
    try:
        with transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**{field.attname: f"{word}{value}"[: field.max_length or None]})
    except DatabaseError:  # a constraint knows better
        pass


class Unit:
    """A committee with a branch, people, and objects of every kind that bear its word."""

    def __init__(self, word, parent=None):
        self.word, self.keys = word, []
        before = last_keys()
        committee = factories.make_organization(f"{word}党委" if word != PARENT else "上级党委", parent=parent)
        branch = factories.make_organization(f"{committee.name}第一党支部", parent=committee, kind="branch")
        self.people = SimpleNamespace(organization=committee, branch_unit=branch)
        for kind in ROLES[1:-1]:
            # A refusal names the administrators, those above too.
            name = "管理员" if kind == "administrator" else f"{word}人"
            user = factories.make_user(f"{kind}-{word}", kind=kind, organization=committee, first_name=name)
            setattr(self.people, kind, user)
        self.people.branch = factories.make_user(f"branch-{word}", kind="secretary", organization=branch)
        for number, state in enumerate(STATES):
            clerk = {"kind": "teller", "organization": branch, "first_name": f"{word}员"}
            self.people.clerk = factories.make_user(f"clerk{number}-{word}", **clerk)
            self.keys.append(make_keys(self.people, state))
            for letter in Letter.objects.filter(letterbox__organization=committee):
                Letter.objects.filter(pk=letter.pk).update(receipt=f"{letter.pk:064d}")
            mark(before, f"{word}{number}")

    def client(self, role):
        client = Client(raise_request_exception=False)
        if role != "anonymous":
            client.force_login(getattr(self.people, role))
        return client

    def addresses(self, arguments, route):
        """Every address of a route about this unit's objects."""
        choices = [keys for keys in self.keys if set(arguments) <= keys.keys()]
        return list(dict.fromkeys(reverse(route, kwargs={name: keys[name] for name in arguments}) for keys in choices))

    def key(self, argument):
        return next(keys[argument] for keys in reversed(self.keys) if argument in keys)

    def asked(self):
        """The keys of this unit's objects under every name by which pages and forms ask for one."""
        names = {name: self.key(f"{name}_id") for name in FIELDS if any(f"{name}_id" in keys for keys in self.keys)}
        return names | {f"{name}_id": key for name, key in names.items()} | {"below": self.key("organization_id")}


@pytest.fixture(scope="module")
def town(module_database, tmp_path_factory):
    """Five units in a tree, each with objects of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "VAR_DIR", tmp_path_factory.mktemp("var"))
        parent = Unit(PARENT)
        units = {PARENT: parent, SIBLING: Unit(SIBLING, parent.people.organization), FOREIGN: Unit(FOREIGN)}
        yield SimpleNamespace(own=Unit("ZQOWN", parent.people.organization), **units)


def words_in(response):
    """Everything that can be read in an answer, its files' parts too."""
    content = b"".join(response)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as book:
            content = b" ".join(book.read(name) for name in book.namelist())
    return content.decode(errors="replace")


# Whoever has the address may open it.
PUBLIC = {"window_token", "box_token", "token", "code"}


class Walk:
    """Requests of one role, each undone, and what was wrong with their answers."""

    def __init__(self, unit, role):
        self.role, self.client = role, unit.client(role)
        self.faults, self.answers = [], Counter()

    def ask(self, method, path, fields=None, *, others=OTHERS):
        point = transaction.savepoint()
        session = self.client.cookies.get(settings.SESSION_COOKIE_NAME)
        send = {"GET": self.client.get, "POST": self.client.post}.get(method)
        response = send(path, fields or {}) if send else self.client.generic(method, path)
        told = [word for word in others if word in words_in(response)]
        self.answers[response.status_code] += 1
        if told or response.status_code >= 500:
            self.faults.append((self.role, method, path, response.status_code, told))
        transaction.savepoint_rollback(point)
        if session:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = session.value
        return response

    def told(self):
        """The first faults, one a line: a diff of thousands takes minutes."""
        return "\n".join(map(str, self.faults[:40]))


ROUTES = sorted({(name, arguments) for name, arguments in patterns() if name != "logout"})


def mixed(arguments, route, own, other):
    """Addresses with one key of somebody else among the own ones."""
    if len(arguments) < 2:
        return
    keys = {name: own.key(name) for name in arguments}
    for name in arguments:
        yield reverse(route, kwargs=keys | {name: other.key(name)})


def test_every_route_is_walked(town):
    for name, arguments in ROUTES:
        assert all(unit.addresses(arguments, name) for unit in vars(town).values()), name


@pytest.mark.parametrize("role", ROLES)
def test_objects_of_others_are_not_there(town, db, role):
    """Each role asks for each route of somebody else, of another one from route to route and from role to role."""
    walk = Walk(town.own, role)
    for place, (route, arguments) in enumerate(ROUTES, start=ROLES.index(role)):
        if arguments and not PUBLIC.intersection(arguments):
            addresses = vars(town)[OTHERS[place % 3]].addresses(arguments, route)
            path = addresses[place % len(addresses)]
            walk.ask("GET", path)
            walk.ask("POST", path)

    assert not walk.faults, walk.told()
    assert walk.answers[302 if role == "anonymous" else 404] > 300


@pytest.mark.parametrize("role", ROLES)
def test_pages_of_no_object_tell_of_nobody_else(town, db, role):
    walk = Walk(town.own, role)
    for place, (route, arguments) in enumerate(ROUTES, start=ROLES.index(role)):
        beat()  # a worker stands by
        if not arguments:
            asked = vars(town)[OTHERS[place % 3]].asked()
            walk.ask("GET", reverse(route))
            walk.ask("GET", reverse(route), asked)
            walk.ask("POST", reverse(route), asked)

    assert not walk.faults, walk.told()


def test_own_pages_take_no_key_of_others(town, db):
    """Keys of somebody else in the address, in the query, in what is sent."""
    walk = Walk(town.own, "secretary")
    for place, (route, arguments) in enumerate(ROUTES):
        other = vars(town)[OTHERS[place % 3]]
        for path in mixed(arguments, route, town.own, other):
            walk.ask("GET", path)
            walk.ask("POST", path, other.asked())
        for path in town.own.addresses(arguments, route)[:1] if arguments else ():
            if not DRAWN.search(path):
                walk.ask("GET", path, other.asked())
            walk.ask("POST", path, other.asked())

    assert not walk.faults, walk.told()
    assert walk.answers[200] > 50


def test_a_wrong_method_is_refused_everywhere(town, db):
    walk = Walk(town.own, "secretary")
    for place, (route, arguments) in enumerate(ROUTES):
        path = town.own.addresses(arguments, route)[0]
        walk.ask(("PUT", "DELETE", "PATCH", "NONSENSE")[place % 4], path)

    assert not walk.faults, walk.told()
    assert set(walk.answers) == {405}


def test_a_word_of_others_is_noticed(town, db):
    """The same walk as somebody who may read it finds the words."""
    finder = Walk(town.ZQFOREIGN, "secretary")
    for route, arguments in ROUTES[::3]:
        path = town.ZQFOREIGN.addresses(arguments, route)[0]
        if arguments and not DRAWN.search(path):
            finder.ask("GET", path)

    assert {word for *_, told in finder.faults for word in told} == {FOREIGN}
    assert len(finder.faults) > 30

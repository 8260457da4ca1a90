"""People around one committee, with a campaign in some state, and the keys of all that routes want.

Secretary, teller, officer, administrator and auditor have their roles at the committee; a branch below has a secretary of its
own and a poll of its own in each campaign; the outsider is secretary of somebody else's committee.
"""

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from ballots import actions as ballot_actions
from ballots.counting import photos, sealing
from ballots.models import Batch
from ballots.paper import keying
from ballots.paper.keying import PaperSheet
from ballots.voting import codes
from campaigns import actions
from campaigns.form_sets.actions import hand_down
from campaigns.models import Campaign, Category, Commitment, Poll
from campaigns.stages.arranging import make_usual_stages
from campaigns.stages.handing_in import add_file
from campaigns.year_plan.planning import make_plan
from pingyi import heartbeat
from reports.announcements.actions import publish_announcement
from reports.findings import crossings_of
from reports.findings.actions import decide_finding
from reports.models import Finding, WindowWord
from reports.results.poll import results_of
from reports.scope import Scope
from reports.summary.actions import save_summary
from reports.window.taking import take_into
from tests import factories
from tests.reports.consequences.confirmed import make_appeal, make_consequence
from tests.reports.scoring.rated import FULL, adjust, finish, key_scores, make_scheme

from .statuses import ROLES


def make_people():
    organization = factories.make_organization()
    people = factories.make_cast(organization)
    people.branch_unit = factories.make_organization("第一党支部", parent=organization, kind="branch")
    people.branch = factories.make_user("branch", kind="secretary", organization=people.branch_unit)
    people.auditor = factories.make_user("auditor", kind="auditor", organization=organization)
    people.clerk = factories.make_user("clerk", kind="teller", organization=people.branch_unit)
    people.organization = organization
    return people


@dataclass(frozen=True)
class World:
    """People with a campaign in some state, and the keys of all that routes want."""

    people: SimpleNamespace
    keys: dict
    # Each role's session; nobody's is empty.
    sessions: dict


@pytest.fixture(scope="module")
def worlds(module_database, django_db_blocker, tmp_path_factory):
    """Makes a world when rows begin to ask for it; another one undoes it."""
    with ExitStack() as stack:
        made = {}

        def world(wanted):
            if wanted not in made:
                made.clear()
                stack.close()
                stack.enter_context(django_db_blocker.unblock())
                made[wanted] = stack.enter_context(making(wanted, folder=tmp_path_factory.mktemp("world")))
            return made[wanted]

        yield world


@contextmanager
def making(wanted, *, folder):
    # A worker stands by, for as long as all the tests of this world take.
    standing_by = patch.object(heartbeat, "SECONDS_OF_SILENCE", 24 * 3600)
    with override_settings(VAR_DIR=folder), standing_by, transaction.atomic():
        heartbeat.beat()
        people = make_people()
        yield World(people, make_keys(people, wanted), sessions_of(people))
        transaction.set_rollback(True)


@pytest.fixture
def world(request, worlds):
    """The world of "open paper". A test takes `db` after it: what it does is undone, and the world stays."""
    return worlds(request.param)


def sessions_of(people):
    sessions = {"anonymous": ""}
    for role in ROLES[1:]:
        client = Client()
        client.force_login(getattr(people, role))
        sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return sessions


def make_keys(people, wanted):
    state, _, batch = wanted.partition(" ")
    unit = people.branch_unit if state == "branch" else people.organization
    keys = {
        "code": "AAAAA-AAAAA",
        "reason": "used",
        "slug": "start",
        "number": 1,
        "organization_id": unit.pk,
        "member_id": factories.make_member(unit).pk,
        "commitment_id": Commitment.objects.create(organization=unit, content="办实事").pk,
        "user_id": people.clerk.pk,
        "role_id": people.clerk.roles.get().pk,
        "token_id": factories.make_api_token(unit, by=people.secretary).pk,
        "import_id": factories.make_roster_import(people.secretary).pk,
        "rest": "unknown",
    }
    factories.make_webhook(unit, by=people.administrator)
    if state == "ledger":
        return keys | ledger_keys(unit, batch)
    if state == "plan":
        plan = make_plan(unit, year=2027, pattern="once", by=None)
        return keys | {"plan_id": plan.pk, "period_id": plan.periods.get().pk}
    if state in ("", "branch"):
        return keys
    keys |= campaign_keys(people, state, batch)
    asked = Campaign.objects.get(pk=keys["campaign_id"])
    keys["deed_id"] = factories.make_long_deed(asked, people.secretary, ended="已经办完。").pk
    return keys if state == "preparing" else keys | announcement_keys(keys["poll_id"], batch)


def ledger_keys(unit, kind):
    """A problem that is under way, waits for its reply (done) or is closed; and its measure."""
    if kind == "closed":
        problem = factories.make_closed_problem(unit)
    else:
        problem = factories.make_problem(unit, measures=[date(2026, 5, 1) if kind == "done" else None])
    return {"problem_id": problem.pk, "measure_id": problem.measures.get().pk}


def announcement_keys(poll_id, kind):
    """An announcement that begins today: a draft, or up where the results are announced; of the poll or of sums; with an objection."""
    today = timezone.localdate()
    poll, days = Poll.objects.get(pk=poll_id), {"starts_on": today, "ends_on": today}
    if kind == "sums":
        announcement = factories.make_unit_announcement(poll.campaign, poll.organization, **days)
    else:
        announcement = factories.make_announcement(poll, **days)
    if kind == "announced":
        publish_announcement(announcement, by=None, today=today)
    objection = factories.make_objection(announcement)
    return {"announcement_id": announcement.pk, "token": announcement.token, "objection_id": objection.pk}


def window_keys(poll):
    """A window of the poll's unit with a day that the poll's campaign took, and a word."""
    window = factories.make_window(poll.organization, (date(2015, 3, 4), (8, 1, 1)))
    word = WindowWord.objects.create(window=window, text="叫号声音太小", week_on=date(2015, 2, 23))
    day = {"first_on": date(2015, 3, 4), "last_on": date(2015, 3, 4)}
    taking = take_into(poll, window, **day, by=None)
    return {"window_id": window.pk, "window_token": window.token, "word_id": word.pk, "taking_id": taking.pk}


def campaign_keys(people, state, batch):
    graded = {"scale": "member-4", "excellent_limit": "members"}
    rules = graded if batch in ("graded", "members") else {"thresholds": ["org-dissatisfied-third"]}
    campaign = factories.make_campaign(people.organization, **rules)
    if batch == "members":
        campaign.questionnaires.update(target_kind="member", target_rule="its_members")
        factories.make_member(people.branch_unit)
        campaign.steps.create(kind="self", position=1)
    actions.make_polls(campaign, [people.organization, people.branch_unit])
    polls = list(campaign.polls.order_by("path"))
    keys = {"campaign_id": campaign.pk, "poll_id": polls[0].pk, "questionnaire_id": campaign.questionnaires.get().pk}
    keys["number"] = 1
    make_usual_stages(campaign)
    stage = campaign.stages.last()
    keys |= {"stage_id": stage.pk, "artefact_id": stage.artefacts.first().pk}
    keys["file_id"] = add_file(stage.artefacts.first(), SimpleUploadedFile("a.pdf", b"%PDF-1"), by=None).pk
    document = factories.make_document(polls[0], kind="analysis")
    keys["origin_id"] = factories.make_on_draft(factories.make_draft(document, stage="consultation")).pk
    draft = factories.make_draft(document, stage="appraisal", upload=SimpleUploadedFile("a.pdf", b"%PDF-1"))
    keys |= {"document_id": document.pk, "draft_id": draft.pk, "target_id": document.target_id}
    if batch == "commented":
        keys["comment_id"] = factories.make_comment(campaign, people.organization).pk
    if batch == "scored":
        make_scheme(campaign)
    if state == "preparing":
        actions.write_threshold(campaign, factories.own_limit())
        form_set = hand_down(campaign, title="规范表格", note="", by=None)
        return keys | {"rule": factories.own_limit().key, "form_set_id": form_set.pk}
    ballot_actions.open_campaign(campaign, by=None)
    polls = list(campaign.polls.order_by("path"))
    keys["origin_id"] = factories.make_gathered(polls[0]).pk
    keys["forum_id"] = factories.make_forum(polls[0], "停车难").pk
    letter = factories.make_letter(people.organization)
    keys |= {"letter_id": letter.pk, "box_token": letter.letterbox.token}
    if batch == "scored":
        keys |= score_keys(polls[0], is_finished=state == "sealed")
    keys |= window_keys(polls[0])
    if state == "open":
        return keys if batch == "scored" else keys | batch_keys(people, polls[0], batch or "slips")
    for poll in polls:
        factories.enter_ballots(factories.make_batch(poll, method="entered"), {"33": 7, "11": 5})
        factories.close_poll(poll)
    picture = SimpleUploadedFile("sheet.png", b"\x89PNG\r\n\x1a\n and more")
    keys["photo_id"] = photos.add_photo(polls[0], picture, by=people.teller).pk
    if state == "sealed":
        for poll in polls:
            sealing.seal(poll, by=None)
        keys["export_id"] = factories.make_export(campaign, by=people.secretary).pk
        keys["opinion_id"] = factories.make_opinion(polls[0]).pk
    if batch == "worded":
        for scope in (Scope.of_poll(polls[0]), *(Scope.of(campaign, poll.organization) for poll in polls)):
            save_summary(scope, {"use": "改"}, by=people.secretary)
    if batch == "members":
        target = polls[0].targets.get()
        keys |= {"target_id": target.pk, "member_id": target.member_id}
        keys["superior_mark_id"] = factories.make_superior_mark(target, "11").pk
    if state == "sealed" and batch not in ("graded", "members"):
        (crossing,) = crossings_of([results_of(campaign.polls.get(pk=polls[0].pk))])
        keys |= {"rule": crossing.threshold.key, "target_id": crossing.target_id}
        if batch == "used":
            keys |= use_keys(crossing)
    return keys


def score_keys(poll, *, is_finished):
    """Sheets of one kind of raters and a bonus; the keying is finished where results are asked for."""
    rater = key_scores(poll, "群众代表", *[FULL] * 5)
    adjustment = adjust(poll, 5)
    if is_finished:
        finish(poll, answer="spread")
    return {"rater_id": rater.pk, "adjustment_id": adjustment.pk}


def use_keys(crossing):
    """A finding with a decision because of it, and an appeal against it."""
    decide_finding(crossing, state=Finding.State.CONFIRMED, by=None, reason="")
    finding = Finding.objects.latest("pk")
    consequence, appeal = make_consequence(finding), make_appeal(finding)
    return {"finding_id": finding.pk, "consequence_id": consequence.pk, "appeal_id": appeal.pk}


def batch_keys(people, poll, kind):
    """A batch of a kind; the teller has begun to key a paper one."""
    method = {"slips": "slips", "screen": "screen", "paper": "entered"}[kind]
    batch = factories.make_batch(poll, method=method)
    if kind == "screen":
        codes.admit(batch, 5)
    if kind != "paper":
        return {"batch_id": batch.pk}
    category = Category.objects.get(campaign=poll.campaign, name="党员")
    numbers = {"issued": 3, "returned": 3, "void_reasons": [], "is_aggregated": False}
    keying.count_sheets(batch, channel="meeting", category=category, **numbers)
    mine = keying.start(Batch.objects.get(pk=batch.pk), by=people.teller)
    keying.save_sheet(mine, number=1, sheet=PaperSheet(marks="11"))
    return {"batch_id": batch.pk, "keying_id": mine.pk, "number": 1}

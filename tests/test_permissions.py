"""Who may open what: every route × role → status, from the sentences of campaigns.permissions.

An object of others is not there (404); a deed that is not the user's to do is refused (403). Everything hangs on one
committee, where secretary, teller, officer and administrator have their roles; a branch below has a secretary of its own
and a poll of its own in each campaign; the outsider is secretary of somebody else's committee.
"""

from datetime import date

import pytest
import weasyprint
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver
from django.utils import timezone

from ballots import actions as ballot_actions
from ballots.counting import photos, sealing
from ballots.models import Batch
from ballots.paper import keying
from ballots.paper.keying import PaperSheet
from ballots.voting import codes
from campaigns import actions
from campaigns.models import Category, Commitment, Poll
from reports.announcements.actions import publish_announcement
from reports.findings import crossings_of
from reports.results.poll import results_of
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests import factories

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "outsider", "secretary", "teller", "officer", "administrator", "branch")
# A page that wants a login sends there.
LOGIN = "in"

# Some answers that return:      anonymous outsider secretary teller officer administrator branch
EVERYBODY = "200 200 200 200 200 200 200"
EVERY_USER = "in  200 200 200 200 200 200"
# Pages of the committee, or of its poll; the branch below does not see it.
SEES = "in  404 200 200 200 200 404"
KEEPS_ROSTER = "in  404 200 403 403 200 404"
RUNS = "in  404 200 403 403 403 404"
COUNTS = "in  404 200 200 403 403 404"
READS = "in  404 200 200 200 403 404"
# A campaign, which the branch sees because it has a poll in it.
SEES_CAMPAIGN = "in  404 200 200 200 200 200"
CONFIGURES = "in  404 200 403 403 403 403"
READS_SUMS = "in  404 200 200 200 403 200"
WORDS_PART = "in  404 200 403 403 403 200"
READS_LEDGER = "in  404 200 403 200 403 404"
# The same of a campaign, of which the branch sees its own part.
READS_PART = "in  404 200 403 200 403 200"
# Pages for whoever has the role anywhere.
SOME_LEDGER = "in  200 200 403 200 403 200"
SOME_SECRETARY = "in  200 200 403 403 403 200"
SOME_KEEPER = "in  200 200 403 403 200 200"
ADMINISTERS = "in  403 403 403 403 200 403"


def done(statuses):
    """The same, but the deed sends on to another page."""
    return statuses.replace("200", "302")


# Route, with a query where the page wants one · method · the campaign's state · status by role. GET shows a page and POST
# does something; where one route has both, who may not see its form may not send it.
TABLE = (
    ("login", "GET", "", "200 302 302 302 302 302 302"),
    ("logout", "POST", "", "in 302 302 302 302 302 302"),
    ("password_change", "GET", "", EVERY_USER),
    ("reports:home", "GET", "preparing", EVERY_USER),
    # Organizations, members, commitments.
    ("campaigns:organization_list", "GET", "", EVERY_USER),
    ("campaigns:organization_add", "GET", "", "in 403 403 403 403 403 403"),
    ("campaigns:organization_add?below={organization_id}", "GET", "", KEEPS_ROSTER),
    ("campaigns:organization_detail", "GET", "", SEES),
    ("campaigns:organization_edit", "GET", "", KEEPS_ROSTER),
    # At the root of the tree only a superuser arranges; below it those who keep the parent's roster.
    ("campaigns:organization_deactivate", "POST", "", "in 404 403 403 403 403 404"),
    ("campaigns:organization_deactivate", "POST", "branch", "in 404 302 403 403 302 403"),
    ("campaigns:organization_activate", "POST", "", "in 404 403 403 403 403 404"),
    ("campaigns:organization_activate", "POST", "branch", "in 404 302 403 403 302 403"),
    ("campaigns:organization_delete", "POST", "", "in 404 403 403 403 403 404"),
    ("campaigns:organization_delete", "POST", "branch", "in 404 302 403 403 302 403"),
    ("reports:organization_merge", "GET", "", "in 404 403 403 403 403 404"),
    ("reports:organization_merge", "GET", "branch", "in 404 200 403 403 200 403"),
    ("campaigns:member_add", "GET", "", KEEPS_ROSTER),
    ("campaigns:member_edit", "GET", "", KEEPS_ROSTER),
    ("campaigns:member_transfer", "GET", "", KEEPS_ROSTER),
    ("campaigns:member_deactivate", "POST", "", done(KEEPS_ROSTER)),
    ("campaigns:member_activate", "POST", "", done(KEEPS_ROSTER)),
    ("campaigns:commitment_add", "GET", "", KEEPS_ROSTER),
    ("campaigns:commitment_edit", "GET", "", KEEPS_ROSTER),
    ("campaigns:commitment_delete", "POST", "", done(KEEPS_ROSTER)),
    ("campaigns:roster_import", "GET", "", SOME_KEEPER),
    ("campaigns:roster_columns", "POST", "", done(SOME_KEEPER)),
    ("campaigns:roster_hidden", "POST", "", done(SOME_KEEPER)),
    ("campaigns:roster_units", "POST", "", done(SOME_KEEPER)),
    ("campaigns:roster_confirm", "POST", "", done(SOME_KEEPER)),
    ("campaigns:roster_template", "GET", "", SOME_KEEPER),
    # Accounts.
    ("campaigns:account_list", "GET", "", ADMINISTERS),
    ("campaigns:account_add", "GET", "", ADMINISTERS),
    ("campaigns:account_edit", "GET", "", ADMINISTERS),
    ("campaigns:account_password", "POST", "", ADMINISTERS),
    ("campaigns:account_release", "POST", "", done(ADMINISTERS)),
    ("campaigns:account_import", "GET", "", ADMINISTERS),
    # Nothing was uploaded.
    ("campaigns:account_import_confirm", "POST", "", done(ADMINISTERS)),
    ("campaigns:account_deeds", "GET", "", ADMINISTERS),
    ("campaigns:own_account", "GET", "", EVERY_USER),
    ("campaigns:role_add", "POST", "", ADMINISTERS),
    ("campaigns:role_remove", "POST", "", done(ADMINISTERS)),
    # A campaign in preparation.
    ("campaigns:campaign_list", "GET", "preparing", EVERY_USER),
    ("campaigns:campaign_add", "GET", "", SOME_SECRETARY),
    ("campaigns:campaign_detail", "GET", "preparing", SEES_CAMPAIGN),
    ("campaigns:campaign_detail", "GET", "sealed", SEES_CAMPAIGN),
    ("campaigns:campaign_edit", "GET", "preparing", CONFIGURES),
    ("campaigns:campaign_clarities", "GET", "preparing", CONFIGURES),
    ("campaigns:campaign_rules", "GET", "preparing", CONFIGURES),
    ("campaigns:campaign_extend", "GET", "open", CONFIGURES),
    ("campaigns:campaign_delete", "POST", "preparing", done(CONFIGURES)),
    ("campaigns:category_list", "GET", "preparing", CONFIGURES),
    ("campaigns:questionnaire_list", "GET", "preparing", CONFIGURES),
    ("campaigns:questionnaire_add", "GET", "preparing", CONFIGURES),
    # Below, the campaign is seen and its questionnaires are not; the ballot shows them.
    ("campaigns:questionnaire_edit", "GET", "preparing", RUNS),
    ("campaigns:scale_edit", "GET", "preparing", RUNS),
    ("campaigns:questionnaire_delete", "POST", "preparing", done(RUNS)),
    ("campaigns:poll_list", "GET", "preparing", CONFIGURES),
    ("campaigns:targets_refresh", "POST", "preparing", done(CONFIGURES)),
    ("campaigns:poll_edit", "GET", "preparing", RUNS),
    ("campaigns:poll_targets", "GET", "preparing", RUNS),
    ("campaigns:target_add", "POST", "preparing", RUNS),
    ("campaigns:poll_commitments", "GET", "preparing", RUNS),
    ("campaigns:poll_preview", "GET", "preparing", SEES),
    # A participant's way: nobody is asked who they are, and whoever has no code gets no ballot.
    ("ballots:code_enter", "GET", "open", EVERYBODY),
    ("ballots:code_claim", "GET", "open", EVERYBODY.replace("200", "404")),
    ("ballots:ballot_fill", "GET", "open", EVERYBODY.replace("200", "403")),
    ("ballots:ballot_answer", "POST", "open", done(EVERYBODY)),
    ("ballots:ballot_review", "GET", "open", EVERYBODY.replace("200", "403")),
    ("ballots:ballot_cast", "POST", "open", done(EVERYBODY)),
    ("ballots:ballot_refused", "GET", "open", EVERYBODY.replace("200", "409")),
    ("ballots:ballot_receipt", "GET", "open", EVERYBODY.replace("200", "404")),
    ("ballots:records", "GET", "", EVERYBODY),
    # A poll from rehearsal to seal.
    ("ballots:poll_detail", "GET", "open", SEES),
    ("ballots:poll_detail", "GET", "sealed", SEES),
    ("ballots:rehearsal_start", "POST", "preparing", done(RUNS)),
    ("ballots:rehearsal_end", "POST", "preparing", done(RUNS)),
    ("ballots:poll_close", "GET", "open", RUNS),
    ("ballots:poll_seal", "GET", "closed", RUNS),
    ("ballots:batch_void", "GET", "open", RUNS),
    ("ballots:campaign_open", "GET", "preparing", CONFIGURES),
    ("ballots:campaign_close", "GET", "open", CONFIGURES),
    ("ballots:campaign_seal", "GET", "closed", CONFIGURES),
    ("ballots:ballot_import", "GET", "open", CONFIGURES),
    ("ballots:ballot_import_columns", "POST", "open", done(CONFIGURES)),
    ("ballots:ballot_import_confirm", "POST", "open", done(CONFIGURES)),
    ("ballots:ballot_import_template", "GET", "open", CONFIGURES),
    # Handing out the right to vote.
    ("ballots:batch_add", "GET", "open", RUNS),
    ("ballots:poll_paper", "GET", "open", COUNTS),
    ("ballots:batch_slips", "GET", "open slips", RUNS),
    ("ballots:batch_admit", "GET", "open screen", RUNS),
    ("ballots:door_open", "POST", "open screen", done(RUNS)),
    ("ballots:door_shut", "POST", "open screen", done(RUNS)),
    ("ballots:poll_wall", "GET", "open", RUNS),
    # Paper. The teller is keying; the secretary is not, and is sent to where keying begins.
    ("ballots:batch_edit", "GET", "open paper", COUNTS),
    ("ballots:batch_keying", "GET", "open paper", COUNTS),
    ("ballots:keying_start", "POST", "open paper", done(COUNTS)),
    ("ballots:keying_sheet", "GET", "open paper", "in 404 302 200 403 403 404"),
    ("ballots:keying_undo", "POST", "open paper", done(COUNTS)),
    ("ballots:keying_totals", "GET", "open paper", done(COUNTS)),
    ("ballots:keying_finish", "POST", "open paper", done(COUNTS)),
    ("ballots:keying_reopen", "POST", "open paper", done(COUNTS)),
    ("ballots:keying_discard", "GET", "open paper", COUNTS),
    # Who keyed does not decide; and there is nothing to compare yet.
    ("ballots:keying_compare", "GET", "open paper", done(RUNS)),
    ("ballots:keying_decide", "POST", "open paper", done(RUNS)),
    ("ballots:keying_agree", "POST", "open paper", done(RUNS)),
    ("ballots:count_sheet_photos", "GET", "closed", COUNTS),
    ("ballots:count_sheet_photo", "GET", "closed", COUNTS),
    ("ballots:count_sheet_photo_remove", "POST", "closed", done(COUNTS)),
    # Results: after the seal, and not for the administrator of accounts.
    ("reports:poll_results", "GET", "sealed", READS),
    ("reports:results_workbook", "GET", "sealed", READS),
    ("reports:results_pdf", "GET", "sealed", READS),
    ("reports:count_sheet", "GET", "sealed", READS),
    ("reports:summary_edit", "GET", "sealed", RUNS),
    ("reports:summary_pdf?draft=1", "GET", "sealed", READS),
    # Its words are the secretary's; who kept which version is for those above too.
    ("reports:summary_finalize", "POST", "sealed", done(RUNS)),
    ("reports:summary_versions", "GET", "sealed", "in 404 200 403 200 403 404"),
    ("reports:summary_version", "GET", "sealed worded", "in 404 200 403 200 403 404"),
    ("reports:summary_pdf?version=1", "GET", "sealed worded", "in 404 200 403 200 403 404"),
    ("reports:summary_restore", "POST", "sealed worded", done(RUNS)),
    ("reports:unit_summary_edit", "GET", "sealed", WORDS_PART),
    ("reports:unit_summary_finalize", "POST", "sealed", done(WORDS_PART)),
    ("reports:unit_summary_versions", "GET", "sealed", "in 404 200 403 200 403 200"),
    ("reports:unit_summary_version", "GET", "sealed worded", "in 404 200 403 200 403 200"),
    ("reports:campaign_summary_docx?version=1", "GET", "sealed worded", "in 404 200 403 200 403 200"),
    ("reports:unit_summary_restore", "POST", "sealed worded", done(WORDS_PART)),
    ("reports:score_choose", "POST", "sealed", done(RUNS)),
    ("reports:excellent_edit", "GET", "sealed graded", RUNS),
    # For those who report figures or read reports, not for those who count.
    ("reports:rate_check", "GET", "sealed", "in 404 200 403 200 403 404"),
    # The committee above decides, never those who were appraised or who counted.
    ("reports:finding_decide", "GET", "sealed", "in 404 403 403 200 403 404"),
    ("reports:finding_list", "GET", "sealed", READS_SUMS),
    ("reports:campaign_results", "GET", "sealed", READS_SUMS),
    ("reports:ranking", "GET", "sealed", READS_SUMS),
    ("reports:periods", "GET", "sealed", READS_SUMS),
    # How far units have come is no result.
    ("reports:lagging", "GET", "open", READS_SUMS),
    ("reports:campaign_workbook", "GET", "sealed", READS_SUMS),
    ("reports:report_workbook", "GET", "sealed", READS),
    ("reports:campaign_report_workbook", "GET", "sealed", READS_SUMS),
    # Archives with every unit's file: nobody has those that another asked for.
    ("reports:export_list", "GET", "", SOME_LEDGER),
    ("reports:export_add", "GET", "sealed", READS_PART),
    ("reports:export_detail", "GET", "sealed", "in 404 200 404 404 404 404"),
    ("reports:export_cancel", "POST", "sealed", "in 404 302 404 404 404 404"),
    # There is none yet.
    ("reports:export_file", "GET", "sealed", "in 404 302 404 404 404 404"),
    ("reports:ledger_workbook", "GET", "ledger", SOME_LEDGER),
    ("reports:ledger_workbook?unit={organization_id}", "GET", "ledger", "in  404 200 403 200 403 404"),
    ("reports:campaign_summary_pdf?draft=1", "GET", "sealed", READS_SUMS),
    # Opinions: read by those who answer for it and those above, sorted by the unit's secretary.
    ("reports:opinion_list", "GET", "sealed", "in 404 200 403 200 403 404"),
    ("reports:opinion_read", "GET", "sealed", "in 404 200 403 200 403 404"),
    ("reports:opinion_merge", "POST", "sealed", done(RUNS)),
    ("reports:opinion_part", "POST", "sealed", done(RUNS)),
    ("reports:opinion_set_aside", "POST", "sealed", done(RUNS)),
    # Sent without its words, the page comes back.
    ("reports:opinion_send", "POST", "sealed", RUNS),
    # The ledger: read by those who answer for it and those above, kept by the unit's secretary.
    ("reports:problem_list", "GET", "", SOME_LEDGER),
    ("reports:problem_board", "GET", "", SOME_LEDGER),
    ("reports:problem_add", "GET", "", SOME_SECRETARY),
    ("reports:problem_add?organization={organization_id}", "GET", "", RUNS),
    ("reports:problem_add?commitment={commitment_id}", "GET", "", RUNS),
    ("reports:problem_detail", "GET", "ledger", READS_LEDGER),
    ("reports:problem_edit", "GET", "ledger", RUNS),
    ("reports:problem_close", "GET", "ledger done", RUNS),
    ("reports:problem_verdict", "GET", "ledger closed", RUNS),
    ("reports:problem_reopen", "GET", "ledger closed", RUNS),
    ("reports:problem_discard", "POST", "ledger", done(RUNS)),
    ("reports:note_add", "GET", "ledger", RUNS),
    ("reports:measure_add", "GET", "ledger", RUNS),
    ("reports:measure_edit", "GET", "ledger", RUNS),
    ("reports:measure_finish", "GET", "ledger", RUNS),
    ("reports:measure_undo", "POST", "ledger done", done(RUNS)),
    ("reports:measure_remove", "POST", "ledger", done(RUNS)),
    ("reports:finding_problem", "POST", "sealed", done(READS_LEDGER)),
    # Announcements are for those who answer for it and those above, its page for anybody while it is up.
    ("reports:announcement_list", "GET", "sealed", READS_LEDGER),
    ("reports:announcement_add", "GET", "sealed", RUNS),
    ("reports:announcement_add?target={target_id}", "GET", "sealed", RUNS),
    # Of a campaign's sums the branch announces its own part.
    ("reports:unit_announcement_list", "GET", "sealed", READS_PART),
    ("reports:unit_announcement_add", "GET", "sealed", WORDS_PART),
    ("reports:announcement_detail", "GET", "sealed", READS_LEDGER),
    ("reports:announcement_detail", "GET", "sealed sums", READS_LEDGER),
    ("reports:announcement_edit", "GET", "sealed", RUNS),
    ("reports:announcement_pdf", "GET", "sealed", READS_LEDGER),
    ("reports:announcement_edit", "GET", "sealed sums", RUNS),
    ("reports:announcement_pdf", "GET", "sealed sums", READS_LEDGER),
    ("reports:announcement_publish", "POST", "sealed", done(RUNS)),
    ("reports:announcement_publish", "POST", "sealed sums", done(RUNS)),
    ("reports:announcement_delete", "POST", "sealed sums", done(RUNS)),
    ("reports:announcement_delete", "POST", "sealed", done(RUNS)),
    # Without a reason it stays up, and the page asks for one.
    ("reports:announcement_withdraw", "POST", "sealed announced", RUNS),
    ("reports:objection_add", "GET", "sealed announced", RUNS),
    ("reports:objection_edit", "GET", "sealed announced", RUNS),
    ("reports:objection_edit", "GET", "sealed sums", RUNS),
    ("reports:announcement_public", "GET", "sealed", EVERYBODY.replace("200", "404")),
    ("reports:announcement_public", "GET", "sealed announced", EVERYBODY),
    # Files to be printed or written on.
    ("reports:summary_docx?draft=1", "GET", "sealed", READS),
    ("reports:campaign_summary_docx?draft=1", "GET", "sealed", READS_SUMS),
    ("reports:opinions_pdf", "GET", "sealed", "in 404 200 403 200 403 404"),
    ("reports:feedback_pdf", "GET", "sealed", "in 404 200 403 200 403 404"),
    ("reports:ledger_pdf", "GET", "ledger", SOME_LEDGER),
    ("reports:ledger_pdf?unit={organization_id}", "GET", "ledger", "in  404 200 403 200 403 404"),
    ("reports:comments_pdf?campaign={campaign_id}", "GET", "preparing", READS_PART),
    # Leaders' comments and what became of commitments: for those who answer for a unit and those above.
    ("reports:comment_list", "GET", "", SOME_LEDGER),
    ("reports:comment_list?campaign={campaign_id}", "GET", "preparing", READS_PART),
    ("reports:comment_missing?campaign={campaign_id}", "GET", "preparing", READS_PART),
    ("reports:comment_add?campaign={campaign_id}", "GET", "preparing", READS_PART),
    ("reports:comment_add?campaign={campaign_id}&organization={organization_id}", "GET", "preparing", READS_LEDGER),
    (
        "reports:comment_add?campaign={campaign_id}&organization={organization_id}&subject=unit",
        "GET",
        "preparing",
        READS_LEDGER,
    ),
    ("reports:comment_import?campaign={campaign_id}", "GET", "preparing", READS_PART),
    ("reports:comment_import_hidden?campaign={campaign_id}", "POST", "preparing", done(READS_PART)),
    ("reports:comment_import_confirm?campaign={campaign_id}", "POST", "preparing", done(READS_PART)),
    ("reports:comment_template?campaign={campaign_id}", "GET", "preparing", READS_PART),
    ("reports:comment_edit", "GET", "preparing commented", READS_LEDGER),
    # Nobody in this world entered it, so those above take it out.
    ("reports:comment_delete", "POST", "preparing commented", "in 404 403 403 302 403 404"),
    ("reports:commitment_list", "GET", "", SOME_LEDGER),
    ("reports:commitment_list?unit={organization_id}", "GET", "", READS_LEDGER),
    ("reports:commitment_fulfil", "GET", "", RUNS),
)

# The ledger holds no result of a poll.
LEDGER = {
    row[0]
    for row in TABLE
    if row[0].startswith(("reports:problem_", "reports:measure_", "reports:note_", "reports:ledger_"))
}
# Pages of the last room that tell how far things have come, and of no result.
PEOPLE = {
    row[0] for row in TABLE if row[0].startswith(("reports:comment_", "reports:comments_", "reports:commitment_"))
}
# Exports are there for nobody before the seal, as nothing can be asked for (`export_add`).
EXPORTS = {"reports:export_list", "reports:export_detail", "reports:export_cancel", "reports:export_file"}
# A notice is up or not there for anybody; nothing is announced before the seal.
SHOWN_BEFORE_THE_SEAL = {"reports:home", "reports:lagging", "reports:announcement_public", *LEDGER, *PEOPLE, *EXPORTS}


def routes(resolver=None, namespace=""):
    """The name of every route, with its namespace."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name}"


def route_of(row):
    return row[0].partition("?")[0]


def test_every_route_is_in_the_table_and_nothing_else():
    known = list(routes())

    assert "None" not in {name.rpartition(":")[2] for name in known}
    assert sorted(set(known) - {route_of(row) for row in TABLE}) == []
    assert sorted({route_of(row) for row in TABLE} - set(known)) == []


@pytest.fixture
def people():
    organization = factories.make_organization()
    people = factories.make_cast(organization)
    people.branch_unit = factories.make_organization("第一党支部", parent=organization, kind="branch")
    people.branch = factories.make_user("branch", kind="secretary", organization=people.branch_unit)
    people.clerk = factories.make_user("clerk", kind="teller", organization=people.branch_unit)
    people.organization = organization
    return people


@pytest.fixture(scope="module", autouse=True)
def _each_document_is_laid_out_once():
    """Who may have a document is asked here for seven roles; the same page comes out of the same HTML each time."""
    documents = {}

    class Once(weasyprint.HTML):
        def __init__(self, *, string, **options):
            self._html = string
            if string not in documents:
                super().__init__(string=string, **options)

        def write_pdf(self):
            if self._html not in documents:
                documents[self._html] = super().write_pdf()
            return documents[self._html]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weasyprint, "HTML", Once)
        yield


@pytest.fixture
def world(people, settings, tmp_path):
    """`world("open paper")` makes what the state and the batch ask for; gives the keys that routes want."""
    settings.VAR_DIR = tmp_path

    def make(wanted):
        state, _, batch = wanted.partition(" ")
        unit = people.branch_unit if state == "branch" else people.organization
        keys = {
            "code": "AAAAA-AAAAA",
            "reason": "used",
            "organization_id": unit.pk,
            "member_id": factories.make_member(unit).pk,
            "commitment_id": Commitment.objects.create(organization=unit, content="办实事").pk,
            "user_id": people.clerk.pk,
            "role_id": people.clerk.roles.get().pk,
        }
        if state == "ledger":
            return keys | ledger_keys(unit, batch)
        if state in ("", "branch"):
            return keys
        keys |= campaign_keys(people, state, batch)
        return keys if state == "preparing" else keys | announcement_keys(keys["poll_id"], batch)

    return make


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


def campaign_keys(people, state, batch):
    graded = {"scale": "member-4", "excellent_limit": "members"}
    rules = graded if batch == "graded" else {"thresholds": ["org-dissatisfied-third"]}
    campaign = factories.make_campaign(people.organization, **rules)
    actions.make_polls(campaign, [people.organization, people.branch_unit])
    polls = list(campaign.polls.order_by("path"))
    keys = {"campaign_id": campaign.pk, "poll_id": polls[0].pk, "questionnaire_id": campaign.questionnaires.get().pk}
    keys["number"] = 1
    if batch == "commented":
        keys["comment_id"] = factories.make_comment(campaign, people.organization).pk
    if state == "preparing":
        return keys
    ballot_actions.open_campaign(campaign, by=None)
    polls = list(campaign.polls.order_by("path"))
    if state == "open":
        return keys | batch_keys(people, polls[0], batch or "slips")
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
    if state == "sealed" and batch != "graded":
        (crossing,) = crossings_of([results_of(campaign.polls.get(pk=polls[0].pk))])
        keys |= {"rule": crossing.threshold.key, "target_id": crossing.target_id}
    return keys


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


def address(row, keys):
    name, _, query = row[0].partition("?")
    (pattern,) = [entry for entry in patterns() if entry[0] == name]
    path = reverse(name, kwargs={argument: keys[argument] for argument in pattern[1]})
    return f"{path}?{query.format(**keys)}" if query else path


def patterns(resolver=None, namespace=""):
    """Each route's name with the arguments that it wants."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name}", tuple(entry.pattern.converters)


def answers(people, method, path):
    """The status for each role, each asked as if the others had not been; what was done is undone."""
    statuses = []
    for role in ROLES:
        point = transaction.savepoint()
        client = Client()
        if role != "anonymous":
            client.force_login(getattr(people, role))
        response = client.get(path) if method == "GET" else client.post(path)
        page = b"".join(response)
        # An open choice reads as a word everywhere.
        assert b"---------" not in page or b"%PDF" in page, path
        # Nobody's page stays in a browser, whoever asked, and whatever the answer.
        assert "no-store" in response["Cache-Control"], path
        is_login = response.status_code == 302 and response["Location"].startswith(reverse("login"))
        statuses.append(LOGIN if is_login and role == "anonymous" else str(response.status_code))
        transaction.savepoint_rollback(point)
    return dict(zip(ROLES, statuses, strict=True))


def expected(row):
    return dict(zip(ROLES, row[3].split(), strict=True))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: " ".join(row[:3]))
def test_each_role_gets_what_the_table_says(people, world, row):
    _, method, wanted, _ = row
    path = address(row, world(wanted))

    statuses, other = answers(people, method, path), answers(people, "GET" if method == "POST" else "POST", path)

    assert statuses == expected(row)
    if method == "POST":
        # A deed is never done by following a link.
        assert {other[role] for role in ROLES[1:]} == {"405"}
    else:
        # Who may not open a page may not send it either; a page without a form may take nothing from anybody.
        refused = {role: status for role, status in statuses.items() if status in (LOGIN, "403", "404")}
        assert {role: other[role] for role in refused} == refused or {other[role] for role in ROLES[1:]} == {"405"}


@pytest.mark.parametrize("state", ["open", "closed"])
@pytest.mark.parametrize(
    "name", sorted({row[0] for row in TABLE if row[0].startswith("reports:")} - SHOWN_BEFORE_THE_SEAL)
)
def test_before_the_seal_there_is_no_result_for_anybody(people, world, name, state):
    keys = world(state) | {"rule": "org-dissatisfied-third", "target_id": 1, "opinion_id": 1}
    (method,) = {row[1] for row in TABLE if row[0] == name}

    statuses = answers(people, method, address((name,), keys))

    assert {statuses[role] for role in ("secretary", "teller", "officer", "administrator")} == {"403"}
    assert statuses["outsider"] == "404"
    assert statuses["branch"] == ("403" if "campaign_id" in dict(patterns())[name.partition("?")[0]] else "404")

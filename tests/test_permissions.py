"""Who may open what: every route × role → status, from the sentences of campaigns.permissions.

An object of others is not there (404); a deed that is not the user's to do is refused (403). Everything hangs on one
committee, where secretary, teller, officer, administrator and auditor have their roles; a branch below has a secretary of its own
and a poll of its own in each campaign; the outsider is secretary of somebody else's committee.
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
from campaigns.form_sets.actions import hand_down
from campaigns.models import Category, Commitment, Poll
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
from reports.trail.deeds import LEAVE_NONE, LOOKS
from reports.window.taking import take_into
from tests import factories
from tests.reports.consequences.confirmed import make_appeal, make_consequence
from tests.reports.scoring.rated import FULL, adjust, finish, key_scores, make_scheme

pytestmark = pytest.mark.database

ROLES = ("anonymous", "outsider", "secretary", "teller", "officer", "administrator", "branch", "auditor")
# A page that wants a login sends there.
LOGIN = "in"

# Some answers that return:      anonymous outsider secretary teller officer administrator branch
EVERYBODY = "200 200 200 200 200 200 200"
NO_TOKEN = "401 401 401 401 401 401 401"
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
RUNS_SOME = WORDS_PART = "in  404 200 403 403 403 200"
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
    # Outside the demo there is nothing to begin.
    ("campaigns:begin", "GET", "", "in  302 302 302 302 302 302"),
    # Nobody has given a password here before.
    ("second_code", "GET", "", "in 302 302 302 302 302 302"),
    ("logout", "POST", "", "in 302 302 302 302 302 302"),
    ("password_change", "GET", "", EVERY_USER),
    ("healthz", "GET", "", EVERYBODY),
    ("readyz", "GET", "", EVERYBODY),
    # For programs on the machine itself: see tests/reports/test_metrics.py.
    ("metrics", "GET", "", "404 404 404 404 404 404 404"),
    ("reports:home", "GET", "preparing", EVERY_USER),
    ("help_index", "GET", "", EVERY_USER),
    ("help_topic", "GET", "", EVERY_USER),
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
    # Nobody sees what another uploaded.
    ("campaigns:roster_progress", "GET", "", "in 404 200 404 404 404 404"),
    ("campaigns:roster_template", "GET", "", SOME_KEEPER),
    ("campaigns:roster_export", "GET", "", KEEPS_ROSTER),
    # The data of persons is the secretary's alone; without a reason nothing is handed over, corrected or deleted.
    ("reports:person", "GET", "", RUNS),
    ("reports:person_file", "POST", "", RUNS),
    ("reports:person_correct", "POST", "", RUNS),
    ("reports:person_delete", "GET", "", RUNS),
    ("reports:person_deeds", "GET", "", RUNS),
    ("reports:privacy", "GET", "", EVERY_USER),
    # How long details are kept is a superuser's to say.
    ("reports:retention", "GET", "", ADMINISTERS),
    ("reports:retention?preview=1&opinion=12", "GET", "", ADMINISTERS),
    ("reports:retention_save", "POST", "", "in  403 403 403 403 403 403"),
    # Accounts.
    ("reports:administration", "GET", "", ADMINISTERS),
    ("campaigns:account_list", "GET", "", ADMINISTERS),
    ("campaigns:account_add", "GET", "", ADMINISTERS),
    ("campaigns:account_edit", "GET", "", ADMINISTERS),
    ("campaigns:account_password", "POST", "", ADMINISTERS),
    ("campaigns:account_sign_out", "POST", "", done(ADMINISTERS)),
    ("campaigns:second_factor_take", "POST", "", done(ADMINISTERS)),
    ("campaigns:account_release", "POST", "", done(ADMINISTERS)),
    ("campaigns:account_import", "GET", "", ADMINISTERS),
    ("campaigns:account_template", "GET", "", ADMINISTERS),
    # Nothing was uploaded.
    ("campaigns:account_import_confirm", "POST", "", done(ADMINISTERS)),
    ("campaigns:account_deeds", "GET", "", ADMINISTERS),
    ("campaigns:own_account", "GET", "", EVERY_USER),
    ("campaigns:signed_in_list", "GET", "", EVERY_USER),
    ("campaigns:signed_in_end", "POST", "", done(EVERY_USER)),
    ("campaigns:signed_in_end_others", "POST", "", done(EVERY_USER)),
    ("campaigns:second_factor_add", "GET", "", EVERY_USER),
    ("campaigns:second_factor_later", "POST", "", done(EVERY_USER)),
    # Words that are typed, of the form whose address is sent along: here of none.
    ("campaigns:unsaved_text", "GET", "", "in  400 400 400 400 400 400"),
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
    ("campaigns:threshold_list", "GET", "preparing", CONFIGURES),
    ("campaigns:threshold_add", "GET", "preparing", CONFIGURES),
    ("campaigns:threshold_edit", "GET", "preparing", CONFIGURES),
    ("campaigns:form_set_list", "GET", "", EVERY_USER),
    # The units below a committee see the forms that it handed down.
    ("campaigns:form_set_detail", "GET", "preparing", SEES_CAMPAIGN),
    ("campaigns:form_set_file", "GET", "preparing", SEES_CAMPAIGN),
    ("campaigns:form_set_delete", "POST", "preparing", done(CONFIGURES)),
    ("ballots:form_set_import", "GET", "", SOME_SECRETARY),
    ("campaigns:form_set_choose", "GET", "preparing", CONFIGURES),
    ("reports:form_set_add", "GET", "preparing", CONFIGURES),
    ("campaigns:form_set_use", "GET", "preparing", CONFIGURES),
    ("campaigns:differences", "GET", "preparing", SEES_CAMPAIGN),
    ("campaigns:campaign_extend", "GET", "open", CONFIGURES),
    ("campaigns:campaign_calendar", "GET", "preparing", SEES_CAMPAIGN),
    # A report is recorded in this world, which holds both: the page says so on the way back.
    ("campaigns:campaign_delete", "GET", "preparing", done(CONFIGURES)),
    ("campaigns:poll_delete", "GET", "preparing", done(RUNS)),
    ("campaigns:late_facts", "GET", "sealed", RUNS),
    ("reports:campaign_copy", "GET", "preparing", CONFIGURES),
    ("reports:campaign_copy", "GET", "sealed", CONFIGURES),
    ("campaigns:category_list", "GET", "preparing", CONFIGURES),
    ("campaigns:questionnaire_list", "GET", "preparing", CONFIGURES),
    ("campaigns:questionnaire_add", "GET", "preparing", CONFIGURES),
    # Below, the campaign is seen and its questionnaires are not; the ballot shows them.
    ("campaigns:questionnaire_edit", "GET", "preparing", RUNS),
    ("campaigns:scale_edit", "GET", "preparing", RUNS),
    ("campaigns:questionnaire_delete", "POST", "preparing", done(RUNS)),
    ("campaigns:poll_list", "GET", "preparing", CONFIGURES),
    ("campaigns:meeting_facts", "GET", "open", RUNS_SOME),
    ("campaigns:meeting_facts_file", "GET", "open", RUNS_SOME),
    ("campaigns:meeting_facts_confirm", "POST", "open", done(RUNS_SOME)),
    ("campaigns:campaign_pairs", "GET", "preparing", CONFIGURES),
    ("campaigns:targets_refresh", "POST", "preparing", done(CONFIGURES)),
    ("campaigns:poll_edit", "GET", "preparing", RUNS),
    ("campaigns:poll_targets", "GET", "preparing", RUNS),
    ("campaigns:target_add", "POST", "preparing", RUNS),
    ("campaigns:poll_commitments", "GET", "preparing", RUNS),
    ("campaigns:poll_preview", "GET", "preparing", SEES),
    # Its stages and papers: seen by whoever sees the campaign, kept by its organizer's secretary.
    ("campaigns:stage_list", "GET", "preparing", SEES_CAMPAIGN),
    ("campaigns:stages_make", "POST", "preparing", done(CONFIGURES)),
    ("campaigns:stage_add", "GET", "preparing", CONFIGURES),
    ("campaigns:stage_edit", "GET", "preparing", CONFIGURES),
    ("campaigns:stage_delete", "POST", "preparing", done(CONFIGURES)),
    ("campaigns:artefact_file_add", "GET", "preparing", CONFIGURES),
    ("campaigns:artefact_file", "GET", "sealed", SEES_CAMPAIGN),
    ("campaigns:artefact_file_remove", "POST", "sealed", done(CONFIGURES)),
    # Reports and their drafts: seen by whoever sees the poll, written by its unit's secretary.
    ("campaigns:document_list", "GET", "preparing", SEES),
    ("campaigns:document_add", "GET", "preparing", RUNS),
    ("campaigns:document_edit", "GET", "preparing", RUNS),
    # It has a draft, so it stays.
    ("campaigns:document_delete", "POST", "preparing", done(RUNS)),
    ("campaigns:draft_add", "GET", "preparing", RUNS),
    ("campaigns:draft_facts", "GET", "open", RUNS),
    ("campaigns:draft_read", "GET", "open", SEES),
    ("campaigns:draft_file", "GET", "open", SEES),
    ("campaigns:draft_delete", "POST", "preparing", done(RUNS)),
    # The plan of a year: seen by everybody with a role there, kept by those who make its campaigns.
    ("campaigns:year_plan_list", "GET", "plan", EVERY_USER),
    ("campaigns:year_plan_add", "GET", "", SOME_SECRETARY),
    ("campaigns:year_plan_detail", "GET", "plan", SEES),
    ("campaigns:year_plan_delete", "POST", "plan", done(RUNS)),
    ("campaigns:period_add", "GET", "plan", RUNS),
    ("campaigns:period_edit", "GET", "plan", RUNS),
    ("campaigns:period_delete", "POST", "plan", done(RUNS)),
    ("reports:period_campaign", "POST", "plan", done(RUNS)),
    ("reports:year_comparison", "GET", "plan", READS_LEDGER),
    # No period of it is sealed.
    ("reports:year_workbook", "GET", "plan", done(READS_LEDGER)),
    # A participant's way: nobody is asked who they are, and whoever has no code gets no ballot.
    ("ballots:code_enter", "GET", "open", EVERYBODY),
    ("ballots:code_claim", "GET", "open", EVERYBODY.replace("200", "404")),
    ("ballots:ballot_fill", "GET", "open", EVERYBODY.replace("200", "403")),
    ("ballots:ballot_forms", "GET", "open", EVERYBODY.replace("200", "403")),
    ("ballots:ballot_choose", "GET", "open slips", EVERYBODY.replace("200", "403")),
    ("ballots:ballot_answer", "POST", "open", done(EVERYBODY)),
    ("ballots:ballot_review", "GET", "open", EVERYBODY.replace("200", "403")),
    ("ballots:ballot_report", "GET", "open", EVERYBODY.replace("200", "403")),
    ("ballots:ballot_report_file", "GET", "open", EVERYBODY.replace("200", "403")),
    ("ballots:ballot_cast", "POST", "open", done(EVERYBODY)),
    ("ballots:ballot_refused", "GET", "open", EVERYBODY.replace("200", "409")),
    ("ballots:hand_over", "POST", "open", EVERYBODY.replace("200", "302")),
    ("ballots:ballot_receipt", "GET", "open", EVERYBODY.replace("200", "404")),
    ("ballots:text_size", "POST", "", done(EVERYBODY)),
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
    # The organizer's secretary takes an open campaign back to preparation, and opens a poll alone again.
    ("ballots:poll_take_back", "GET", "open", RUNS),
    ("ballots:campaign_take_back", "GET", "open", CONFIGURES),
    # Only a poll that was taken back is opened again.
    ("ballots:poll_open_again", "GET", "open", done(RUNS)),
    ("ballots:campaign_open_again", "GET", "open", CONFIGURES),
    ("ballots:campaign_close", "GET", "open", CONFIGURES),
    ("ballots:campaign_seal", "GET", "closed", CONFIGURES),
    ("ballots:campaign_batches", "GET", "open", CONFIGURES),
    ("ballots:campaign_slips", "GET", "open", CONFIGURES),
    ("ballots:ballot_import", "GET", "open", CONFIGURES),
    ("ballots:ballot_import_columns", "POST", "open", done(CONFIGURES)),
    ("ballots:ballot_import_confirm", "POST", "open", done(CONFIGURES)),
    ("ballots:ballot_import_template", "GET", "open", CONFIGURES),
    # Handing out the right to vote.
    ("ballots:batch_add", "GET", "open", RUNS),
    ("ballots:poll_paper", "GET", "open", COUNTS),
    ("ballots:paper_copies", "GET", "open", COUNTS),
    ("ballots:batch_share", "GET", "open", RUNS),
    ("ballots:batch_slips", "GET", "open slips", RUNS),
    ("ballots:slip_withdraw", "GET", "open slips", RUNS),
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
    ("campaigns:campaign_steps", "GET", "preparing members", CONFIGURES),
    # Self-appraisals: read by those who answer for it and those above, handed out and entered by the unit's secretary.
    ("reports:self_appraisal_list", "GET", "sealed members", READS_LEDGER),
    ("reports:self_appraisal_edit", "GET", "sealed members", "in 404 200 403 200 403 404"),
    # There is none yet.
    ("reports:self_appraisal_file", "GET", "sealed members", "in 404 404 403 404 403 404"),
    ("reports:self_appraisal_link", "POST", "sealed members", done(RUNS)),
    ("reports:self_appraisal_revoke", "POST", "sealed members", done(RUNS)),
    ("reports:work_report", "GET", "sealed members", "in 404 404 403 404 403 404"),
    ("reports:work_report_file", "GET", "sealed members", "in 404 404 403 404 403 404"),
    ("reports:work_report_remove", "POST", "sealed members", "in 404 404 403 404 403 404"),
    ("reports:self_appraisal_write", "GET", "open", EVERYBODY.replace("200", "404")),
    ("reports:self_appraisal_done", "GET", "", EVERYBODY),
    # The grades that a branch's meeting decided: recorded by its secretary, read by those who see results.
    ("reports:poll_grading", "GET", "sealed members", READS),
    ("reports:grading_record", "GET", "sealed members", RUNS),
    ("reports:registration_pdf", "GET", "sealed members", READS_LEDGER),
    ("reports:grading_problem", "POST", "sealed members", done(RUNS)),
    # Minutes of the meeting, at any time: written by the unit's secretary, read by those above too. There are none yet.
    ("reports:minutes_edit", "GET", "preparing", RUNS),
    ("reports:minutes_edit", "GET", "sealed", RUNS),
    ("reports:minutes_pdf", "GET", "sealed", "in 404 404 403 404 403 404"),
    # For those who report figures or read reports, not for those who count.
    ("reports:rate_check", "GET", "sealed", "in 404 200 403 200 403 404"),
    # The committee above decides, never those who were appraised or who counted.
    ("reports:finding_decide", "GET", "sealed", "in 404 403 403 200 403 404"),
    ("reports:finding_list", "GET", "sealed", READS_SUMS),
    ("reports:consequence_list", "GET", "sealed used", READS_LEDGER),
    # The committee above decides, the unit reads.
    ("reports:consequence_add", "GET", "sealed used", "in 404 403 403 200 403 404"),
    ("reports:consequence_revoke", "GET", "sealed used", "in 404 403 403 200 403 404"),
    ("reports:appeal_add", "GET", "sealed used", "in 404 403 403 200 403 404"),
    ("reports:appeal_edit", "GET", "sealed used", "in 404 403 403 200 403 404"),
    ("reports:restriction_list", "GET", "sealed used", SOME_LEDGER),
    ("reports:restriction_list?unit={organization_id}", "GET", "sealed used", READS_LEDGER),
    ("reports:restrictions_pdf", "GET", "sealed used", SOME_LEDGER),
    ("reports:campaign_results", "GET", "sealed", READS_SUMS),
    ("reports:ranking", "GET", "sealed", READS_SUMS),
    ("reports:periods", "GET", "sealed", READS_SUMS),
    # How far units have come is no result.
    ("reports:desk", "GET", "open", READS_SUMS),
    ("reports:desk_workbook", "GET", "open", READS_SUMS),
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
    # Opinions beside the ballots: recorded by those who answer for the unit and those above.
    ("reports:gathering_list", "GET", "open", READS_LEDGER),
    ("reports:gathering_list", "GET", "preparing", "in 404 403 403 403 403 404"),
    ("reports:gathered_add", "GET", "open", READS_LEDGER),
    ("reports:gathered_edit", "GET", "open", READS_LEDGER),
    ("reports:gathered_delete", "POST", "open", done(READS_LEDGER)),
    ("reports:forum_add", "GET", "open", READS_LEDGER),
    ("reports:forum_edit", "GET", "open", READS_LEDGER),
    ("reports:forum_delete", "POST", "open", done(READS_LEDGER)),
    # 征求意见表: counted and keyed by a teller or the secretary, printed before the opening too.
    ("reports:sheets_count", "GET", "open", COUNTS),
    ("reports:sheets_count", "GET", "preparing", "in 404 403 403 403 403 404"),
    ("reports:sheets_key", "GET", "open", COUNTS),
    ("reports:sheets_blank", "GET", "preparing", COUNTS),
    # 千分制考核: the scheme is the organizer's; sheets are keyed like paper; points come from the organizer, never from the unit.
    ("reports:scoring_detail", "GET", "preparing", SEES_CAMPAIGN),
    ("reports:scheme_edit", "GET", "preparing", CONFIGURES),
    ("reports:unit_scoring", "GET", "open scored", COUNTS),
    ("reports:score_sheet_blank", "GET", "open scored", COUNTS),
    ("reports:score_sheet_key", "GET", "open scored", COUNTS),
    ("reports:score_sheets_discard", "POST", "open scored", done(RUNS)),
    ("reports:scoring_finish", "GET", "open scored", RUNS),
    ("reports:adjustment_list", "GET", "open scored", READS),
    ("reports:adjustment_add", "GET", "open scored", READS_LEDGER),
    ("reports:adjustment_withdraw", "GET", "open scored", READS_LEDGER),
    # Nobody has sent any.
    ("reports:adjustment_file", "GET", "open scored", "in 404 404 404 404 403 404"),
    ("reports:unit_score", "GET", "sealed scored", READS),
    ("reports:score_ranking", "GET", "sealed scored", READS_SUMS),
    ("reports:score_ranking_pdf", "GET", "sealed scored", READS_SUMS),
    ("reports:score_ranking_workbook", "GET", "sealed scored", READS_SUMS),
    # 意见箱: for anybody; its letters for the unit's secretary alone.
    ("reports:letter_write", "GET", "open", EVERYBODY),
    ("reports:letter_sent", "GET", "open", EVERYBODY),
    ("reports:reply_ask", "GET", "", EVERYBODY),
    # Nobody has typed a receipt code.
    ("reports:reply_read", "GET", "", "302 302 302 302 302 302 302"),
    # Opinions on a report's drafts, before the opening too.
    ("reports:draft_opinions", "GET", "preparing", READS_LEDGER),
    ("reports:draft_opinions", "GET", "open", READS_LEDGER),
    ("reports:draft_opinion_adopt", "GET", "preparing", READS_LEDGER),
    ("reports:draft_opinion_delete", "POST", "preparing", done(READS_LEDGER)),
    ("reports:letterbox_detail", "GET", "open", RUNS),
    ("reports:letterbox_open", "POST", "open", done(RUNS)),
    ("reports:letterbox_shut", "POST", "open", done(RUNS)),
    ("reports:letterbox_poster", "GET", "open", RUNS),
    ("reports:letter_read", "GET", "open", RUNS),
    # Sent without their fields, the page comes back.
    ("reports:letter_register", "POST", "open", RUNS),
    ("reports:letter_bring", "POST", "open", RUNS),
    # 窗口即时评议: for anybody; its sums for those who answer for the unit and those above, kept by its secretary.
    ("reports:window_tap", "GET", "open", EVERYBODY),
    ("reports:window_thanks", "GET", "open", EVERYBODY),
    ("reports:window_list", "GET", "open", READS_LEDGER),
    ("reports:window_add", "GET", "open", RUNS),
    ("reports:window_detail", "GET", "open", READS_LEDGER),
    ("reports:window_edit", "GET", "open", RUNS),
    ("reports:window_open", "POST", "open", done(RUNS)),
    ("reports:window_shut", "POST", "open", done(RUNS)),
    ("reports:window_poster", "GET", "open", RUNS),
    ("reports:window_workbook", "GET", "open", READS_LEDGER),
    ("reports:window_word", "GET", "open", RUNS),
    ("reports:window_takings", "GET", "open", RUNS),
    ("reports:window_takings", "GET", "preparing", "in 404 403 403 403 403 404"),
    ("reports:window_give_back", "POST", "open", done(RUNS)),
    # Superiors' marks are open: read by those who answer for the unit and those above, recorded by those above the person.
    ("reports:superior_marks", "GET", "open", READS_LEDGER),
    ("reports:superior_marks", "GET", "sealed", READS_LEDGER),
    ("reports:superior_mark_add", "GET", "sealed members", "in 404 403 403 200 403 404"),
    ("reports:superior_mark_delete", "POST", "sealed members", "in 404 403 403 302 403 404"),
    ("reports:secretary_ranking", "GET", "sealed", READS_PART),
    ("reports:secretaries_pdf", "GET", "sealed", READS_PART),
    ("reports:secretaries_workbook", "GET", "sealed", READS_PART),
    # The ledger: read by those who answer for it and those above, kept by the unit's secretary.
    ("reports:problem_list", "GET", "", SOME_LEDGER),
    ("reports:problem_board", "GET", "", SOME_LEDGER),
    ("reports:problem_add", "GET", "", SOME_SECRETARY),
    ("reports:problem_add?organization={organization_id}", "GET", "", RUNS),
    ("reports:problem_add?commitment={commitment_id}", "GET", "", RUNS),
    ("reports:revote_add", "GET", "", SOME_SECRETARY),
    ("reports:revote_settle", "GET", "sealed", READS_SUMS),
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
    ("reports:announcement_add_all", "GET", "sealed", WORDS_PART),
    ("reports:summary_file_all", "GET", "sealed", WORDS_PART),
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
    # The trail, for auditors alone.
    ("reports:trail_list", "GET", "", "in 403 403 403 403 403 403"),
    ("reports:trail_workbook", "GET", "", "in 403 403 403 403 403 403"),
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
    # A unit's own Word file: kept by its secretary, used by whoever downloads a 小结. There is none yet.
    ("reports:word_template", "GET", "", RUNS),
    ("reports:word_template_remove", "POST", "", done(RUNS)),
    ("reports:word_template_file", "GET", "", "in 404 404 403 403 403 404"),
    ("reports:word_template_sample", "GET", "", RUNS),
    ("reports:summary_on_template", "GET", "sealed", "in 404 404 404 404 403 404"),
    ("reports:campaign_summary_on_template", "GET", "sealed", "in 404 404 404 404 403 404"),
    # Notices: everybody chooses for the own account; the robot of a unit is its administrator's.
    ("reports:notice_choose", "GET", "", EVERY_USER),
    ("reports:notice_address", "POST", "", done(EVERY_USER)),
    ("reports:notice_try", "POST", "", done(ADMINISTERS)),
    ("reports:webhook_edit", "GET", "", "in 404 403 403 403 200 404"),
    ("reports:webhook_remove", "POST", "", "in 404 403 403 403 302 404"),
    ("reports:webhook_try", "POST", "", "in 404 403 403 403 302 404"),
    # The web API: a browser's session is no token. Tokens are made and revoked by those who answer for a unit and those above.
    ("reports:token_list", "GET", "", READS_LEDGER),
    ("reports:token_revoke", "POST", "", done(READS_LEDGER)),
    ("reports:api_description", "GET", "", EVERYBODY),
    ("reports:api_campaigns", "GET", "sealed", NO_TOKEN),
    ("reports:api_campaign", "GET", "sealed", NO_TOKEN),
    ("reports:api_tally_json", "GET", "sealed", NO_TOKEN),
    ("reports:api_tally_csv", "GET", "sealed", NO_TOKEN),
    ("reports:api_unknown", "GET", "", "404 404 404 404 404 404 404"),
)

# The ledger holds no result of a poll.
LEDGER = {
    row[0]
    for row in TABLE
    if row[0].startswith(
        ("reports:problem_", "reports:measure_", "reports:note_", "reports:ledger_", "reports:revote_add")
    )
}
# Pages of the last room that tell how far things have come, and of no result.
PEOPLE = {
    row[0] for row in TABLE if row[0].startswith(("reports:comment_", "reports:comments_", "reports:commitment_"))
}
# Opinions beside the ballots are no result, and none from a ballot is among them.
GATHERED = {
    row[0]
    for row in TABLE
    if row[0].startswith(
        ("reports:gather", "reports:draft_", "reports:forum_", "reports:sheets_", "reports:letter", "reports:reply_")
    )
}
# Sums of taps at a window are there all year, and none is of a ballot.
WINDOWS = {row[0] for row in TABLE if row[0].startswith("reports:window_")}
# Superiors mark openly, and no ballot is among their marks before the seal.
OPENLY_MARKED = {"reports:superior_marks", "reports:superior_mark_add", "reports:superior_mark_delete"}
# Exports are there for nobody before the seal, as nothing can be asked for (`export_add`).
EXPORTS = {"reports:export_list", "reports:export_detail", "reports:export_cancel", "reports:export_file"}
# The words of members about themselves come before the votes and are none of them.
SELF_APPRAISALS = {
    f"reports:self_appraisal_{deed}" for deed in ("list", "edit", "file", "link", "revoke", "write", "done")
}
# A branch's work report comes with the step of its votes and is none of them.
WORK_REPORTS = {f"reports:work_report{deed}" for deed in ("", "_file", "_remove")}
# Minutes say who was at a meeting and what was said there, and nothing of the ballots.
MINUTES = {"reports:minutes_edit", "reports:minutes_pdf"}
# Decisions and appeals hang on a finding, which only a sealed result has.
USES = {
    *("reports:consequence_add", "reports:consequence_revoke", "reports:appeal_add", "reports:appeal_edit"),
    *("reports:restriction_list", "reports:restriction_list?unit={organization_id}", "reports:restrictions_pdf"),
}
# Before the seal a scheme, sheets on their way in and points tell nothing of what raters or participants gave.
SCORING = {
    *("reports:scoring_detail", "reports:scheme_edit", "reports:unit_scoring", "reports:scoring_finish"),
    *(row[0] for row in TABLE if row[0].startswith(("reports:score_sheet", "reports:adjustment_"))),
}
# Forms are handed down without a result.
HANDED_DOWN = {"reports:form_set_add"}
# The year's plan and the next campaign are made of no result; periods are compared once they are sealed.
YEAR = {"reports:campaign_copy", "reports:period_campaign", "reports:year_comparison", "reports:year_workbook"}
# Programs with a token are asked in tests/contract/test_early_counts.py; nobody else gets anything.
WEB_API = {row[0] for row in TABLE if row[0].startswith(("reports:api_", "reports:token_"))}
# Notices carry no result, and their pages neither.
NOTICES = {row[0] for row in TABLE if row[0].startswith(("reports:notice_", "reports:webhook_"))}
# The page of a template has no result.
WORD_TEMPLATES = {row[0] for row in TABLE if row[0].startswith("reports:word_template")}
# A notice is up or not there for anybody; nothing is announced before the seal.
SHOWN_BEFORE_THE_SEAL = {
    *("reports:trail_list", "reports:trail_workbook"),
    *("reports:home", "reports:administration", "reports:desk", "reports:desk_workbook", "reports:announcement_public"),
    *(
        "reports:person",
        "reports:person_file",
        "reports:person_correct",
        "reports:person_delete",
        "reports:person_deeds",
    ),
    *("reports:privacy", "reports:retention", "reports:retention?preview=1&opinion=12", "reports:retention_save"),
    *LEDGER,
    *PEOPLE,
    *GATHERED,
    *WINDOWS,
    *SELF_APPRAISALS,
    *WORK_REPORTS,
    *MINUTES,
    *OPENLY_MARKED,
    *EXPORTS,
    *USES,
    *SCORING,
    *HANDED_DOWN,
    *YEAR,
    *WEB_API,
    *WORD_TEMPLATES,
    *NOTICES,
}


def routes(resolver=None, namespace=""):
    """The name of every route, with its namespace."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name}"


def route_of(row):
    return row[0].partition("?")[0]


# Tests without a database come last, and this one is to fail first.
@pytest.mark.django_db
def test_every_route_is_in_the_table_and_nothing_else():
    known = list(routes())

    assert "None" not in {name.rpartition(":")[2] for name in known}
    assert sorted(set(known) - {route_of(row) for row in TABLE}) == []
    assert sorted({route_of(row) for row in TABLE} - set(known)) == []


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


def answers(world, method, path):
    """The status for each role, each asked as if the others had not been; what was done is undone."""
    statuses = []
    for role in ROLES:
        point = transaction.savepoint()
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
        response = client.get(path) if method == "GET" else client.post(path)
        page = b"".join(response)
        # An open choice reads as a word everywhere.
        assert b"---------" not in page or b"%PDF" in page, path
        # Nobody's page stays in a browser, whoever asked, and whatever the answer.
        assert "no-store" in response["Cache-Control"], path
        # A file that is fetched leaves a row in the trail.
        name = response.resolver_match.view_name if response.resolver_match else ""
        assert method != "GET" or not is_file(response) or name in LOOKED_AT or name.startswith(BY_TOKEN), path
        is_login = response.status_code == 302 and response["Location"].startswith(reverse("login"))
        statuses.append(LOGIN if is_login and role == "anonymous" else str(response.status_code))
        transaction.savepoint_rollback(point)
    return dict(zip(ROLES, statuses, strict=True))


LOOKED_AT = LOOKS.keys() | LEAVE_NONE.keys()
# Each read by a token has its row (tests/reports/test_api_views.py).
BY_TOKEN = "reports:api_"


def is_file(response):
    return response.has_header("Content-Disposition") or response["Content-Type"].startswith("application/pdf")


# The pages that an auditor alone has.
OF_AUDITORS = {"reports:trail_list", "reports:trail_workbook"}
# Pages that ask for a role anywhere before they look for the unit in the address.
ROLE_COMES_FIRST = ("reports:problem_add?", "reports:ledger_workbook?", "reports:ledger_pdf?")


def expected(row):
    statuses = dict(zip(ROLES[:-1], row[3].split(), strict=True))
    if route_of(row) in OF_AUDITORS:
        return statuses | {"auditor": "200"}
    if row[0].startswith(ROLE_COMES_FIRST):
        return statuses | {"auditor": "403"}
    return statuses | {"auditor": of_nobody_in_particular(statuses)}


def of_nobody_in_particular(statuses):
    """The answer to an account without any other role: what every account gets, or a refusal."""
    of_accounts = {statuses[role] for role in ROLES[1:-1]}
    if len(of_accounts) == 1:
        return of_accounts.pop()
    return "404" if statuses["outsider"] == "404" else "403"


# Rows of one world stand together, so that it is made once.
ROWS = [pytest.param(row, row[2], id=" ".join(row[:3])) for row in sorted(TABLE, key=lambda row: row[2])]


@pytest.mark.parametrize(("row", "world"), ROWS, indirect=["world"])
def test_each_role_gets_what_the_table_says(world, db, row):
    method, path = row[1], address(row, world.keys)

    statuses = answers(world, method, path)
    other = answers(world, "GET" if method == "POST" else "POST", path)

    assert statuses == expected(row)
    if method == "POST":
        # A deed is never done by following a link.
        assert {other[role] for role in ROLES[1:]} == {"405"}
    else:
        # Who may not open a page may not send it either; a page without a form may take nothing from anybody.
        refused = {role: status for role, status in statuses.items() if status in (LOGIN, "403", "404")}
        assert {role: other[role] for role in refused} == refused or {other[role] for role in ROLES[1:]} == {"405"}


@pytest.mark.parametrize("world", ["open", "closed"], indirect=True)
@pytest.mark.parametrize(
    "name", sorted({row[0] for row in TABLE if row[0].startswith("reports:")} - SHOWN_BEFORE_THE_SEAL)
)
def test_before_the_seal_there_is_no_result_for_anybody(world, db, name):
    keys = world.keys | {"rule": "org-dissatisfied-third", "target_id": 1, "opinion_id": 1}
    (method,) = {row[1] for row in TABLE if row[0] == name}

    statuses = answers(world, method, address((name,), keys))

    assert {statuses[role] for role in ("secretary", "teller", "officer", "administrator")} == {"403"}
    assert statuses["outsider"] == "404"
    assert statuses["branch"] == ("403" if "campaign_id" in dict(patterns())[name.partition("?")[0]] else "404")

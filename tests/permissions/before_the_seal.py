"""Pages of reports that are there before the seal, and why each tells nothing of the ballots."""

from .table import TABLE

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

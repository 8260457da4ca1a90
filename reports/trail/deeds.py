"""Which route leaves which deed in the trail: the one table, in which every route that changes anything stands.

A route that stands in neither table fails tests/reports/trail/test_deeds.py.
"""

from campaigns.models import TrailEntry

Deed = TrailEntry.Deed

SIGN_IN, SECOND_STEP = "login", "second_code"

# The deeds that a POST of an account is, by their routes.
_CHANGES: dict[str, tuple[str, ...]] = {
    Deed.SIGN_IN: (SIGN_IN, SECOND_STEP),
    Deed.SIGN_OUT: (
        *("logout", "campaigns:signed_in_end", "campaigns:signed_in_end_others", "campaigns:account_sign_out"),
    ),
    Deed.OWN_PASSWORD: ("password_change",),
    Deed.SECOND_FACTOR: (
        *("campaigns:second_factor_add", "campaigns:second_factor_later", "campaigns:second_factor_take"),
    ),
    Deed.ACCOUNT: (
        *("campaigns:account_add", "campaigns:account_edit", "campaigns:account_release"),
        *("campaigns:account_import", "campaigns:account_import_confirm"),
        # Choices of notices, and the robots of units.
        *(
            "reports:notice_choose",
            "reports:notice_address",
            "reports:notice_try",
            "reports:webhook_edit",
            "reports:webhook_remove",
        ),
        "reports:webhook_try",
    ),
    Deed.PASSWORD: ("campaigns:account_password",),
    Deed.ROLE_GIVEN: ("campaigns:role_add",),
    Deed.ROLE_TAKEN: ("campaigns:role_remove",),
    Deed.ROSTER: (
        *("campaigns:organization_add", "campaigns:organization_edit", "campaigns:organization_deactivate"),
        *("campaigns:organization_activate", "campaigns:organization_delete", "reports:organization_merge"),
        *("campaigns:member_add", "campaigns:member_edit", "campaigns:member_transfer"),
        *("campaigns:member_deactivate", "campaigns:member_activate"),
        *("campaigns:commitment_add", "campaigns:commitment_edit", "campaigns:commitment_delete"),
        "reports:commitment_fulfil",
    ),
    Deed.ROSTER_IMPORT: (
        *("campaigns:roster_import", "campaigns:roster_columns", "campaigns:roster_hidden"),
        *("campaigns:roster_units", "campaigns:roster_confirm"),
    ),
    Deed.PERSON: ("reports:person_file", "reports:person_correct", "reports:person_delete"),
    Deed.RETENTION: ("reports:retention_save",),
    Deed.FORM_SET: (
        *("campaigns:form_set_delete", "campaigns:form_set_use", "ballots:form_set_import", "reports:form_set_add"),
    ),
    Deed.YEAR_PLAN: (
        *("campaigns:year_plan_add", "campaigns:year_plan_delete", "campaigns:period_add", "campaigns:period_edit"),
        *("campaigns:period_delete", "reports:period_campaign"),
    ),
    Deed.CAMPAIGN: (
        *("campaigns:campaign_add", "campaigns:campaign_edit", "campaigns:campaign_clarities"),
        *("campaigns:campaign_delete", "campaigns:campaign_steps", "campaigns:campaign_pairs"),
        *("campaigns:category_list", "campaigns:questionnaire_list", "campaigns:questionnaire_add"),
        *("campaigns:questionnaire_edit", "campaigns:questionnaire_delete", "campaigns:scale_edit"),
        *("campaigns:poll_list", "campaigns:poll_edit", "campaigns:poll_targets", "campaigns:poll_commitments"),
        *("campaigns:poll_delete", "campaigns:target_add", "campaigns:targets_refresh"),
        *("reports:campaign_copy", "reports:revote_add"),
    ),
    Deed.RULES: (
        *("campaigns:campaign_rules", "campaigns:threshold_list", "campaigns:threshold_add"),
        *("campaigns:threshold_edit", "reports:score_choose", "reports:excellent_edit"),
    ),
    Deed.STAGE: (
        *("campaigns:stages_make", "campaigns:stage_add", "campaigns:stage_edit", "campaigns:stage_delete"),
        *("campaigns:artefact_file_add", "campaigns:artefact_file_remove"),
        *("reports:work_report", "reports:work_report_remove"),
    ),
    Deed.DOCUMENT: (
        *("campaigns:document_add", "campaigns:document_edit", "campaigns:document_delete"),
        *("campaigns:draft_add", "campaigns:draft_facts", "campaigns:draft_delete"),
    ),
    Deed.FACTS: ("campaigns:late_facts", "campaigns:meeting_facts", "campaigns:meeting_facts_confirm"),
    Deed.REHEARSAL: ("ballots:rehearsal_start", "ballots:rehearsal_end"),
    Deed.OPEN: ("ballots:campaign_open", "ballots:campaign_open_again", "ballots:poll_open_again"),
    Deed.TAKE_BACK: ("ballots:campaign_take_back", "ballots:poll_take_back"),
    Deed.EXTEND: ("campaigns:campaign_extend",),
    Deed.BATCH: (
        *("ballots:batch_add", "ballots:batch_share", "ballots:batch_edit", "ballots:campaign_batches"),
        "ballots:batch_admit",
    ),
    Deed.SLIPS: ("ballots:batch_slips", "ballots:campaign_slips", "ballots:slip_withdraw"),
    Deed.DOOR: ("ballots:door_open", "ballots:door_shut"),
    Deed.KEYING: (
        *("ballots:keying_start", "ballots:keying_finish", "ballots:keying_reopen", "ballots:keying_discard"),
        "ballots:keying_totals",
    ),
    Deed.AGREE: ("ballots:keying_agree",),
    Deed.BALLOT_IMPORT: (*("ballots:ballot_import", "ballots:ballot_import_columns", "ballots:ballot_import_confirm"),),
    Deed.CLOSE: ("ballots:poll_close", "ballots:campaign_close"),
    Deed.VOID: ("ballots:batch_void",),
    Deed.PHOTO: ("ballots:count_sheet_photos", "ballots:count_sheet_photo_remove"),
    Deed.SEAL: ("ballots:poll_seal", "ballots:campaign_seal"),
    Deed.OPINIONS: (
        *("reports:opinion_read", "reports:opinion_merge", "reports:opinion_part", "reports:opinion_set_aside"),
        "reports:opinion_send",
    ),
    Deed.GATHERING: (
        *("reports:gathered_add", "reports:gathered_edit", "reports:gathered_delete"),
        *("reports:forum_add", "reports:forum_edit", "reports:forum_delete", "reports:sheets_count"),
        *("reports:draft_opinions", "reports:draft_opinion_adopt", "reports:draft_opinion_delete"),
    ),
    Deed.LETTERBOX: (
        *("reports:letterbox_open", "reports:letterbox_shut", "reports:letter_read"),
        *("reports:letter_register", "reports:letter_bring"),
    ),
    Deed.WINDOW: (
        *("reports:window_add", "reports:window_edit", "reports:window_open", "reports:window_shut"),
        *("reports:window_word", "reports:window_takings", "reports:window_give_back"),
    ),
    Deed.LEDGER: (
        *("reports:problem_add", "reports:problem_edit", "reports:problem_close", "reports:problem_reopen"),
        *("reports:problem_discard", "reports:problem_verdict", "reports:note_add", "reports:measure_add"),
        *("reports:measure_edit", "reports:measure_finish", "reports:measure_undo", "reports:measure_remove"),
        *("reports:finding_problem", "reports:grading_problem", "reports:revote_settle"),
    ),
    Deed.FINDING: ("reports:finding_decide",),
    Deed.CONSEQUENCE: (
        *("reports:consequence_add", "reports:consequence_revoke", "reports:appeal_add", "reports:appeal_edit"),
    ),
    Deed.GRADING: ("reports:grading_record",),
    Deed.SELF_APPRAISAL: ("reports:self_appraisal_edit",),
    Deed.SCORING: (
        *("reports:scheme_edit", "reports:score_sheets_discard", "reports:scoring_finish"),
        *("reports:adjustment_add", "reports:adjustment_withdraw"),
    ),
    Deed.SUPERIOR_MARK: ("reports:superior_mark_add", "reports:superior_mark_delete"),
    Deed.COMMENT: (
        *("reports:comment_add", "reports:comment_edit", "reports:comment_delete", "reports:comment_import"),
        *("reports:comment_import_hidden", "reports:comment_import_confirm"),
    ),
    Deed.MINUTES: ("reports:minutes_edit",),
    Deed.SUMMARY: (
        *("reports:summary_edit", "reports:unit_summary_edit", "reports:summary_restore"),
        "reports:unit_summary_restore",
    ),
    Deed.FILE: ("reports:summary_finalize", "reports:unit_summary_finalize", "reports:summary_file_all"),
    Deed.ANNOUNCEMENT: (
        *("reports:announcement_add", "reports:unit_announcement_add", "reports:announcement_add_all"),
        *("reports:announcement_edit", "reports:announcement_publish", "reports:announcement_withdraw"),
        *("reports:announcement_delete", "reports:objection_add", "reports:objection_edit"),
    ),
    Deed.TEMPLATE: ("reports:word_template", "reports:word_template_remove"),
    Deed.TOKEN: ("reports:token_list", "reports:token_revoke"),
    Deed.EXPORT: ("reports:export_add", "reports:export_cancel", "reports:announcement_export"),
}

# Looks, which a GET of an account is: opinions that are read, and every file.
_LOOKS: dict[str, tuple[str, ...]] = {
    Deed.OPINIONS_READ: (
        *("reports:opinion_list", "reports:opinion_read", "reports:opinions_pdf", "reports:gathering_list"),
        *("reports:draft_opinions", "reports:letterbox_detail", "reports:letter_read"),
    ),
    Deed.DOWNLOAD: (
        *("campaigns:form_set_file", "campaigns:artefact_file", "campaigns:draft_file"),
        "ballots:count_sheet_photo",
        *("reports:results_workbook", "reports:results_pdf", "reports:count_sheet", "reports:campaign_workbook"),
        *("reports:report_workbook", "reports:campaign_report_workbook", "reports:desk_workbook"),
        *("reports:summary_pdf", "reports:summary_docx", "reports:campaign_summary_pdf"),
        *("reports:campaign_summary_docx", "reports:summary_on_template", "reports:campaign_summary_on_template"),
        *("reports:feedback_pdf", "reports:registration_pdf", "reports:ledger_pdf", "reports:ledger_workbook"),
        *("reports:comments_pdf", "reports:restrictions_pdf", "reports:minutes_pdf", "reports:year_workbook"),
        *("reports:secretaries_pdf", "reports:secretaries_workbook", "reports:score_ranking_pdf"),
        *("reports:score_ranking_workbook", "reports:window_workbook", "reports:announcement_pdf"),
        *("reports:self_appraisal_file", "reports:work_report_file", "reports:adjustment_file"),
        *("reports:word_template_file", "reports:comment_template", "reports:word_template_sample"),
        *(
            "campaigns:campaign_calendar",
            "campaigns:roster_template",
            "campaigns:account_template",
            "campaigns:roster_export",
            "campaigns:meeting_facts_file",
            "ballots:ballot_import_template",
        ),
        *("ballots:poll_paper", "reports:score_sheet_blank", "reports:sheets_blank"),
        *("reports:letterbox_poster", "reports:window_poster"),
    ),
    Deed.EXPORT: ("reports:export_file",),
    Deed.TRAIL: ("reports:trail_workbook",),
}

# Routes that change something and leave no row, with the reason.
_BY_PARTICIPANTS = "参评人员和群众的页面，没有账号"
_BY_SHEET = "一张一张地录，按张留下时间就看得出次序；录入完毕、认可、作废各留一条"
LEAVE_NONE: dict[str, str] = {
    "ballots:ballot_report_file": _BY_PARTICIPANTS,
    **dict.fromkeys(
        (
            *("ballots:code_enter", "ballots:code_claim", "ballots:ballot_fill", "ballots:ballot_answer"),
            *("ballots:ballot_cast", "ballots:hand_over", "ballots:text_size", "ballots:ballot_review"),
            *("reports:letter_write", "reports:reply_ask", "reports:window_tap", "reports:self_appraisal_write"),
        ),
        _BY_PARTICIPANTS,
    ),
    **dict.fromkeys(
        (
            *("ballots:keying_sheet", "ballots:keying_undo", "ballots:keying_decide"),
            *("reports:score_sheet_key", "reports:sheets_key"),
        ),
        _BY_SHEET,
    ),
    **dict.fromkeys(
        ("reports:self_appraisal_link", "reports:self_appraisal_revoke"),
        "党员本人的链接，何时发给谁不留",
    ),
    **dict.fromkeys(("reports:api_description", "reports:api_unknown"), "谁都能读的说明，里面没有数据"),
    "campaigns:unsaved_text": "写了没有保存的文字，只给写的人看，保存时留一条",
    "campaigns:begin": "演示里开始正式使用，演示不办正事；正式库里留下首任管理员的账号记录",
    "reports:rate_check": "只算一个数，什么也不写",
}

# Reads by programs that bring a token.
READ_BY_TOKEN = frozenset(
    (*("reports:api_campaigns", "reports:api_campaign"), *("reports:api_tally_json", "reports:api_tally_csv"))
)

# A page that comes back instead of another one is the deed's end here, not a form with errors.
END_WITH_A_PAGE = frozenset(
    (
        *("campaigns:roster_import", "campaigns:roster_columns", "campaigns:roster_hidden", "campaigns:roster_units"),
        *(
            "campaigns:account_import",
            "campaigns:meeting_facts",
            "ballots:ballot_import",
            "ballots:ballot_import_columns",
        ),
        *("reports:comment_import", "reports:comment_import_hidden"),
        *("reports:summary_file_all", "reports:announcement_add_all", "ballots:campaign_close"),
        *("ballots:campaign_seal", "ballots:campaign_open_again"),
    )
)


def _by_route(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {route: deed for deed, routes in table.items() for route in routes}


CHANGES, LOOKS = _by_route(_CHANGES), _by_route(_LOOKS)


def deed_of(route: str, method: str) -> str:
    """The deed that a request is, by the name of its route; empty where it leaves no row."""
    return {"POST": CHANGES, "GET": LOOKS}.get(method, {}).get(route, "")

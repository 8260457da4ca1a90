"""Routes of results, reports and downloads."""

from django.urls import path

from .views import (
    announcements,
    comment_import,
    comments,
    commitments,
    committee,
    downloads,
    exports,
    findings,
    home,
    ledger,
    measures,
    merging,
    opinions,
    results,
    summary,
)

app_name = "reports"
urlpatterns = [
    # The page after login.
    path("", home.home, name="home"),
    path("organizations/<int:organization_id>/merge/", merging.organization_merge, name="organization_merge"),
    # The committee above.
    path("campaigns/<int:campaign_id>/lagging/", committee.lagging, name="lagging"),
    path("campaigns/<int:campaign_id>/ranking/", committee.ranking, name="ranking"),
    path("campaigns/<int:campaign_id>/periods/", committee.periods, name="periods"),
    path("polls/<int:poll_id>/results/", results.poll_results, name="poll_results"),
    path("polls/<int:poll_id>/results.xlsx", downloads.results_workbook, name="results_workbook"),
    path("polls/<int:poll_id>/results.pdf", downloads.results_pdf, name="results_pdf"),
    path("polls/<int:poll_id>/count-sheet.pdf", downloads.count_sheet, name="count_sheet"),
    # The 小结 of a poll, and the same of a unit's part of a campaign.
    path("polls/<int:poll_id>/summary/", summary.summary_edit, name="summary_edit"),
    path("polls/<int:poll_id>/summary.pdf", summary.summary_pdf, name="summary_pdf"),
    path("polls/<int:poll_id>/summary/final/", summary.summary_finalize, name="summary_finalize"),
    path("polls/<int:poll_id>/summary/versions/", summary.summary_versions, name="summary_versions"),
    path("polls/<int:poll_id>/summary/versions/<int:number>/", summary.summary_version, name="summary_version"),
    path("polls/<int:poll_id>/summary/versions/<int:number>/restore/", summary.summary_restore, name="summary_restore"),
    path("campaigns/<int:campaign_id>/summary/", summary.unit_summary_edit, name="unit_summary_edit"),
    path("campaigns/<int:campaign_id>/summary/final/", summary.unit_summary_finalize, name="unit_summary_finalize"),
    path("campaigns/<int:campaign_id>/summary/versions/", summary.unit_summary_versions, name="unit_summary_versions"),
    path(
        "campaigns/<int:campaign_id>/summary/versions/<int:number>/",
        summary.unit_summary_version,
        name="unit_summary_version",
    ),
    path(
        "campaigns/<int:campaign_id>/summary/versions/<int:number>/restore/",
        summary.unit_summary_restore,
        name="unit_summary_restore",
    ),
    path(
        "polls/<int:poll_id>/findings/<slug:rule>/<int:target_id>/",
        findings.finding_decide,
        name="finding_decide",
    ),
    path("polls/<int:poll_id>/score-choice/", results.score_choose, name="score_choose"),
    path("polls/<int:poll_id>/check-rate/", results.rate_check, name="rate_check"),
    path("polls/<int:poll_id>/excellent/", results.excellent_edit, name="excellent_edit"),
    path("campaigns/<int:campaign_id>/findings/", findings.finding_list, name="finding_list"),
    path("campaigns/<int:campaign_id>/results/", results.campaign_results, name="campaign_results"),
    path("campaigns/<int:campaign_id>/results.xlsx", downloads.campaign_workbook, name="campaign_workbook"),
    # Workbooks.
    path("polls/<int:poll_id>/report.xlsx", downloads.report_workbook, name="report_workbook"),
    path(
        "campaigns/<int:campaign_id>/report.xlsx", downloads.campaign_report_workbook, name="campaign_report_workbook"
    ),
    path("ledger.xlsx", downloads.ledger_workbook, name="ledger_workbook"),
    path("campaigns/<int:campaign_id>/summary.pdf", summary.campaign_summary_pdf, name="campaign_summary_pdf"),
    # Files to be printed or written on.
    path("polls/<int:poll_id>/summary.docx", downloads.summary_docx, name="summary_docx"),
    path("campaigns/<int:campaign_id>/summary.docx", downloads.campaign_summary_docx, name="campaign_summary_docx"),
    path("polls/<int:poll_id>/opinions.pdf", downloads.opinions_pdf, name="opinions_pdf"),
    path("polls/<int:poll_id>/targets/<int:target_id>/feedback.pdf", downloads.feedback_pdf, name="feedback_pdf"),
    path("ledger.pdf", downloads.ledger_pdf, name="ledger_pdf"),
    path("comments.pdf", downloads.comments_pdf, name="comments_pdf"),
    # Opinions.
    path("polls/<int:poll_id>/opinions/", opinions.opinion_list, name="opinion_list"),
    path("polls/<int:poll_id>/opinions/merge/", opinions.opinion_merge, name="opinion_merge"),
    path("polls/<int:poll_id>/opinions/set-aside/", opinions.opinion_set_aside, name="opinion_set_aside"),
    path("polls/<int:poll_id>/opinions/<int:opinion_id>/", opinions.opinion_read, name="opinion_read"),
    path("polls/<int:poll_id>/opinions/<int:opinion_id>/part/", opinions.opinion_part, name="opinion_part"),
    path("polls/<int:poll_id>/opinions/<int:opinion_id>/problem/", opinions.opinion_send, name="opinion_send"),
    # Announcements; the last page is for anybody while it is up.
    path("polls/<int:poll_id>/announcements/", announcements.announcement_list, name="announcement_list"),
    path("polls/<int:poll_id>/announcements/add/", announcements.announcement_add, name="announcement_add"),
    path(
        "campaigns/<int:campaign_id>/announcements/",
        announcements.unit_announcement_list,
        name="unit_announcement_list",
    ),
    path(
        "campaigns/<int:campaign_id>/announcements/add/",
        announcements.unit_announcement_add,
        name="unit_announcement_add",
    ),
    path("announcements/<int:announcement_id>/", announcements.announcement_detail, name="announcement_detail"),
    path("announcements/<int:announcement_id>/edit/", announcements.announcement_edit, name="announcement_edit"),
    path(
        "announcements/<int:announcement_id>/publish/", announcements.announcement_publish, name="announcement_publish"
    ),
    path(
        "announcements/<int:announcement_id>/withdraw/",
        announcements.announcement_withdraw,
        name="announcement_withdraw",
    ),
    path("announcements/<int:announcement_id>/delete/", announcements.announcement_delete, name="announcement_delete"),
    path("announcements/<int:announcement_id>/notice.pdf", announcements.announcement_pdf, name="announcement_pdf"),
    path("announcements/<int:announcement_id>/objections/add/", announcements.objection_add, name="objection_add"),
    path("objections/<int:objection_id>/", announcements.objection_edit, name="objection_edit"),
    path("announced/<slug:token>/", announcements.announcement_public, name="announcement_public"),
    # The ledger.
    path("ledger/", ledger.problem_list, name="problem_list"),
    path("ledger/board/", ledger.problem_board, name="problem_board"),
    path("ledger/add/", ledger.problem_add, name="problem_add"),
    path("ledger/<int:problem_id>/", ledger.problem_detail, name="problem_detail"),
    path("ledger/<int:problem_id>/edit/", ledger.problem_edit, name="problem_edit"),
    path("ledger/<int:problem_id>/close/", ledger.problem_close, name="problem_close"),
    path("ledger/<int:problem_id>/reopen/", ledger.problem_reopen, name="problem_reopen"),
    path("ledger/<int:problem_id>/discard/", ledger.problem_discard, name="problem_discard"),
    path("ledger/<int:problem_id>/verdict/", ledger.problem_verdict, name="problem_verdict"),
    path("ledger/<int:problem_id>/notes/add/", measures.note_add, name="note_add"),
    path("ledger/<int:problem_id>/measures/add/", measures.measure_add, name="measure_add"),
    path("ledger/<int:problem_id>/measures/<int:measure_id>/", measures.measure_edit, name="measure_edit"),
    path("ledger/<int:problem_id>/measures/<int:measure_id>/finish/", measures.measure_finish, name="measure_finish"),
    path("ledger/<int:problem_id>/measures/<int:measure_id>/undo/", measures.measure_undo, name="measure_undo"),
    path("ledger/<int:problem_id>/measures/<int:measure_id>/remove/", measures.measure_remove, name="measure_remove"),
    path(
        "polls/<int:poll_id>/findings/<slug:rule>/<int:target_id>/problem/",
        findings.finding_problem,
        name="finding_problem",
    ),
    # Long exports.
    path("exports/", exports.export_list, name="export_list"),
    path("campaigns/<int:campaign_id>/exports/", exports.export_add, name="export_add"),
    path("exports/<int:export_id>/", exports.export_detail, name="export_detail"),
    path("exports/<int:export_id>/cancel/", exports.export_cancel, name="export_cancel"),
    path("exports/<int:export_id>/archive.zip", exports.export_file, name="export_file"),
    # Leaders' comments and public commitments.
    path("comments/", comments.comment_list, name="comment_list"),
    path("comments/missing/", comments.comment_missing, name="comment_missing"),
    path("comments/add/", comments.comment_add, name="comment_add"),
    path("comments/import/", comment_import.comment_import, name="comment_import"),
    path("comments/import/hidden/", comment_import.comment_import_hidden, name="comment_import_hidden"),
    path("comments/import/confirm/", comment_import.comment_import_confirm, name="comment_import_confirm"),
    path("comments/template/", comment_import.comment_template, name="comment_template"),
    path("comments/<int:comment_id>/", comments.comment_edit, name="comment_edit"),
    path("comments/<int:comment_id>/delete/", comments.comment_delete, name="comment_delete"),
    path("commitments/", commitments.commitment_list, name="commitment_list"),
    path("commitments/<int:commitment_id>/fulfilment/", commitments.commitment_fulfil, name="commitment_fulfil"),
]

"""Routes of casting and counting."""

from django.urls import path

from .views import (
    attachments,
    ballot,
    ballot_import,
    batches,
    blank_paper,
    closing,
    comparing,
    handing_out,
    keying,
    library_files,
    paper_batches,
    polls,
    taking_back,
    wall,
)

app_name = "ballots"
urlpatterns = [
    # A participant's way; no account. The ballot's own comes first, when a whole room sends it at once.
    path("ballot/cast/", ballot.ballot_cast, name="ballot_cast"),
    path("v/", ballot.code_enter, name="code_enter"),
    path("v/<str:code>/", ballot.code_claim, name="code_claim"),
    path("ballot/", ballot.ballot_fill, name="ballot_fill"),
    path("ballot/forms/", ballot.ballot_forms, name="ballot_forms"),
    path("ballot/forms/<int:batch_id>/", ballot.ballot_choose, name="ballot_choose"),
    path("ballot/answer/", ballot.ballot_answer, name="ballot_answer"),
    path("ballot/review/", ballot.ballot_review, name="ballot_review"),
    path("ballot/report/<int:target_id>/", ballot.ballot_report, name="ballot_report"),
    path("ballot/report/<int:target_id>/file/", ballot.ballot_report_file, name="ballot_report_file"),
    path("ballot/refused/<slug:reason>/", ballot.ballot_refused, name="ballot_refused"),
    path("ballot/receipt/", ballot.ballot_receipt, name="ballot_receipt"),
    path("ballot/hand-over/", ballot.hand_over, name="hand_over"),
    path("text-size/", ballot.text_size, name="text_size"),
    path("records/", ballot.records, name="records"),
    # A poll from rehearsal to seal.
    path("polls/<int:poll_id>/", polls.poll_detail, name="poll_detail"),
    path("polls/<int:poll_id>/rehearsal/start/", polls.rehearsal_start, name="rehearsal_start"),
    path("polls/<int:poll_id>/rehearsal/end/", polls.rehearsal_end, name="rehearsal_end"),
    path("polls/<int:poll_id>/take-back/", taking_back.poll_take_back, name="poll_take_back"),
    path("polls/<int:poll_id>/open/", taking_back.poll_open_again, name="poll_open_again"),
    path("polls/<int:poll_id>/close/", closing.poll_close, name="poll_close"),
    path("polls/<int:poll_id>/seal/", closing.poll_seal, name="poll_seal"),
    path("batches/<int:batch_id>/void/", closing.batch_void, name="batch_void"),
    # A campaign's polls together.
    path("campaigns/<int:campaign_id>/open/", polls.campaign_open, name="campaign_open"),
    path("campaigns/<int:campaign_id>/take-back/", taking_back.campaign_take_back, name="campaign_take_back"),
    path("campaigns/<int:campaign_id>/open-again/", taking_back.campaign_open_again, name="campaign_open_again"),
    path("campaigns/<int:campaign_id>/close/", closing.campaign_close, name="campaign_close"),
    path("campaigns/<int:campaign_id>/seal/", closing.campaign_seal, name="campaign_seal"),
    path("campaigns/<int:campaign_id>/batches/", handing_out.campaign_batches, name="campaign_batches"),
    path("campaigns/<int:campaign_id>/slips/", handing_out.campaign_slips, name="campaign_slips"),
    # Forms that another committee handed down as a file.
    path("form-sets/import/", library_files.form_set_import, name="form_set_import"),
    # Ballots collected elsewhere.
    path("campaigns/<int:campaign_id>/import/", ballot_import.ballot_import, name="ballot_import"),
    path(
        "campaigns/<int:campaign_id>/import/columns/", ballot_import.ballot_import_columns, name="ballot_import_columns"
    ),
    path(
        "campaigns/<int:campaign_id>/import/confirm/", ballot_import.ballot_import_confirm, name="ballot_import_confirm"
    ),
    path(
        "campaigns/<int:campaign_id>/import/template.csv",
        ballot_import.ballot_import_template,
        name="ballot_import_template",
    ),
    # Handing out the right to vote.
    path("polls/<int:poll_id>/batches/add/", batches.batch_add, name="batch_add"),
    path("polls/<int:poll_id>/batches/share/", batches.batch_share, name="batch_share"),
    path("polls/<int:poll_id>/paper.pdf", blank_paper.poll_paper, name="poll_paper"),
    path("polls/<int:poll_id>/paper/", blank_paper.paper_copies, name="paper_copies"),
    path("batches/<int:batch_id>/slips/", batches.batch_slips, name="batch_slips"),
    path("batches/<int:batch_id>/slips/withdraw/", batches.slip_withdraw, name="slip_withdraw"),
    path("batches/<int:batch_id>/admit/", batches.batch_admit, name="batch_admit"),
    path("batches/<int:batch_id>/door/open/", batches.door_open, name="door_open"),
    path("batches/<int:batch_id>/door/shut/", batches.door_shut, name="door_shut"),
    path("polls/<int:poll_id>/wall/", wall.poll_wall, name="poll_wall"),
    # Paper: counted, keyed twice, compared.
    path("batches/<int:batch_id>/edit/", paper_batches.batch_edit, name="batch_edit"),
    path("batches/<int:batch_id>/keying/", paper_batches.batch_keying, name="batch_keying"),
    path("batches/<int:batch_id>/keying/start/", paper_batches.keying_start, name="keying_start"),
    path("batches/<int:batch_id>/keying/sheet/", keying.keying_sheet, name="keying_sheet"),
    path("batches/<int:batch_id>/keying/undo/", keying.keying_undo, name="keying_undo"),
    path("batches/<int:batch_id>/keying/totals/", keying.keying_totals, name="keying_totals"),
    path("batches/<int:batch_id>/keying/finish/", keying.keying_finish, name="keying_finish"),
    path("keyings/<int:keying_id>/reopen/", paper_batches.keying_reopen, name="keying_reopen"),
    path("keyings/<int:keying_id>/discard/", paper_batches.keying_discard, name="keying_discard"),
    path("batches/<int:batch_id>/keying/compare/", comparing.keying_compare, name="keying_compare"),
    path("batches/<int:batch_id>/keying/decide/<int:number>/", comparing.keying_decide, name="keying_decide"),
    path("batches/<int:batch_id>/keying/agree/", comparing.keying_agree, name="keying_agree"),
    path("polls/<int:poll_id>/count-sheet-photos/", attachments.count_sheet_photos, name="count_sheet_photos"),
    path("count-sheet-photos/<int:photo_id>/", attachments.count_sheet_photo, name="count_sheet_photo"),
    path(
        "count-sheet-photos/<int:photo_id>/remove/",
        attachments.count_sheet_photo_remove,
        name="count_sheet_photo_remove",
    ),
]

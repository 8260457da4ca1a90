"""Routes of casting and counting."""

from django.urls import path

from .views import ballot, batches, closing, polls, wall

app_name = "ballots"
urlpatterns = [
    # A participant's way; no account.
    path("v/", ballot.code_enter, name="code_enter"),
    path("v/<str:code>/", ballot.code_claim, name="code_claim"),
    path("ballot/", ballot.ballot_fill, name="ballot_fill"),
    path("ballot/review/", ballot.ballot_review, name="ballot_review"),
    path("ballot/cast/", ballot.ballot_cast, name="ballot_cast"),
    path("ballot/receipt/", ballot.ballot_receipt, name="ballot_receipt"),
    path("records/", ballot.records, name="records"),
    # One poll from rehearsal to seal.
    path("polls/<int:poll_id>/", polls.poll_detail, name="poll_detail"),
    path("polls/<int:poll_id>/rehearsal/start/", polls.rehearsal_start, name="rehearsal_start"),
    path("polls/<int:poll_id>/rehearsal/end/", polls.rehearsal_end, name="rehearsal_end"),
    path("polls/<int:poll_id>/close/", closing.poll_close, name="poll_close"),
    path("polls/<int:poll_id>/seal/", closing.poll_seal, name="poll_seal"),
    path("batches/<int:batch_id>/void/", closing.batch_void, name="batch_void"),
    # A campaign's polls together.
    path("campaigns/<int:campaign_id>/open/", polls.campaign_open, name="campaign_open"),
    path("campaigns/<int:campaign_id>/close/", closing.campaign_close, name="campaign_close"),
    path("campaigns/<int:campaign_id>/seal/", closing.campaign_seal, name="campaign_seal"),
    # Handing out the right to vote.
    path("polls/<int:poll_id>/batches/add/", batches.batch_add, name="batch_add"),
    path("batches/<int:batch_id>/slips/", batches.batch_slips, name="batch_slips"),
    path("batches/<int:batch_id>/admit/", batches.batch_admit, name="batch_admit"),
    path("polls/<int:poll_id>/wall/", wall.poll_wall, name="poll_wall"),
]

"""整改满意度再评: answered problems put to the vote again, and the outcome written back into the ledger."""

from collections.abc import Iterator

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, render

from campaigns.listing import Listing
from campaigns.models import Campaign, Organization, Poll
from campaigns.models.reach import within_paths
from campaigns.permissions import require
from campaigns.polls_for_deed import NAMED_AT_ONCE
from campaigns.views.fetching import visible_campaign, visible_organization
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..forms.revotes import MOST_PROBLEMS, RevoteFilterForm, RevoteForm
from ..models import Revote
from ..permissions import can_keep_ledger, can_keep_some_ledger, can_read_ledger, roots_of_kept_ledger
from ..results.poll import all_results
from ..revotes import RevoteOutcome, outcomes_of
from ..revotes.actions import call_revote, revotable, settle_revotes
from .fetching.address import key_in
from .fetching.results import unit_of_results


class RevoteChoice:
    """The problems of a ledger that may be put to the vote: few are listed at once, many are searched and stand in pages.

    A page is as long as a revote may be, so that the ticks of one page make one.
    """

    def __init__(self, asked, organizer: Organization):
        self._organizer = organizer
        problems = revotable(organizer)
        self.is_paged = problems.count() > NAMED_AT_ONCE
        self.filters = RevoteFilterForm(asked)
        size = MOST_PROBLEMS if self.is_paged else NAMED_AT_ONCE
        wanted = self.filters.apply(problems) if self.is_paged else problems
        self.listing = Listing(asked, wanted, (), size=size, prefix="problem-")

    @property
    def kept(self) -> str:
        """The address of all of them, without the search."""
        return f"?unit={self._organizer.pk}"

    def form(self, sent) -> RevoteForm:
        """The form as it was sent; where it only asks to tick the whole page, as it stood, with all ticks."""
        if sent is None or "tick" not in sent:
            return self._form(sent)
        ticked = [problem.pk for problem in self.listing]
        return self._form(None, initial={**sent.dict(), "problems": ticked})

    def _form(self, sent, **facts) -> RevoteForm:
        return RevoteForm(sent, organizer=self._organizer, shown=self.listing, **facts)


def revote_add(request):
    """A revote by the unit that `?unit=` names, or else by the topmost one whose ledger the user keeps."""
    require(can_keep_some_ledger(request.user))
    organizer = _organizer(request)
    choice = RevoteChoice(request.GET, organizer)
    form = choice.form(posted(request))
    if form.is_valid() and (campaign := _called(request, form)):
        messages.success(request, "再评活动已经建好，问题已列在各单位的票面上。请填好起止日期，核对票面，再开启。")
        return redirect("campaigns:campaign_detail", campaign.pk)
    others = [unit for unit in _roots_with_problems(request.user) if unit != organizer]
    context = {"form": form, "organizer": organizer, "others": others, "choice": choice}
    return render(request, "reports/revote_add.html", context)


def _organizer(request) -> Organization:
    if request.GET.get("unit"):
        organizer = visible_organization(request, key_in(request, "unit"))
    else:
        organizer = next(_roots_with_problems(request.user), None) or roots_of_kept_ledger(request.user).first()
    require(can_keep_ledger(request.user, organizer))
    return organizer


def _roots_with_problems(user) -> Iterator[Organization]:
    """The topmost units whose ledger the user keeps and that have something to ask about."""
    return (unit for unit in roots_of_kept_ledger(user) if revotable(unit).exists())


def _called(request, form: RevoteForm) -> Campaign | None:
    try:
        return call_revote(form.organizer, by=request.user, **form.facts)
    except ValueError as refusal:
        form.add_error("problems", told(refusal))
        return None


def revote_settle(request, campaign_id):
    """The outcome at and below the unit that `?unit=` names; the secretary writes it into the ledger."""
    campaign = visible_campaign(request, campaign_id)
    unit = unit_of_results(request, campaign)
    revoted = Revote.objects.filter(target__poll=OuterRef("pk"))
    polls = Poll.objects.filter(within_paths([unit.path]), Exists(revoted), campaign=campaign)
    outcomes = outcomes_of(all_results(polls))
    waiting = [outcome for outcome in outcomes if _may_settle(request.user, outcome)]
    if request.method == "POST":
        require(bool(waiting))
        judged, reopened = settle_revotes(waiting, by=request.user)
        messages.success(request, f"已登记{judged}个问题的群众再评，其中{reopened}个重新启动整改。")
        return redirect(request.get_full_path())
    readable = [outcome for outcome in outcomes if can_read_ledger(request.user, outcome.problem.organization)]
    context = {"campaign": campaign, "unit": unit, "outcomes": outcomes, "waiting": waiting, "readable": readable}
    return render(request, "reports/revote_settle.html", context)


def _may_settle(user, outcome: RevoteOutcome) -> bool:
    return outcome.revote.settled_at is None and can_keep_ledger(user, outcome.problem.organization)

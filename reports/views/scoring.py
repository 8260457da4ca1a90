"""千分制考核: the scheme of a campaign, and keying of sheets from paper until a unit is finished."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.forms.fields import with_more_rows
from campaigns.forms.seen import save_seen
from campaigns.models import PollQuerySet
from campaigns.models.reach import within_paths
from campaigns.models.states import StateError
from campaigns.permissions import (
    can_configure,
    can_key_sheets,
    can_run,
    can_see_results,
    can_see_some_sums,
    paths_of_sums,
)
from campaigns.views.fetching import campaign_to_configure, poll_to_run, visible_campaign
from campaigns.views.posting import posted
from campaigns.views.refusing import refuse, told
from campaigns.ways import way_to

from ..files import pdf
from ..forms.scoring import (
    FinishScoringForm,
    RaterFormSet,
    SchemeForm,
    SchemeFormSet,
    ScoreSheetForm,
    rater_rows,
    scheme_rows,
)
from ..models import FinishedScoring, ScoreScheme
from ..permissions import can_read_adjustments
from ..scoring import keying
from ..scoring.actions import save_scheme, scheme_refusal
from ..scoring.in_files import first_scheme, handed_scheme, scheme_differences, scheme_lines, scheme_raters
from ..scoring.keying import KeyedMeanwhile
from ..scoring.ready_made import READY_MADE_LINES, READY_MADE_RATERS
from ..scoring.scheme import scheme_content
from ..scoring.standing import units_standing
from .fetching.opinions import poll_to_hand_out
from .fetching.scoring import poll_to_key_scores, rater_of, scheme_of
from .sending import PDF, attachment

UNITS_PER_PAGE = 50
# Each row is read, also one that was sent as the page showed it.
EVERY_ROW = {"empty_permitted": False, "use_required_attribute": False}


def scoring_detail(request, campaign_id):
    """The scheme with its formula, and how far each visible unit's keying has come; no figure of any sheet."""
    campaign = visible_campaign(request, campaign_id)
    scheme = ScoreScheme.objects.filter(campaign=campaign).select_related("campaign", "questionnaire__scale").first()
    polls = campaign.polls.visible_to(request.user).select_related("campaign", "organization").order_by("path")
    handed = handed_scheme(campaign)
    page = Paginator(polls.defer("form") if scheme else polls.none(), UNITS_PER_PAGE).get_page(request.GET.get("page"))
    units = units_standing(campaign, page)
    for unit in units:
        unit.can_key = can_key_sheets(request.user, unit.poll)
        unit.can_read_points = can_read_adjustments(request.user, unit.poll)
        unit.can_see = can_see_results(request.user, unit.poll) and unit.is_finished
    context = {
        "campaign": campaign,
        "scheme": scheme and scheme_content(scheme),
        "units": units,
        "can_configure": can_configure(request.user, campaign),
        "page": page,
        "can_rank": can_see_some_sums(request.user, campaign) and _has_scores(request.user, polls),
        "refusal": scheme_refusal(campaign),
        "handed": handed,
        "differences": scheme_differences(campaign, handed) if handed else (),
    }
    return render(request, "reports/scoring_detail.html", context)


def _has_scores(user, polls: PollQuerySet) -> bool:
    """Whether some unit has a score that the user may see."""
    seen = polls.sealed().filter(within_paths(paths_of_sums(user)))
    return FinishedScoring.objects.filter(poll__in=seen.order_by().values("pk")).exists()


def scheme_edit(request, campaign_id):
    """The whole scheme on one page; a new one begins with the ready-made."""
    campaign = campaign_to_configure(request, campaign_id)
    if refusal := scheme_refusal(campaign):
        messages.error(request, refusal)
        return redirect("reports:scoring_detail", campaign.pk)
    scheme = ScoreScheme.objects.filter(campaign=campaign).first() or first_scheme(campaign)
    wants_more = "more" in request.POST
    post = posted(request)
    lines_post = with_more_rows(post, "line") if wants_more else post
    lines = SchemeFormSet(lines_post, initial=_first_lines(scheme), prefix="line", form_kwargs=EVERY_ROW)
    raters = RaterFormSet(post, initial=_first_raters(scheme), prefix="rater", form_kwargs=EVERY_ROW)
    form = SchemeForm(post, instance=scheme, campaign=campaign, lines=lines)
    if not wants_more and _scheme_saved(form, lines, raters):
        messages.success(request, "考核指标表已经保存。")
        return redirect("reports:scoring_detail", campaign.pk)
    context = {"campaign": campaign, "form": form, "lines": lines, "raters": raters, "is_new": not scheme.pk}
    context["is_handed"] = not scheme.pk and handed_scheme(campaign) is not None
    return render(request, "reports/scheme_edit.html", context)


def _first_lines(scheme: ScoreScheme) -> list[dict]:
    if scheme.pk:
        return scheme_rows(scheme)
    handed = handed_scheme(scheme.campaign)
    lines = scheme_lines(handed) if handed else READY_MADE_LINES
    return [{"group": line.group, "text": line.text, "maximum": line.maximum} for line in lines]


def _first_raters(scheme: ScoreScheme) -> list[dict]:
    if scheme.pk:
        return rater_rows(scheme)
    handed = handed_scheme(scheme.campaign)
    raters = scheme_raters(handed) if handed else READY_MADE_RATERS
    return [{"name": name, "weight": weight} for name, weight in raters]


def _scheme_saved(form: SchemeForm, lines, raters) -> bool:
    if not (lines.is_valid() and raters.is_valid()):
        # The form's own faults are shown beside those of the rows.
        form.is_valid()
        return False
    try:
        return save_seen(form, lambda: save_scheme(form.instance.campaign, form.facts, lines.lines, raters.raters))
    except StateError as refusal:
        form.add_error(None, told(refusal))
        return False


def unit_scoring(request, poll_id):
    """How many sheets of each kind of raters are keyed, and the way on."""
    poll = poll_to_key_scores(request, poll_id)
    keyed = keying.counted_sheets(poll)
    scheme = scheme_of(poll.campaign)
    context = {
        "poll": poll,
        "raters": [(rater, keyed.get(rater.pk, 0)) for rater in scheme.raters.all()],
        "refusal": keying.keying_refusal(poll),
        "can_run": can_run(request.user, poll),
    }
    return render(request, "reports/unit_scoring.html", context)


@never_cache
def score_sheet_key(request, poll_id, rater_id):
    """Key a sheet; the page comes back empty for the next."""
    poll = poll_to_key_scores(request, poll_id)
    rater = rater_of(poll, rater_id)
    if refusal := keying.keying_refusal(poll):
        refuse(request, refusal, way_to("评议点", "ballots:poll_detail", poll.pk))
        return redirect("reports:unit_scoring", poll.pk)
    keyed = keying.counted_sheets(poll).get(rater.pk, 0)
    form = ScoreSheetForm(posted(request), rater=rater, seen=keyed)
    if form.is_valid() and _sheet_added(form, poll, rater):
        return redirect("reports:score_sheet_key", poll.pk, rater.pk)
    context = {"poll": poll, "rater": rater, "keyed": keyed, "form": form, "total": rater.scheme.total}
    return render(request, "reports/score_sheet_key.html", context)


def _sheet_added(form: ScoreSheetForm, poll, rater) -> bool:
    try:
        keying.add_score_sheet(poll, rater, form.marks, seen=form.cleaned_data["seen"])
    except (StateError, KeyedMeanwhile) as refusal:
        form.add_error(None, told(refusal))
        form.see(keying.counted_sheets(poll).get(rater.pk, 0))
        return False
    return True


@require_POST
def score_sheets_discard(request, poll_id, rater_id):
    """Throw the sheets of one kind of raters away, to key all of them again."""
    poll = poll_to_run(request, poll_id)
    rater = rater_of(poll, rater_id)
    try:
        count = keying.discard_score_sheets(poll, rater)
    except StateError as refusal:
        messages.error(request, told(refusal))
    else:
        messages.success(request, f"已清空“{rater}”的{count}份打分表，请重新录入。")
    return redirect("reports:unit_scoring", poll.pk)


def scoring_finish(request, poll_id):
    """End the keying of a unit against the sheets as they were counted by hand."""
    poll = poll_to_run(request, poll_id)
    raters, keyed = list(scheme_of(poll.campaign).raters.all()), keying.counted_sheets(poll)
    form = FinishScoringForm(posted(request), raters=raters, keyed=keyed)
    refusal = keying.keying_refusal(poll)
    if refusal:
        refuse(request, refusal, way_to("评议点", "ballots:poll_detail", poll.pk))
        return redirect("reports:scoring_detail", poll.campaign_id)
    if form.is_valid() and _finished(form, poll, request.user):
        keying.erase_keying_order()
        messages.success(request, "打分表已经录入完毕。评议点封存以后，可以看考核结果。")
        return redirect("reports:scoring_detail", poll.campaign_id)
    return render(request, "reports/scoring_finish.html", {"poll": poll, "form": form})


def _finished(form: FinishScoringForm, poll, user) -> bool:
    try:
        keying.finish_scoring(poll, form.counts, answer=form.answer, by=user)
    except (StateError, KeyedMeanwhile) as refusal:
        form.add_error(None, told(refusal))
        return False
    return True


@never_cache
def score_sheet_blank(request, poll_id):
    """The sheet to be printed and filled by hand: no name on it."""
    poll = poll_to_hand_out(request, poll_id)
    scheme = scheme_of(poll.campaign)
    body = pdf.blank_score_sheet(poll, scheme_content(scheme))
    return attachment(body, name=f"考核打分表-{poll.unit_name}.pdf", content_type=PDF)

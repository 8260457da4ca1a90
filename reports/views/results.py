"""Results on the screen: one poll's, and a campaign's sums along the tree."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.models import Campaign, PollQuerySet, TargetKind
from campaigns.permissions import can_read_opinions, can_write_summary, require
from campaigns.views.posting import posted

from .. import wording
from ..commitments.content import commitment_figures, counted_within
from ..committee.charts import bar_of
from ..committee.progress import headlines
from ..findings import pending_keys
from ..findings.keys import crossing_keys
from ..forms import ExcellentForm, RateCheckForm, ScoreChoiceForm
from ..grading.excellent_quota import excellent_of
from ..grading.sums import decided_grades
from ..opinions import OpinionsContent, opinions_content
from ..opinions.readings import OpinionFigures
from ..permissions import can_decide_findings, can_export, can_register_findings, can_write_unit_summary
from ..report import content_of_poll
from ..results.actions import choose_score, count_excellent
from ..results.poll import PollResults, results_of
from ..results.rollup import Node, top_of_tree
from ..scope import Scope
from ..tables.axis import axis_of, axis_text
from ..tables.campaign import rollup_tables
from ..tables.headlines import LIMITS, Headlines, poll_headlines, unit_headlines
from ..tables.instant import instant_of
from ..tables.poll import PollContent
from ..tables.shades import Shades
from ..word_templates.keeping import template_for
from .fetching.feedback import targets_with_letters
from .fetching.opinions import poll_to_read
from .fetching.results import chosen_scope, poll_of_results, trail_of

CHILDREN_PER_PAGE = 60
# The workbook of more units than this is made outside the request: 400 take some seconds.
MOST_AT_ONCE = 50

OPINIONS_PER_PAGE = 50


def poll_results(request, poll_id):
    poll = poll_of_results(request, poll_id)
    may_read = can_read_opinions(request.user, poll)
    opinions = opinions_content(Scope.of_poll(poll)) if may_read else OpinionsContent(OpinionFigures(), ())
    content = content_of_poll(poll)
    context = {
        "poll": poll,
        "content": content,
        "headlines": poll_headlines(content, min_group=poll.campaign.min_group, limits=poll.campaign.limits),
        "score_form": _score_form(content),
        "may_read_opinions": may_read,
        "word_template": template_for(poll.organization),
        "letters": targets_with_letters(poll) if may_read else (),
        "opinion_figures": opinions.figures,
        "opinions": Paginator(opinions.entries, OPINIONS_PER_PAGE).get_page(request.GET.get("page")),
        "can_write_summary": can_write_summary(request.user, poll),
        "can_decide_findings": can_decide_findings(request.user, poll),
        "can_register_findings": can_register_findings(request.user, poll),
    }
    return render(request, "reports/poll_results.html", context)


def _score_form(content: PollContent) -> ScoreChoiceForm | None:
    """The question about empty categories, with the answer that was given; None where there is none to ask about."""
    scores = [score for table in content.tables for score in table.scores if score.empty and score.has_scores]
    return ScoreChoiceForm(initial={"answer": scores[0].answer}) if scores and not scores[0].is_hidden else None


def campaign_results(request, campaign_id):
    scope = chosen_scope(request, campaign_id)
    campaign, node = scope.campaign, top_of_tree(scope.campaign, top=scope.unit)
    children = Paginator(node.children, CHILDREN_PER_PAGE).get_page(request.GET.get("page"))
    promised = commitment_figures(counted_within(scope))
    context = {
        "campaign": campaign,
        "node": node,
        "commitments": wording.commitments_sentence(promised.commitments, promised.members)
        if promised.commitments
        else "",
        "coverage": node.coverage_text,
        "can_write_summary": can_write_unit_summary(request.user, node),
        "can_export": can_export(request.user, node),
        "is_large": node.units_sealed > MOST_AT_ONCE,
        "word_template": template_for(scope.organization),
        "has_secretaries": campaign.questionnaires.filter(target_kind=TargetKind.SECRETARY).exists(),
        "grades": decided_grades(scope),
        "instant": instant_of(scope),
        "headlines": (*unit_headlines(node, min_group=campaign.min_group), *_over_limits(campaign, scope.polls)),
        "children": children,
        "child_tables": _by_questionnaire(node, children),
        "trail": trail_of(request.user, campaign, scope.unit),
    }
    return render(request, "reports/campaign_results.html", context)


def _over_limits(campaign: Campaign, polls: PollQuerySet) -> list[Headlines]:
    """How many results below are over a limit, and how many of them wait for a decision; nobody is named."""
    crossed = crossing_keys([campaign], polls)
    if not crossed:
        return []
    over = f"{len({key.poll_id for key in crossed})}个评议点的{len(crossed)}项结果超过阈值"
    return [Headlines(LIMITS, (f"{over}，其中{len(pending_keys(crossed))}项还没有认定。",))]


def _by_questionnaire(node: Node, children) -> list[dict]:
    """For each questionnaire of the node, the same table of each child: what the page lists below the sums."""
    below = [
        (child, rollup_tables(child), {headline.title: headline for headline in headlines(child.lines)})
        for child in children
    ]
    entries = []
    for place, table in enumerate(rollup_tables(node)):
        # A child whose sums are not shown has a row with the reason, where its polls asked this.
        rows = [(child, tables[place], heads.get(table.title)) for child, tables, heads in below if tables[place].polls]
        shown = next((of_unit.rows for of_unit in (table, *(row[1] for row in rows)) if of_unit.rows), ())
        axis = axis_of(headline.row for *_, headline in rows if headline and headline.row)
        hidden = (line.indicator for line in node.hidden_lines if line.questionnaire == table.title)
        entries.append(
            {
                "table": table,
                "rows": rows,
                "bars": [
                    (child, head, bar_of(head.row, axis=axis) if head.row else None) for child, _, head in rows if head
                ],
                "axis": axis_text(axis),
                "shades": Shades.of(row.satisfaction for _, part, _ in rows for row in part.rows),
                "labels": [row.label for row in shown] or list(hidden),
                "has_bars": any(headline and headline.row and headline.row.drawn for *_, headline in rows),
            }
        )
    return entries


@require_POST
def score_choose(request, poll_id):
    poll = poll_of_results(request, poll_id)
    require(can_write_summary(request.user, poll))
    form = ScoreChoiceForm(posted(request))
    if form.is_valid():
        choose_score(poll, form.cleaned_data["answer"], by=request.user)
        messages.success(request, "得分的处理办法已经记录。")
    else:
        messages.error(request, "请选择一种处理办法。")
    return redirect("reports:poll_results", poll_id=poll.pk)


def excellent_edit(request, poll_id):
    poll = poll_of_results(request, poll_id)
    require(can_write_summary(request.user, poll))
    results = results_of(poll)
    excellent = excellent_of([results], {}).get(poll.pk)
    # Of members who are graded one by one the decided grades are counted.
    if excellent is None or results.graded:
        raise Http404
    initial = {
        "excellent": excellent.count,
        "members": excellent.members,
        "attended": excellent.attended,
        "reason": excellent.reason,
    }
    form = ExcellentForm(posted(request), initial=initial, excellent=excellent)
    if form.is_valid():
        count_excellent(poll, by=request.user, **form.cleaned_data)
        messages.success(request, "优秀人数已经登记。")
        return redirect("reports:poll_results", poll_id=poll.pk)
    return render(request, "reports/excellent_edit.html", {"poll": poll, "excellent": excellent, "form": form})


@never_cache
def rate_check(request, poll_id):
    """For those who report figures or read reports; nothing is stored."""
    poll = poll_to_read(request, poll_id)
    results = results_of(poll)
    lines = _lines_of(results)
    form = RateCheckForm(request.GET or None, lines=[(key, label) for key, (label, _) in lines.items()])
    sentence = wording.hidden_sentence(results.hidden_reason) if results.hidden_reason else ""
    if form.is_valid():
        _, total = lines[form.cleaned_data["line"]]
        sentence = wording.reported_rate_sentence(total, form.cleaned_data["reported"])
    return render(request, "reports/rate_check.html", {"poll": poll, "form": form, "sentence": sentence})


def _lines_of(results: PollResults) -> dict[str, tuple]:
    """Every line by its key in the form, with its label and result; the 总体评价 of each target comes first."""
    pairs = [(target, line) for target in results.targets for line in target.lines]
    pairs.sort(key=lambda pair: not pair[1].is_overall)
    return {f"{target.id}-{line.indicator_id}": (f"{target.name}：{line.text}", line.total) for target, line in pairs}

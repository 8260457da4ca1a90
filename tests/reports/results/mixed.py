"""Campaigns of polls in every state, with rules of every kind."""

from hypothesis import Phase
from hypothesis import strategies as st

from ballots.actions import open_campaign
from ballots.counting import sealing
from ballots.models import Batch
from campaigns import actions
from campaigns.library import kept_threshold, own_threshold
from campaigns.models import Indicator, Poll, Questionnaire
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_member,
    make_organization,
)

# The library's, and an office's own that the border itself crosses.
BORDER = kept_threshold(
    own_threshold(
        target_kinds=["organization", "cadre"],
        labels=["基本满意", "不满意"],
        share=(50, 100),
        is_at_least=True,
        consequences=["限期整改"],
        review_state="待复核",
    )
)
THRESHOLDS = ["org-dissatisfied-third", "cadre-fair-or-worse-half", BORDER]


# Each example is a campaign held: shrinking one takes minutes.
PHASES = set(Phase) - {Phase.shrink, Phase.explain}


RULES = st.fixed_dictionaries(
    {
        "base": st.sampled_from(["valid", "returned", "attended", "entitled"]),
        "blank": st.sampled_from(["abstain", "invalid"]),
        "unknown_rule": st.sampled_from(["outside", "inside"]),
        "is_self_excluded": st.booleans(),
        "judged": st.sampled_from(["overall", "together", "each"]),
    }
)


# Of each poll: the marks of its ballots, void papers, whether it knows its people, whether it is sealed.
POLLS = st.lists(
    st.tuples(
        st.lists(st.text(alphabet="12345-x", min_size=6, max_size=6), max_size=6),
        st.integers(0, 2),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


def make_campaign_with_cadres(root, asked_of_units, asked_of_cadres, *, unknown_rule="outside", **rules):
    """A campaign in preparation with a questionnaire about units and another about their cadres."""
    campaign = make_campaign(
        root, indicators=asked_of_units, scale="fair-4", unknown=True, thresholds=THRESHOLDS, **rules
    )
    campaign.unknown = unknown_rule
    campaign.save(update_fields=["unknown"])
    cadres = Questionnaire.objects.create(
        campaign=campaign,
        key="cadre",
        title="干部评议表",
        target_kind="cadre",
        target_rule="its_cadres",
        scale=campaign.questionnaires.get().scale,
        position=2,
    )
    for position, text in enumerate(asked_of_cadres, start=1):
        Indicator.objects.create(questionnaire=cadres, text=text, position=position)
    return campaign


def make_mixed_campaign(polls, **rules):
    """A committee, a general branch and two branches, with one target that is a unit and two that are cadres each."""
    root = make_organization(f"党委{Poll.objects.count()}号{Questionnaire.objects.count()}")
    middle = make_organization("总支", parent=root, kind="general_branch")
    leaves = [make_organization(name, parent=middle, kind="branch") for name in ("甲支部", "乙支部")]
    campaign = make_campaign_with_cadres(root, ("兑现公开承诺情况", "总体评价"), ("联系群众", "廉洁自律"), **rules)
    for unit in (root, middle, *leaves):
        for name in ("王某", "李某"):
            make_member(unit, name, post="cadre")
    actions.make_polls(campaign, [root, middle, *leaves][: len(polls)])
    campaign.polls.update(entitled_count=20)
    open_campaign(campaign, by=None)
    for poll, facts in zip(campaign.polls.order_by("path"), polls, strict=True):
        hold(poll, *facts)
    return campaign


def hold(poll, marks, void, knows_people, is_sealed):
    voided, batch = (make_batch(poll, method="entered") for _ in range(2))  # what the first holds counts nowhere
    enter_ballots(voided, {"444444": 3})
    enter_ballots(batch, {sheet: marks.count(sheet) for sheet in set(marks)})
    if not is_sealed:
        return
    voided.void(by=None, reason="发错了票")
    Batch.objects.filter(pk=voided.pk).update(issued_count=3, returned_count=3)
    close_poll(poll, attended=len(marks) + void + 3, void={batch.pk: void})
    sealing.seal(poll, by=None)
    if not knows_people:
        Poll.objects.filter(pk=poll.pk).update(attended_count=None, entitled_count=None)


def printed_top(node):
    """All that a page could print of a node and of those right below it."""
    return [(shown.name, facts(shown)) for shown in (node, *node.children)]


def facts(node):
    names = [
        "organization_id",
        "path",
        "names",
        "units",
        "units_sealed",
        "meetings",
        "sheets",
        "forms_issued",
        "poll_id",
        "poll_state",
    ]
    names += ["hidden_reason", "hidden_lines", "channels", "lists", "lines", "has_polls_below"]
    return {name: getattr(node, name) for name in names}

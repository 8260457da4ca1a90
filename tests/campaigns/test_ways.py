"""A refusal leads to the page that mends it: in messages, in forms, and never with somebody's words as HTML."""

import pytest
from django.urls import reverse

from ballots import actions as ballot_actions
from campaigns import actions
from campaigns.models.states import StateError
from campaigns.views.refusing import told
from campaigns.ways import Refusal, way_to
from tests.factories import make_campaign, make_cast, make_organization

pytestmark = pytest.mark.django_db


def test_a_refusal_is_told_with_a_link_and_its_words_stay_words():
    refusal = Refusal("“<b>某局</b>”还没有评议表。", way=way_to("评议表", "campaigns:questionnaire_list", 7))

    sentence = told(refusal)

    address = reverse("campaigns:questionnaire_list", args=[7])
    assert sentence == f'“&lt;b&gt;某局&lt;/b&gt;”还没有评议表。 <a href="{address}">打开“评议表”</a>'
    assert hasattr(sentence, "__html__") and not hasattr(told(Refusal("<b>")), "__html__")
    assert told(ValueError("没有路。")) == "没有路。"


def test_a_rehearsal_without_targets_leads_to_them(client):
    people = make_cast(make_organization())
    campaign = make_campaign(people.organization)
    actions.make_polls(campaign, [people.organization])
    poll = campaign.polls.get()
    poll.targets.all().delete()
    client.force_login(people.secretary)

    response = client.post(reverse("ballots:rehearsal_start", args=[poll.pk]), follow=True)

    link = f'<a href="{reverse("campaigns:poll_targets", args=[poll.pk])}">打开“评议对象”</a>'
    assert link in response.content.decode()
    with pytest.raises(StateError, match="不能演练"):
        ballot_actions.start_rehearsal(poll)


def test_a_form_shows_the_link_too(client):
    people = make_cast(make_organization())
    branch = make_organization("第一党支部", parent=people.organization, kind="branch")

    make_organization("党小组", parent=branch, kind="branch")
    client.force_login(people.secretary)

    response = client.post(reverse("campaigns:organization_deactivate", args=[branch.pk]), follow=True)

    assert "请先停用下级。 <a href=" in response.content.decode()

"""A ballot that is frozen or another's does not change, and its preview."""

import pytest

from ballots.actions import end_rehearsal, open_campaign, start_rehearsal
from campaigns.models import Target

from .asking import FACTS, arranged, facts_of, url

pytestmark = pytest.mark.django_db

# Frozen, foreign


def changes(campaign, poll):
    rows = [(target, "新名称", 1, False) for target in poll.targets.all()]
    return [
        (url("poll_list", campaign.pk), {"units": []}),
        (url("targets_refresh", campaign.pk), {}),
        (url("poll_targets", poll.pk), arranged(poll, *rows)),
        (url("target_add", poll.pk), {"new-questionnaire": campaign.questionnaires.get().pk}),
    ]


def snapshot(campaign):
    return list(Target.objects.filter(poll__campaign=campaign).values_list("poll", "name"))


def test_nothing_changes_while_rehearsing_or_after_opening(cast, campaign, poll, as_user):
    client = as_user(cast.secretary)
    before = snapshot(campaign)

    start_rehearsal(poll)
    for address, values in changes(campaign, poll):
        assert "请先结束演练" in client.post(address, values, follow=True).content.decode()
    poll.refresh_from_db()
    end_rehearsal(poll)
    open_campaign(campaign, by=None)
    for address, values in changes(campaign, poll):
        assert "已经开启" in client.post(address, values, follow=True).content.decode()

    assert snapshot(campaign) == before
    for name, key in (("poll_list", campaign.pk), ("poll_targets", poll.pk)):
        body = client.get(url(name, key)).content.decode().split('<main id="main"')[1]
        assert "<form" not in body and "某局党委" in body


def test_others_may_not_and_outsiders_find_nothing(cast, campaign, poll, as_user):
    before = snapshot(campaign)
    addresses = [*changes(campaign, poll), (url("poll_edit", poll.pk), FACTS)]
    statuses = [
        [as_user(user).post(address, values).status_code for address, values in addresses]
        for user in (cast.teller, cast.officer, cast.administrator, cast.outsider)
    ]

    assert statuses == [[403] * 5] * 3 + [[404] * 5]
    assert snapshot(campaign) == before and facts_of(poll)["place"] == ""


# Preview


@pytest.mark.parametrize("role", ["secretary", "teller", "officer"])
def test_the_preview_shows_the_ballot_inert(role, cast, poll, as_user):
    page = as_user(getattr(cast, role)).get(url("poll_preview", poll.pk)).content.decode()

    body = page.split('<main id="main"')[1]
    assert "兑现公开承诺情况" in body and "您的意见和建议" in body and "基本满意" in body
    assert body.count('type="radio"') == body.count('type="radio" name=') == 6
    assert body.count(" disabled>") == 7 and "<form" not in body


def test_after_opening_the_preview_shows_what_was_frozen(cast, campaign, poll, as_user):
    open_campaign(campaign, by=None)
    Target.objects.update(name="后来的名称")

    page = as_user(cast.secretary).get(url("poll_preview", poll.pk)).content.decode()

    assert "已经冻结的票面" in page and "后来的名称" not in page


def test_an_outsider_cannot_preview(cast, poll, as_user):
    assert as_user(cast.outsider).get(url("poll_preview", poll.pk)).status_code == 404

"""Where the stages stand: there, missing, late."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.stages.arranging import make_usual_stages
from campaigns.stages.handing_in import add_file
from campaigns.stages.standing import missing_in_words, stages_of
from tests.factories import make_campaign, make_cast, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return make_cast(make_organization())


@pytest.fixture
def campaign(people):
    campaign = make_campaign(people.organization, starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 12))
    make_usual_stages(campaign)
    return campaign


def hand_in(campaign, *titles):
    for stage in campaign.stages.all():
        for paper in stage.artefacts.filter(title__in=titles):
            add_file(paper, SimpleUploadedFile("a.pdf", b"%PDF-1"), by=None)


def test_a_stage_is_late_from_the_day_after_until_nothing_is_missing(campaign):
    hand_in(campaign, "活动方案", "动员通知")

    on_the_day, after = (stages_of(campaign, today=date(2027, 3, day))[0] for day in (1, 2))
    hand_in(campaign, "自查材料")
    whole = stages_of(campaign, today=date(2027, 3, 2))[0]

    assert [(row.is_late, row.missing) for row in (on_the_day, after, whole)] == [
        (False, ("自查材料",)),
        (True, ("自查材料",)),
        (False, ()),
    ]


def test_the_whole_in_words(campaign):
    stages = [stages_of(campaign, today=day) for day in (date(2027, 2, 1), date(2027, 3, 13))]

    assert list(map(missing_in_words, stages)) == ["缺9项", "缺9项，逾期的阶段2个"]
    assert missing_in_words([]) == ""


def test_the_page_names_what_is_missing_and_asks_as_much_for_many_files_as_for_one(client, people, campaign):
    client.force_login(people.officer)
    hand_in(campaign, "活动方案")
    address = reverse("campaigns:stage_list", args=[campaign.pk])
    with CaptureQueriesContext(connection) as few:
        page = client.get(address).content.decode()
    hand_in(campaign, "动员通知", "会议记录", "活动方案")

    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert "还缺动员通知、自查材料。" in page
    assert "上传</a>" not in page
    assert len(many) == len(few)

"""Stages, papers and files call themselves by their titles."""

import pytest

from campaigns.models import ArtefactFile
from campaigns.stages.arranging import make_usual_stages
from tests.factories import make_campaign, make_organization

pytestmark = pytest.mark.django_db


def test_they_are_called_by_their_titles():
    campaign = make_campaign(make_organization())
    make_usual_stages(campaign)
    stage = campaign.stages.first()
    file = ArtefactFile(artefact=stage.artefacts.first(), kind="pdf")

    assert [str(stage), str(stage.artefacts.first()), str(file)] == [
        "宣传发动、征求意见、自查",
        "活动方案",
        "活动方案·PDF",
    ]

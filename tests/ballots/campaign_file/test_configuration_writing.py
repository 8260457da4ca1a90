"""The rows of the parts that a file may leave out."""

import pytest

from ballots.campaign_file import InvalidFile, load_campaign_file
from campaigns.models import AppraisedDocument, Campaign, Commitment, Target
from tests.ballots.campaign_file.documents import changed, write_file

pytestmark = pytest.mark.django_db


def prepared(**changes) -> dict:
    """The documents' campaign without ballots, for `prepare`."""
    document = changed("polls", 0, batches=[])
    document["campaign"].update(changes)
    return document


def test_a_campaign_that_is_only_prepared_keeps_its_open_days_and_takes_no_ballots(tmp_path):
    load_campaign_file(write_file(tmp_path, prepared(channels=[], ends_on=None)), prepare=True)

    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.starts_on, campaign.ends_on, campaign.channels) == ("preparing", None, None, [])
    assert campaign.polls.get().form is None


def test_a_prepared_campaign_has_no_batches_and_an_opened_one_a_channel(tmp_path):
    with pytest.raises(InvalidFile) as batches:
        load_campaign_file(write_file(tmp_path, changed("campaign", basis="")), prepare=True)
    with pytest.raises(InvalidFile) as channels:
        load_campaign_file(write_file(tmp_path, prepared(channels=[])))

    assert [problem.path for problem in batches.value.problems] == ["$.polls[0].batches"]
    assert [problem.path for problem in channels.value.problems] == ["$.campaign.channels"]
    assert not Campaign.objects.exists()


def test_units_are_paired_both_ways(tmp_path):
    document = prepared(partner_category="群众代表")
    document["polls"][0]["partner"] = "某局党委"
    target = {"kind": "organization", "name": "某局党委", "questionnaire": "org"}
    document["polls"].append({"organization": "某局党委", "partner": "第一党支部", "targets": [target], "batches": []})

    load_campaign_file(write_file(tmp_path, document), prepare=True)

    upper, lower = Campaign.objects.get().polls.order_by("path")
    assert (upper.partner, lower.partner) == (lower, upper)


def test_a_report_stands_with_the_target_that_it_is_of(tmp_path):
    document = prepared()
    report = {"kind": "duty", "title": "述职报告", "speaking_order": 3}
    document["polls"][0]["targets"][1]["document"] = report

    load_campaign_file(write_file(tmp_path, document), prepare=True)

    row = AppraisedDocument.objects.get()
    assert (row.target.name, row.kind, row.title, row.speaking_order) == ("张三", "duty", "述职报告", 3)


def test_a_promise_on_the_ballot_is_the_row_that_is_there(tmp_path):
    document = prepared()
    document["questionnaires"].append(
        {"key": "vow", "title": "评诺表", "target_kind": "document", "scale": "satisfaction-3", "indicators": ["兑现"]}
    )
    promise = {"organization": "第一党支部", "content": "修好门前路"}
    vow = {"kind": "document", "name": "路", "questionnaire": "vow", "commitment": promise}
    document["polls"][0]["targets"].append(vow)

    load_campaign_file(write_file(tmp_path, document), prepare=True)

    assert Target.objects.get(name="路").commitment == Commitment.objects.get(content="修好门前路")


def test_the_kind_and_fulfilment_of_a_promise_that_is_there_are_compared_only_where_the_file_says_them(tmp_path):
    load_campaign_file(write_file(tmp_path, prepared()), prepare=True)
    Commitment.objects.update(kind="deed", note="已修好")

    load_campaign_file(write_file(tmp_path, prepared(title="又一次")), prepare=True)
    document = prepared(title="第三次")
    document["commitments"][1] |= {"kind": "promise", "note": "未修"}
    with pytest.raises(InvalidFile) as refused:
        load_campaign_file(write_file(tmp_path, document), prepare=True)

    assert [problem.path for problem in refused.value.problems] == ["$.commitments[1].kind", "$.commitments[1].note"]

"""Pages of sets of forms: handed down, downloaded, imported elsewhere, used below, compared, taken back."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.models import FormSet
from tests.campaigns.form_sets.handed import make_form_set, make_handed_campaign
from tests.factories import make_campaign, make_organization, make_user

pytestmark = pytest.mark.django_db

NAME = {"title": "2026年度规范表格", "note": "可以增加，不得删减。"}


def uploaded(contents):
    text = contents if isinstance(contents, bytes) else json.dumps(contents, ensure_ascii=False).encode()
    return SimpleUploadedFile("set.json", text, content_type="application/json")


def test_a_committee_hands_its_forms_down_and_a_branch_uses_them(cast, as_user):
    campaign = make_handed_campaign(cast.organization)
    branch = make_organization("一支部", parent=cast.organization, kind="branch")
    make_user("branch", kind="secretary", organization=branch)
    below = make_campaign(branch, title="支部的")
    client = as_user(cast.secretary)
    client.post(reverse("reports:form_set_add", args=[campaign.pk]), NAME)
    form_set = FormSet.objects.get()

    client = as_user(cast.secretary.__class__.objects.get(username="branch"))
    listed = client.get(reverse("campaigns:form_set_choose", args=[below.pk])).content.decode()
    use = reverse("campaigns:form_set_use", args=[below.pk, form_set.pk])
    keys = [entry["key"] for entry in form_set.contents["questionnaires"]]
    client.post(use, {"questionnaires": keys, "takes_pattern": "on"})
    page = client.get(reverse("campaigns:differences", args=[below.pk])).content.decode()

    assert "2026年度规范表格" in listed
    assert below.questionnaires.exclude(form_set=None).count() == 3
    # Its own questionnaire of the same name stood there before.
    assert "基层党组织评议表（2）" in page
    assert "方案表决表" in page


def test_a_set_is_downloaded_and_imported_by_another_office(cast, as_user):
    form_set = make_form_set(cast.organization)
    text = as_user(cast.secretary).get(reverse("campaigns:form_set_file", args=[form_set.pk])).content
    elsewhere = cast.outsider.roles.get().organization

    client = as_user(cast.outsider)
    answer = client.post(
        reverse("ballots:form_set_import"), {"organization": elsewhere.pk, "file": uploaded(text)}, follow=True
    )
    again = client.post(reverse("ballots:form_set_import"), {"organization": elsewhere.pk, "file": uploaded(text)})

    imported = FormSet.objects.get(organization=elsewhere)
    assert imported.contents == form_set.contents
    assert "已经导入" in answer.content.decode()
    assert "该单位已有名为“2026年度规范表格”的规范表格" in again.content.decode()


def test_a_wrong_file_is_refused_with_its_places_and_writes_nothing(cast, as_user):
    contents = make_form_set(cast.organization).contents
    FormSet.objects.all().delete()
    contents["questionnaires"][0]["scale"] = "none"

    page = as_user(cast.secretary).post(
        reverse("ballots:form_set_import"), {"organization": cast.organization.pk, "file": uploaded(contents)}
    )

    assert "$.questionnaires[0].scale：“none”不是量表" in page.content.decode()
    assert not FormSet.objects.exists()


def test_nobody_imports_into_an_organization_of_others(cast, as_user):
    contents = make_form_set(cast.organization).contents

    as_user(cast.outsider).post(
        reverse("ballots:form_set_import"), {"organization": cast.organization.pk, "file": uploaded(contents)}
    )

    assert FormSet.objects.count() == 1


def test_a_set_of_others_is_not_there(cast, as_user):
    form_set = make_form_set(cast.organization)
    own = make_campaign(cast.outsider.roles.get().organization, title="外单位的")
    client = as_user(cast.outsider)

    assert client.get(reverse("campaigns:form_set_detail", args=[form_set.pk])).status_code == 404
    assert client.get(reverse("campaigns:form_set_use", args=[own.pk, form_set.pk])).status_code == 404
    assert "2026年度规范表格" not in client.get(reverse("campaigns:form_set_list")).content.decode()


def test_a_branch_does_not_use_what_its_neighbour_made(cast, as_user):
    branches = [make_organization(f"{n}支部", parent=cast.organization, kind="branch") for n in "一二"]
    form_set = make_form_set(branches[0])
    below = make_campaign(branches[1], title="二支部的")

    answer = as_user(cast.secretary).get(reverse("campaigns:form_set_use", args=[below.pk, form_set.pk]))

    assert answer.status_code == 404


def test_a_set_that_is_taken_back_leaves_the_copies(cast, as_user):
    form_set = make_form_set(cast.organization)
    below = make_campaign(cast.organization, title="又一次")
    client = as_user(cast.secretary)
    key = form_set.contents["questionnaires"][0]["key"]
    client.post(reverse("campaigns:form_set_use", args=[below.pk, form_set.pk]), {"questionnaires": [key]})

    client.post(reverse("campaigns:form_set_delete", args=[form_set.pk]))

    assert not FormSet.objects.exists()
    assert below.questionnaires.count() == 2
    assert "没有选用规范表格" in client.get(reverse("campaigns:differences", args=[below.pk])).content.decode()


def test_two_sets_of_one_name_are_refused_beside_the_field(cast, as_user):
    campaign = make_handed_campaign(cast.organization)
    client = as_user(cast.secretary)
    client.post(reverse("reports:form_set_add", args=[campaign.pk]), NAME)

    page = client.post(reverse("reports:form_set_add", args=[campaign.pk]), NAME).content.decode()

    assert "该单位已有同名的规范表格" in page
    assert FormSet.objects.count() == 1


def test_the_page_of_a_set_says_all_of_it(cast, as_user):
    form_set = make_form_set(cast.organization)

    page = as_user(cast.officer).get(reverse("campaigns:form_set_detail", args=[form_set.pk])).content.decode()

    for words in ("方案表决表", "同意／不同意／弃权", "不满意率达到40%的党组织", "集中评议", "群众代表", "逐项"):
        assert words in page
    assert "收回" not in page

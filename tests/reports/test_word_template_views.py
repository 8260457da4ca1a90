"""本单位模板: uploaded, looked over, used by the unit and those below it, and taken out."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from reports.files.word import draw_sample_template
from reports.models import WordTemplate
from tests.factories import make_cast, make_organization, make_sealed_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    people = make_cast(make_organization())
    people.branch = make_organization("第一党支部", parent=people.organization, kind="branch")
    return people


@pytest.fixture
def secretary(client, people):
    client.force_login(people.secretary)
    return client


def page_of(unit):
    return reverse("reports:word_template", args=[unit.pk])


def put(client, unit, content=None, name="红头.docx"):
    return client.post(
        page_of(unit), {"file": SimpleUploadedFile(name, content or draw_sample_template())}, follow=True
    )


def test_the_template_is_offered_beside_the_standard_and_filled(secretary, people):
    campaign = make_sealed_campaign(people.organization, [people.branch])
    poll = campaign.polls.get()
    results = [
        reverse("reports:poll_results", args=[poll.pk]),
        reverse("reports:campaign_results", args=[campaign.pk]),
    ]
    files = [
        reverse("reports:summary_on_template", args=[poll.pk]) + "?draft=1",
        reverse("reports:campaign_summary_on_template", args=[campaign.pk]) + "?draft=1",
    ]
    assert [secretary.get(address).status_code for address in files] == [404, 404]
    assert not [address for address in results if "本单位模板" in secretary.get(address).content.decode()]

    put(secretary, people.organization)

    for address in results:
        assert "（Word，某局党委）" in secretary.get(address).content.decode()
    for address, unit in zip(files, ("第一党支部", "某局党委"), strict=True):
        response = secretary.get(address)
        document = Document(io.BytesIO(response.content))
        assert [paragraph.text for paragraph in document.paragraphs[:2]] == ["草稿", f"{unit}文件"]
        assert len(document.tables) == 1


def test_the_page_says_whose_template_is_used(secretary, people):
    assert "还没有模板" in secretary.get(page_of(people.branch)).content.decode()

    put(secretary, people.organization)
    assert "现在用上级“某局党委”的模板" in secretary.get(page_of(people.branch)).content.decode()
    assert "secretary上传于" in secretary.get(page_of(people.organization)).content.decode()

    put(secretary, people.branch)
    assert "现在用本单位的模板" in secretary.get(page_of(people.branch)).content.decode()
    secretary.post(reverse("reports:word_template_remove", args=[people.branch.pk]))
    assert "现在用上级" in secretary.get(page_of(people.branch)).content.decode()
    kept = secretary.get(reverse("reports:word_template_file", args=[people.branch.pk]))
    assert b"".join(kept)[:2] == b"PK"


def test_a_refused_file_changes_nothing(secretary, people):
    put(secretary, people.organization)
    before = WordTemplate.objects.get()
    document = Document()
    document.add_paragraph("{{书记}}")
    wrong = io.BytesIO()
    document.save(wrong)

    response = put(secretary, people.organization, wrong.getvalue())

    assert "没有“{{书记}}”这个字段" in response.content.decode()
    assert WordTemplate.objects.get().sha256 == before.sha256


def test_the_sample_is_a_template(secretary, people):
    sample = secretary.get(reverse("reports:word_template_sample", args=[people.organization.pk])).content

    assert "模板已经上传" in put(secretary, people.organization, sample).content.decode()

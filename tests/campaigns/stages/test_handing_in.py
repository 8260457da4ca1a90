"""Files handed in for a paper: checked, kept out of reach, served to those who see the campaign."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns import actions, kept_files
from campaigns.kept_files import Unsuitable
from campaigns.models import ArtefactFile
from campaigns.stages import handing_in
from campaigns.stages.arranging import make_usual_stages
from tests.factories import make_campaign, make_cast, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return make_cast(make_organization())


@pytest.fixture
def artefact(people):
    campaign = make_campaign(people.organization)
    make_usual_stages(campaign)
    return campaign.stages.first().artefacts.first()


def document() -> SimpleUploadedFile:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("word/document.xml", "方案")
    return SimpleUploadedFile("../../方案.exe", written.getvalue())


def test_a_file_is_kept_under_a_random_name(people, artefact):
    file = handing_in.add_file(artefact, document(), by=people.secretary)

    path = handing_in.path_of(file)
    assert (file.kind, file.added_by, path.parent) == ("docx", people.secretary, kept_files.folder())
    assert len(path.name) == 32 and path.stat().st_size == file.size


def test_other_files_are_refused_with_what_to_do(client, people, artefact):
    client.force_login(people.secretary)
    sent = {"file": SimpleUploadedFile("方案.docx", b"\xd0\xcf\x11\xe0")}

    page = client.post(reverse("campaigns:artefact_file_add", args=[artefact.pk]), sent).content.decode()

    assert "请先另存为docx、xlsx或者PDF。" in page
    assert not ArtefactFile.objects.exists() and not kept_files.folder().exists()


def test_a_paper_has_at_most_twenty_files(artefact):
    for _ in range(handing_in.MOST_FILES):
        handing_in.add_file(artefact, SimpleUploadedFile("a.pdf", b"%PDF-1"), by=None)

    with pytest.raises(Unsuitable, match="至多20个文件"):
        handing_in.add_file(artefact, SimpleUploadedFile("a.pdf", b"%PDF-1"), by=None)


def test_a_removed_file_goes_from_the_disk(artefact, django_capture_on_commit_callbacks):
    file = handing_in.add_file(artefact, document(), by=None)
    path = handing_in.path_of(file)

    with django_capture_on_commit_callbacks(execute=True):
        handing_in.remove_file(file)

    assert not path.exists() and not ArtefactFile.objects.exists()


def test_it_is_sent_as_a_download_to_whoever_sees_the_campaign_alone(client, people, artefact):
    file = handing_in.add_file(artefact, document(), by=people.secretary)
    branch = make_organization("甲支部", parent=people.organization, kind="branch")
    other = make_organization("乙支部", parent=people.organization, kind="branch")
    actions.make_polls(artefact.stage.campaign, [branch])
    readers = {
        "taking part": make_user("part", kind="secretary", organization=branch),
        "not taking part": make_user("other", kind="secretary", organization=other),
        "teller": people.teller,
        "outsider": people.outsider,
    }

    answers = {}
    for name, user in readers.items():
        client.force_login(user)
        answers[name] = client.get(reverse("campaigns:artefact_file", args=[file.pk]))

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "taking part": 200,
        "not taking part": 404,
        "teller": 200,
        "outsider": 404,
    }
    sent = answers["teller"]
    assert sent["X-Content-Type-Options"] == "nosniff" and "no-store" in sent["Cache-Control"]
    assert sent["Content-Disposition"].startswith("attachment")
    assert b"".join(sent) == handing_in.path_of(file).read_bytes()


def test_a_file_that_is_gone_from_the_disk_is_not_there(client, people, artefact):
    file = handing_in.add_file(artefact, document(), by=None)
    handing_in.path_of(file).unlink()
    client.force_login(people.secretary)

    assert client.get(reverse("campaigns:artefact_file", args=[file.pk])).status_code == 404

"""Pages of self-appraisals: the secretary's list, and the page that a member opens once without an account."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reports.models import SelfAppraisal, SelfAppraisalLink
from reports.self_appraisals.links import make_link
from tests.factories import make_cast, make_organization
from tests.reports.grading.members import make_graded_poll

pytestmark = pytest.mark.django_db
PICTURE = b"\x89PNG\r\n\x1a\n and more"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def people():
    return make_cast(make_organization("第一支部", kind="branch"))


@pytest.fixture
def poll(people):
    return make_graded_poll({"22": 5}, full=2, branch=people.organization, is_sealed=False)


@pytest.fixture
def member(poll):
    return poll.targets.get(name="党员甲").member


def address(name, poll, *more):
    return reverse(f"reports:{name}", args=[poll.pk, *more])


def page(response):
    return " ".join(response.content.decode().split())


def test_a_member_writes_with_the_link_that_the_secretary_handed_out(client, people, poll, member):
    client.force_login(people.secretary)
    told = page(client.post(address("self_appraisal_link", poll, member.pk), follow=True))
    (path,) = re.findall(r"http://testserver(/self-appraisal/[\w-]+/)", told)
    phone = Client(enforce_csrf_checks=True)

    opened = phone.get(path)
    empty = phone.post(path, {"text": "  "})
    done = phone.post(path, {"text": "学习和工作。", "file": SimpleUploadedFile("a.png", PICTURE)})
    again = phone.get(path)
    listed = page(client.get(address("self_appraisal_list", poll)))
    file = client.get(address("self_appraisal_file", poll, member.pk))

    assert "党员甲同志的自评" in page(opened) and opened["Referrer-Policy"] == "no-referrer"
    assert "请填写自评，或者上传附件。" in page(empty)
    assert (done.status_code, again.status_code) == (302, 404)
    assert "2名党员中1名已有自评" in listed and "本人提交" in listed and path not in listed
    assert b"".join(file) == PICTURE and "attachment" in file["Content-Disposition"]


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_written(poll, member):
    path = reverse("reports:self_appraisal_write", args=[make_link(poll, member, by=None)])

    response = Client().post(path, {"text": "字", "file": SimpleUploadedFile("a.png", b"<html>")})

    assert "只收JPEG、PNG图片和PDF" in page(response)
    assert not SelfAppraisal.objects.exists() and SelfAppraisalLink.objects.get().ended_at is None


def test_a_revoked_link_opens_nothing(client, people, poll, member):
    path = reverse("reports:self_appraisal_write", args=[make_link(poll, member, by=None)])
    client.force_login(people.secretary)

    client.post(address("self_appraisal_revoke", poll, member.pk))

    assert "已经用过、作废或者过期" in page(Client().get(path))


def test_the_secretary_enters_what_was_handed_in_on_paper_and_those_above_read_it(client, people, poll, member):
    client.force_login(people.secretary)
    entered = client.post(address("self_appraisal_edit", poll, member.pk), {"text": "书面报告"})
    client.force_login(people.officer)

    read = client.get(address("self_appraisal_edit", poll, member.pk))
    written = client.post(address("self_appraisal_edit", poll, member.pk), {"text": "改"})

    assert entered.url == address("self_appraisal_list", poll)
    assert "书面报告" in page(read) and "<textarea" not in page(read)
    assert written.status_code == 403
    assert SelfAppraisal.objects.get().recorded_by == people.secretary


def test_words_of_a_member_of_another_branch_are_not_there(client, people, poll):
    client.force_login(people.outsider)

    assert client.get(address("self_appraisal_list", poll)).status_code == 404

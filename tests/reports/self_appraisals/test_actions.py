"""Writing self-appraisals: the member's own words once a link, the secretary's entry never over them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.kept_files import Unsuitable, folder
from campaigns.models.states import StateError
from reports.models import SelfAppraisal
from reports.self_appraisals.actions import enter_self_appraisal, last_of, submit_self_appraisal
from reports.self_appraisals.links import link_of, make_link
from tests.factories import make_user
from tests.reports.grading.members import make_graded_poll

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PICTURE = b"\x89PNG\r\n\x1a\n and more"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def poll():
    return make_graded_poll({"22": 5}, full=2)


@pytest.fixture
def member(poll):
    return poll.targets.first().member


def upload(content=PICTURE, name="报告.png"):
    return SimpleUploadedFile(name, content)


def test_a_member_hands_in_words_and_a_file_once(poll, member):
    link = link_of(make_link(poll, member, by=None))

    appraisal = submit_self_appraisal(link, text="一年来的学习和工作", upload=upload())

    assert (folder() / appraisal.file_name).read_bytes() == PICTURE
    assert (appraisal.kind, appraisal.is_by_member, appraisal.recorded_by) == ("png", True, None)
    with pytest.raises(StateError, match="已经用过"):
        submit_self_appraisal(link, text="改", upload=None)
    assert last_of(poll, member).text == "一年来的学习和工作"


def test_what_the_secretary_enters_gives_way_to_the_member_and_never_the_other_way_round(poll, member):
    secretary = make_user()
    enter_self_appraisal(poll, member, text="代录", upload=upload(), by=secretary)
    kept = enter_self_appraisal(poll, member, text="代录改", upload=None, by=secretary)
    submit_self_appraisal(link_of(make_link(poll, member, by=secretary)), text="本人写的", upload=None)

    with pytest.raises(StateError, match="不能代为修改"):
        enter_self_appraisal(poll, member, text="再改", upload=None, by=secretary)

    rows = SelfAppraisal.objects.order_by("number").values_list("number", "text", "is_by_member", "kind")
    assert list(rows) == [(1, "代录", False, "png"), (2, "代录改", False, "png"), (3, "本人写的", True, "")]
    assert kept.recorded_by == secretary


def test_a_file_of_another_kind_is_not_taken_and_the_link_stays_open(poll, member):
    token = make_link(poll, member, by=None)

    with pytest.raises(Unsuitable, match="只收JPEG、PNG图片和PDF"):
        submit_self_appraisal(link_of(token), text="字", upload=upload(b"MZ\x90\x00"))

    assert link_of(token) and not SelfAppraisal.objects.exists()

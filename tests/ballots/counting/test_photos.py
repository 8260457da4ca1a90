"""Pictures of signed count sheets: what is taken, where it lies, how long it can be removed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ballots.counting import photos, sealing
from ballots.models import CountSheetPhoto
from campaigns import kept_files
from campaigns.models.states import StateError
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return factories.make_open_poll()


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.mark.parametrize(
    ("head", "kind"), [(b"\xff\xd8\xff\xe0", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"%PDF-1.7", "pdf")]
)
def test_a_file_is_known_by_what_it_begins_with_and_kept_under_a_random_name(poll, head, kind):
    photo = photos.add_photo(poll, SimpleUploadedFile("../../evil.html", head + b"x"), by=None)

    path = photos.photo_path(photo)
    assert (photo.kind, path.read_bytes(), photo.size) == (kind, head + b"x", len(head) + 1)
    assert path.parent == kept_files.folder() and len(path.name) == 32
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"<html>", b"GIF89a", b"MZ", b"", b" %PDF-1.7"])
def test_anything_else_is_refused_whatever_its_name(poll, content):
    with pytest.raises(kept_files.Unsuitable, match="只收JPEG"):
        photos.add_photo(poll, SimpleUploadedFile("单.jpg", content, content_type="image/jpeg"), by=None)

    assert not CountSheetPhoto.objects.exists() and not kept_files.folder().exists()


def test_a_file_over_ten_megabytes_is_refused(poll):
    big = SimpleUploadedFile("单.jpg", b"\xff\xd8\xff" + bytes(kept_files.MOST_BYTES))

    with pytest.raises(kept_files.Unsuitable, match="不能超过10MB"):
        photos.add_photo(poll, big, by=None)


def test_a_photo_is_removed_until_the_seal_and_added_even_after(poll, django_capture_on_commit_callbacks):
    first = photos.add_photo(poll, SimpleUploadedFile("a.jpg", b"\xff\xd8\xff"), by=None)
    path = photos.photo_path(first)
    with django_capture_on_commit_callbacks(execute=True):
        photos.remove_photo(first)
    assert not path.exists()

    factories.close_poll(poll)
    sealing.seal(poll, by=None)
    second = photos.add_photo(poll, SimpleUploadedFile("a.jpg", b"\xff\xd8\xff"), by=None)
    with pytest.raises(StateError, match="不能移除"):
        photos.remove_photo(second)

    assert photos.photo_path(second).exists()

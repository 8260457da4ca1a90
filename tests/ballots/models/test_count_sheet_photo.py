"""Photos of count sheets: a known kind, a name of its own, seen by the unit."""

import pytest
from django.db import IntegrityError, transaction

from ballots.models import CountSheetPhoto
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def poll():
    return factories.make_open_poll()


def test_a_photo_is_of_a_known_kind(poll):
    with pytest.raises(IntegrityError, match="count_sheet_photo_kind_known"), transaction.atomic():
        CountSheetPhoto.objects.create(poll=poll, file_name="a", kind="exe", size=1, sha256="0")


def test_two_photos_never_share_a_file(poll):
    CountSheetPhoto.objects.create(poll=poll, file_name="a", kind="png", size=1, sha256="0")

    with pytest.raises(IntegrityError), transaction.atomic():
        CountSheetPhoto.objects.create(poll=poll, file_name="a", kind="png", size=1, sha256="0")


def test_a_photo_is_seen_by_its_unit_and_by_nobody_elsewhere(poll):
    photo = CountSheetPhoto.objects.create(poll=poll, file_name="a", kind="png", size=1, sha256="0")
    cast = factories.make_cast(poll.organization)

    assert list(CountSheetPhoto.objects.visible_to(cast.secretary)) == [photo]
    assert not CountSheetPhoto.objects.visible_to(cast.outsider).exists()

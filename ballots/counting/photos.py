"""Pictures and scans of signed count sheets: files under random names in a folder that no web server hands out.

A picture is kept without what the camera wrote beside it (`campaigns.photo_traces`); the digest is of what is kept.
"""

import hashlib
import secrets
from pathlib import Path

from django.db import transaction

from campaigns.kept_files import Unsuitable, folder, picture_kind, read_limited, write_file
from campaigns.models import Poll
from campaigns.models.states import StateError
from campaigns.ways import way_to

from ..models import CountSheetPhoto

MOST_PHOTOS = 20


def photo_path(photo: CountSheetPhoto) -> Path:
    return folder() / photo.file_name


def add_photo(poll: Poll, upload, *, by) -> CountSheetPhoto:
    """Keep an uploaded file; raises Unsuitable, or StateError where nothing has been counted yet."""
    content = read_limited(upload)
    kind = picture_kind(content)
    if not kind:
        raise Unsuitable("只收JPEG、PNG图片和PDF，这个文件不是。手机拍的照片请先转成JPEG。")
    name = secrets.token_hex(16)
    with transaction.atomic():
        locked = Poll.objects.select_for_update().get(pk=poll.pk)
        if locked.state not in (Poll.State.OPEN, Poll.State.CLOSED, Poll.State.SEALED):
            raise StateError(
                "评议点还没有开启，没有计票结果报告单可传。",
                way=way_to("开启", "campaigns:campaign_detail", locked.campaign_id),
            )
        if locked.count_sheet_photos.count() >= MOST_PHOTOS:
            raise Unsuitable(f"至多{MOST_PHOTOS}份，请先移除不要的。")
        photo = CountSheetPhoto.objects.create(
            poll=locked,
            file_name=name,
            kind=kind,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            added_by=by,
        )
        write_file(name, content)
    return photo


def remove_photo(photo: CountSheetPhoto) -> None:
    """Remove a file that is not part of a sealed poll's record; raises StateError."""
    with transaction.atomic():
        locked = Poll.objects.select_for_update().get(pk=photo.poll_id)
        if locked.state == Poll.State.SEALED:
            raise StateError("评议点已经封存，已传的影像不能移除；有误的，可以再传一份。")
        path = photo_path(photo)
        photo.delete()
        transaction.on_commit(lambda: path.unlink(missing_ok=True))

"""Pictures and scans of signed count sheets: files under random names in a folder that no web server hands out.

A picture is kept as it was taken, with what the camera wrote into it.
"""

import hashlib
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction

from campaigns.models import Poll
from campaigns.models.states import StateError

from ..models import CountSheetPhoto

MOST_BYTES = 10 * 1024 * 1024
MOST_PHOTOS = 20
# The first bytes of a file give its kind; its name does not.
MAGIC = (
    (b"\xff\xd8\xff", CountSheetPhoto.Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", CountSheetPhoto.Kind.PNG),
    (b"%PDF-", CountSheetPhoto.Kind.PDF),
)
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}


class Unsuitable(Exception):
    """A file that is not kept; the message is for the user."""


def folder() -> Path:
    return Path(settings.VAR_DIR) / "attachments"


def photo_path(photo: CountSheetPhoto) -> Path:
    return folder() / photo.file_name


def kind_of(head: bytes) -> str:
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    raise Unsuitable("只收JPEG、PNG图片和PDF，这个文件不是。手机拍的照片请先转成JPEG。")


def add_photo(poll: Poll, upload, *, by) -> CountSheetPhoto:
    """Keep an uploaded file; raises Unsuitable, or StateError where nothing has been counted yet."""
    if upload.size > MOST_BYTES:
        raise Unsuitable(f"文件有{upload.size / 1024 / 1024:.1f}MB，不能超过10MB。")
    content = upload.read()
    kind = kind_of(content[:16])
    name = secrets.token_hex(16)
    with transaction.atomic():
        locked = Poll.objects.select_for_update().get(pk=poll.pk)
        if locked.state not in (Poll.State.OPEN, Poll.State.CLOSED, Poll.State.SEALED):
            raise StateError("评议点还没有开启，没有计票结果报告单可传。")
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
        # Within the transaction: a row is never without its file.
        _write(photo_path(photo), content)
    return photo


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def remove_photo(photo: CountSheetPhoto) -> None:
    """Remove a file that is not part of a sealed poll's record; raises StateError."""
    with transaction.atomic():
        locked = Poll.objects.select_for_update().get(pk=photo.poll_id)
        if locked.state == Poll.State.SEALED:
            raise StateError("评议点已经封存，已传的影像不能移除；有误的，可以再传一份。")
        path = photo_path(photo)
        photo.delete()
        transaction.on_commit(lambda: path.unlink(missing_ok=True))

"""Files handed in for an artefact, and taken out again."""

import hashlib
import secrets
from pathlib import Path

from django.db import transaction

from ..kept_files import Unsuitable, folder, read_document, write_file
from ..models import Artefact, ArtefactFile

MOST_FILES = 20


def path_of(file: ArtefactFile) -> Path:
    return folder() / file.file_name


def add_file(artefact: Artefact, upload, *, by) -> ArtefactFile:
    """Keep an uploaded file; raises Unsuitable."""
    content, kind = read_document(upload)
    name = secrets.token_hex(16)
    with transaction.atomic():
        locked = Artefact.objects.select_for_update().get(pk=artefact.pk)
        if locked.files.count() >= MOST_FILES:
            raise Unsuitable(f"一项材料至多{MOST_FILES}个文件，请先移除不要的。")
        file = ArtefactFile.objects.create(
            artefact=locked,
            file_name=name,
            kind=kind,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            added_by=by,
        )
        write_file(name, content)
    return file


def remove_file(file: ArtefactFile) -> None:
    """Take a file out; it goes from the disk when its row is gone for good."""
    with transaction.atomic():
        path = path_of(file)
        file.delete()
        transaction.on_commit(lambda: path.unlink(missing_ok=True))

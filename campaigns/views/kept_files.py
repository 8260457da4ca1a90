"""Kept files on their way out: saved by the browser, never shown as pages of this site."""

from django.http import FileResponse, Http404

from ..kept_files import CONTENT_TYPES, folder


def kept_file(file_name: str, *, kind: str, name: str) -> FileResponse:
    """The file under its random name as a download with a name of its own; 404 where it is gone."""
    try:
        opened = (folder() / file_name).open("rb")
    except FileNotFoundError:
        raise Http404("文件不在了，请从备份找回。") from None
    return FileResponse(
        opened,
        as_attachment=True,
        filename=f"{name}.{kind}",
        content_type=CONTENT_TYPES[kind],
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )

"""Files as responses: a download under a Chinese name."""

from urllib.parse import quote

from django.http import HttpResponse

PDF = "application/pdf"

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(body: bytes, *, name: str, content_type: str) -> HttpResponse:
    """A download under a Chinese name."""
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response

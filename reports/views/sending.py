"""Files as responses: a download under a Chinese name."""

from urllib.parse import quote

from django.http import HttpResponse

from campaigns.kept_files import CONTENT_TYPES
from campaigns.plain_text import shortened

# Of Chinese characters, three bytes each; a name on disk has 255.
LONGEST_STEM = 80
PDF, XLSX = CONTENT_TYPES["pdf"], CONTENT_TYPES["xlsx"]


def attachment(body: bytes, *, name: str, content_type: str) -> HttpResponse:
    """A download under a Chinese name, which keeps its end and its ending where it is too long for a disk."""
    stem, dot, ending = name.rpartition(".")
    name = f"{shortened(stem, LONGEST_STEM)}{dot}{ending}"
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response

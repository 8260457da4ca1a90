"""The description of the API in OpenAPI, kept by hand; a test holds every answer against it."""

from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "openapi.json"


@cache
def description() -> str:
    return _FILE.read_text(encoding="utf-8")

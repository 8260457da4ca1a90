"""Draws contents as PDF. Nothing is computed here, and nothing but the project's own font files is ever fetched."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from .content import PollContent
from .summary import SummaryContent

FONT_URL = "pingyi-font:"
# The faces of an official document; where a file is missing Noto stands in for all of them.
FACES = {
    "仿宋": "FandolFang-Regular.otf",
    "黑体": "FandolHei-Regular.otf",
    "楷体": "FandolKai-Regular.otf",
    "小标宋": "FandolSong-Bold.otf",
}


class Forbidden(FatalURLFetchingError):
    """A document asked for something that is not one of our font files."""


class OwnFilesOnly(URLFetcher):
    """Serves the installed font files by name and nothing else: no file, no network (text comes from users)."""

    def fetch(self, url, headers=None):
        name = url.removeprefix(FONT_URL)
        if not url.startswith(FONT_URL) or name not in FACES.values():
            raise Forbidden(f"Not one of our own files: {url[:80]}")
        return URLFetcherResponse(url, (Path(settings.FONTS_DIR) / name).read_bytes(), {"Content-Type": "font/otf"})


def count_sheet(content: PollContent) -> bytes:
    """计票结果报告单, with lines to sign."""
    return _draw("print/count_sheet.html", {"content": content})


def results_sheet(content: PollContent) -> bytes:
    """The results with their splits, as the page shows them."""
    return _draw("print/results.html", {"content": content})


def summary(content: SummaryContent, *, is_draft: bool = False) -> bytes:
    """小结 in the layout of GB/T 9704; a draft bears its watermark."""
    return _draw("print/summary.html", {"content": content, "is_draft": is_draft})


def _draw(template: str, context: dict) -> bytes:
    faces = [(family, FONT_URL + file) for family, file in FACES.items() if (Path(settings.FONTS_DIR) / file).is_file()]
    html = render_to_string(template, {**context, "faces": faces})
    return HTML(string=html, url_fetcher=OwnFilesOnly()).write_pdf()

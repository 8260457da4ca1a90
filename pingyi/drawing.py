"""The one door to WeasyPrint: what a document may fetch, and a clear refusal where the system lacks Pango."""

from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit
from urllib.request import url2pathname

from .errors import CannotDraw
from .heap import return_freed

try:
    with redirect_stdout(StringIO()):  # it prints a page of English advice; the set-up has told what to install
        import weasyprint
        from weasyprint import HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher

        from .faces import LeanFaces
except OSError:  # Pango is a system package; without it everything but PDF works
    weasyprint, URLFetcher, HTML = None, object, object


UNIVERSAL_ACCESS = "pdf/ua-1"
# Of several at once each would take 100 MB, and none would be ready earlier: Python runs one of them at a time.
_at_work = Lock()


class _OnlyFrom(URLFetcher):
    """Serves files of one folder. WeasyPrint's own fetcher would put any file of the server into a document."""

    def __init__(self, folder: Path | None):
        super().__init__()
        self._folder = folder and folder.resolve()

    def fetch(self, url, headers=None):
        parts = urlsplit(url)
        path = Path(url2pathname(parts.path)).resolve()
        if parts.scheme != "file" or self._folder is None or not path.is_relative_to(self._folder):
            raise ValueError(f"a document may not fetch {url}")
        return super().fetch(path.as_uri(), headers)


class _Page(HTML):
    """The HTML of a document that takes into its PDF only what it draws of a face."""

    def render(self, *args, **options):
        document = super().render(*args, **options)
        document.fonts = LeanFaces()
        return document


def draw_pdf(html: str, *, files_from: Path | None = None, for_reading: bool = False) -> bytes:
    """The document as PDF. It may refer to files of `files_from` and to nothing else; raises CannotDraw.

    A document for reading on a screen, by voice too, is tagged and names its language and title (PDF/UA-1). It takes a
    tenth longer: slips and blank ballots, which are only printed, do without.
    """
    if weasyprint is None:
        raise CannotDraw("服务器缺少 PDF 排版软件（Pango），暂时不能生成 PDF。请管理员执行 make setup，按提示安装。")
    return _drawn(html, files_from, for_reading)


def _drawn(html: str, files_from: Path | None, for_reading: bool) -> bytes:
    document = _Page(string=html, url_fetcher=_OnlyFrom(files_from))
    with _at_work:
        try:
            return document.write_pdf(
                font_config=_faces(),
                pdf_variant=UNIVERSAL_ACCESS if for_reading else None,
                finisher=lambda page, pdf: page.fonts.put_outlines(pdf),
            )
        finally:
            return_freed()


@cache
def _faces() -> "FontConfiguration":
    """The faces of all documents of this process, which take a tenth of a second to load."""
    return FontConfiguration()

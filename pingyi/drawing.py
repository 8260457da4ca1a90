"""The one door to WeasyPrint: what a document may fetch, and a clear refusal where the system lacks Pango."""

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from .errors import CannotDraw
from .faces import keep_drawn_glyphs

try:
    with redirect_stdout(StringIO()):  # it prints a page of English advice; the set-up has told what to install
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
except OSError:  # Pango is a system package; without it everything but PDF works
    weasyprint, URLFetcher = None, object


UNIVERSAL_ACCESS = "pdf/ua-1"
# Faces that are loaded and that no document is at.
_idle_faces: list = []


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


def draw_pdf(html: str, *, files_from: Path | None = None, for_reading: bool = False) -> bytes:
    """The document as PDF. It may refer to files of `files_from` and to nothing else; raises CannotDraw.

    A document for reading on a screen, by voice too, is tagged and names its language and title (PDF/UA-1). It takes a
    tenth longer: slips and blank ballots, which are only printed, do without.
    """
    if weasyprint is None:
        raise CannotDraw("服务器缺少 PDF 排版软件（Pango），暂时不能生成 PDF。请管理员执行 make setup，按提示安装。")
    return _drawn(html, files_from, for_reading)


def _drawn(html: str, files_from: Path | None, for_reading: bool) -> bytes:
    document = weasyprint.HTML(string=html, url_fetcher=_OnlyFrom(files_from))
    with _loaded_faces() as faces:
        return document.write_pdf(
            font_config=faces,
            pdf_variant=UNIVERSAL_ACCESS if for_reading else None,
            finisher=lambda _, pdf: keep_drawn_glyphs(pdf),
        )


@contextmanager
def _loaded_faces() -> Iterator["FontConfiguration"]:
    """The faces of the documents before, which take a tenth of a second to load; a document has them to itself.

    Those of one document wait for the next, or threads that draw at the same time would each leave theirs.
    """
    try:
        faces = _idle_faces.pop()
    except IndexError:
        faces = FontConfiguration()
    yield faces
    if not _idle_faces:
        _idle_faces.append(faces)

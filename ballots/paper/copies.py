"""Many copies of a document in one file, for a printer that is left alone with it.

All copies draw the same content, so that none can differ from another, and a thousand weigh little more than the first.
"""

import io

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import NameObject

MOST_COPIES = 1000
# The drawing of a page, and the faces of its text.
DRAWN = ("/Contents", "/Resources")


def copied(document: bytes, copies: int, *, is_duplex: bool) -> bytes:
    """So many copies of a PDF one after the other; printed on both sides of the sheets, each begins on a new sheet.

    Every page has an entry of its own: some programs take a page that is entered twice for damage.
    """
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(document)))
    pages = list(writer.pages)
    for copy in range(copies):
        if copy:
            for page in pages:
                _add_alike(writer, page)
        if is_duplex and len(pages) % 2:
            _add_empty(writer, pages[-1])
    sides = "/DuplexFlipLongEdge" if is_duplex else "/Simplex"
    wanted = {"/Duplex": sides, "/PrintScaling": "/None"}
    writer.create_viewer_preferences().update({NameObject(name): NameObject(value) for name, value in wanted.items()})
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _add_alike(writer: PdfWriter, page: PageObject) -> None:
    """A page more, on which the same is drawn."""
    alike = _add_empty(writer, page)
    for name in map(NameObject, DRAWN):
        alike[name] = page.raw_get(name)


def _add_empty(writer: PdfWriter, page: PageObject) -> PageObject:
    """A page more, of the same size."""
    return writer.add_blank_page(page.mediabox.width, page.mediabox.height)

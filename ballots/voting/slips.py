"""Code slips as PDF: 24 to an A4 page, to be cut along the lines and drawn from a bag.

WeasyPrint lays a single page out; the QR pictures and codes are stamped onto it with pypdf, which takes seconds where
laying out every slip would take minutes. Nothing on a slip tells its place in the pile.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import segno
from django.template.loader import render_to_string
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from campaigns.models import Poll
from campaigns.plain_text import shortened
from pingyi.drawing import draw_pdf

from ..models import Batch
from .codes import pretty

COLUMNS, ROWS = 3, 8
A_PAGE = COLUMNS * ROWS
MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
# These agree with templates/print/slips.html: margins, and what one slip leaves free for the stamp.
LEFT, TOP, WIDTH, HEIGHT = 6 * MM, 8.5 * MM, 66 * MM, 35 * MM
QR_LEFT, QR_TOP, QR_SIZE = 40.5 * MM, 1.4 * MM, 24 * MM
CODE_LEFT, CODE_BASELINE, CODE_SIZE = 3 * MM, 24.2 * MM, 12.5
# The words beside the QR: the box they stand in, and how high a line is.
ABOUT_WIDTH, ABOUT_HEIGHT, LINE = 37 * MM, 18.6 * MM, 1.3
CATEGORY_SIZES, UNIT_SIZES, TITLE_SIZES = (8.5, 7, 6), (8, 7, 6, 5.5), (7, 6, 5.5)
REHEARSAL_WIDTH = 4  # characters that the mark of a rehearsal takes
ROUNDING = 1e-6  # a height that was made of lines holds as many
FORM_SIGNS = "①②③④"
QUIET_ZONE = 2  # modules; the paper around is white


# A batch and the codes of its slips in clear.
Pile = tuple[Batch, Sequence[str]]
# Batches whose pages are laid out together: one by one each would cost half a second.
PILES_AT_A_TIME = 20


def draw_slips(batch: Batch, slips: Sequence[str], *, site: str) -> bytes:
    """The slips as one PDF. `site` is the absolute address where codes are typed in; a code follows it in the QR."""
    pile = (batch, slips)
    document = SlipDocument(site)
    document.add(pile, *lay_out_piles([pile], site=site))
    return document.to_bytes()


# The blank pages of a pile by the number of slips that are on them.
BlankPages = dict[int, PageObject]


def lay_out_piles(piles: Sequence[Pile], *, site: str) -> list[BlankPages]:
    """Pages with the words of the piles' slips and room for their codes: of each pile a full one, and its last one."""
    wanted = [(place, count) for place, (_, slips) in enumerate(piles) for count in _sizes(len(slips))]
    words = [_words(batch) for batch, _ in piles]
    sheets = [_sheet(piles[place][0], words[place], count) for place, count in wanted]
    document = draw_pdf(render_to_string("print/slips.html", {"sheets": sheets, "site": site}))
    blank: list[BlankPages] = [{} for _ in piles]
    for (place, count), page in zip(wanted, PdfReader(io.BytesIO(document)).pages, strict=True):
        blank[place][count] = page
    return blank


def _sizes(count: int) -> list[int]:
    """The numbers of slips that a pile has on its pages."""
    return [size for size in dict.fromkeys((min(count, A_PAGE), count % A_PAGE)) if size]


class SlipDocument:
    """A PDF that grows by piles of slips, each of which begins on a new sheet."""

    def __init__(self, site: str):
        self._site = site
        self._writer = PdfWriter()
        self._writer.metadata = {"/Title": "选票码"}
        self._stamp_font = self._writer._add_object(_courier())

    def add(self, pile: Pile, blank: BlankPages) -> None:
        _, slips = pile
        layouts = {count: _layout(self._writer, page, self._stamp_font) for count, page in blank.items()}
        for start in range(0, len(slips), A_PAGE):
            on_page = slips[start : start + A_PAGE]
            layout = layouts[len(on_page)]
            page = self._writer.add_blank_page(PAGE_WIDTH, PAGE_HEIGHT)
            page[NameObject("/Resources")] = layout.resources
            stamp = self._writer._add_object(_stamp(on_page, self._site))
            page[NameObject("/Contents")] = ArrayObject([layout.drawing, stamp])

    def to_bytes(self, *, before: bytes = b"") -> bytes:
        """The document; where its first lines went out `before`, what follows them."""
        if before:
            self._writer.pdf_header = "%"
        stream = io.BytesIO()
        stream.write(before)
        self._writer.write(stream)
        return stream.getvalue()[len(before) :]


@dataclass(frozen=True)
class _Layout:
    """A laid out page, written once and shared by all pages that look like it."""

    resources: IndirectObject
    drawing: IndirectObject


def _layout(writer: PdfWriter, page: PageObject, stamp_font: IndirectObject) -> _Layout:
    resources = cast(DictionaryObject, page["/Resources"]).clone(writer)
    cast(DictionaryObject, resources["/Font"])[NameObject("/Stamp")] = stamp_font
    contents = page.get_contents()
    drawing = StreamObject()
    # q and Q keep the page's own scale and colours from the stamp.
    drawing.set_data(b"q\n" + (b"" if contents is None else contents.get_data()) + b"\nQ\n")
    return _Layout(
        resources=cast(IndirectObject, resources.indirect_reference), drawing=writer._add_object(drawing.flate_encode())
    )


def _sheet(batch: Batch, words: Sequence["FittedText"], count: int) -> dict[str, object]:
    """A page with so many slips, for the template."""
    return {
        "words": words,
        "form_count": sum(part.name in ("campaign", "beside") for part in words),
        "is_rehearsal": batch.poll.state == Poll.State.REHEARSING,
        "rows": [range(min(COLUMNS, count - start)) for start in range(0, count, COLUMNS)],
    }


@dataclass(frozen=True)
class FittedText:
    """A text of a slip in the size, in points, in which it fits."""

    name: str
    text: str
    size: float

    @property
    def height(self) -> float:
        return -(-len(self.text) // _characters(self.size)) * self.size * LINE

    @property
    def css(self) -> str:
        return f"{self.name} size-{str(self.size).replace('.', '')}"


def _words(batch: Batch) -> list[FittedText]:
    """Category, unit and the title of each form; the titles, the same on all slips, take what the others leave."""
    titles = [form.poll.campaign.title for form in batch.on_slip()]
    least = TITLE_SIZES[-1] * LINE * len(titles)
    most = min(ABOUT_HEIGHT / 2, ABOUT_HEIGHT - least - UNIT_SIZES[-1] * LINE)
    category = _fitted("category", str(batch.category), CATEGORY_SIZES, most)
    unit = _fitted("unit", batch.poll.unit_name, UNIT_SIZES, ABOUT_HEIGHT - category.height - least)
    left = (ABOUT_HEIGHT - category.height - unit.height) / len(titles)
    if len(titles) > 1:
        titles = [f"{sign}{title}" for sign, title in zip(FORM_SIGNS, titles, strict=False)]
    mark = REHEARSAL_WIDTH if batch.poll.state == Poll.State.REHEARSING else 0
    first = _fitted("campaign", titles[0], TITLE_SIZES, left, before=mark)
    return [category, unit, first, *(_fitted("beside", title, TITLE_SIZES, left) for title in titles[1:])]


def _fitted(name: str, text: str, sizes: Sequence[float], height: float, *, before: int = 0) -> FittedText:
    """A text in the largest size that its room takes; where even the smallest is too large, its middle goes.

    `before` it so many characters are taken.
    """
    for size in sizes:
        most = _characters(size) * int(height / (size * LINE) + ROUNDING) - before
        if len(text) <= most:
            break
    return FittedText(name, shortened(text, most), size)


def _characters(size: float) -> int:
    """Full-width characters on a line, less one that the rules of line breaking may push to the next."""
    return int(ABOUT_WIDTH / size) - 1


def _courier() -> DictionaryObject:
    """A face that every viewer has; a code is plain ASCII."""
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Courier-Bold"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )


def _stamp(slips: Sequence[str], site: str) -> StreamObject:
    """The pictures and codes of one page."""
    drawing = []
    for place, code in enumerate(slips):
        row, column = divmod(place, COLUMNS)
        left, top = LEFT + column * WIDTH, PAGE_HEIGHT - TOP - row * HEIGHT
        drawing.append(_qr(f"{site}{code}/", left + QR_LEFT, top - QR_TOP))
        x, y = left + CODE_LEFT, top - CODE_BASELINE
        drawing.append(f"BT /Stamp {CODE_SIZE} Tf {x:.2f} {y:.2f} Td ({pretty(code)}) Tj ET")
    stream = StreamObject()
    stream.set_data("\n".join(drawing).encode("ascii"))
    return stream.flate_encode()


def _qr(address: str, left: float, top: float) -> str:
    """Drawing operators for a QR: each run of dark modules in a row is one rectangle."""
    matrix = segno.make(address, error="m", micro=False, boost_error=False).matrix
    module = QR_SIZE / (len(matrix) + 2 * QUIET_ZONE)
    rectangles = []
    for line, modules in enumerate(matrix, start=QUIET_ZONE):
        y = top - (line + 1) * module
        for start, length in _dark_runs(modules):
            x = left + (start + QUIET_ZONE) * module
            rectangles.append(f"{x:.2f} {y:.2f} {length * module:.2f} {module:.2f} re")
    return "\n".join(rectangles) + "\nf"


def _dark_runs(modules: Sequence[int]) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for position, is_dark in enumerate(modules):
        if is_dark and runs and sum(runs[-1]) == position:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_dark:
            runs.append((position, 1))
    return runs

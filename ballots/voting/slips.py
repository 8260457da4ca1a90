"""Code slips as PDF: 24 to an A4 page, to be cut along the lines and drawn from a bag.

WeasyPrint lays a single slip out; pypdf stamps it onto the pages as often as it is wanted, with the QR pictures and
codes, which takes seconds where laying out every slip would take minutes. Nothing on a slip tells its place in the pile.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import segno
from django.template.loader import render_to_string
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, RectangleObject, StreamObject

from campaigns.models import Poll
from campaigns.plain_text import shortened
from pingyi.drawing import draw_pdf

from ..models import Batch
from .codes import ALPHABET, CODE_LENGTH, pretty

COLUMNS, ROWS = 3, 8
A_PAGE = COLUMNS * ROWS
MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
LEFT, TOP = 6 * MM, 8.5 * MM
# These agree with templates/print/slips.html: the size of a slip and of its lines, and what it leaves free for the stamp.
WIDTH, HEIGHT, LINE_WIDTH = 66 * MM, 35 * MM, 0.2 * MM
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
# Batches whose slips are laid out together: one by one each would cost a tenth of a second; more would weigh in all files.
PILES_AT_A_TIME = 20


def draw_slips(batch: Batch, slips: Sequence[str], *, site: str) -> bytes:
    """The slips as one PDF. `site` is the absolute address where codes are typed in; a code follows it in the QR."""
    pile = (batch, slips)
    document = SlipDocument(site)
    document.add(pile, *lay_out_piles([pile], site=site))
    return document.to_bytes()


# Where a slip's lines are: to its right and below it, and on the outside of the sheet.
EDGES = ("", "left", "top", "left top")


@dataclass(frozen=True)
class BlankSlip:
    """The drawings of a pile's sheets: the words of its slip, and the lines along which it is cut, by its edge."""

    words: PageObject
    lines: Sequence[PageObject]


def lay_out_piles(piles: Sequence[Pile], *, site: str) -> list[BlankSlip]:
    """The piles' slips with room for their codes."""
    blanks = [_blank(batch) for batch, _ in piles]
    document = draw_pdf(render_to_string("print/slips.html", {"edges": EDGES, "blanks": blanks, "site": site}))
    pages = list(PdfReader(io.BytesIO(document)).pages)
    lines, words = pages[: len(EDGES)], pages[len(EDGES) :]
    if len(words) != len(piles):
        raise ValueError("a slip does not keep to its page")
    return [BlankSlip(page, lines) for page in words]


class SlipDocument:
    """A PDF that grows by piles of slips, each of which begins on a new sheet."""

    def __init__(self, site: str):
        self._site, self._mask = site, _mask_for(site)
        self._writer = PdfWriter()
        self._writer.metadata = {"/Title": "选票码"}
        self._stamp_font = self._writer._add_object(_courier())

    def add(self, pile: Pile, blank: BlankSlip) -> None:
        _, slips = pile
        resources = self._writer._add_object(self._resources(blank))
        drawings = {count: self._writer._add_object(_sheet(count)) for count in _sizes(len(slips))}
        for start in range(0, len(slips), A_PAGE):
            on_page = slips[start : start + A_PAGE]
            page = self._writer.add_blank_page(PAGE_WIDTH, PAGE_HEIGHT)
            page[NameObject("/Resources")] = resources
            stamp = self._writer._add_object(_stamp(on_page, self._site, mask=self._mask))
            page[NameObject("/Contents")] = ArrayObject([drawings[len(on_page)], stamp])

    def _resources(self, blank: BlankSlip) -> DictionaryObject:
        """The names by which the pages of a pile call what is drawn on them again and again."""
        drawn = {f"/Lines{number}": page for number, page in enumerate(blank.lines)} | {"/Words": blank.words}
        forms = {NameObject(name): _form(self._writer, page) for name, page in drawn.items()}
        return DictionaryObject(
            {
                NameObject("/XObject"): DictionaryObject(forms),
                NameObject("/Font"): DictionaryObject({NameObject("/Stamp"): self._stamp_font}),
            }
        )

    def to_bytes(self, *, before: bytes = b"") -> bytes:
        """The document; where its first lines went out `before`, what follows them."""
        if before:
            self._writer.pdf_header = "%"
        stream = io.BytesIO()
        stream.write(before)
        self._writer.write(stream)
        return stream.getvalue()[len(before) :]


def _sizes(count: int) -> list[int]:
    """The numbers of slips that a pile has on its pages."""
    return [size for size in dict.fromkeys((min(count, A_PAGE), count % A_PAGE)) if size]


def _form(writer: PdfWriter, page: PageObject) -> IndirectObject:
    """A laid out page as a drawing that other pages call."""
    contents = page.get_contents()
    form = StreamObject()
    form.set_data(b"" if contents is None else contents.get_data())
    form = form.flate_encode()
    resources = cast(DictionaryObject, page["/Resources"]).clone(writer)
    form[NameObject("/Type")], form[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    form[NameObject("/BBox")] = RectangleObject((0, 0, WIDTH, HEIGHT))
    form[NameObject("/Resources")] = cast(IndirectObject, resources.indirect_reference)
    return writer._add_object(form)


def _sheet(count: int) -> StreamObject:
    """So many slips in their places; the words of those on the outside of the sheet make room for its line."""
    drawing = []
    for place in range(count):
        row, column = divmod(place, COLUMNS)
        left, bottom = LEFT + column * WIDTH, PAGE_HEIGHT - TOP - (row + 1) * HEIGHT
        is_left, is_top = column == 0, row == 0
        aside, down = is_left * LINE_WIDTH, is_top * LINE_WIDTH
        drawing.append(f"q 1 0 0 1 {left:.3f} {bottom:.3f} cm /Lines{is_left + 2 * is_top} Do")
        drawing.append(f"1 0 0 1 {aside:.3f} {-down:.3f} cm /Words Do Q")
    stream = StreamObject()
    stream.set_data("\n".join(drawing).encode("ascii"))
    return stream.flate_encode()


def _blank(batch: Batch) -> dict[str, object]:
    """A slip of the batch for the template."""
    words = _words(batch)
    return {
        "words": words,
        "form_count": sum(part.name in ("campaign", "beside") for part in words),
        "is_rehearsal": batch.poll.state == Poll.State.REHEARSING,
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


def _stamp(slips: Sequence[str], site: str, *, mask: int) -> StreamObject:
    """The pictures and codes of one page."""
    drawing = []
    for place, code in enumerate(slips):
        row, column = divmod(place, COLUMNS)
        left, top = LEFT + column * WIDTH, PAGE_HEIGHT - TOP - row * HEIGHT
        drawing.append(_qr(f"{site}{code}/", left + QR_LEFT, top - QR_TOP, mask=mask))
        x, y = left + CODE_LEFT, top - CODE_BASELINE
        drawing.append(f"BT /Stamp {CODE_SIZE} Tf {x:.2f} {y:.2f} Td ({pretty(code)}) Tj ET")
    stream = StreamObject()
    stream.set_data("\n".join(drawing).encode("ascii"))
    return stream.flate_encode()


def _mask_for(site: str) -> int:
    """The pattern that suits the address best and goes over the QR of each code: to try all eight takes five times as long."""
    pattern = segno.make(f"{site}{ALPHABET[:CODE_LENGTH]}/", error="m", micro=False, boost_error=False).mask
    return cast(int, pattern)


def _qr(address: str, left: float, top: float, *, mask: int) -> str:
    """Drawing operators for a QR, in modules from its upper left corner: each run of dark ones in a row is a rectangle."""
    matrix = segno.make(address, error="m", micro=False, boost_error=False, mask=mask).matrix
    module = QR_SIZE / (len(matrix) + 2 * QUIET_ZONE)
    rectangles = [
        f"{start + QUIET_ZONE} {line} {length} 1 re"
        for line, modules in enumerate(matrix, start=QUIET_ZONE)
        for start, length in _dark_runs(modules)
    ]
    return f"q {module:.5f} 0 0 {-module:.5f} {left:.2f} {top:.2f} cm\n" + "\n".join(rectangles) + "\nf Q"


def _dark_runs(modules: Sequence[int]) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for position, is_dark in enumerate(modules):
        if is_dark and runs and sum(runs[-1]) == position:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_dark:
            runs.append((position, 1))
    return runs

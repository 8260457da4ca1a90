"""Figures counted anew from what was marked, and as pages and files give them."""

import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import docx
import pypdfium2
import zxingcpp

GRADES = ("满意", "基本满意", "不满意")
SATISFIED, FAIRLY, DISSATISFIED, UNMARKED = *GRADES, "弃权"


def count(cast):
    """Line by line the counts and rates that must come out: counts of grades and 弃权, each with its rate."""
    lines = []
    for marks in zip(*cast, strict=True):
        counts = Counter(marks)
        in_order = [counts[grade] for grade in (*GRADES, UNMARKED)]
        lines.append([(number, rate(number, len(marks))) for number in in_order])
    return lines


def rate(number, base):
    return str((Decimal(number) * 100 / base).quantize(Decimal("0.1"), ROUND_HALF_UP))


def figures_of_page(page):
    """The same of a page of results: tables with bars, and what is folded under a matrix of rates, target by target."""
    lines = []
    for place in page.locator(
        "main > .table-responsive:has(svg.stack), main > .table-responsive:has(.rates) + details"
    ).all():
        tables = place.locator(":scope > table.results, :scope > .table-responsive > table.results").all()
        by_table = [[figures_of_row(row) for row in table.locator("tbody tr").all()] for table in tables]
        # Below a matrix there is a table for each line, in which each target has a row.
        lines += [row for rows in zip(*by_table, strict=True) for row in rows]
    return lines


def figures_of_row(row):
    """Its counts and rates."""
    return [
        (int(cell.locator(".count").text_content()), cell.locator(".share").text_content().strip().rstrip("%"))
        for cell in row.locator("td:has(.count)").all()
    ]


def figures_of_line(values, *, first):
    """The same of a workbook's line: counts and rates by turns from one column on."""
    pairs = [values[place : place + 2] for place in range(first, first + 2 * (len(GRADES) + 1), 2)]
    return [(number, str((Decimal(share) * 100).quantize(Decimal("0.1")))) for number, share in pairs]


def text_of(pdf):
    """The text of a PDF without spaces, line ends and page numbers."""
    pages = [plain(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(pdf)]
    return "".join(re.sub(r"—\d+—", "", page) for page in pages)


def text_of_word(file):
    """The text of a Word file's paragraphs without spaces."""
    return plain("".join(paragraph.text for paragraph in docx.Document(file).paragraphs))


def plain(text):
    return re.sub(r"\s", "", text)


def addresses(pdf):
    """The paths in the QR codes of a PDF's first page."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=300 / 72).to_pil()
    barcodes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return [re.sub("^https?://[^/]+", "", barcode.text) for barcode in barcodes]

"""The slips of many units in one answer: drawn, sent and forgotten unit by unit, and valid only once all of them are sent.

A code exists in clear on its slip alone (DESIGN 6), so no file of slips waits on the server to be fetched. The answer is
a stream instead. Just before its end all codes are made valid together: a whole file holds good slips alone. A file
without its end cannot be opened, and where the answer broke off before that no slip of it is good, nor counted.
"""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby

from campaigns.file_names import fit_name, unique_names
from campaigns.models import Poll
from campaigns.models.place import ancestor_paths

from ..models import Batch
from .codes import Issue, invent_slips, issue_together
from .slips import PILES_AT_A_TIME, BlankSlip, Pile, SlipDocument, lay_out_piles

LIST_NAME = "清单.txt"
FIRST_LINE, COMMENT = b"%PDF-1.7\n", b"%\n"
# More would keep a thread of the server too long.
MOST_SLIPS = 20_000


@dataclass(frozen=True)
class SlipOrder:
    """The slips to be made for a batch; those of a unit stand one after the other."""

    batch: Batch
    count: int


def zip_of_slips(orders: Sequence[SlipOrder], *, site: str) -> Iterator[bytes]:
    """An archive with a PDF for each unit, in parts; raises StateError before its end where the codes cannot be issued."""
    names = _names_of_files(orders)
    issues: list[Issue] = []
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w") as archive:
        archive.writestr(LIST_NAME, _listed(orders))
        for poll, piles in groupby(_drawn(orders, issues, site), key=lambda drawn: drawn[0][0].poll):
            document = SlipDocument(site)
            for pile, blank in piles:
                document.add(pile, blank)
            archive.writestr(names[poll.pk], document.to_bytes())
            yield outlet.take()
        issue_together(issues)
    yield outlet.take()


def pdf_of_slips(orders: Sequence[SlipOrder], *, site: str) -> Iterator[bytes]:
    """All slips as one PDF, each batch from a new sheet on, in parts; raises StateError before its end likewise.

    A PDF comes into being at once. Until then a comment goes out for each unit, so that nobody on the way takes the
    silence for the end.
    """
    issues: list[Issue] = []
    document = SlipDocument(site)
    sent = b""
    for pile, blank in _drawn(orders, issues, site):
        document.add(pile, blank)
        part = COMMENT if sent else FIRST_LINE
        sent += part
        yield part
    body = document.to_bytes(before=sent)
    issue_together(issues)
    yield body


def _drawn(orders: Sequence[SlipOrder], issues: list[Issue], site: str) -> Iterator[tuple[Pile, BlankSlip]]:
    """The piles with their blank slips, laid out some at a time; of their codes only the digests are kept, in `issues`."""
    for start in range(0, len(orders), PILES_AT_A_TIME):
        piles = [(order.batch, invent_slips(order.count)) for order in orders[start : start + PILES_AT_A_TIME]]
        for pile, blank in zip(piles, lay_out_piles(piles, site=site), strict=True):
            issues.append(Issue.of(*pile))
            yield pile, blank


def _names_of_files(orders: Sequence[SlipOrder]) -> dict[int, str]:
    """The name in the archive of each unit's PDF, in folders by the units above it, by the poll's key."""
    polls = {order.batch.poll_id: order.batch.poll for order in orders}
    names = unique_names(_place(poll) for poll in polls.values())
    return {key: f"{name}.pdf" for key, name in zip(polls, names, strict=True)}


def _place(poll: Poll) -> tuple[str, ...]:
    """The names of the units from below the organizer down to the poll's own."""
    depth = len(ancestor_paths(poll.campaign.path))
    *folders, unit = map(fit_name, poll.names[depth:] or [poll.unit_name])
    return (*folders, f"{unit}-选票码")


def _listed(orders: Sequence[SlipOrder]) -> bytes:
    """A table of the slips in the archive, as text."""
    lines = ["单位\t票批\t张数"]
    lines += [f"{order.batch.poll.unit_name}\t{order.batch}\t{order.count}" for order in orders]
    lines.append(f"合计\t\t{sum(order.count for order in orders)}")
    # Notepad of older days takes a text without the mark for GBK.
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")


class _Outlet(BytesIO):
    """A file that an archive writes to and nobody can go back in; what was written is taken out and gone."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise OSError("what was written is gone")

    def tell(self):
        raise OSError("what was written is gone")

    def take(self) -> bytes:
        taken = self.getvalue()
        super().seek(0)
        self.truncate()
        return taken

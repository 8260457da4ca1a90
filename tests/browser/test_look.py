"""The desk by day, at night and on paper: readable in each, and on paper black on white without anything to press."""

from datetime import date

import pytest

from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

# Paper has no use for these; a heading of a folded part stays, to say that there is more.
PRESSED = "main :is(.btn, button, [type=submit], .breadcrumb, .pagination), header.site-header, [role=status]"


@pytest.fixture
def addresses(committee):
    """The pages that matter, of a committee with sealed campaigns, an open one and one that is being prepared."""
    sealed = committee.campaigns.latest("pk")
    branch = sealed.polls.first().organization
    opened = factories.make_open_poll(branch, title="支部党员大会评议")
    factories.make_batch(opened)
    preparing = factories.make_campaign(committee, title="明年的评议")
    problem = factories.make_problem(branch, measures=[None, date(2026, 11, 20)])
    factories.make_commitment(branch)
    factories.make_comment(sealed, branch)
    factories.make_member(branch)
    poll = branch.polls.get(campaign=sealed)
    return [
        *("/", "/organizations/", f"/organizations/{branch.pk}/", "/campaigns/", "/campaigns/add/"),
        *(f"/campaigns/{preparing.pk}/", f"/campaigns/{preparing.pk}/rules/", f"/campaigns/{sealed.pk}/"),
        *(f"/campaigns/{sealed.pk}/results/", f"/campaigns/{sealed.pk}/ranking/", f"/campaigns/{sealed.pk}/desk/"),
        *(f"/polls/{opened.pk}/", f"/polls/{opened.pk}/batches/add/", f"/polls/{opened.pk}/preview/"),
        *(f"/polls/{poll.pk}/results/", f"/polls/{poll.pk}/summary/", f"/polls/{poll.pk}/announcements/"),
        *("/ledger/", "/ledger/board/", f"/ledger/{problem.pk}/", "/comments/", "/commitments/", "/help/start/"),
    ]


def test_at_night_every_word_stands_out_from_a_dark_ground(desk, addresses):
    desk.page.emulate_media(color_scheme="dark")
    desk.log_in("secretary")
    for address in addresses:
        desk.open(address)

        red, green, blue = ground(desk.page)
        assert max(red, green, blue) < 40, address


def test_on_paper_pages_are_black_on_white_without_anything_to_press(desk, addresses):
    desk.page.emulate_media(color_scheme="dark")
    desk.log_in("secretary")
    for address in addresses:
        desk.open(address)
        desk.page.emulate_media(media="print", color_scheme="dark")

        assert ground(desk.page) in ([255, 255, 255], [0, 0, 0, 0]), address
        assert desk.page.locator(PRESSED).filter(visible=True).all_inner_texts() == [], address
        assert cut_tables(desk.page) == [], address
        assert underlined_links(desk.page) == [], address
        desk.page.emulate_media(media="screen", color_scheme="dark")


def ground(page):
    """The colour of the page itself, in parts of 255."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return [int(part) for part in colour.strip("rgba()").split(",")]


def cut_tables(page):
    """Tables in boxes of which paper would show only a part."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".table-responsive")]
            .filter(box => getComputedStyle(box).overflowX !== "visible").map(box => box.getAttribute("aria-label"))"""
    )


def underlined_links(page):
    return page.evaluate(
        """() => [...document.querySelectorAll("main a")]
            .filter(link => link.checkVisibility() && getComputedStyle(link).textDecorationLine !== "none")
            .map(link => link.innerText)"""
    )

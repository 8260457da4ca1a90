"""A table wider than the page shows by a shadow at which side it goes on."""

import io
from statistics import median

import pytest
from PIL import Image

from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
# How bright the ground is by day and at night; what is printed on it covers less than half of a column.
GROUND = {"light": 255, "dark": 25}
LEAST_SHADE = 20


def shaded(page, scheme="light"):
    """Whether the first wide table has a shadow, which is a gleam at night, at its left edge and at its right one."""
    picture = Image.open(io.BytesIO(page.locator(".table-responsive").first.screenshot())).convert("L")
    width, height = picture.size
    edges = (picture.crop((column, 0, column + 1, height)) for column in (2, width - 3))
    return tuple(abs(median(edge.tobytes()) - GROUND[scheme]) > LEAST_SHADE for edge in edges)


def scroll_to(page, place):
    page.locator(".table-responsive").first.evaluate("(table, place) => { table.scrollLeft = place; }", place)


@pytest.fixture
def poll():
    return factories.make_sealed_poll({"11": 20, "12": 4, "23": 3})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_shadow_is_where_the_table_goes_on(phone, poll, scheme):
    factories.make_user("secretary", kind="secretary", organization=poll.organization)
    phone.page.emulate_media(color_scheme=scheme)
    phone.log_in("secretary")
    phone.open(f"/polls/{poll.pk}/results/")

    assert shaded(phone.page, scheme) == (False, True)
    scroll_to(phone.page, 30)
    assert shaded(phone.page, scheme) == (True, True)
    scroll_to(phone.page, 10_000)
    assert shaded(phone.page, scheme) == (True, False)


def test_at_a_desk_a_table_that_fits_has_none(desk, poll):
    factories.make_user("secretary", kind="secretary", organization=poll.organization)
    desk.log_in("secretary")
    desk.open(f"/polls/{poll.pk}/results/")

    assert shaded(desk.page) == (False, False)

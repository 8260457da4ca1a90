"""The browser fixtures themselves: what they must catch, they catch."""

import pytest

from .conftest import watch


@pytest.mark.parametrize(
    ("page_source", "complaint", "event"),
    [
        ("<script>console.error('本页有错')</script>", "本页有错", "console"),
        ("<script>throw new Error('boom')</script>", "boom", "weberror"),
        (
            "<meta http-equiv=Content-Security-Policy content=\"style-src 'none'\"><p style='color:red'>x</p>",
            "Content Security Policy",
            "console",
        ),
    ],
)
def test_a_page_that_complains_fails_its_test(new_context, page_source, complaint, event):
    context = new_context()
    watching = watch(context)
    page = next(watching)

    with context.expect_event(event):
        page.set_content(page_source)

    with pytest.raises(pytest.fail.Exception, match=complaint):
        next(watching)


def test_a_missing_file_fails_its_test_and_a_refused_page_does_not(new_context, live_server):
    watching = watch(new_context())
    page = next(watching)
    page.goto(f"{live_server.url}/nowhere/")

    with pytest.raises(StopIteration):
        next(watching)

    watching = watch(new_context())
    page = next(watching)
    page.goto(f"{live_server.url}/nowhere/")
    with page.expect_response("**/nowhere.css"):
        page.evaluate("fetch('/static/nowhere.css')")
    with pytest.raises(pytest.fail.Exception, match=r"404 .*nowhere\.css"):
        next(watching)


def test_a_barrier_is_described(new_context, assert_accessible):
    page = new_context().new_page()
    page.set_content("<html lang=zh><title>x</title><main><h1>x</h1><img src='data:,'></main></html>")

    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)


def test_a_phone_page_is_as_small_as_a_phone_and_touched(phone_page):
    phone_page.set_content("<meta name=viewport content='width=device-width'><p>x</p>")

    assert phone_page.evaluate("[innerWidth < 420, navigator.maxTouchPoints > 0]") == [True, True]

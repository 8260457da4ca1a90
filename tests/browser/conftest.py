"""Debian's Chromium at phone and desktop size; a page that complains fails its test."""

import hashlib
import importlib.resources
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .sealed import make_committee
from .visitor import Visitor

FOLDER = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
PHONE = "Pixel 5"
# Milliseconds after which a page has been waited for in vain: Playwright's five seconds are a measure of the machine.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)
SKELETON = (FOLDER / "skeleton.js").read_text(encoding="utf-8")
LAUNCH_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
]


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items):
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    executable = next(filter(None, map(shutil.which, (CHROMIUM, "chromium-browser", "google-chrome"))), CHROMIUM)
    return {**browser_type_launch_args, "executable_path": executable, "args": LAUNCH_ARGUMENTS}


@pytest.fixture
def new_context(new_context):
    """A new browser's window, in which whatever is waited for may take as long as the machine needs."""

    def patient(**options):
        context = new_context(**options)
        context.set_default_timeout(PATIENCE)
        return context

    return patient


@pytest.fixture
def context(context):
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture
def phone_page(new_context, playwright):
    """A page on a phone; see `watch` for what fails the test."""
    device = {key: value for key, value in playwright.devices[PHONE].items() if key != "default_browser_type"}
    yield from watch(new_context(**device, locale="zh-CN", timezone_id="Asia/Shanghai"))


@pytest.fixture
def desktop_page(new_context):
    """A page on an office desktop; see `watch` for what fails the test."""
    size = {"width": 1366, "height": 768}
    yield from watch(new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai"))


def watch(context):
    """Yield a page of the context; afterwards fail on script errors, console errors (Content-Security-Policy
    violations are among them) and missing files of any page that was opened.

    The status of the opened page itself is the test's own business: a refusal is often what it looks for.
    """
    problems = []

    def console(message):
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            problems.append(f"console: {message.text} ({message.location.get('url')})")

    def response(answer):
        if answer.status >= 400 and not answer.request.is_navigation_request():
            problems.append(f"{answer.status} {answer.url}")

    context.on("console", console)
    context.on("weberror", lambda error: problems.append(f"script: {error.error}"))
    context.on("response", response)
    yield context.new_page()
    if problems:
        pytest.fail("The browser complained:\n" + "\n".join(problems), pytrace=False)


@pytest.fixture(scope="session")
def axe_source():
    return (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def looked_at():
    """The pages in which nothing was found, each by what it is built of."""
    return set()


@pytest.fixture
def assert_accessible(axe_source, looked_at):
    """`assert_accessible(page)` fails with what axe-core finds on the page; pages built alike are looked at once."""

    def check(page):
        built = hashlib.sha256(page.evaluate(SKELETON).encode()).digest()
        if built in looked_at:
            return
        # Evaluated, not added as a script tag, which the Content-Security-Policy would refuse.
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe_source)
        violations = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        assert not violations, f"{page.url}\n" + "\n".join(map(_describe, violations))
        looked_at.add(built)

    return check


def _describe(violation):
    places = "\n".join(f"    {' '.join(map(str, node['target']))}: {node['html'][:160]}" for node in violation["nodes"])
    return f"  {violation['id']} ({violation['impact']}): {violation['help']}\n{places}"


@pytest.fixture
def desk(desktop_page, live_server, assert_accessible):
    """Somebody at a desk, not logged in."""
    return Visitor(desktop_page, live_server.url, assert_accessible)


@pytest.fixture
def phone(phone_page, live_server, assert_accessible):
    return Visitor(phone_page, live_server.url, assert_accessible)


@pytest.fixture
def committee():
    """See `sealed`."""
    return make_committee()

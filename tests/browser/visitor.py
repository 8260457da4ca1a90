"""Somebody in front of a browser, who knows pages by their words."""

import io
import re

from playwright.sync_api import expect

from tests.factories import PASSWORD

# A file that is drawn on a busy machine takes its time.
TRIES_FOR_A_FILE = 1200
# Typed into a terminal as it stands, and no sentence.
COMMAND = re.compile(r"systemctl \w+ [a-z-]+")
SENTENCE = re.compile(r"[A-Za-z']+(?: [a-z']+){2,}")


class Visitor:
    """Follows links and presses buttons by what they say; each page that is reached must be accessible."""

    def __init__(self, page, site, assert_accessible):
        self.page, self.site, self._assert_accessible = page, site, assert_accessible
        self._seen = set()

    def log_in(self, username):
        self.open("/")
        self.fill(username=username, password=PASSWORD)
        self.press("登录")

    def open(self, path):
        self.page.goto(self.site + path)
        self.arrived()

    def follow(self, words, *, within="main"):
        self.page.locator(within).get_by_role("link", name=words, exact=True).first.click()
        self.arrived()

    def back_to(self, words):
        """Up to a page that the breadcrumb names."""
        self.follow(words, within="nav[aria-label=位置]")

    def press(self, words):
        self.page.get_by_role("button", name=words).click()
        self.arrived()

    def arrived(self):
        """Look at a page once for each address and heading; a ballot that is on its way has not arrived."""
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        self.page.wait_for_load_state()
        looks = (self.page.url, self.page.title(), self.page.locator("h1").inner_text())
        if looks not in self._seen:
            self._seen.add(looks)
            self._assert_accessible(self.page)
            assert foreign_sentences(self.page.locator("body").inner_text()) == [], self.page.url

    def fill(self, **texts):
        """Fill fields by their names."""
        for name, text in texts.items():
            self.page.fill(f"[name={name}]", text)

    def download(self, words):
        """The file behind a link or button; a page that asks what it is for is told, and left again."""
        link, button = (self.page.get_by_role(role, name=words, exact=True) for role in ("link", "button"))
        files = []
        self.page.once("download", lambda file: files.append(file))
        link.or_(button).first.click()
        asks = self.page.get_by_role("heading", name="请写明用途")
        for _ in range(TRIES_FOR_A_FILE):
            if files:
                return io.BytesIO(files[0].path().read_bytes())
            if asks.is_visible():
                return self._file_for("核对")
            self.page.wait_for_timeout(100)
        raise AssertionError(f"no file behind {words}")

    def download_for(self, reason, words):
        """The file behind a link that asks first what it is for; afterwards the page with the link is there again."""
        self.follow(words)
        return self._file_for(reason)

    def _file_for(self, reason):
        """State the reason on the page that asks for it, take the file and go back."""
        self.fill(reason=reason)
        with self.page.expect_download() as caught:
            self.page.get_by_role("button", name="下载", exact=True).click()
        file = io.BytesIO(caught.value.path().read_bytes())
        self.page.go_back()
        return file

    def says(self, words, *, within="main"):
        expect(self.page.locator(within)).to_contain_text(words)

    def sticking_out(self):
        return sticking_out(self.page)


def foreign_sentences(text):
    """Passages that read like an English sentence: three words in a row, the latter two without a capital. Everything a user sees is in Chinese."""
    return SENTENCE.findall(COMMAND.sub("", text))


def sticking_out(page):
    """The elements that reach beyond the window, apart from those that scroll in a box of their own."""
    return page.evaluate(
        """() => {
            if (document.documentElement.scrollWidth <= innerWidth) return []
            return [...document.querySelectorAll("body *")]
                .filter(element => element.getBoundingClientRect().right > innerWidth && !element.closest(".table-responsive"))
                .map(element => element.outerHTML.slice(0, 120))
        }"""
    )


def loud_buttons(page):
    """The words of the buttons in the accent's colour that stand on the page: the next step, of which there is one."""
    return page.evaluate(
        """() => [...document.querySelectorAll("main .btn-primary")]
            .filter(element => element.checkVisibility({visibilityProperty: true}) && element.getClientRects().length)
            .map(element => element.innerText)"""
    )

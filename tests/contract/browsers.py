"""The clients that come over the network: a participant with a phone, and the secretary at a desk. Plain HTTP, no test client."""

import http.client
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode

SECONDS_TO_ANSWER = 180
# A phone that is told that the server is busy presses again after so many seconds, as its page does by itself; so often.
SECONDS_TO_PRESS_AGAIN, PRESSES = 0.2, 600


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str
    content: bytes = b""


class Browser:
    """Keeps cookies as a browser does; every request has a connection of its own."""

    def __init__(self, port, *, address="127.0.0.1", agent="Browser"):
        self.port, self.address, self.agent = port, address, agent
        self.cookies = {}

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, fields):
        return self._ask("POST", path, urlencode(fields))

    def follow(self, answer):
        """The page that an answer sends to."""
        return self.get(answer.location)

    def _ask(self, method, path, body=None):
        connection, headers = self.connect(), self.headers()
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie", ()):
            name, value = cookie.partition(";")[0].split("=", 1)
            self.cookies[name] = value
        return Answer(response.status, response.headers.get("Location", ""), content.decode(errors="replace"), content)

    def connect(self):
        return http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=SECONDS_TO_ANSWER, source_address=(self.address, 0)
        )

    def headers(self):
        headers = {"User-Agent": self.agent, "Connection": "close"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return headers


def hidden(answer, name):
    """The value of a hidden field of a page."""
    field = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)">', answer.text)
    assert field, answer
    return field[1]


class Phone(Browser):
    """A participant who walks from the code to the receipt as the pages lead."""

    def prepare(self, code, marks, opinion=""):
        """Everything up to the button 确认提交, which `send` presses."""
        answer = self.get(f"/v/{code}/")
        assert answer.status == 302, answer
        return self.fill_in(self.follow(answer), marks, opinion)

    def choose(self, batch_id):
        """The blank ballot of one form of the shared slip that was scanned."""
        return self.follow(self.get(f"/ballot/forms/{batch_id}/"))

    def fill_in(self, page, marks, opinion=""):
        """Likewise from a blank ballot."""
        assert page.status == 200, page
        names = dict.fromkeys(re.findall(r'name="(m\d+-\d+)"', page.text))
        fields = {"ballot": hidden(page, "ballot")}
        fields |= {name: mark for name, mark in zip(names, marks, strict=True) if mark != "-"}
        if opinion:
            fields[re.search(r'name="(o\d+)"', page.text)[1]] = opinion
        page = self.follow(self.post("/ballot/answer/", fields))
        assert page.status == 200, page
        assert hidden(page, "marks") == marks
        self.fields = {name: hidden(page, name) for name in ("ballot", "key", "marks")}
        if opinion:
            name = next(name for name in fields if name.startswith("o"))
            self.fields[name] = hidden(page, name)
        return self

    def press(self):
        """Press 确认提交; the same again each time. A refusal is the page that it sends to."""
        answer = self.post("/ballot/cast/", self.fields)
        return self.follow(answer) if answer.location.startswith("/ballot/refused/") else answer

    def send(self):
        """Press until the server is not too busy to take the ballot or to refuse it: the last answer."""
        for _ in range(PRESSES):
            answer = self.press()
            if not is_busy(answer):
                break
            time.sleep(SECONDS_TO_PRESS_AGAIN)
        return answer

    def like(self):
        """Another tab with the same page and cookies, from which the same submission is sent."""
        twin = Phone(self.port, address=self.address, agent=self.agent)
        twin.cookies, twin.fields = dict(self.cookies), self.fields
        return twin

    def receipt(self, answer):
        """The receipt number on the page that an accepted ballot leads to."""
        assert (answer.status, answer.location) == (302, "/ballot/receipt/"), answer
        page = self.follow(answer)
        assert page.status == 200, page
        assert "已收到您的票" in page.text
        return re.search(r'<p class="receipt-number">(\d{8})</p>', page.text)[1]


def is_taken(answer):
    """Whether an answer is an acknowledgement."""
    return (answer.status, answer.location) == (302, "/ballot/receipt/")


def is_busy(answer):
    """Whether an answer asks for another try, as another program or too many voters hold the database."""
    return (answer.status, answer.location) == (302, "/ballot/review/?busy")


def notice_of(answer):
    """The text of a page's notice; the whole page where it has none."""
    notice = re.search(r'<p class="notice notice-warning" role="alert">([^<]*)</p>', answer.text)
    return notice[1] if notice else answer.text


class Desk(Browser):
    """The secretary, logged in."""

    token = "csrftoken"

    def log_in(self, username, password):
        self.get("/login/")
        answer = self.post("/login/", {"username": username, "password": password})
        assert answer.status == 302, answer
        return self

    def post(self, path, fields):
        return super().post(path, {"csrfmiddlewaretoken": self.cookies[self.token], **fields})

    def like(self):
        """Another tab of the same browser."""
        twin = Desk(self.port)
        twin.cookies = dict(self.cookies)
        return twin

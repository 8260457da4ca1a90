"""The pages of paper: who may open them, what they take, and that one teller sees nothing of the other."""

from collections import Counter
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.counting import closing, photos, sealing
from ballots.models import Ballot, Batch, CountSheetPhoto, KeyedSheet, Keying, Opinion
from ballots.paper import comparing, keying
from ballots.paper.keying import PaperSheet
from campaigns.models import Campaign, Poll
from reports.report import content_of_poll
from tests import factories

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


@pytest.fixture
def people():
    people = factories.make_cast(factories.make_organization())
    people.second = factories.make_user("second", kind="teller", organization=people.organization)
    people.third = factories.make_user("third", kind="teller", organization=people.organization)
    return people


@pytest.fixture
def poll(people):
    return factories.make_open_poll(people.organization)


@pytest.fixture
def batch(poll):
    return factories.make_paper(poll, 2)


@pytest.fixture
def login(people):
    """`login("teller")` is a browser in which the teller is logged in."""

    def as_person(name):
        client = Client()
        client.force_login(getattr(people, name))
        return client

    return as_person


def url(name, **kwargs):
    return reverse(f"ballots:{name}", kwargs=kwargs)


def sheet_url(batch):
    return url("keying_sheet", batch_id=batch.pk)


def message_of(response):
    return "".join(str(message) for message in response.context["messages"])


def post_sheet(client, batch, number, marks="", **more):
    return client.post(sheet_url(batch), {"number": number, "marks": marks, "void_reason": "", **more})


# Who may


def routes(batch, keyed, photo):
    """Every page of paper: (method, address)."""
    of_batch = {"batch_id": batch.pk}
    return {
        "batch_edit": ("get", url("batch_edit", **of_batch)),
        "batch_keying": ("get", url("batch_keying", **of_batch)),
        "keying_start": ("post", url("keying_start", **of_batch)),
        "keying_sheet": ("get", url("keying_sheet", **of_batch)),
        "keying_undo": ("post", url("keying_undo", **of_batch)),
        "keying_totals": ("get", url("keying_totals", **of_batch)),
        "keying_finish": ("post", url("keying_finish", **of_batch)),
        "keying_reopen": ("post", url("keying_reopen", keying_id=keyed.pk)),
        "keying_discard": ("get", url("keying_discard", keying_id=keyed.pk)),
        "keying_compare": ("get", url("keying_compare", **of_batch)),
        "keying_decide": ("post", url("keying_decide", number=1, **of_batch)),
        "keying_agree": ("post", url("keying_agree", **of_batch)),
        "count_sheet_photos": ("get", url("count_sheet_photos", poll_id=batch.poll_id)),
        "count_sheet_photo": ("get", url("count_sheet_photo", photo_id=photo.pk)),
        "count_sheet_photo_remove": ("post", url("count_sheet_photo_remove", photo_id=photo.pk)),
    }


NAMES = tuple(routes(SimpleNamespace(pk=1, poll_id=1), SimpleNamespace(pk=1), SimpleNamespace(pk=1)))


@pytest.fixture
def addresses(batch, people, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    photo = photos.add_photo(batch.poll, SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n"), by=people.secretary)
    return routes(batch, factories.key(batch, people.teller, ["11", "12"]), photo)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("person", "status"), [("outsider", 404), ("officer", 403), ("administrator", 403)])
def test_paper_is_for_those_who_count(login, addresses, name, person, status):
    method, address = addresses[name]

    assert getattr(login(person), method)(address).status_code == status


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("person", ["secretary", "third"])
def test_the_secretary_and_tellers_get_on(login, addresses, name, person):
    method, address = addresses[name]
    refused = {"keying_reopen", "keying_discard"} if person == "third" else set()

    response = getattr(login(person), method)(address)

    assert response.status_code == 403 if name in refused else response.status_code in (200, 302)


@pytest.mark.parametrize("name", ["keying_compare", "keying_decide", "keying_agree"])
def test_whoever_keyed_does_not_decide_unless_secretary(login, batch, people, addresses, name):
    method, address = addresses[name]

    assert getattr(login("teller"), method)(address).status_code == 403
    assert getattr(login("secretary"), method)(address).status_code == 302  # the second keying is missing


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("keying_start", "keying_undo"))])
def test_deeds_are_not_done_by_looking(login, addresses, name):
    assert login("secretary").get(addresses[name][1]).status_code == 405


def test_a_phone_batch_has_no_pages_of_paper(login, poll):
    phone = factories.make_batch(poll)

    for name in ("batch_edit", "batch_keying", "keying_sheet", "keying_compare"):
        assert login("secretary").get(url(name, batch_id=phone.pk)).status_code == 404


# Counting


def counted(**overrides):
    return {
        "channel": "paper",
        "issued": "12",
        "returned": "10",
        "is_aggregated": "",
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "0",
        "form-0-reason": "全部未填写",
        "form-0-count": "2",
        **overrides,
    }


def test_a_paper_batch_is_made_counted_and_offered_for_keying(login, poll):
    client, category = login("secretary"), poll.campaign.categories.last()

    made = client.post(
        url("batch_add", poll_id=poll.pk), {"channel": "paper", "category": category.pk, "method": "entered"}
    )
    batch = Batch.objects.get()
    assert made.url == url("batch_edit", batch_id=batch.pk)
    page = client.post(made.url, counted(category=category.pk), follow=True)

    batch.refresh_from_db()
    assert (batch.issued_count, batch.returned_count, batch.void_count) == (12, 10, 2)
    assert "全部未填写2张" in page.content.decode()
    assert "开始录第一遍" in page.content.decode()
    assert "领了纸质票的人不再领选票码" in client.get(made.url).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"returned": "13"}, "收回13张，多于发出12张"),
        ({"form-0-count": "11"}, "整票无效共11张，多于收回的10张"),
        ({"form-0-count": ""}, "请填写张数"),
        ({"form-0-reason": ""}, "请填写原因"),
        ({"form-1-reason": "全部未填写", "form-1-count": "1"}, "同一原因填了两行"),
        ({"returned": "-1"}, "大于或等于"),
        ({"form-0-reason": "长" * 101}, "100"),
    ],
)
def test_numbers_that_do_not_fit_are_explained_and_not_written(login, batch, wrong, words):
    page = login("teller").post(url("batch_edit", batch_id=batch.pk), counted(category=batch.category_id, **wrong))

    assert words in page.content.decode()
    batch.refresh_from_db()
    assert (batch.issued_count, batch.returned_count, batch.void_count) == (2, 2, 0)


def test_rows_are_added_without_losing_what_was_typed(login, batch):
    page = login("teller").post(
        url("batch_edit", batch_id=batch.pk), counted(category=batch.category_id, issued="77", more="1")
    )

    assert 'value="77"' in page.content.decode() and 'value="全部未填写"' in page.content.decode()
    assert page.content.decode().count("-reason") > 5


def test_numbers_are_not_changed_after_the_closing(login, poll):
    batch = factories.make_paper(poll, 1, void=[("全部未填写", 1)])
    closing.close(poll, by=None, attended=None, facts={batch.pk: closing.BatchFacts(1, 1, 1)})

    page = login("teller").post(url("batch_edit", batch_id=batch.pk), counted(category=batch.category_id), follow=True)

    assert "不能再改" in message_of(page)
    batch.refresh_from_db()
    assert batch.returned_count == 1


# Keying


def test_a_teller_keys_sheet_by_sheet_and_finishes(login, batch, people):
    client = login("teller")
    page = client.post(url("keying_start", batch_id=batch.pk), follow=True)
    assert "第 <b data-number>1</b> 张 / 收回 2 张" in page.content.decode()

    target = batch.poll.targets.get().pk
    second = client.post(
        sheet_url(batch), {"number": "1", "marks": "1 0", "void_reason": "", f"o{target}": "停车难"}, follow=True
    )
    assert "第 <b data-number>2</b> 张" in second.content.decode()
    full = client.post(sheet_url(batch), {"number": "2", "marks": "", "void_reason": "全部涂改"}, follow=True)
    assert "已经录满2张" in full.content.decode()
    client.post(url("keying_finish", batch_id=batch.pk))

    mine = Keying.objects.get()
    assert (mine.teller, mine.is_finished) == (people.teller, True)
    assert [(sheet.marks, sheet.void_reason, sheet.opinions) for sheet in mine.sheets.all()] == [
        ("1-", "", [[target, "停车难"]]),
        ("", "全部涂改", []),
    ]


@pytest.mark.parametrize(
    ("typed", "marks"),
    [("12", "12"), ("1 2", "12"), ("１２", "12"), ("0*", "-x"), ("-X", "-x"), ("1,×", "1x"), ("1，2", "12")],
)
def test_marks_are_read_as_people_type_them(login, batch, typed, marks):
    client = login("teller")
    client.post(url("keying_start", batch_id=batch.pk))

    post_sheet(client, batch, 1, typed)

    assert KeyedSheet.objects.get().marks == marks


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"marks": "111"}, "票面应有2项，收到3项"),
        ({"marks": "1"}, "票面应有2项，收到1项"),
        ({"marks": "14"}, "第2项的选择不在票面所列等次之内"),
        ({"marks": "1a"}, "第2项的选择"),
        ({"marks": ""}, "请录入票面"),
        ({"marks": "11", "void_reason": "涂改"}, "整票无效的不录票面"),
        ({"marks": "11", "number": "2"}, "下一张应是第1张"),
        ({"marks": "11", "number": "x"}, "整数"),
    ],
)
def test_a_sheet_that_does_not_fit_is_explained_and_what_was_typed_stays(login, batch, sent, words):
    client = login("teller")
    client.post(url("keying_start", batch_id=batch.pk))
    sent = {"number": "1", "void_reason": "", **sent}

    page = client.post(sheet_url(batch), sent)
    script = client.post(sheet_url(batch), sent, headers=JSON)

    assert words in page.content.decode()
    assert f'value="{sent["marks"]}"' in page.content.decode() or not sent["marks"]
    assert (script.status_code, words in script.json()["error"]) == (422, True)
    assert not KeyedSheet.objects.exists()


def test_the_script_gets_the_number_of_the_next_sheet(login, batch):
    client = login("teller")
    client.post(url("keying_start", batch_id=batch.pk))

    first = client.post(sheet_url(batch), {"number": "1", "marks": "11", "void_reason": ""}, headers=JSON)
    again = client.post(sheet_url(batch), {"number": "1", "marks": "11", "void_reason": ""}, headers=JSON)
    last = client.post(sheet_url(batch), {"number": "2", "marks": "11", "void_reason": ""}, headers=JSON)
    more = client.post(sheet_url(batch), {"number": "3", "marks": "11", "void_reason": ""}, headers=JSON)

    assert [first.json(), again.json(), last.json()] == [
        {"next": 2, "is_full": False},
        {"next": 2, "is_full": False},
        {"next": 3, "is_full": True},
    ]
    assert (more.status_code, "已经录满" in more.json()["error"]) == (422, True)
    assert KeyedSheet.objects.count() == 2


def test_the_last_sheet_comes_back_to_be_keyed_again(login, batch):
    client, target = login("teller"), batch.poll.targets.get().pk
    client.post(url("keying_start", batch_id=batch.pk))
    post_sheet(client, batch, 1, "1*", **{f"o{target}": "好"})

    page = client.post(url("keying_undo", batch_id=batch.pk), {"number": "1"})

    assert 'value="1*"' in page.content.decode() and "第 <b data-number>1</b> 张" in page.content.decode()
    assert not KeyedSheet.objects.exists()
    post_sheet(client, batch, 1, "1*", **{f"o{target}": "好"})
    script = client.post(url("keying_undo", batch_id=batch.pk), {"number": "1"}, headers=JSON)
    assert script.json() == {"number": 1, "marks": "1*", "void_reason": "", f"o{target}": "好"}
    assert client.post(url("keying_undo", batch_id=batch.pk), {"number": "1"}, headers=JSON).status_code == 409


def test_a_sheet_asks_as_little_of_the_database_at_the_end_as_at_the_beginning(login, poll):
    batch = factories.make_paper(poll, 60)
    client = login("teller")
    client.post(url("keying_start", batch_id=batch.pk))
    counts = []

    for number in range(1, 41):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.post(sheet_url(batch), {"number": number, "marks": "11", "void_reason": ""}, headers=JSON)
        counts.append(len(queries))

    assert KeyedSheet.objects.count() == 40
    assert counts[1] == counts[-1] <= 12


def test_a_teller_sees_nothing_of_the_other_and_the_secretary_no_mark(login, batch, people):
    factories.key(batch, people.teller, ["13", "x-"], finish=False)
    factories.key(batch, people.second, ["21"], finish=False)

    own = login("second").get(sheet_url(batch)).content.decode()
    overview = login("second").get(url("batch_keying", batch_id=batch.pk)).content.decode()
    progress = login("secretary").get(url("batch_keying", batch_id=batch.pk)).content.decode()

    assert "第 <b data-number>2</b> 张" in own and 'value="' + '13"' not in own
    assert "1 / 2" in overview and "2 / 2" not in overview
    assert "另一位计票员" in overview and ">teller" not in overview.split("</header>")[1]
    assert "1 / 2" in progress and "2 / 2" in progress
    for page in (overview, progress):
        assert "不满意" not in page and "多选" not in page


def test_keying_is_refused_where_there_is_nothing_to_key(login, batch, people, poll):
    client = login("teller")
    idle = client.get(sheet_url(batch), follow=True)
    assert "您现在没有正在录入的一遍" in message_of(idle)

    factories.key(batch, people.teller, ["11", "11"])
    again = client.post(url("keying_start", batch_id=batch.pk), follow=True)
    assert "您已经录过一遍" in message_of(again)

    factories.key(batch, people.second, ["11", "11"])
    comparing.agree(batch, by=None)
    factories.close_poll(poll)
    late = client.post(sheet_url(batch), {"number": "3", "marks": "11"}, headers=JSON)
    assert (late.status_code, "已经写定" in late.json()["error"]) == (409, True)
    assert "已经截止" in message_of(client.post(url("keying_start", batch_id=batch.pk), follow=True))


def test_a_keying_is_sent_back_or_thrown_away_after_a_question(login, batch, people):
    mine = factories.key(batch, people.teller, ["11", "11"])
    client = login("teller")

    client.post(url("keying_reopen", keying_id=mine.pk))
    mine.refresh_from_db()
    assert not mine.is_finished
    asked = client.get(url("keying_discard", keying_id=mine.pk))
    assert "放弃不能撤销" in asked.content.decode() and KeyedSheet.objects.count() == 2
    client.post(url("keying_discard", keying_id=mine.pk))

    assert not Keying.objects.exists()


# Totals


def totals_of(rows):
    return {f"t{place}-{column}": number for place, row in enumerate(rows) for column, number in enumerate(row)}


def test_totals_are_typed_into_a_table_and_rows_that_do_not_sum_are_said(login, poll):
    batch = factories.make_paper(poll, 10, is_aggregated=True)
    client = login("teller")
    page = client.post(url("keying_start", batch_id=batch.pk), follow=True)
    assert "每行合计应等于有效票" in page.content.decode()

    wrong = client.post(page.request["PATH_INFO"], totals_of([[5, 2, 1, 1, 0], [10, "", "", "", ""]]))
    assert "合计9，应为10" in wrong.content.decode()
    assert "合计10，应为10" not in wrong.content.decode()
    right = client.post(page.request["PATH_INFO"], totals_of([[5, 2, 1, 1, 1], [10, "", "", "", ""]]))

    assert right.url == url("batch_keying", batch_id=batch.pk)
    assert Keying.objects.get().totals == [[5, 2, 1, 1, 1], [10, 0, 0, 0, 0]]


def test_differing_totals_are_decided_on_the_page_and_written(login, poll, people):
    batch = factories.make_paper(poll, 4, is_aggregated=True)
    for teller, first in ((people.teller, [4, 0, 0, 0, 0]), (people.second, [3, 1, 0, 0, 0])):
        keying.save_totals(keying.start(batch, by=teller), [first, [4, 0, 0, 0, 0]])
    client, decide = login("secretary"), url("keying_decide", batch_id=batch.pk, number=1)
    assert "总体评价" not in client.get(url("keying_compare", batch_id=batch.pk)).content.decode()

    wrong = client.post(decide, {"s1-choice": "other", "s1-n0": "1"})
    assert "合计1，应等于有效票4" in wrong.content.decode()
    client.post(decide, {"s1-choice": "other", "s1-n0": "2", "s1-n1": "2"})
    client.post(url("keying_agree", batch_id=batch.pk))

    marks = Ballot.objects.filter(batch=batch).values_list("marks", flat=True)
    assert Counter(ballot[0] for ballot in marks) == {"1": 2, "2": 2}


# Comparing


def test_differences_are_shown_decided_and_written(login, poll, people):
    batch, target = factories.make_paper(poll, 4), poll.targets.get().pk
    void = PaperSheet(void_reason="全部涂改")
    factories.key(batch, people.teller, ["11", "12", void, void])
    factories.key(batch, people.second, ["11", PaperSheet("13", opinions=((target, "停车难"),)), "22", "22"])
    client = login("third")

    page = client.get(url("keying_compare", batch_id=batch.pk)).content.decode()
    assert "共3张不一致" in page and "第2张" in page and "第1张" not in page
    assert "总体评价" in page and "兑现公开承诺情况" not in page
    early = client.post(url("keying_agree", batch_id=batch.pk), follow=True)
    assert "还有3处不一致没有认定" in message_of(early) and not Ballot.objects.exists()
    for number, answer in ((2, {"c1": "-"}), (3, {"verdict": "void"}), (4, {"verdict": "other", "marks": "3 *"})):
        sent = {f"s{number}-{name}": value for name, value in answer.items()}
        assert client.post(url("keying_decide", batch_id=batch.pk, number=number), sent).status_code == 302
    agreed = client.post(url("keying_agree", batch_id=batch.pk), follow=True)

    assert "3张票已经写入票库" in message_of(agreed)
    assert "双人录入，核对一致" in agreed.content.decode()
    assert Counter(Ballot.objects.values_list("marks", flat=True)) == {"11": 1, "1-": 1, "3x": 1}
    assert Opinion.objects.get().text == "停车难"
    batch.refresh_from_db()
    assert (batch.agreed_by, batch.void_count) == (people.third, 1)


@pytest.mark.parametrize(
    ("number", "sent", "words"),
    [
        (1, {}, "必填"),
        (1, {"s1-c1": "9"}, "选择一个有效的选项"),
        (2, {"s2-verdict": "other", "s2-marks": "1"}, "票面应有2项，收到1项"),
    ],
)
def test_a_decision_that_does_not_fit_is_explained(login, batch, people, number, sent, words):
    factories.key(batch, people.teller, ["12", "22"])
    factories.key(batch, people.second, ["13", PaperSheet(void_reason="涂改")])

    page = login("secretary").post(url("keying_decide", batch_id=batch.pk, number=number), sent)

    assert words in page.content.decode()
    assert comparing.compare_keyings(batch).undecided_count == 2


def test_differences_come_in_pages_with_a_constant_number_of_queries(login, poll, people):
    counts = []
    for number in (3, 45):
        batch = factories.make_paper(poll, number)
        factories.key(batch, people.teller, ["12"] * number)
        factories.key(batch, people.second, ["13"] * number)
        client = login("secretary")
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url("keying_compare", batch_id=batch.pk) + "?page=3")
        counts.append(len(queries))

    assert "第41张" in page.content.decode() and "第40张" not in page.content.decode()
    assert counts[0] == counts[1]


def test_single_keying_is_agreed_where_the_campaign_allows_it(login, batch, people, poll):
    Campaign.objects.update(is_single_keying_allowed=True)
    factories.key(batch, people.teller, ["11", "12"])
    client = login("secretary")

    assert "没有可以比对的" in client.get(url("keying_compare", batch_id=batch.pk)).content.decode()
    agreed = client.post(url("keying_agree", batch_id=batch.pk), follow=True)

    assert "单人录入" in agreed.content.decode()
    assert Ballot.objects.count() == 2


# Closing


def test_the_closing_page_leads_to_the_keying_and_then_knows_the_numbers(login, batch, people, poll):
    client, close = login("secretary"), url("poll_close", poll_id=poll.pk)
    sent = {f"batch-{batch.pk}-{name}": value for name, value in (("issued", 2), ("returned", 2), ("void", 0))}

    page = client.post(close, {"attended_count": "", **sent}).content.decode()
    assert "还没有录完并核对一致" in page and url("batch_keying", batch_id=batch.pk) in page
    for teller in (people.teller, people.second):
        factories.key(batch, teller, ["11", "12"])
    comparing.agree(batch, by=None)
    # The keyed numbers stay, whatever is sent.
    client.post(close, {"attended_count": "", **sent, f"batch-{batch.pk}-returned": "5", "confirmed": "yes"})

    poll.refresh_from_db()
    batch.refresh_from_db()
    assert (poll.state, batch.issued_count, batch.returned_count) == (Poll.State.CLOSED, 2, 2)


def test_tellers_find_their_way_to_paper_from_the_poll(login, batch, poll):
    page = login("teller").get(url("poll_detail", poll_id=poll.pk)).content.decode()

    assert url("batch_keying", batch_id=batch.pk) in page
    assert url("count_sheet_photos", poll_id=poll.pk) in page
    assert url("batch_void", batch_id=batch.pk) not in page
    assert (
        url("batch_keying", batch_id=batch.pk)
        not in login("officer").get(url("poll_detail", poll_id=poll.pk)).content.decode()
    )


# The signed count sheet


@pytest.fixture
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.mark.usefixtures("var")
def test_a_photo_is_uploaded_and_comes_back_as_a_download(login, poll):
    content = b"\xff\xd8\xff\xe0 signed"

    login("teller").post(
        url("count_sheet_photos", poll_id=poll.pk), {"photo": SimpleUploadedFile("x.html", content, "text/html")}
    )
    photo = CountSheetPhoto.objects.get()
    response = login("secretary").get(url("count_sheet_photo", photo_id=photo.pk))

    assert b"".join(response.streaming_content) == content
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.usefixtures("var")
@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b""])
def test_a_file_that_is_no_picture_is_refused_with_a_reason(login, poll, content):
    page = login("teller").post(
        url("count_sheet_photos", poll_id=poll.pk), {"photo": SimpleUploadedFile("单.jpg", content, "image/jpeg")}
    )

    assert "只收JPEG" in page.content.decode() or "空" in page.content.decode()
    assert not CountSheetPhoto.objects.exists()


@pytest.mark.usefixtures("var")
def test_a_photo_is_taken_away_before_the_seal_and_not_after(login, poll):
    photo = photos.add_photo(poll, SimpleUploadedFile("a.pdf", b"%PDF-1.4"), by=None)
    client, remove = login("secretary"), url("count_sheet_photo_remove", photo_id=photo.pk)
    factories.close_poll(poll)
    sealing.seal(poll, by=None)

    kept = client.post(remove, follow=True)
    assert "不能移除" in message_of(kept) and CountSheetPhoto.objects.exists()
    Poll.objects.update(state="closed", sealed_at=None)
    client.post(remove)

    assert not CountSheetPhoto.objects.exists()


@pytest.mark.parametrize(
    ("is_single", "is_aggregated", "words"),
    [(True, False, "单人录入"), (False, True, "只报总数"), (True, True, "单人录入、只报总数")],
)
def test_how_paper_was_counted_is_said_below_the_results(poll, people, is_single, is_aggregated, words):
    Campaign.objects.update(is_single_keying_allowed=is_single)
    batch = factories.make_paper(poll, 1, is_aggregated=is_aggregated)
    for teller in [people.teller] if is_single else [people.teller, people.second]:
        mine = keying.start(batch, by=teller)
        if is_aggregated:
            keying.save_totals(mine, [[1, 0, 0, 0, 0]] * 2)
        else:
            keying.save_sheet(mine, number=1, sheet=PaperSheet(marks="11"))
            keying.finish(mine)
    comparing.agree(batch, by=None)
    factories.close_poll(poll)
    sealing.seal(poll, by=None)

    assert f"书面评议·群众代表的纸质票：{words}。" in content_of_poll(poll).notes

"""The blank paper ballot as a person gets it: read back from the PDF, and who may print it when."""

from urllib.parse import unquote

import pypdfium2
import pytest
from django.urls import reverse

from ballots import actions
from ballots.paper.blank import _sheets, draw_paper
from campaigns import actions as campaign_actions
from campaigns.models import Campaign
from tests.factories import (
    close_poll,
    make_branch_poll,
    make_campaign,
    make_cast,
    make_choice_poll,
    make_document,
    make_draft,
    make_open_poll,
    make_organization,
)

pytestmark = pytest.mark.django_db

BOX = "□"
MM = 72 / 25.4


def places_of(page, words):
    """Left, bottom, right and top of each place on a page where some words begin."""
    search, places = page.search(words), []
    while place := search.get_next():
        places.append(page.get_charbox(place[0]))
    return places


def pages(document: bytes) -> list[str]:
    """The words of each page, without white space: a line may break anywhere."""
    return ["".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(document)]


def box_count(poll) -> int:
    form = poll.ballot_form
    return sum(len(section.indicators) * len(section.grades) for section in form.sections)


@pytest.fixture
def rehearsing():
    organizer = make_organization()
    campaign = make_campaign(organizer)
    campaign_actions.make_polls(campaign, [organizer])
    poll = campaign.polls.get()
    actions.start_rehearsal(poll)
    return poll


def make_list_poll(member_count):
    """An open poll that asks one thing about each member of a branch."""
    poll = make_branch_poll(member_count)
    sections = [
        {**section, "indicators": section["indicators"][:1] if section["kind"] == "member" else section["indicators"]}
        for section in poll.form["sections"]
    ]
    poll.form = {"sections": sections}
    return poll


def make_matrix_poll(member_count, indicator_count, grades=("满意", "基本满意", "不满意")):
    """An open poll that asks the same about each member of a branch, and nothing about anybody else."""
    poll = make_branch_poll(member_count + 1)
    indicators = [{"id": number, "text": f"第{number}项内容", "overall": False} for number in range(indicator_count)]
    labels = [{"label": label, "in_base": True, "positive": False, "score": None} for label in grades]
    poll.form = {
        "sections": [
            {**section, "indicators": indicators, "grades": labels}
            for section in poll.form["sections"]
            if section["kind"] == "member"
        ]
    }
    return poll


FIVE = ("优秀", "合格", "基本合格", "不合格", "不了解")


@pytest.mark.parametrize(("members", "indicators", "grades"), [(12, 6, 3), (40, 3, 3), (12, 6, 5)])
def test_members_asked_the_same_are_the_lines_of_one_table(members, indicators, grades):
    poll = make_matrix_poll(members, indicators, FIVE[:grades])

    printed = pages(draw_paper(poll))

    assert len(printed) <= 2
    assert "".join(printed).count(BOX) == members * indicators * grades
    assert all("序评议对象" in page for page in printed if BOX in page)


def test_the_lines_of_the_table_come_in_the_order_in_which_they_are_keyed():
    poll = make_matrix_poll(12, 3)
    (sheet,) = _sheets(poll.ballot_form)
    page = pypdfium2.PdfDocument(draw_paper(poll))[0].get_textpage()

    names = [places_of(page, section.name)[0] for section in poll.ballot_form.sections]
    heads = [places_of(page, indicator.text)[0] for indicator in poll.ballot_form.sections[0].indicators]

    assert sheet.is_matrix
    assert sheet.sections == poll.ballot_form.sections
    assert names == sorted(names, key=lambda place: -place[1])
    assert heads == sorted(heads)


def test_a_table_too_wide_for_a_page_is_a_block_for_each_member():
    (sheet,) = _sheets(make_matrix_poll(3, 8, FIVE).ballot_form)

    assert (sheet.box_count, sheet.is_matrix) == (40, False)


@pytest.mark.parametrize(("indicators", "has_words"), [(3, True), (6, False)])
def test_there_is_room_to_write_about_members_beside_their_lines_or_below(indicators, has_words):
    poll = make_matrix_poll(12, indicators)
    prompt = poll.ballot_form.sections[0].opinion_prompt

    text = "".join(pages(draw_paper(poll)))

    assert (f"{prompt}（写明对谁）：" in text) != has_words
    assert prompt in text


@pytest.mark.parametrize("make", [make_open_poll, lambda: make_branch_poll(9), lambda: make_list_poll(28)])
def test_a_ballot_has_every_target_and_indicator_and_a_box_for_each_grade_of_each_cell(make, undrawn_glyphs):
    poll = make()

    text = "".join(pages(draw_paper(poll)))

    form = poll.ballot_form
    asked = {words for section in form.sections for words in (section.name, section.title)}
    asked |= {indicator.text for section in form.sections for indicator in section.indicators}
    asked |= {grade.label for section in form.sections for grade in section.grades}
    assert [words for words in sorted(asked) if "".join(words.split()) not in text] == []
    assert text.count(BOX) == box_count(poll)
    assert undrawn_glyphs == []


def test_a_list_to_choose_from_has_a_box_for_each_option_and_says_how_many():
    poll = make_choice_poll(most=3)

    text = "".join(pages(draw_paper(poll)))

    assert "最满意的实事评选表（至多选3项，多选的这一组无效）" in text
    assert [text.count(BOX + option) for option in ("修路", "通水", "建食堂", "装路灯")] == [1] * 4
    assert text.count(BOX) == 2 * 3 + 4
    assert "未勾选" not in text
    assert "一份清单一项都不选的，各项计为弃权。" in text


def test_each_target_with_a_table_of_its_own_has_room_for_an_opinion():
    poll = make_branch_poll(2)
    sections = poll.ballot_form.sections

    text = "".join(pages(draw_paper(poll)))

    assert (
        sum(text.count(f"{prompt}：") for prompt in {section.opinion_prompt for section in sections})
        == len(sections)
        == 3
    )


def test_the_room_for_an_opinion_is_high_enough_to_write_in():
    poll = make_branch_poll(2)
    document = pypdfium2.PdfDocument(draw_paper(poll))
    prompts = {section["opinion_prompt"] for section in poll.form["sections"]}

    gaps = []
    for page in (sheet.get_textpage() for sheet in document):
        names = [top for _, _, _, top in places_of(page, "党员0")]
        for prompt in prompts:
            gaps += [
                bottom - max(filter(bottom.__gt__, names), default=0) for _, bottom, _, _ in places_of(page, prompt)
            ]

    assert len(gaps) == 3
    assert all(gap > 12 * MM for gap in gaps)


def test_copies_are_alike_to_the_byte():
    poll = make_branch_poll(9)

    assert draw_paper(poll) == draw_paper(poll)


def test_a_ballot_tells_how_it_is_filled_in_and_that_nobody_signs():
    text = "".join(pages(draw_paper(make_open_poll())))

    for sentence in (
        "无记名评议：请不要签名，不要做任何记号。",
        "每项只选一个，在所选等次下面的方框里打“√”。",
        "一项选了两个以上的，该项无效；空着不选的，该项计为弃权。",
    ):
        assert sentence in text
    assert "2026年度群众评议票" in text
    assert "演练" not in text


def test_a_ballot_with_a_report_says_that_it_is_read_first():
    organizer = make_organization()
    campaign_actions.make_polls(campaign := make_campaign(organizer), [organizer])
    make_draft(make_document(campaign.polls.get(), title="年度述职报告"))
    actions.open_campaign(campaign, by=None)

    (page,) = pages(draw_paper(campaign.polls.get()))

    assert "“年度述职报告”已经印发或者宣读，请先读后评。" in page
    assert "请先读后评" not in pages(draw_paper(make_open_poll(make_organization("另一个党委"))))[0]


def test_the_rule_about_blanks_is_the_campaigns():
    text = "".join(pages(draw_paper(make_open_poll(blank="invalid", unknown=True))))

    assert "空着不选的，该项无效，不计入统计。" in text
    assert "弃权" not in text
    assert "选“不了解”的，不计入该项的分母。" in text


@pytest.mark.parametrize("rules", [{"unknown_rule": "inside"}, {"base": "attended"}])
def test_the_ballot_says_where_who_does_not_know_is_in_the_base(rules):
    unknown_rule = rules.pop("unknown_rule", "outside")
    poll = make_open_poll(unknown=True, **rules)
    Campaign.objects.update(unknown=unknown_rule)
    poll.refresh_from_db()

    text = "".join(pages(draw_paper(poll)))

    assert "选“不了解”的，计入该项的分母，不算满意。" in text


def test_a_list_of_many_members_is_one_table_whose_heading_stands_on_every_page():
    poll = make_list_poll(40)

    listing = [page for page in pages(draw_paper(poll)) if page.count("党员") > 5]

    assert len(listing) >= 2
    assert all("序评议对象满意基本满意不满意" in page for page in listing)


def test_every_page_after_the_first_says_what_it_belongs_to():
    all_pages = pages(draw_paper(make_branch_poll(9)))

    count = len(all_pages)
    assert count > 1
    assert all(page.count("2026年度群众评议第一党支部") == 1 for page in all_pages[1:])
    assert all(f"第{number}页，共{count}页" in page for number, page in enumerate(all_pages, start=1))


def test_a_rehearsals_ballot_says_so_on_every_page(rehearsing):
    assert all("演练" in page for page in pages(draw_paper(rehearsing)))


def test_a_category_is_printed_where_it_is_asked_for():
    poll = make_open_poll()

    assert "群众代表" not in "".join(pages(draw_paper(poll)))
    assert "群众代表" in "".join(pages(draw_paper(poll, category=poll.campaign.categories.get(name="群众代表"))))


def test_a_name_cannot_bring_markup_into_the_page():
    poll = make_open_poll()
    poll.form["sections"][0]["name"] = "<s>某局党委</s>"
    poll.campaign.title = "<s>评议</s>"

    text = "".join(pages(draw_paper(poll)))

    assert "<s>某局党委</s>" in text
    assert "<s>评议</s>" in text


# The page


def address(poll, **query):
    return reverse("ballots:poll_paper", args=[poll.pk], query=query or None)


@pytest.mark.parametrize("who", ["secretary", "teller"])
def test_secretary_and_teller_download_a_blank_ballot(client, who):
    poll = make_open_poll()
    client.force_login(getattr(make_cast(poll.organization), who))

    answer = client.get(address(poll))

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "纸质评议票 某局党委.pdf" in unquote(answer["Content-Disposition"])
    assert answer.content == draw_paper(poll)


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("administrator", 403), ("outsider", 404)])
def test_an_account_that_does_not_count_downloads_no_blank_ballot(client, who, status):
    poll = make_open_poll()
    client.force_login(getattr(make_cast(poll.organization), who))

    assert client.get(address(poll)).status_code == status


def test_a_category_of_another_campaign_is_not_found(client):
    poll = make_open_poll()
    other = make_campaign(make_organization("另一党委")).categories.first()
    client.force_login(make_cast(poll.organization).secretary)

    own = client.get(address(poll, category=poll.campaign.categories.get(name="群众代表").pk))

    assert "群众代表" in "".join(pages(own.content))
    assert [client.get(address(poll, category=key)).status_code for key in (other.pk, "x", "²")] == [404, 404, 404]


def test_a_blank_ballot_is_offered_in_rehearsal_and_not_after_the_closing(client, rehearsing):
    client.force_login(make_cast(rehearsing.organization).secretary)
    assert client.get(address(rehearsing)).status_code == 200
    assert address(rehearsing) in client.get(reverse("ballots:poll_detail", args=[rehearsing.pk])).content.decode()
    actions.end_rehearsal(rehearsing)

    answer = client.get(address(rehearsing), follow=True)

    assert "评议点现为“筹备中”，开启或演练时才能印纸质票。" in answer.content.decode()
    assert address(rehearsing) not in answer.content.decode()


def test_a_closed_poll_prints_no_more_ballots(client):
    poll = make_open_poll()
    close_poll(poll)
    client.force_login(make_cast(poll.organization).secretary)

    answer = client.get(address(poll))

    assert answer.status_code == 302


def test_the_workbench_offers_a_ballot_for_each_category(client):
    poll = make_open_poll()
    client.force_login(make_cast(poll.organization).teller)

    page = client.get(reverse("ballots:poll_detail", args=[poll.pk])).content.decode()

    wanted = [address(poll), *(address(poll, category=category.pk) for category in poll.campaign.categories.all())]
    assert [link for link in wanted if f'href="{link}"' not in page] == []

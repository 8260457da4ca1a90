"""A list without entries says so, says what comes next and leads there: no table stands on a page with its head alone."""

import re

import pytest

from campaigns.models import Role

from .factories import make_open_poll, make_organization, make_user

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)')
BODY = re.compile(r"<tbody[^>]*>(.*?)</tbody>", re.DOTALL)
NOTHING = re.compile(r'<div class="panel panel-quiet nothing">(.*?)</div>', re.DOTALL)
WORDS = re.compile(r'<p class="nothing-words">([^<]*)</p>')
FILES = (".pdf", ".xlsx", ".docx", ".csv", ".zip", ".json", ".ics", ".txt")
# The words of the lists of an empty database to each role; to somebody without any role only the home page speaks.
SAID = {
    "secretary": {
        "没有进行中的评议活动。",
        "还没有评议活动。",
        "还没有全年计划。",
        "台账里还没有问题。",
        "还没有党员。",
        "还没有承诺。",
    },
    "officer": {"所辖范围内还没有评议活动。", "还没有评议活动。", "台账里还没有问题。", "没有正在执行的决定。"},
    "teller": {"眼下没有等您清点的评议点。", "还没有评议活动。"},
    "auditor": {"还没有评议活动。"},
    "administrator": {"还没有评议活动。", "还没有党员。", "还没有承诺。"},
}


def pages(client):
    """Address and source of each page that links lead to from the home page, one of each kind."""
    waiting, known = ["/"], {"/"}
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        if not answer["Content-Type"].startswith("text/html"):
            continue
        source = answer.content.decode()
        yield address, source
        for link in LINK.findall(source):
            path = link.partition("?")[0]
            kind = re.sub(r"\d+", "1", path)
            if kind not in known and not path.endswith(FILES) and not path.startswith(("/static/", "/help/")):
                known.add(kind)
                waiting.append(link.replace("&amp;", "&"))


def bare_tables(source):
    """The bodies of tables in which no row stands, or only words across all columns."""
    rows = [re.findall(r"<tr.*?</tr>", body, re.DOTALL) for body in BODY.findall(source)]
    return [
        cells
        for cells in rows
        if not cells or (len(cells) == 1 and cells[0].count("<t") == 2 and "colspan" in cells[0])
    ]


def look_at_all(client):
    """The words of all empty lists; each list must say more than that, and no table may be bare."""
    words = set()
    for address, source in pages(client):
        assert bare_tables(source) == [], address
        for panel in NOTHING.findall(source):
            assert panel.count("<p") >= 2, f"{address}: {panel}"
            words |= set(WORDS.findall(panel))
    return words


@pytest.mark.parametrize("kind", Role.Kind.values)
def test_in_an_empty_database_each_list_says_what_comes_next(client, kind):
    client.force_login(make_user(kind, kind=kind, organization=make_organization()))

    words = look_at_all(client)

    assert SAID[kind] <= words


def test_before_there_is_any_organization_the_way_is_told(client):
    client.force_login(make_user("first", is_superuser=True))

    look_at_all(client)

    assert "还没有党组织" in client.get("/organizations/").content.decode()


def test_somebody_without_a_role_is_told_whom_to_ask(client):
    client.force_login(make_user())

    assert look_at_all(client) >= {"您的账号还没有分派角色。"}


def test_lists_of_a_poll_without_ballots_say_what_comes_next(client):
    poll = make_open_poll()
    client.force_login(make_user(kind="secretary", organization=poll.organization))

    words = look_at_all(client)

    assert {"还没有票批。", "还没有登记意见。", "还没有登记座谈会。", "还没有登记报告。"} <= words


@pytest.mark.parametrize(
    ("source", "bare"),
    [
        ("<table><tbody></tbody></table>", 1),
        ('<table><tbody><tr><td colspan="5">还没有。</td></tr></tbody></table>', 1),
        ("<table><tbody><tr><td>甲</td><td>乙</td></tr></tbody></table>", 0),
    ],
)
def test_a_table_is_bare_without_a_row_of_cells(source, bare):
    assert len(bare_tables(source)) == bare

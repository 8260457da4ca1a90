"""Reads the sentences of reports back: each number of a sentence must be the one that its table prints."""

import re
from itertools import groupby

from ballots.counting import tally

_NONE = re.compile(r"无(.+)票")
_SHARE = re.compile(r"(.+?)(\d+)份(?:，占([\d.]+)%)?")
_SHEETS = re.compile(
    r"(?:共|会上共)?(?:发出评议表|分发测评表)(\d+)份，收回(\d+)份(?:，有效(\d+)份，整票无效(\d+)份)?(?:，其中(.+)|，(对.+))?。"
)
_LINE = re.compile(r"(.+?)：(.+)。")
_RATES = re.compile(r"对(.+)各项评议内容的满意率，(.+)。")
_RATE = re.compile(r"“(.+?)”为([\d.—]+)%")
_CLAUSE = re.compile(r"“?([^，“”]+?)”?(?:率|占比)为([\d.]+)%")
_PARTICIPATION = re.compile(r"参与评议人员(\d+)人次，群众满意率达([\d.]+)%(?:（不含.+）)?。")
_UNRETURNED = re.compile(r"实际参评(\d+)人，收回评议表(\d+)份，(\d+)人没有交回评议表。")
_UNENTERED = re.compile(r"参评(\d+)人，仅录入评议表(\d+)份，\w+?(\d+)份未录入。以下各数均不含.+。")
_CHANNEL = re.compile(r"(\w+)发出(\d+)份，收回(\d+)份，有效(\d+)份(?:，满意率([\d.]+)%)?")
_JOINED = re.compile(r"(.+)合计满意率([\d.]+)%（(.+)）。")
_FINDING = re.compile(r"(“(.+?)”|各项合计)：(.+?)(\d+)票次?，占(\d+)票次?的([\d.]+)%")


def assert_division(division, row):
    """「满意39份，占95.1%；…；弃权1份」 tells a row whole."""
    told = {}
    for clause in division.split("；"):
        if none := _NONE.fullmatch(clause):
            told[none[1]] = (0, None)
            continue
        label, count, rate = _SHARE.fullmatch(clause).groups()
        told[label] = (int(count), rate)
    printed = {figure.label: (figure.count, figure.rate.text) for figure in row.figures}
    # Who is in a base of people and answered 不了解 has a share and a column, with the same number.
    printed.pop("未投票", None)
    if row.unknown:
        printed["不了解"] = (row.unknown, printed.get("不了解", (0, None))[1])
    if row.spoiled:
        printed["该项无效"] = (row.spoiled, None)
    assert {label: count for label, (count, _) in told.items() if count} == {
        label: count for label, (count, _) in printed.items() if count
    }, (division, row)
    for label, (_, rate) in told.items():
        assert rate is None or rate == printed[label][1], (division, row)


def assert_sheets(sentence, sheets):
    """The sheets of a sentence that begins with them; returns what it says after them."""
    issued, returned, valid, void, division, rates = _SHEETS.fullmatch(sentence).groups()
    assert (int(issued), int(returned)) == (sheets.issued, sheets.returned), sentence
    assert void is None or (int(valid), int(void)) == (sheets.valid, sheets.void), sentence
    assert bool(void) == bool(sheets.void) or rates, sentence
    return division, rates


def row_of_table(tables, subject):
    """The row that a subject names: its indicator alone, or with 「对…的」 before it."""
    rows = [
        row
        for table in tables
        for row in table.rows
        if subject in (row.label, f"对{table.target}的{row.label}", f"对{table.target}的{row.label}".removeprefix("对"))
    ]
    assert len(rows) == 1, (subject, rows)
    return rows[0]


def assert_letter(content, sheets):
    """Every number of a letter's sentences stands in its table, and the table's rows are told by them."""
    if content.table is None:
        return
    first, *lines = content.sentences
    if sheets.valid:
        assert assert_sheets(first, sheets) == (None, None)
    else:
        assert not re.search(r"\d", first)
    for sentence in lines:
        subject, division = _LINE.fullmatch(sentence).groups()
        assert_division(division, row_of_table([content.table], subject))
    for sentence in content.findings:
        assert_finding(sentence, content.table)


def assert_finding(sentence, table):
    _, indicator, labels, count, base, rate = _FINDING.search(sentence).groups()
    rows = [row for row in table.rows if indicator in (None, row.label)]
    chosen = [figure for row in rows for figure in row.figures if figure.label in labels.split("、")]
    assert int(count) == sum(figure.count for figure in chosen), sentence
    assert int(base) == sum(row.base for row in rows), sentence
    assert rate == tally.rate_of(int(count), int(base), len(rate.partition(".")[2])).digits, sentence


def assert_results_of_summary(sentences, content, headline):
    """Every number of the 小结's sentences on results stands on the results sheet; `headline` is its row, if any."""
    for sentence in sentences:
        if parts := _PARTICIPATION.fullmatch(sentence):
            assert (int(parts[1]), parts[2]) == (content.sheets.returned, headline.satisfaction.text), sentence
        elif parts := _UNRETURNED.fullmatch(sentence):
            attended, returned, missing = map(int, parts.groups())
            assert (attended, returned) == (content.sheets.attended, content.sheets.returned), sentence
            assert attended - returned == missing > 0, sentence
        elif parts := _UNENTERED.fullmatch(sentence):
            attended, returned, missing = map(int, parts.groups())
            assert (attended, returned) == (content.sheets.attended, content.sheets.returned), sentence
            assert attended - content.sheets.issued == missing > 0, sentence
        elif sentence.startswith("分渠道看，"):
            assert_channels(sentence, content, headline)
        elif parts := _JOINED.fullmatch(sentence):
            assert split_rows(content, headline)[f"{parts[1]}（合并列示）"].satisfaction.text == parts[2]
        elif parts := _RATES.fullmatch(sentence):
            for label, rate in _RATE.findall(parts[2]):
                assert row_of_table(content.tables, f"对{parts[1]}的{label}").satisfaction.text == rate, sentence
        elif _SHEETS.fullmatch(sentence):
            division, rates = assert_sheets(sentence, content.sheets)
            if division:
                assert_division(division, headline or content.tables[0].rows[0])
            for label, rate in _CLAUSE.findall(rates.split("的", 1)[1] if rates else ""):
                shares = {figure.label: figure.rate.text for figure in headline.figures}
                assert rate == next(shares[name] for name in sorted(shares, key=len) if label.endswith(name)), sentence
        elif (parts := _LINE.fullmatch(sentence)) and "份" in parts[2]:
            assert_division(parts[2], row_of_table(content.tables, parts[1]))
        else:
            assert_no_figures(sentence, content)


def assert_no_figures(sentence, content):
    """A sentence of another kind has a number of persons, or the least size of a group, at most."""
    persons = sum(table.is_person for table in content.tables)
    numbers = set(map(int, re.findall(r"\d+", sentence)))
    assert numbers <= {persons, 5} and "%" not in sentence, sentence


def assert_channels(sentence, content, headline):
    rates = split_rows(content, headline)
    parts = _CHANNEL.findall(sentence.removeprefix("分渠道看，"))
    assert len(parts) == sentence.count("发出")
    by_channel = {
        channel: list(batches)
        for channel, batches in groupby(
            sorted(content.batches, key=lambda batch: batch.channel_label), key=lambda batch: batch.channel_label
        )
    }
    assert {channel for channel, *_ in parts} == set(by_channel)
    for channel, issued, returned, valid, rate in parts:
        batches = by_channel[channel]
        sums = [sum(getattr(batch, name) for batch in batches) for name in ("issued", "returned", "valid")]
        assert [int(issued), int(returned), int(valid)] == sums, sentence
        assert not rate or rates[channel].satisfaction.text == rate, sentence


def split_rows(content, headline):
    """The rows of the headline's groups by their names."""
    return {
        row.label: row
        for table in content.tables
        if headline in table.rows
        for text, rows in table.splits
        if text == headline.label
        for row in rows
    }

"""The parts of a 小结: what keeps it from leaving, and what is drawn."""

from reports.summary.shape import EDITABLE, HEADINGS, Doubt, Piece, SummaryContent, SummarySection


def section(key, *paragraphs, locked=()):
    return SummarySection(key, HEADINGS[key], "", locked, "", tuple(tuple(pieces) for pieces in paragraphs))


def content(*sections, **facts):
    return SummaryContent("小结", "某局党委", (), sections, (), **{"missing": (), **facts})


def test_gaps_and_doubts_each_keep_a_summary_from_leaving_with_their_reasons():
    gaps = content(missing=("地点", "主持人"))
    doubtful = content(doubts=(Doubt("use", "结果通报与运用", "98%没有依据。"),))

    assert [kept.is_complete for kept in (content(), gaps, doubtful)] == [True, False, False]
    assert gaps.reasons == ("小结还有【待填】：地点、主持人。",)
    assert doubtful.reasons == ("“结果通报与运用”：98%没有依据。",)


def test_empty_sections_and_the_date_are_not_drawn():
    spoken, empty = section("intro", [Piece("现将有关情况小结如下：")]), section("use")
    dated = section("signed_on", [Piece("2026年12月1日")])

    assert content(spoken, empty, dated).drawn == (spoken,)


def test_the_systems_sentences_come_first_and_the_results_cannot_be_worded():
    locked, own = (Piece("满意率95.1%。"),), (Piece("【待填】", "missing"),)
    parts = section("opinions", locked, own, locked=("满意率95.1%。",))

    assert (parts.locked_paragraphs, parts.worded) == ((locked,), (own,))
    assert (parts.has_missing, parts.differs_in_print) == (True, True)
    assert set(HEADINGS) - set(EDITABLE) == {"drafting", "results", "scoring", "year"}

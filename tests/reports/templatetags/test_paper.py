"""Figures and Latin letters stand apart from Chinese in print, and headings have Chinese numbers."""

import pytest

from reports.templatetags.paper import latin_apart, ordinal


def test_a_run_of_latin_has_a_span_and_chinese_has_none():
    assert latin_apart("满意率95.1%，共 41 票") == (
        '满意率<span class="latin">95.1%</span>，共 <span class="latin">41</span> 票'
    )


def test_what_a_user_wrote_is_escaped_in_its_span():
    assert latin_apart("<b>甲") == '<span class="latin">&lt;b&gt;</span>甲'


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (14, "十四")])
def test_a_heading_has_its_number_in_chinese(number, text):
    assert ordinal(number) == text

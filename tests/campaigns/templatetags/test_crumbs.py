"""The way from the top to a page: its steps' links, the page itself, and its look."""

import pytest
from django.template import Context, Template


def drawn(source, **values):
    return Template("{% load crumbs %}" + source).render(Context(values))


def test_a_step_links_to_a_route_with_its_arguments_and_query():
    assert drawn('{% crumb "campaigns:campaign_detail" 7 unit=3 page=2 %}{{ name }}{% endcrumb %}', name="<局>") == (
        '<li class="breadcrumb-item"><a href="/campaigns/7/?unit=3&amp;page=2">&lt;局&gt;</a></li>'
    )


@pytest.mark.parametrize(
    ("source", "inside"),
    [
        ("{% crumb href=address %}甲{% endcrumb %}", '<a href="/x?a=1&amp;b=2">甲</a>'),
        ("{% crumb %}甲{% endcrumb %}", "甲"),
    ],
)
def test_a_step_may_have_an_address_or_no_link(source, inside):
    assert drawn(source, address="/x?a=1&b=2") == f'<li class="breadcrumb-item">{inside}</li>'


def test_the_steps_stand_in_a_named_list_whose_last_is_the_page():
    assert drawn("{% crumbs %}{% here %}意见{% endhere %}{% endcrumbs %}") == (
        '<nav aria-label="位置" class="d-print-none"><ol class="breadcrumb">'
        '<li class="breadcrumb-item active" aria-current="page">意见</li></ol></nav>'
    )

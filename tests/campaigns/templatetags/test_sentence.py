"""A sentence written over several lines reads as one."""

from django.template import Context, Template


def rendered(source, **values):
    return Template("{% load sentence %}" + source).render(Context(values))


def test_line_breaks_of_a_sentence_leave_no_space_on_the_page():
    source = "<p>\n  {% sentence %}\n  共{{ count }}张，\n  都已认定。\n  {% endsentence %}\n</p>"

    assert rendered(source, count=3) == "<p>\n  共3张，都已认定。\n</p>"


def test_line_breaks_go_inside_conditions_and_loops_too():
    source = """{% sentence %}
      {% if names %}
        评议：
        {% for name in names %}
          {{ name }}{% if not forloop.last %}、{% endif %}
        {% empty %}
          无
        {% endfor %}
      {% else %}
        没有
      {% endif %}
    {% endsentence %}"""

    assert rendered(source, names=["甲", "乙"]) == "评议：甲、乙"
    assert rendered(source, names=[]) == "没有"


def test_spaces_within_a_line_stay():
    assert (
        rendered("{% sentence %}\n  <b>甲</b> <small>\n    已停用</small>\n{% endsentence %}")
        == "<b>甲</b> <small>已停用</small>"
    )


def test_line_breaks_that_a_value_brings_stay():
    assert rendered("{% sentence %}\n  {{ text }}\n{% endsentence %}", text="甲\n  乙") == "甲\n  乙"

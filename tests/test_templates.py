"""Templates are pleasant to read and to change: short lines, an element a line, one way for each thing.

A rule is a function from (path, source) to complaints; `COUNTEREXAMPLES` shows for each rule a source that breaks it.
"""

import re

import pytest

from pingyi.settings import BASE_DIR

FOLDER = BASE_DIR / "templates"
LONGEST = 160
# Elements that stand on a line of their own. Inline ones share it with the text they belong to.
BLOCKS = (
    "article|aside|blockquote|body|caption|col|colgroup|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form"
    "|h[1-6]|head|header|html|legend|li|link|main|meta|nav|ol|p|script|section|style|summary|table|tbody|td|tfoot|th"
    "|thead|title|tr|ul"
)
DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
OPENING = re.compile(rf"<(?:{BLOCKS})(?=[\s>])")
CLOSING = re.compile(rf"</(?:{BLOCKS})>")
SENTENCE = re.compile(r"\{% sentence %\}(.*?)\{% endsentence %\}", re.DOTALL)
# Paper has no Content-Security-Policy; a measure in an attribute is a column's width or a bar's computed place.
MEASURE = re.compile(r'style="(?:(?:left|width): [^;"]+;? ?)+"')


def templates(pattern="*"):
    return sorted(path for path in FOLDER.rglob(pattern) if path.is_file())


def lines_are_short(path, source):
    """No line is longer than an editor shows."""
    for number, line in enumerate(source.splitlines(), 1):
        if len(line) > LONGEST:
            yield f"{path}:{number}: {len(line)} characters"


def lines_hold_one_element(path, source):
    """A line begins at most one block element and ends at most one."""
    for number, line in enumerate(source.splitlines(), 1):
        markup = DJANGO.sub("", line)
        if max(len(OPENING.findall(markup)), len(CLOSING.findall(markup))) > 1:
            yield f"{path}:{number}: several elements on a line"


def tags_are_whole(path, source):
    """A tag of Django ends on the line that it begins on; broken, it would be text on the page."""
    for number, line in enumerate(source.splitlines(), 1):
        if line.count("{%") != line.count("%}") or line.count("{{") != line.count("}}"):
            yield f"{path}:{number}: a tag of control goes over the line"


def sentences_break_between_tags(path, source):
    """In a sentence, whose line breaks go, no HTML tag is broken: its attributes would run together."""
    for sentence in SENTENCE.findall(source):
        for line in sentence.splitlines():
            markup = DJANGO.sub("", line)
            if markup.count("<") != markup.count(">"):
                yield f"{path}: a broken tag in a sentence: {line.strip()}"


def labels_stand_by_their_text(path, source):
    """On a phone the label of a cell is shown before its text; a line break between the two would be a space."""
    for cell in re.findall(r'<td[^>]*\sdata-label="[^"]*"[^>]*>\s*\n', DJANGO.sub("", SENTENCE.sub("", source))):
        yield f"{path}: a line break after {cell.strip()}"


def styles_and_scripts_are_files(path, source):
    """No style or script in a page, as the Content-Security-Policy refuses both."""
    markup = DJANGO.sub("", source)
    if path.startswith("print/"):
        markup = MEASURE.sub("", source).replace("<style>", "")
    for element in re.finditer(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)[^>]*>", markup):
        yield f"{path}: {element.group().strip()}"


def breadcrumbs_are_tags(path, source):
    """The way down to a page is written with `{% crumbs %}`."""
    if "breadcrumb-item" in source:
        yield f"{path}: a breadcrumb by hand"


def dashes_are_compared_with_nothing(path, source):
    """A figure says itself whether it is known: `percent_text` brings its sign or its dash."""
    for number, line in enumerate(source.splitlines(), 1):
        if re.search(r'[!=]= "—"', line):
            yield f"{path}:{number}: a text is compared with a dash"


def forms_are_laid_out_by_fields(path, source):
    """A page writes the form element, `{% fields %}` what is in it."""
    if "crispy" in source:
        yield f"{path}: crispy forms past the tag of fields"


def what_cannot_be_undone_is_confirmed(path, source):
    """A loud red button is the last of two steps and says so; the first is quiet."""
    for words in re.findall(r"btn-danger[^>]*>(.*?)</", source, re.DOTALL):
        if not words.strip().startswith("确认"):
            yield f"{path}: {words.strip()}"


def empty_lists_know_only_what_they_are_told(path, source):
    """An empty list is included with `only`: a word of the page of the same name would become its link."""
    for line in source.splitlines():
        if "_nothing.html" in line and " only %}" not in line:
            yield f"{path}: {line.strip()}"


RULES = (
    lines_are_short,
    lines_hold_one_element,
    tags_are_whole,
    sentences_break_between_tags,
    labels_stand_by_their_text,
    styles_and_scripts_are_files,
    breadcrumbs_are_tags,
    dashes_are_compared_with_nothing,
    forms_are_laid_out_by_fields,
    what_cannot_be_undone_is_confirmed,
    empty_lists_know_only_what_they_are_told,
)
COUNTEREXAMPLES = (
    (dashes_are_compared_with_nothing, '{{ row.satisfaction }}{% if row.satisfaction != "—" %}%{% endif %}'),
    (lines_are_short, "<p>" + "字" * 160 + "</p>"),
    (lines_hold_one_element, "<tr><td>1</td>"),
    (lines_hold_one_element, "{% if count > 1 %}<li>{{ count }}</li>{% endif %}<li>2</li>"),
    (lines_hold_one_element, "2</td></tr>"),
    (tags_are_whole, "{% if a\n%}甲{% endif %}"),
    (sentences_break_between_tags, '{% sentence %}\n<a class="x"\n   href="/">甲</a>\n{% endsentence %}'),
    (labels_stand_by_their_text, '<td class="short" data-label="时限">\n  12月1日\n</td>'),
    (styles_and_scripts_are_files, '<p style="color: red">甲</p>'),
    (styles_and_scripts_are_files, "<style>p { margin: 0 }</style>"),
    (styles_and_scripts_are_files, "<script>alert(1)</script>"),
    (styles_and_scripts_are_files, '<a href="/" onclick="go()">甲</a>'),
    (breadcrumbs_are_tags, '<li class="breadcrumb-item">甲</li>'),
    (forms_are_laid_out_by_fields, "{% load crispy_forms_tags %}{% crispy form %}"),
    (forms_are_laid_out_by_fields, "{{ form|crispy }}"),
    (empty_lists_know_only_what_they_are_told, '{% include "campaigns/_nothing.html" with words="还没有。" %}'),
    (what_cannot_be_undone_is_confirmed, '<button class="btn btn-danger">删除</button>'),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_template_keeps_the_rule(rule):
    pages = {str(path.relative_to(FOLDER)): path.read_text(encoding="utf-8") for path in templates()}

    assert len(pages) > 150
    assert [complaint for path, source in pages.items() for complaint in rule(path, source)] == []


@pytest.mark.parametrize(("rule", "source"), COUNTEREXAMPLES, ids=lambda value: getattr(value, "__name__", ""))
def test_the_rule_sees_what_breaks_it(rule, source):
    assert list(rule("ballots/x.html", source))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rules_leave_what_is_well_written(rule):
    source = """{% load sentence %}
{% if count > 1 and count < 9 %}
<tr{% if is_late %} class="late"{% endif %}>
  <td><a class="btn btn-primary"
         href="{% url 'ballots:records' %}">{{ count }}</a></td>
  <td><button class="btn btn-danger">确认删除</button></td>
  <td>
    {% sentence %}
    共<b>{{ count }}</b>张，
    <a href="/">都已认定</a>。
    {% endsentence %}
  </td>
  {% sentence %}
  <td data-label="时限">
    12月1日
  </td>
  {% endsentence %}
</tr>
{% endif %}
<script src="{% static 'js/once.js' %}" defer></script>
"""

    assert list(rule("ballots/x.html", source)) == []

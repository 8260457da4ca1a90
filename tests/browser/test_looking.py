"""A page built as another one is looked at once; whatever axe-core could find fault with makes it another."""

import pytest

PAGE = (
    '<html lang="zh-CN"><head><title>名册</title></head><body><main><h1>名册</h1>'
    '<label for="n-{number}">{label}</label><input id="n-{number}"><ul>{rows}</ul></main></body></html>'
)


def fill(page, *, number=1, label="姓名", rows="<li>张三</li>", old="", new=""):
    page.set_content(PAGE.format(number=number, label=label, rows=rows).replace(old, new))


def test_other_words_and_more_rows_make_no_other_page(desktop_page, assert_accessible, looked_at):
    looked_at.clear()

    fill(desktop_page)
    assert_accessible(desktop_page)
    fill(desktop_page, number=2, label="单位", rows="<li>李四</li><li>王五</li>")
    assert_accessible(desktop_page)

    assert len(looked_at) == 1


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('for="n-1"', 'for="n-2"', "label"),
        ("姓名</label>", "</label>", "label"),
        ("<h1>", '<h1 style="color: #eee">', "color-contrast"),
        ('lang="zh-CN"', "", "html-has-lang"),
        ("<li>张三</li>", "<p>张三</p>", "list"),
    ],
)
def test_a_fault_makes_another_page_each_time(desktop_page, assert_accessible, old, new, fault):
    fill(desktop_page)
    assert_accessible(desktop_page)

    fill(desktop_page, old=old, new=new)
    for _ in range(2):  # a page with a fault is never done with
        with pytest.raises(AssertionError, match=fault):
            assert_accessible(desktop_page)

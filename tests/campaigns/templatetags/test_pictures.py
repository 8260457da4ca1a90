"""Help pages show a picture with its caption."""

from django.template import Context, Template


def test_a_picture_is_linked_to_its_full_size_and_says_what_it_shows():
    shown = Template('{% load pictures %}{% picture "start-1" caption %}').render(Context({"caption": "票面<一>"}))

    assert shown.count('"/static/help/start-1.png"') == 2
    assert 'alt="票面&lt;一&gt;"' in shown
    assert "<figcaption>票面&lt;一&gt;</figcaption>" in shown

"""The guard of every test against PDFs full of boxes, and the fonts that the set-up provides."""

import subprocess

import weasyprint


def draw(text):
    weasyprint.HTML(string=f"<p style='font-family: Noto Serif CJK SC'>{text}").write_pdf()


def test_a_character_that_no_font_has_is_noticed(undrawn_glyphs):
    draw("评议\U000f1234")

    assert [".notdef glyph" in message for message in undrawn_glyphs] == [True]
    undrawn_glyphs.clear()


def test_common_characters_and_rare_names_are_drawn(undrawn_glyphs):
    draw("群众评议，䶮㛃𬱖")

    assert undrawn_glyphs == []


def test_the_chinese_face_is_installed():
    families = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=True).stdout

    assert "Noto Serif CJK SC" in families

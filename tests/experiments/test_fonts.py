"""The shipped Chinese font: no glyph is missing for what the project writes, and pages carry the glyphs they need."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure

from experiments import fonts
from experiments.figures.titled import outlined, svg_of
from experiments.fonts import subset

LIMIT = 1_500_000  # bytes
HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def glyphs_of(css: str) -> set[str]:
    """Characters of the font inside a rule that have an outline of their own."""
    found = re.search(r"base64,([A-Za-z0-9+/=]+)\)", css)
    assert found is not None
    font = TTFont(io.BytesIO(base64.b64decode(found[1])))
    return {chr(code) for code, name in font.getBestCmap().items() if name != ".notdef"}


def test_every_character_of_the_project_has_a_glyph():
    wanting = {name: sorted(lacking) for name, text in subset.texts() if (lacking := fonts.missing(text))}
    assert wanting == {}


@pytest.mark.parametrize("ending", [".csv", ".html", ".yaml", "words.py", "wording.py", "proxy.py"])
def test_the_texts_that_are_searched_hold_chinese(ending: str):
    """Else the test above would pass for having looked at nothing."""
    assert any(HAN.search(text) for name, text in subset.texts() if name.endswith(ending))


def test_a_character_that_the_font_has_not_is_noticed():
    assert fonts.missing("规划 \n\ue000") == {"\ue000"}


def test_what_users_write_is_mostly_there():
    common = subset.gb2312(subset.COMMON)
    assert len(common) == 3755
    assert fonts.missing(common + subset.LATIN) <= {"\xad"}


def test_the_font_is_small_and_bears_its_licence():
    assert fonts.FONT.stat().st_size < LIMIT
    names = TTFont(fonts.FONT)["name"]
    assert names.getDebugName(1) == fonts.FAMILY
    assert "SIL Open Font License" in names.getDebugName(13)
    assert "Adobe" in names.getDebugName(0)
    licence = fonts.FONT.with_name("OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Source" not in fonts.FAMILY  # the one reserved name


def test_a_page_gets_the_glyphs_of_its_own_text_alone():
    css = fonts.embedded_css("财政投入：高新技术企业 1,000 家 <b>")
    assert glyphs_of(css) == set("财政投入：高新技术企业家")
    assert css.startswith("@font-face")
    assert css.count("url(") == css.count("url(data:font/otf;base64,") == 1


def test_a_text_without_chinese_gets_no_font():
    assert fonts.embedded_css("plain words, 12 %") == ""


def test_the_same_characters_give_the_same_font():
    first = fonts.embedded_css("山西省规划")
    fonts._rule.cache_clear()
    assert fonts.embedded_css("规划省西山山") == first


@pytest.mark.parametrize("number", [0, 1])
def test_figures_draw_chinese_as_outlines(number: int):
    """Every title is one path with at least as many strokes as characters, and no box for a missing glyph."""
    title = ("十一个设区市研发经费", "R&D of eleven cities")[number]
    drawn = outlined(title, 0.0, 0.0, 11.0)
    assert drawn.count("M") >= len(title.replace(" ", ""))
    assert "<text" not in svg_of(Figure(figsize=(2, 1)), "English", title)


def test_matplotlib_knows_the_font():
    from matplotlib import font_manager

    families = fonts.register()
    found = font_manager.findfont(font_manager.FontProperties(family=families[1:]), fallback_to_default=False)
    assert Path(found) == fonts.FONT


@pytest.mark.skipif(not Path(subset.SOURCE).is_file(), reason="the source font is not installed")
def test_the_maker_takes_the_face_of_simplified_chinese():
    data = fonts.subset_bytes(Path(subset.SOURCE), "直骨", subset.FACE, fonts.FAMILY)
    ours, theirs = TTFont(io.BytesIO(data)), TTFont(fonts.FONT)
    assert ours["name"].getDebugName(1) == fonts.FAMILY
    for character in "直骨":  # drawn differently in Japan
        made, shipped = (font.getGlyphSet()[font.getBestCmap()[ord(character)]] for font in (ours, theirs))
        assert _outline(made) == _outline(shipped)


def _outline(glyph) -> list[object]:
    from fontTools.pens.recordingPen import RecordingPen

    pen = RecordingPen()
    glyph.draw(pen)
    return pen.value

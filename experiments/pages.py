"""A page: a template of `templates/` made into one self-contained file in Chinese and English.

Every page has the same style, words and switch of language (`switch.html`), makes no request and runs nothing, escapes
what it is given and carries the glyphs of its own Chinese text. The same values give the same bytes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from experiments.figures.inline import class_bar, range_bar
from experiments.fonts import embedded_css
from experiments.number_texts import FILTERS
from experiments.words import named
from sim.catalogue.loader import catalogue

FONT_PLACE = "/* font */"  # where a template's first style sheet takes the font


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates with the filters and small figures that they use."""
    found = Environment(
        loader=PackageLoader("experiments"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(FILTERS)
    found.filters["named"] = named
    found.globals.update(range_bar=range_bar, class_bar=class_bar)
    return found


def page(template: str, /, **values: Any) -> str:
    """The page as text; `units` of the catalogue and `style` are there without being given."""
    style = Markup(environment().get_template("report.css").render())  # our own file, without any value in it
    text = environment().get_template(template).render(style=style, units=catalogue().units, **values)
    before, place, after = text.partition(FONT_PLACE)  # the first one: it stands above all that a user wrote
    return f"{before}{embedded_css(text)}{after}" if place else text

"""The fields of one lever: each dose inside its range, with unit, evidence and source beside it."""

from __future__ import annotations

import math

import streamlit as st

from experiments.dashboard.dose_texts import current_text, in_catalogue, on_page, quarter_words, span_words, unit_of
from experiments.dashboard.scenarios import quarters
from experiments.dashboard.tables_html import note
from experiments.dashboard.view_assumptions import source_text
from experiments.dashboard.view_targets import title_of
from experiments.dashboard.wording import word
from experiments.timeline import quarters_in_force, spans
from experiments.words import SOURCES
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import DoseRow, LeverRow
from sim.scenario import Scenario
from sim.scenario_values import decimal

BASE, NUMBER = "", "number"
COLUMNS = 3
STEPS = 100


def lever_fields(name: str, scenario: Scenario, language: int) -> dict[str, str]:
    """Draw the fields of a lever; texts of the doses that were set, by address."""
    row = catalogue().levers[name]
    st.markdown(f"**{title_of(row, language)}**")
    st.html(note((row.channel, row.channel_zh)[language]) + note(_standing(name, scenario, language)))
    _evidence(row, language)
    rows = sorted((one for one in catalogue().doses.values() if one.lever == name), key=lambda one: not one.main)
    texts: dict[str, str] = {}
    for first in range(0, len(rows), COLUMNS):
        for column, one in zip(st.columns(COLUMNS), rows[first : first + COLUMNS], strict=False):
            with column:
                text = _dose(one, scenario, language)
            if text is not None:
                texts[one.address] = text
    return texts | _dates(name, language)


def _standing(name: str, scenario: Scenario, language: int) -> str:
    """When the lever is in force in the base scenario."""
    acting = quarters_in_force(scenario, name)
    if not acting:
        return word("idle", language)
    return word(
        "acts", language, ("、" if language else ", ").join(span_words(span, language) for span in spans(acting))
    )


def _evidence(row: LeverRow, language: int) -> None:
    """Grade of the evidence; its sources, and those that its doses name, behind a button."""
    doses = [one.source for one in catalogue().doses.values() if one.lever == row.lever]
    keys = dict.fromkeys((*row.evidence, *(key for key in doses if key not in SOURCES)))
    sources = [catalogue().sources[key] for key in keys if key in catalogue().sources]
    told = f"{word('evidence', language)} {row.grade}"
    if not sources:
        st.html(note(f"{told} · {word('no_sources', language)}"))
        return
    with st.popover(f"{told} · {word('sources', language)} {len(sources)}"):
        for source in sources:
            st.html(note(f"{source_text(source.source, language)}{word('colon', language)}{source.citation}"))


def step_of(row: DoseRow) -> float:
    """About a hundredth of the range, in a round number of the page's unit."""
    raw = (on_page(row, row.high) - on_page(row, row.low)) / STEPS
    power = 10.0 ** math.floor(math.log10(raw))
    return power * min((1.0, 2.0, 5.0, 10.0), key=lambda factor: abs(factor * power - raw))


def _dose(row: DoseRow, scenario: Scenario, language: int) -> str | None:
    """Draw one dose; its text, None where it stays as in the base scenario."""
    label = word("with_unit", language, title_of(row, language), unit_of(row, language))
    current = current_text(row, scenario, language)
    if row.words:
        choices = (BASE, NUMBER, *row.words)
        titles = {BASE: word("as_base", language), NUMBER: word("own_number", language)}
        chosen = st.selectbox(label, choices, key=f"how.{row.address}", persist_state="session",
                              format_func=lambda one: titles.get(one) or word(one, language))  # fmt: skip
        if chosen != NUMBER:
            _told(row, current, language)
            return None if chosen == BASE else str(chosen)
    value = st.number_input(
        label, min_value=on_page(row, row.low), max_value=on_page(row, row.high),
        value=on_page(row, row.neutral) if row.words else None, step=step_of(row), format="%g",
        key=f"dose.{row.address}", persist_state="session", placeholder=word("as_base", language),
        label_visibility="collapsed" if row.words else "visible",
    )  # fmt: skip
    _told(row, current, language)
    return None if value is None else decimal(in_catalogue(row, value))


def _told(row: DoseRow, current: str, language: int) -> None:
    """Below a field: range, what holds in the base scenario, grade and source."""
    told = [
        f"{word('range', language)} {decimal(on_page(row, row.low))}–{decimal(on_page(row, row.high))}",
        f"{word('in_base', language)}{word('colon', language)}{current}",
        f"{word('with_grade', language, row.grade)} · {source_text(row.source, language)}",
    ]
    st.html(note(" · ".join(told)))


def _dates(name: str, language: int) -> dict[str, str]:
    """Draw first and last quarter in force; those that were set."""
    texts: dict[str, str] = {}
    for column, (key, label) in zip(st.columns(COLUMNS), (("start", "from"), ("end", "until")), strict=False):
        chosen = column.selectbox(
            word(label, language), [BASE, *quarters()], key=f"{key}.{name}", persist_state="session",
            format_func=lambda one: quarter_words(one, language) or word("as_base", language),
        )  # fmt: skip
        if chosen:
            texts[f"{name}.{key}"] = str(chosen)
    return texts

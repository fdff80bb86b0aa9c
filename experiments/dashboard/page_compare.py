"""The part of the page that holds two mixes against each other, under the same seeds."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from experiments.dashboard import view_money, view_paths, view_targets
from experiments.dashboard.page_result import group_part, path_part, sight_of
from experiments.dashboard.page_state import language, state, w, words_of
from experiments.dashboard.sight import Shown, Sight, are_pairs
from experiments.dashboard.tables_html import Cell, Row, bullets, note, table
from experiments.dashboard.view_assumptions import cautions
from experiments.number_texts import amount, percent
from experiments.outcomes import Results
from experiments.scorecard import score

SECTIONS = ("scorecard", "paths", "money", "who")
LEAST = 2


def compare() -> None:
    """Draw the part."""
    st.header(w("compare"))
    mixes = state().session.mixes
    if len(mixes) < LEAST:
        st.info(w("choose_two"))
        return
    first, second = st.columns(2)
    names = [one.name[language()] for one in mixes]
    last = len(mixes) - 1
    one = first.selectbox(w("first_mix"), range(len(mixes)), last - 1, names.__getitem__, key="first_mix")
    two = second.selectbox(w("second_mix"), range(len(mixes)), last, names.__getitem__, key="second_mix")
    shown = mixes[int(one)], mixes[int(two)]
    least = min(one.replicates for one in shown)  # the same replicates of both
    sights = [sight_of(replace(one, replicates=least), place) for place, one in enumerate(shown, 1)]
    if sights[0] is None or sights[1] is None:
        return
    if not fits(shown, (sights[0].mix, sights[1].mix)):
        st.warning(w("not_paired"))
        return
    _between(sights[0], sights[1])


def fits(shown: tuple[Shown, Shown], runs: tuple[Results, Results]) -> bool:
    """Whether two mixes were run with the same seed and draws, and are two."""
    return shown[0].seed == shown[1].seed and shown[0].mix != shown[1].mix and are_pairs(*runs)


def _between(one: Sight, two: Sight) -> None:
    """The difference in words, then by part."""
    both = Sight(two.name, two.mix, one.mix)
    st.html(note(w("compare_note")))
    st.html(bullets(view_money.difference_sentences(both, language())))
    chosen = st.segmented_control(
        w("section"), SECTIONS, key="compare_section", persist_state="session", default=SECTIONS[0], required=True,
        format_func=words_of(SECTIONS), label_visibility="collapsed",
    )  # fmt: skip
    if chosen == "scorecard":
        st.html(table(*_chances(one, two)))
    elif chosen == "paths":
        sides = [(one.name, one.mix), (two.name, two.mix)]
        if one.reference is not None:
            scenario = one.reference.scenario
            sides.insert(0, ((scenario.title_en, scenario.title_zh), one.reference))
        path_part(view_paths.sides_of(sides, language()))
    elif chosen == "money":
        st.html(table(view_money.cost_head(language()), view_money.cost_rows(both, language())))
        st.html(note(w("cost_note")))
    elif chosen == "who":
        group_part([one.mix, two.mix])
    with st.expander(w("cautions")):
        st.html(bullets(cautions(both, language())))


def _chances(one: Sight, two: Sight) -> tuple[Row, list[Row]]:
    """Head and rows of the main targets with value and probability in both."""
    names = [name for name, _ in view_paths.sides_of([(one.name, one.mix), (two.name, two.mix)], language())]
    values = [Cell(name, w("value_band"), "n") for name in names]
    chances = [Cell(name, w("chance"), "n chance") for name in names]
    head: Row = [
        w("plan"),
        Cell(w("target"), kind="wide"),
        Cell(w("year"), kind="n"),
        Cell(w("goal"), kind="n"),
        *values,
        *chances,
    ]
    rows: list[Row] = []
    for row in view_targets.rows_shown(True):
        scores = [score(row, side.mix) for side in (one, two)]
        if scores[0].p50 is None or scores[1].p50 is None:
            continue
        cells = [Cell(amount(s.p50, row.unit), view_targets.band_text(s.p05, s.p95, row.unit), "n") for s in scores]
        bars = [
            Cell(percent(s.probability), kind="n chance", share=s.probability, is_old=s is scores[0]) for s in scores
        ]
        rows.append([Cell(row.plan, kind="plan"), view_targets.title_of(row, language()), str(row.target_year or ""),
                     view_targets.goal_cell(row, scores[0].target, language()), *cells, *bars])  # fmt: skip
    return head, rows

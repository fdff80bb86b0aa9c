"""The part of the page in which a mix is designed and run: scenario, levers inside their ranges, how to run it."""

from __future__ import annotations

import streamlit as st

from experiments.dashboard.engine import FAILED
from experiments.dashboard.lever_fields import lever_fields
from experiments.dashboard.page_state import Ask, go_to, language, show_faults, state, w, words_of
from experiments.dashboard.scenarios import base_scenario, scenario_titles
from experiments.dashboard.selection import Selection, composed, further_lines
from experiments.dashboard.shown_text import name_of
from experiments.dashboard.surroundings import surroundings
from experiments.dashboard.tables_html import bullets
from experiments.dashboard.view_assumptions import of_scenario
from experiments.dashboard.view_targets import title_of
from experiments.dashboard.wording import CHINESE, ENGLISH, FAMILIES, word
from experiments.pairs import REFERENCE
from experiments.plan import seconds_a_run
from sim.catalogue.loader import catalogue
from sim.scenario_values import ScenarioError

REPLICATES = (4, 8, 16, 32, 64)
POPULATIONS = ("scaled", "full")
LARGEST_SEED = 2**31 - 1


def design() -> None:
    """Draw the part; a press of the button asks for the run."""
    st.header(w("design"))
    scenario = _scenario()
    doses = _levers(scenario)
    selection, faults = _settings(scenario, doses)
    name = st.text_input(
        w("name"), key="mix_name", persist_state="session", max_chars=40, placeholder=_usual_name()[language()]
    )
    _before_running(selection)
    is_busy = state().session.ask is not None
    pressed = st.button(w("run"), type="primary", disabled=is_busy, help=w("run_again") if is_busy else None, key="run")
    if pressed:
        state().session.faults = faults or start(selection, name)
        if not state().session.faults:
            go_to("result")
            st.rerun()
    show_faults(state().session.faults)


def _usual_name() -> tuple[str, str]:
    number = len(state().session.mixes) + 1
    return word("name_default", ENGLISH, number), word("name_default", CHINESE, number)


def _scenario() -> str:
    titles = {name: pair[language()] for name, pair in scenario_titles().items()}
    chosen = st.selectbox(
        w("scenario"), list(titles), key="scenario", persist_state="session", help=w("scenario_help"),
        format_func=titles.__getitem__, index=list(titles).index(REFERENCE),
    )  # fmt: skip
    lines = of_scenario(base_scenario(str(chosen)), language())
    if lines:
        with st.expander(w("of_scenario")):
            st.html(bullets(lines))
    return str(chosen)


def _levers(scenario: str) -> dict[str, str]:
    """The doses that the user set, by address."""
    st.subheader(w("levers"))
    rows = catalogue().levers
    titles = {name: f"{FAMILIES[row.family][language()]} · {title_of(row, language())}" for name, row in rows.items()}
    order = sorted(rows, key=lambda name: (list(FAMILIES).index(rows[name].family), list(rows).index(name)))
    chosen = st.multiselect(
        w("levers"), order, key="levers", persist_state="session", select_all=False,
        format_func=titles.__getitem__, placeholder=w("levers_hint"),
        label_visibility="collapsed",
    )  # fmt: skip
    if not chosen:
        st.caption(w("levers_none"))
    doses: dict[str, str] = {}
    for name in chosen:
        with st.container(border=True):
            doses |= lever_fields(name, base_scenario(scenario), language())
    return doses


def _settings(scenario: str, doses: dict[str, str]) -> tuple[Selection, list[str]]:
    """The whole choice, and the faults of the further lines."""
    st.subheader(w("settings"))
    first, second, third = st.columns(3)
    population = first.selectbox(
        w("population"), POPULATIONS, key="population", persist_state="session", format_func=words_of(POPULATIONS)
    )
    replicates = second.selectbox(w("replicates"), REPLICATES, index=2, key="replicates", persist_state="session")
    seed = third.number_input(w("seed"), 0, LARGEST_SEED, 1, key="seed", persist_state="session")
    is_uncertain = st.toggle(w("uncertain"), value=True, key="uncertain", persist_state="session")
    with st.expander(w("further")):
        text = st.text_area(
            w("further"), key="further", max_chars=4000, label_visibility="collapsed", persist_state="session",
            placeholder="lever.rd_grant.budget_y={2014:200,2018:400}\nend=2025Q4",
        )  # fmt: skip
        st.caption(w("further_help"))
    faults: list[str] = []
    further: tuple[str, ...] = ()
    try:
        further = further_lines(text or "")
    except ScenarioError as refused:
        faults = list(refused.faults)
    how = ("posterior", "uncertain") if is_uncertain else ("central", "central")
    return Selection(scenario, str(population), int(replicates), int(seed), *how, doses, further), faults


def _before_running(selection: Selection) -> None:
    """What it will take, and the same as a command."""
    runs = selection.replicates * (2 if is_other(selection) else 1)
    seconds = runs * seconds_a_run(base_scenario(selection.scenario, selection.population))
    time = w("seconds", f"{max(seconds, 1.0):.0f}") if seconds < 100 else w("minutes", f"{seconds / 60:.0f}")
    st.caption(w("estimate", runs, time))
    with st.expander(w("as_command")):
        line = " ".join(["innopolicy run", *map(_quoted, selection.texts())])
        st.code(line, language=None, wrap_lines=True)


def _quoted(text: str) -> str:
    return f"'{text}'" if any(c in text for c in "{}() \t*?") else text


def is_other(selection: Selection) -> bool:
    """Whether a mix is another than the reference."""
    return selection.texts() != selection.reference().texts()


def start(selection: Selection, name: str) -> list[str]:
    """Ask for the runs of a mix and of its reference; the faults, none where it was taken."""
    wanted = [selection] if not is_other(selection) else [selection.reference(), selection]
    try:
        for one in wanted:
            composed(one.texts())
        told = surroundings().engine.submit([one.texts() for one in wanted], selection.replicates)
    except ScenarioError as refused:
        return list(refused.faults)
    except OSError:
        return [w("unreachable")]
    if told["state"] == FAILED and told["faults"]:
        return list(told["faults"])
    usual = _usual_name() if is_other(selection) else scenario_titles()[selection.scenario]
    given = (name_of(name, usual[0]), name_of(name, usual[1]))
    state().session.ask = Ask(
        str(told["number"]), given, selection.scenario, len(wanted) > 1, selection.replicates, selection.seed
    )
    return []

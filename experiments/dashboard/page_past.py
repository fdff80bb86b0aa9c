"""The part of the page that opens finished studies again: they are read from the store, and nothing is run."""

from __future__ import annotations

import streamlit as st

from experiments.dashboard.page_state import add, go_to, language, state, w
from experiments.dashboard.shown_text import without_places
from experiments.dashboard.sight import Shown, Where
from experiments.dashboard.studies import OWN, Past
from experiments.dashboard.surroundings import surroundings
from experiments.dashboard.tables_html import Cell, Row, note, table
from experiments.dashboard.view_assumptions import change_text
from experiments.pairs import REFERENCE
from experiments.words import Pair
from sim.scenario_values import shown as short_text

MOST_CHANGES = 4
LINK = "run"


def past() -> None:
    """Draw the part."""
    st.header(w("past"))
    st.html(note(w("past_note")))
    found = _listed()
    if found:
        _choose(found)
        st.html(table(_head(), [_row(one) for one in found]))
    else:
        st.info(w("past_none"))
    number = st.text_input(w("number"), key="number", max_chars=20, help=w("number_help"))
    if st.button(w("open"), key="open_number") and not _open_own(number.strip()):
        st.warning(w("cannot_open"))


def _listed() -> list[Past]:
    """Studies of commands, and of the dashboard those of this session, or all where the server says so."""
    around, session = surroundings(), state().session
    found = around.reader.past(around.lists_everything)
    if not around.lists_everything:
        own = dict.fromkeys(one.mix.study for one in session.mixes if OWN.fullmatch(one.mix.study))
        found = [one for study in own if (one := around.reader.look(study)) is not None] + found
    return found


def _name(one: Past) -> Pair:
    """What a study is called: that of the session, else its one scenario's title, else its folder's name."""
    given = [mix.name for mix in state().session.mixes if mix.mix.study == one.study and one.is_own]
    if given:
        return given[-1]
    return next(iter(one.scenarios.values())) if one.is_own else (one.study, one.study)


def _head() -> Row:
    kinds = {"runs_each": "n", "seed": "n"}
    keys = ("study", "scenarios", "changes", "runs_each", "seed", "stands_for")
    return [Cell(w(key), kind=kinds.get(key, "")) for key in keys]


def _row(one: Past) -> Row:
    changes = [short_text(without_places(change_text(text, language()))) for text in one.changes[:MOST_CHANGES]]
    more = f" … +{len(one.changes) - MOST_CHANGES}" if len(one.changes) > MOST_CHANGES else ""
    titles = "; ".join(title[language()] for title in one.scenarios.values())
    return [Cell(_name(one)[language()], one.study), titles, Cell("; ".join(changes) + more, kind="small"),
            str(one.replicates), str(one.seed), f"1:{one.scale}"]  # fmt: skip


def _choose(found: list[Past]) -> None:
    """Choose a study, and a scenario of it where it has several, and open it."""
    first, second, third = st.columns([3, 3, 1], vertical_alignment="bottom")
    titles = [_name(one)[language()] for one in found]
    place = first.selectbox(
        w("study"), range(len(found)), format_func=titles.__getitem__, key="study", persist_state="session"
    )
    one = found[int(place)]
    names = surroundings().reader.scenarios(one.study)
    if not names:
        return
    number = language()
    others = [name for name in names if name != REFERENCE] or names
    scenario = second.selectbox(
        w("which_scenario"), others, format_func=lambda name: names.get(name, (name, name))[number],
        key="past_scenario",
    )  # fmt: skip
    if third.button(w("open"), key="open_study", width="stretch") and not _open(one, str(scenario)):
        st.warning(w("cannot_open"))


def _open(one: Past, scenario: str) -> bool:
    """Show a scenario of a study beside its reference."""
    if one.is_own:
        return _open_own(one.study)
    names = surroundings().reader.scenarios(one.study)
    if scenario not in names:
        return False
    reference = Where(one.study, REFERENCE) if REFERENCE in names and scenario != REFERENCE else None
    _show(Shown(names[scenario], Where(one.study, scenario), reference, one.replicates, one.seed))
    return True


def _open_own(study: str) -> bool:
    """Show a study of the dashboard by its number."""
    found = shown_by_number(study)
    if found is None:
        return False
    _show(found)
    return True


def _show(found: Shown) -> None:
    """Show a mix, in the next pass over the page."""
    add(found)
    go_to("result")
    st.rerun()


def shown_by_number(study: str) -> Shown | None:
    """A study of the dashboard, beside its reference where that was run too; None where there is none."""
    reader = surroundings().reader
    one = reader.look(study) if OWN.fullmatch(study) else None
    names = reader.scenarios(study) if one is not None else {}
    if one is None or not names:
        return None
    scenario = next(iter(names))
    reference = reader.reference_of(study)
    replicates = one.replicates
    if reference is not None:
        held = reader.look(reference)
        replicates = min(replicates, held.replicates) if held is not None else replicates
    where = Where(reference, REFERENCE) if reference is not None and reference != study else None
    name = next(
        (mix.name for mix in reversed(state().session.mixes) if mix.mix.study == study),
        next(iter(one.scenarios.values())),
    )
    return Shown(name, Where(study, scenario), where, replicates, one.seed)


def open_linked() -> None:
    """Show the study that the address names, once a session: it is read, and nothing is run."""
    session = state().session
    if session.has_looked_at_link:
        return
    session.has_looked_at_link = True
    found = shown_by_number(str(st.query_params.get(LINK, ""))[:20])
    if found is not None:
        add(found)
        go_to("result")

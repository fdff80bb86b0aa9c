"""The part of the page that shows one mix beside its reference: targets, paths, cost, groups, assumptions, files."""

from __future__ import annotations

import streamlit as st

from experiments.dashboard import files, view_assumptions, view_groups, view_money, view_paths, view_targets
from experiments.dashboard.dose_texts import with_unit
from experiments.dashboard.page_state import language, state, w, words_of
from experiments.dashboard.shown_text import plain, without_places
from experiments.dashboard.sight import Shown, Sight, look
from experiments.dashboard.surroundings import surroundings
from experiments.dashboard.tables_html import bullets, colour_key, note, table
from experiments.outcomes import Results
from experiments.store import StoreError
from experiments.winners import HEADLINES
from experiments.words import DIMENSIONS
from sim.catalogue.loader import catalogue
from sim.scenario_values import ScenarioError

SECTIONS = ("scorecard", "paths", "money", "who", "assumptions", "download")
COLUMNS = 2


def result() -> None:
    """Draw the part."""
    st.header(w("result"))
    mixes = state().session.mixes
    if not mixes:
        st.info(w("nothing_yet") if state().session.ask is None else w("under_way"))
        return
    current = min(state().session.current, len(mixes) - 1)
    if len(mixes) > 1:
        names = [one.name[language()] for one in mixes]
        current = st.selectbox(w("which"), range(len(mixes)), index=current, format_func=names.__getitem__)
        state().session.current = int(current)
    shown = mixes[int(current)]
    sight = sight_of(shown)
    if sight is not None:
        _head(shown, sight)
        _section(shown, sight)


def sight_of(shown: Shown, place: int = 1) -> Sight | None:
    """The runs of a mix; words on the page where they cannot be read."""
    try:
        return look(surroundings().reader, shown, place)
    except (StoreError, ScenarioError, OSError):
        st.warning(w("cannot_open"))
        return None


def _head(shown: Shown, sight: Sight) -> None:
    """The mix, how it was run, and the summary."""
    st.subheader(plain(shown.name[language()]))
    runs, scale = len(sight.mix.replicates), sight.mix.scenario.scale
    how = w("is_reference") if sight.reference is None else w("against", runs, shown.seed, scale)
    st.html(note(_made_of(shown)) + note(how))
    ask = state().session.ask
    if ask is not None and ask.ready:
        st.info(w("refining", ask.ready, ask.replicates))
    st.markdown(f"**{w('summary')}**")
    st.html(bullets(view_money.sentences(sight, language())))


def _made_of(shown: Shown) -> str:
    """The base scenario and what was changed of it."""
    past = surroundings().reader.look(shown.mix.study)
    if past is None:
        return ""
    title = past.scenarios.get(shown.mix.scenario, shown.name)[language()]
    changes = [without_places(view_assumptions.change_text(text, language())) for text in past.changes]
    return w("made_of", title, w("semicolon").join(changes) or w("nothing"))


def _section(shown: Shown, sight: Sight) -> None:
    chosen = st.segmented_control(
        w("section"), SECTIONS, key="section", persist_state="session", default=SECTIONS[0], required=True,
        format_func=words_of(SECTIONS),
        label_visibility="collapsed",
    )  # fmt: skip
    if chosen == "scorecard":
        _targets(sight)
    elif chosen == "paths":
        path_part(_sides(sight))
    elif chosen == "money":
        _money(sight)
    elif chosen == "who":
        group_part(sight.all)
    elif chosen == "assumptions":
        _assumptions(shown, sight)
        return
    elif chosen == "download":
        _files(shown, sight)
        return
    with st.expander(w("assumptions"), expanded=chosen == "scorecard"):
        _assumptions(shown, sight)


def _sides(sight: Sight) -> list[tuple[str, Results]]:
    mix = (sight.name, sight.mix)
    if sight.reference is None:
        return view_paths.sides_of([mix], language())
    scenario = sight.reference.scenario
    return view_paths.sides_of([((scenario.title_en, scenario.title_zh), sight.reference), mix], language())


def _targets(sight: Sight) -> None:
    is_main = st.toggle(w("only_main"), value=True, key="only_main", persist_state="session")
    st.html(note(w("score_note")))
    st.html(table(view_targets.head(sight, language()), view_targets.target_rows(sight, language(), is_main)))


def path_part(sides: list[tuple[str, Results]]) -> None:
    """Figures of the chosen indicators."""
    rows, number = catalogue().indicators, language()
    known = [name for name in (*view_paths.HEADLINE, *rows) if name in rows]
    chosen = st.multiselect(
        w("pick_indicators"), list(dict.fromkeys(known)), list(view_paths.HEADLINE[:4]), key="indicators",
        persist_state="session", select_all=False,
        format_func=lambda name: view_targets.title_of(rows[name], number), max_selections=12,
    )  # fmt: skip
    st.html(note(w("path_note")))
    st.html(colour_key(view_paths.colours([name for name, _ in sides])))
    titles = {key: w(key) for key in ("year", "median", "observed", "plan", "target")}
    for first in range(0, len(chosen), COLUMNS):
        for column, name in zip(st.columns(COLUMNS), chosen[first : first + COLUMNS], strict=False):
            column.vega_lite_chart(spec=view_paths.figure(name, sides, titles, language()), width="stretch")


def _money(sight: Sight) -> None:
    number = language()
    columns = st.columns(2)
    for column, (title, one) in zip(columns, _totals(sight), strict=False):
        mean, low, high = view_money.cost_of(one)
        column.metric(f"{title}{w('colon')}{w('cost')}", with_unit(view_money.in_100m(mean), _hundred_million()))
        column.html(note(w("band", view_money.in_100m(low), view_money.in_100m(high))))
    st.html(note(w("cost_note")))
    rows = view_money.cost_rows(sight, number)
    if rows:
        st.html(table(view_money.cost_head(number), rows))
    st.markdown(f"**{w('ledger')}**")
    st.html(note(w("ledger_note")))
    st.html(table(view_money.ledger_head(number), view_money.ledger_rows(sight.mix, number), is_dense=True))


def _hundred_million() -> str:
    return view_targets.unit_text("100m yuan", language())


def _totals(sight: Sight) -> list[tuple[str, Results]]:
    reference = [] if sight.reference is None else [(w("reference"), sight.reference)]
    return [*reference, (w("mix"), sight.mix)]


def group_part(sides: list[Results]) -> None:
    """Differences of the second side to the first by group, as a figure and a table."""
    if len(sides) < 2:
        st.info(w("no_reference"))
        return
    first, second = st.columns(2)
    number = language()
    group = str(
        first.selectbox(
            w("group"),
            list(DIMENSIONS),
            key="dimension",
            persist_state="session",
            format_func=lambda key: DIMENSIONS[key][number],
        )
    )
    indicator = second.selectbox(
        w("outcome"), HEADLINES, key="group_indicator", persist_state="session",
        format_func=lambda name: view_targets.title_of(catalogue().indicators[name], number),
    )  # fmt: skip
    st.html(note(w("who_note")))
    found = view_groups.found_between(sides)
    st.vega_lite_chart(spec=view_groups.group_figure(found, group, str(indicator), number), width="stretch")
    st.html(table(view_groups.group_head(group, number), view_groups.group_rows(found, group, number)))


def _assumptions(shown: Shown, sight: Sight) -> None:
    """What the figures rest on."""
    number = language()
    st.markdown(f"**{w('cautions')}**")
    st.html(bullets(view_assumptions.cautions(sight, number)))
    past = surroundings().reader.look(shown.mix.study)
    rows = view_assumptions.changed_rows(past.changes if past else (), number)
    if rows:
        st.markdown(f"**{w('own_doses')}**")
        st.html(table(view_assumptions.dose_head(number), rows))
    rows = view_assumptions.assumed_rows(sight.mix.scenario, number)
    if rows:
        st.markdown(f"**{w('assumed_doses')}**")
        st.html(table(view_assumptions.dose_head(number), rows))
    lines = view_assumptions.of_scenario(sight.mix.scenario, number)
    if lines:
        st.markdown(f"**{w('of_scenario')}**")
        st.html(bullets(lines))
    st.markdown(f"**{w('of_model')}**")
    st.html(bullets(view_assumptions.of_model(number)))
    st.html(note(f"{w('run_number')}{w('colon')}{shown.mix.study}"))


def _files(shown: Shown, sight: Sight) -> None:
    """Files are made when they are asked for, and kept by the page until it goes elsewhere."""
    st.html(note(w("download_note")))
    if st.button(w("prepare"), key="prepare"):
        with st.spinner(w("preparing")):
            st.session_state["files"] = (shown, files.bundle(surroundings().reader, shown, sight))
    made = st.session_state.get("files")
    if made is None or made[0] != shown:
        return
    data, report = made[1]
    name = f"{shown.mix.study}-{shown.replicates}"
    st.download_button(w("get_data"), data, f"innopolicy-{name}.zip", "application/zip", key="get_data")
    st.download_button(w("get_report"), report, f"innopolicy-{name}.html", "text/html", key="get_report")

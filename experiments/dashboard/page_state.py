"""What one session holds, and the run that it has under way: nothing of it is seen by another session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from experiments.dashboard.engine import BROKEN as STORE_BROKEN
from experiments.dashboard.engine import DONE, FAILED, FULL, WAITING
from experiments.dashboard.shown_text import without_places
from experiments.dashboard.sight import Shown, Where
from experiments.dashboard.surroundings import surroundings
from experiments.dashboard.tables_html import bullets
from experiments.dashboard.wording import CHINESE, ENGLISH, word
from experiments.pairs import REFERENCE
from experiments.words import Pair

PAGES = ("design", "result", "compare", "past", "about")
EVERY = 0.7  # seconds between looks at a run that is under way
MOST_MIXES = 30


@dataclass
class Ask:
    """A run that this session asked for: its job, the name of its mix, the scenario's name, and what is there of it."""

    number: str
    name: Pair
    scenario: str
    has_reference: bool
    replicates: int
    seed: int
    ready: int = 0


@dataclass
class Session:
    """Mixes that can be shown, by name; which one is; what is under way; faults of the last attempt."""

    mixes: list[Shown] = field(default_factory=list)
    current: int = 0
    ask: Ask | None = None
    faults: list[str] = field(default_factory=list)
    has_looked_at_link: bool = False


class _State:
    """The session's own state, and the part of the page that is chosen."""

    @property
    def session(self) -> Session:
        if "session" not in st.session_state:
            st.session_state["session"] = Session()
        found: Session = st.session_state["session"]
        return found

    @property
    def part(self) -> str:
        return str(st.session_state.get("part") or PAGES[0])


def state() -> _State:
    """The state of this session."""
    return _State()


def language() -> int:
    """0 for English, 1 for Chinese; at first as the browser asks, Chinese where it does not say."""
    if st.session_state.get("language") is None:
        wanted = str(getattr(st.context, "locale", "") or "zh").lower()
        st.session_state["language"] = ENGLISH if wanted.startswith("en") else CHINESE
    return int(st.session_state["language"])


def w(key: str, *values: object) -> str:
    """Words in the session's language."""
    return word(key, language(), *values)


def words_of(keys: Sequence[str]) -> Callable[[str], str]:
    """Words in the session's language for a widget, which may ask for them outside of the session."""
    return {key: w(key) for key in keys}.__getitem__


def page_names(number: int) -> dict[str, str]:
    """Titles of the parts of the page."""
    return {key: word(key, number) for key in PAGES}


def go_to(part: str) -> None:
    """Show another part of the page from the next pass on."""
    st.session_state["next_part"] = part


def turn() -> None:
    """Take up a part that was asked for in the pass before: a widget's own key cannot be set after it was drawn."""
    if "next_part" in st.session_state:
        st.session_state["part"] = st.session_state.pop("next_part")
    else:
        st.session_state["part"] = state().part


def fault_lines(faults: list[str]) -> list[str]:
    """What a user is told of faults: lines of the command line as they are, and words for what would name a place."""
    told = {FULL: w("full_queue"), STORE_BROKEN: w("broken")}
    return [told.get(fault) or without_places(fault) for fault in faults]


def show_faults(faults: list[str]) -> None:
    """Faults as text in a box."""
    if faults:
        with st.container(border=True):
            st.markdown(f":red[**{w('refused')}**]")
            st.html(bullets(fault_lines(faults)))


def add(shown: Shown) -> None:
    """Make a mix the one that is shown; the same runs stand once in the list, under their newest name."""
    session = state().session
    session.mixes = [one for one in session.mixes if (one.mix, one.name) != (shown.mix, shown.name)][-MOST_MIXES:]
    session.mixes.append(shown)
    session.current = len(session.mixes) - 1


def under_way() -> None:
    """How far the run of this session is; looked at again and again while there is one."""
    if state().session.ask is not None:
        st.fragment(_look, run_every=EVERY)()


def _look() -> None:
    ask = state().session.ask
    if ask is None:
        return
    try:
        told: dict[str, Any] = surroundings().engine.state(ask.number)
    except OSError:
        st.warning(w("unreachable"))
        return
    if told["state"] == FAILED:
        state().session.faults, state().session.ask = list(told["faults"]), None
        go_to("design")
        st.rerun(scope="app")
    has_more = int(told["ready"]) > ask.ready
    if has_more:
        take_up(ask, told)
    if told["state"] == DONE:
        state().session.ask = None
    if has_more or told["state"] == DONE:
        st.rerun(scope="app")
    _bar(told)


def take_up(ask: Ask, told: dict[str, Any]) -> None:
    """Show what is there of a run by now."""
    ask.ready, studies = int(told["ready"]), list(told["studies"])
    reference = Where(studies[0], REFERENCE) if ask.has_reference else None
    add(Shown(ask.name, Where(studies[-1], ask.scenario), reference, ask.ready, ask.seed))
    st.query_params["run"] = studies[-1]


def _bar(told: dict[str, Any]) -> None:
    if told["state"] == WAITING:
        st.caption(w("queued", told["before"]))
        return
    share = told["done"] / max(told["total"], 1)
    st.progress(min(share, 1.0), text=w("running", told["done"], told["total"]) if told["done"] else w("under_way"))

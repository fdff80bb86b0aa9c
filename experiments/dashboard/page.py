"""The page: language, columns, what is under way, and the chosen part. Streamlit runs this file at every change.

Nothing here starts a run: only the button of the design does (page_design).
"""

from __future__ import annotations

import streamlit as st

from experiments.dashboard import typeface
from experiments.dashboard.page_about import about
from experiments.dashboard.page_compare import compare
from experiments.dashboard.page_design import design
from experiments.dashboard.page_past import open_linked, past
from experiments.dashboard.page_result import result
from experiments.dashboard.page_state import language, page_names, state, turn, under_way
from experiments.dashboard.wording import CHINESE, ENGLISH, LANGUAGES, word

LOOK = (
    f"<style>\n{typeface.RULE}"
    + """
.stMainBlockContainer {padding-top:2.4rem;max-width:1200px}
[data-testid="stSidebarHeader"] {height:1rem}
h2 {font-size:1.55rem !important;padding:.2rem 0 .5rem !important}
h3 {font-size:1.15rem !important;padding:.6rem 0 .3rem !important}
[data-testid="stMetricValue"] {font-size:1.5rem}
[data-testid="InputInstructions"] {display:none}
@media (max-width:640px) {.stMainBlockContainer {padding-top:4.2rem}}
</style>"""
)
PARTS = {"design": design, "result": result, "compare": compare, "past": past, "about": about}


def main() -> None:
    """One pass over the page."""
    st.set_page_config(page_title=word("short", language()), layout="wide")
    st.html(LOOK)
    open_linked()
    turn()
    with st.sidebar:
        st.segmented_control(
            word("language", language()), (CHINESE, ENGLISH), key="language", required=True,
            format_func=lambda number: LANGUAGES[number], label_visibility="collapsed",
        )  # fmt: skip
        st.markdown(f"**{word('title', language())}**")
        names = page_names(language())
        st.radio(word("page", language()), list(names), key="part", format_func=lambda key: names[key])
        under_way()
    PARTS[state().part]()


main()

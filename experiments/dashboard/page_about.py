"""The part of the page that says how to read it."""

from __future__ import annotations

import streamlit as st

from experiments.dashboard.page_state import language, w
from experiments.dashboard.tables_html import bullets
from experiments.dashboard.view_assumptions import of_model
from experiments.dashboard.wording import ABOUT


def about() -> None:
    """Draw the part."""
    st.header(w("about"))
    st.html(bullets([pair[language()] for pair in ABOUT]))
    st.html(bullets(of_model(language())))

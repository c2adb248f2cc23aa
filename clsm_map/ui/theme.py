"""The look shared by every page: its style sheet."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parent / "assets"


def apply_theme() -> None:
    """Load the style sheet."""
    st.html(ASSETS / "theme.css")

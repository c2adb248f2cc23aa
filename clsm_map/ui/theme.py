"""The look shared by every page: style sheet, language of the document, header."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parent / "assets"

_DOCUMENT = """<script>
const d = window.parent.document.documentElement;
d.lang = "fr";
</script>"""


def apply_theme() -> None:
    """Load the style sheet and declare the document French (Streamlit says English)."""
    st.html(ASSETS / "theme.css")
    st.html(_DOCUMENT, unsafe_allow_javascript=True)

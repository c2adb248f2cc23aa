"""The least that Streamlit can show: the floor of `bench.start` on a machine."""

import streamlit as st

st.write("Bonjour")

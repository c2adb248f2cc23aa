"""What a page, a command or an export shows for a selection: tables, counts, captions.

Views join the store and the analysis, so that the page, the command line and the exports say the
same thing; they draw nothing and know neither Streamlit nor folium.
"""

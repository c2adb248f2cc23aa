"""The one package that knows folium, streamlit-folium and Leaflet."""

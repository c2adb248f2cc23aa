"""Point d'entrée : le serveur, puis pour chaque visite la navigation et l'habillage commun."""

import streamlit as st

if __name__ == "__main__":
    from clsm_map.ui.furniture import apply_theme, explained
    from clsm_map.ui.server import pages

    st.set_page_config(page_title="Quartiers et santé mentale", layout="wide")
    page = st.navigation(pages(), position="top")
    apply_theme()
    with explained():
        page.run()
else:  # `streamlit run` importe le fichier pour y trouver le serveur
    from starlette.middleware import Middleware

    from clsm_map.ui.quirks import FrenchDocument
    from clsm_map.ui.server import Addresses, opening, static_folder

    static_folder(__file__)
    app = st.App(
        __file__, lifespan=opening, middleware=[Middleware(Addresses), Middleware(FrenchDocument)]
    )

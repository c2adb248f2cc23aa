"""Start the application: ``python -m clsm_map.ui.serve``, with the data opened beside.

Streamlit reads the pages when the first visitor arrives. Here the modules and the data of the
first view are loaded in a thread while the server starts and the browser fetches its own scripts:
the first visitor does not wait for them. ``streamlit run app.py`` shows the same, a little later.
"""

from __future__ import annotations

import logging
import sys
import threading

from streamlit.web import cli

from clsm_map.settings import ROOT

_NO_VISITOR = "streamlit.runtime.scriptrunner_utils.script_run_context"
"""Logger that warns, at each cached function, that no visitor is there yet."""


def open_first_view() -> None:
    """Open what the national *Carte* shows, then the modules of the other pages."""
    # ruff: noqa: PLC0415 - loaded in the thread
    from clsm_map.domain.selection import Selection
    from clsm_map.ui import carte, data

    data.vocabulary()
    carte.compose(carte.build(Selection()))
    data.territory_index()
    from clsm_map.ui import accueil, couverture  # noqa: F401


def main() -> None:
    """Start the server, and the thread that opens the data; extra arguments go to Streamlit."""
    logging.getLogger(_NO_VISITOR).setLevel(logging.ERROR)
    threading.Thread(target=open_first_view, name="ouverture", daemon=True).start()
    cli.main(["run", str(ROOT / "app.py"), *sys.argv[1:]], prog_name="streamlit")


if __name__ == "__main__":
    main()

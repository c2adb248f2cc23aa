"""What a visitor reads when a page cannot go on: what happened, what still works, what to do."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from clsm_map.domain.errors import ClsmMapError
from clsm_map.ui.furniture import refusal

_LOG = logging.getLogger("clsm_map")


@contextmanager
def explained() -> Iterator[None]:
    """Turn an error of the page into French sentences; the detail goes to the log.

    An error raised on purpose says its own sentence. Any other is a fault of ours: the page says
    so, that nothing is lost, and what to try; without this, Streamlit would speak English and
    offer to send the error to outside hosts.
    """
    try:
        yield
    except ClsmMapError as error:
        _LOG.warning("%s %s", error.message_fr, error.detail)
        refusal(error.message_fr)
    except Exception:
        _LOG.exception("page interrupted")
        st.error(
            "Cette vue n’a pas pu être affichée jusqu’au bout, par une faute de l’application. "
            "Rien n’est perdu et les autres pages fonctionnent : choisissez un autre territoire "
            "ou un autre indicateur, ou revenez à l’accueil. Le détail est dans le journal du "
            "serveur, à transmettre à la personne qui le tient."
        )

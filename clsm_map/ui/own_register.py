"""The list that a visitor brought: kept in the memory of their session, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from clsm_map.desk import Desk
from clsm_map.store.register import Register

_KEY: Final = "registre_importe"


@dataclass(frozen=True, eq=False)
class OwnRegister:
    """A visitor's register.

    Attributes
    ----------
    register : Register
        The list alone, or added to the register of the server.
    desk : Desk
        Its own, on the memo of the server.
    file : str
        Name of the file it came from.
    """

    register: Register
    desk: Desk
    file: str


def own_register() -> OwnRegister | None:
    """Give the register that this visitor brought, ``None`` when they brought none."""
    own: OwnRegister | None = st.session_state.get(_KEY)
    return own


def take_in(register: Register, desk: Desk, file: str) -> None:
    """Use a register for this visitor, until they close the page or give it up."""
    st.session_state[_KEY] = OwnRegister(register, desk, file)


def give_up() -> None:
    """Go back to the register of the server."""
    st.session_state.pop(_KEY, None)

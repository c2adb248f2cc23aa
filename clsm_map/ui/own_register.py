"""The list that a visitor brought: kept in the memory of their session, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import streamlit as st

from clsm_map.analysis.coverage import Ground
from clsm_map.store.register import Register

Value = TypeVar("Value")

_KEY: Final = "registre_importe"
_MOST: Final = 48


@dataclass(frozen=True, eq=False)
class OwnRegister:
    """A visitor's register, with what was computed from it.

    Attributes
    ----------
    register : Register
        The list alone, or added to the register of the server.
    ground : Ground
        Its perimeters, unfolded.
    file : str
        Name of the file it came from.
    """

    register: Register
    ground: Ground
    file: str
    _computed: dict[Hashable, Any] = field(default_factory=dict)

    def remember(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """Give what was computed under a key, computing it the first time."""
        if key not in self._computed:
            while len(self._computed) >= _MOST:
                self._computed.pop(next(iter(self._computed)))
            self._computed[key] = compute()
        value: Value = self._computed[key]
        return value


def own_register() -> OwnRegister | None:
    """Give the register that this visitor brought, ``None`` when they brought none."""
    own: OwnRegister | None = st.session_state.get(_KEY)
    return own


def take_in(register: Register, ground: Ground, file: str) -> None:
    """Use a register for this visitor, until they close the page or give it up."""
    st.session_state[_KEY] = OwnRegister(register, ground, file)


def give_up() -> None:
    """Go back to the register of the server."""
    st.session_state.pop(_KEY, None)


def remembered(key: Hashable, compute: Callable[[], Value]) -> Value:
    """Compute once per key: for everybody, or for the visitor who brought their own register."""
    own = own_register()
    return own.remember(key, compute) if own else _shared(key, compute)


@st.cache_resource(show_spinner=False, max_entries=384)
def _shared(key: Hashable, _compute: Callable[[], Value]) -> Value:  # noqa: ARG001 (hashed)
    return _compute()

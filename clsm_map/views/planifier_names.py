"""Names of the territories that planning speaks of, and how they are shortened."""

from __future__ import annotations

from collections.abc import Mapping

from clsm_map.analysis.ground import Ground
from clsm_map.store.snapshot import Snapshot

_SHORT = (
    ("Communauté d'agglomération", "CA"),
    ("Communauté d’agglomération", "CA"),
    ("Communauté de communes", "CC"),
    ("Communauté de Communes", "CC"),
    ("Communauté urbaine", "CU"),
)


def short_name(nom: str) -> str:
    """Shorten the name of an intercommunalité.

    >>> short_name("Communauté d'agglomération de La Rochelle")
    'CA de La Rochelle'
    """
    for long, short in _SHORT:
        nom = nom.replace(long, short)
    return nom


def territory_names(snapshot: Snapshot, ground: Ground) -> Mapping[str, str]:
    """Give the name of every commune, arrondissement, former commune, EPCI and EPT, by code."""
    frames = (ground.units, snapshot.communes_all, snapshot.epci, snapshot.intercommunalites)
    return {
        str(code): str(name)
        for frame in frames
        for code, name in zip(frame["code"].tolist(), frame["nom"].tolist(), strict=True)
    }

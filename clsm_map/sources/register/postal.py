"""Postal codes in people's lists: told from Insee codes by their column as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clsm_map.sources.register.report import Proposition
from clsm_map.sources.register.resolution import (
    Reading,
    looks_like_codes,
    proposition,
    split_codes,
)
from clsm_map.sources.register.values import RefusedValueError, value_of
from clsm_map.sources.register.wording import listing, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clsm_map.sources.register.gazetteer import Gazetteer
    from clsm_map.sources.register.table import Table

_MOST: Final = 10
"""Communes proposed for a postal code, the most populated first."""
_SHARE: Final = 0.8
"""Part of a column of postal codes that must be some: others may be slips of the pen."""
_FIELDS: Final = (
    "code_commune", "nom_commune", "code", "commune_siege", "territoire",
)  # fmt: skip
_SAYS_POSTAL: Final = frozenset({"postal", "postaux", "cp"})
_SAYS_INSEE: Final = frozenset({"insee", "cog", "codgeo", "depcom"})


def postal_columns(
    table: Table, columns: Mapping[str, str], gazetteer: Gazetteer
) -> dict[str, Reading]:
    """Find the columns that hold postal codes.

    Parameters
    ----------
    table : Table
        The list.
    columns : mapping
        Field → header.
    gazetteer : Gazetteer
        The official lists.

    Returns
    -------
    dict of str to {"postal", "unsure"}
        By field. *postal*: more of its codes are postal codes than Insee codes, and nearly all
        are; or the header says so and the codes do not say otherwise. *unsure*: every code is
        both, and neither the header nor another column says which.
    """
    position = {header: i for i, header in enumerate(table.headers)}
    found: dict[str, Reading] = {}
    insee_elsewhere = False
    for field in _FIELDS:
        if field not in columns:
            continue
        header = columns[field]
        cells = {value_of(row.cells[position[header]]) for row in table.rows}
        codes = {
            padded(code) for cell in cells if looks_like_codes(cell) for code in split_codes(cell)
        }
        codes = {code for code in codes if len(code) == 5}
        reading = _reading(codes, set(plain(header).split()), gazetteer)
        if reading:
            found[field] = reading
        insee_elsewhere |= bool(codes) and reading is None
    if insee_elsewhere:
        return {field: reading for field, reading in found.items() if reading == "postal"}
    return found


def _reading(codes: set[str], words: set[str], gazetteer: Gazetteer) -> Reading | None:
    postal = codes & gazetteer.postal.keys()
    insee = codes & gazetteer.by_code["commune"].keys()
    if not postal:
        return None
    mostly = len(postal) > len(insee) and len(postal) >= _SHARE * len(codes)
    if mostly or (words & _SAYS_POSTAL and len(postal) >= len(insee)):
        return "postal"
    if codes == postal == insee and not words & _SAYS_INSEE:
        own = all({place.code for place in gazetteer.postal[code]} == {code} for code in codes)
        return None if own else "unsure"
    return None


def padded(code: str) -> str:
    """Give a code of four digits the zero that a spreadsheet took."""
    return code.zfill(5) if code.isdigit() and len(code) == 4 else code


def refuse_postal(token: str, gazetteer: Gazetteer) -> RefusedValueError:
    """Refuse a postal code, with its communes.

    Parameters
    ----------
    token : str
        A code of a column of postal codes.
    gazetteer : Gazetteer
        The official lists.

    Returns
    -------
    RefusedValueError
        With the communes of the postal code, then the one whose Insee code it would be.
    """
    code = padded(token)
    served = gazetteer.postal.get(code, ())
    own = gazetteer.by_code["commune"].get(code)
    if not served:
        return RefusedValueError(
            "Cette colonne contient des codes postaux, et celui-ci n'est connu d'aucune commune : "
            "donnez le code Insee.",
            token,
        )
    whose = listing(f"{place.nom} ({place.code})" for place in served)
    also = f" ; c'est aussi le code Insee de {own.nom}" if own and own not in served else ""
    several = "une de ces communes" if len(served) > 1 else "cette commune"
    proposed: tuple[Proposition, ...] = tuple(proposition(p) for p in served[:_MOST])
    if own and own not in served:
        proposed += (proposition(own),)
    return RefusedValueError(
        f"{code} est le code postal de {whose}{also}. Un code postal ne dit pas un périmètre : "
        f"est-ce {several} ? Confirmez, ou donnez le code Insee.",
        token,
        proposed,
    )

"""Lists of QPV with the words that people need to act: names, communes, who to talk to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clsm_map.analysis.coverage import LIST_SEPARATOR, names_with_pages

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage


def qpv_list(coverage: Coverage, codes: pd.Series, intercommunalites: pd.DataFrame) -> pd.DataFrame:
    """Describe some QPV and their status.

    Gives ``code_qpv, nom_qpv, communes`` (as the register of QPV gives them) and ``noms_communes``,
    both joined by ``;``, ``epci`` and ``nom_epci`` (EPT in Grand Paris; missing where there is
    none), ``departement, habitants`` (nullable), ``statut, part_couverte, n_communes,
    n_communes_couvertes``, ``id_dispositifs`` and ``nom_dispositifs`` (those that give the status,
    each named with its page; both joined by ``;``), ``a_preciser``, ``preuve`` (what the status
    rests on).
    """
    names = intercommunalites.set_index("code")["nom"]
    qpv = pd.DataFrame(coverage.ground.qpv).merge(coverage.status, left_on="code", right_on="qpv")
    rows = qpv.set_index("code").loc[codes].reset_index()
    rows["nom_epci"] = rows["intercommunalite"].map(names)
    rows["habitants"] = rows["population"].round().astype("Int64")
    rows["nom_dispositifs"] = device_names(coverage, rows["dispositifs"])
    columns = {
        "code": "code_qpv",
        "nom": "nom_qpv",
        "intercommunalite": "epci",
        "dispositifs": "id_dispositifs",
    }
    wanted = [
        "code_qpv", "nom_qpv", "communes", "noms_communes", "epci", "nom_epci", "departement",
        "habitants", "statut", "part_couverte", "n_communes", "n_communes_couvertes",
        "id_dispositifs", "nom_dispositifs", "a_preciser", "preuve",
    ]  # fmt: skip
    return rows.drop(columns="epci").rename(columns=columns)[wanted]


def device_names(coverage: Coverage, ids: pd.Series) -> list[str]:
    """Name the devices of some lists of ids, each with its page, in the same order.

    ``ids``: ids joined by ``;``, as ``Coverage.status`` gives them.

    Gives ``CLSM de Lille (page de 2024)``, joined by ``;``.
    """
    names = names_with_pages(coverage)
    return [LIST_SEPARATOR.join(names[i] for i in text.split(LIST_SEPARATOR) if i) for text in ids]


def gap_list(
    coverage: Coverage, gaps: pd.DataFrame, intercommunalites: pd.DataFrame, poverty: pd.DataFrame
) -> pd.DataFrame:
    """Describe the QPV found around a place.

    ``poverty``: ``code, valeur``: poverty rate of each QPV, per cent.

    Gives ``code_qpv, nom_qpv, distance_km, communes, noms_communes, epci, nom_epci, departement,
    habitants, taux_pauvrete, statut, part_couverte, n_communes, n_communes_couvertes,
    id_dispositifs, nom_dispositifs`` (of the status: those in project, for instance), ``a_preciser,
    preuve, id_dispositif_plus_proche, nom_dispositif_plus_proche, page_dispositif_plus_proche``
    (date of its page, may be empty), ``distance_dispositif_km``, nearest first. Distances in
    kilometres, to the metre.
    """
    rows = qpv_list(coverage, gaps["qpv"], intercommunalites)
    devices = coverage.devices.set_index("id")
    rates = poverty.set_index("code")["valeur"]
    rows.insert(2, "distance_km", gaps["distance_km"].round(3).to_numpy())
    rows.insert(list(rows.columns).index("statut"), "taux_pauvrete", rows["code_qpv"].map(rates))
    rows["id_dispositif_plus_proche"] = gaps["id_dispositif_plus_proche"].to_numpy()
    rows["nom_dispositif_plus_proche"] = rows["id_dispositif_plus_proche"].map(devices["nom"])
    rows["page_dispositif_plus_proche"] = rows["id_dispositif_plus_proche"].map(devices["page"])
    rows["distance_dispositif_km"] = (
        gaps["distance_dispositif_km"].astype("float64").round(3).to_numpy()
    )
    return rows


def records(
    frame: pd.DataFrame,
    lists: tuple[str, ...] = ("communes", "noms_communes", "id_dispositifs", "nom_dispositifs"),
) -> list[dict[str, object]]:
    """Turn rows into plain values for JSON and CSV.

    ``lists``: columns whose texts are several values joined by ``;``.

    Gives missing values are ``None``.
    """
    plain = frame.astype(object).where(frame.notna(), None)
    for column in lists:
        if column in plain:
            plain[column] = [
                [part.strip() for part in str(text).split(LIST_SEPARATOR)] if text else []
                for text in plain[column]
            ]
    rows: list[dict[str, object]] = plain.to_dict("records")  # type: ignore[assignment]
    return rows

"""The tables of *Programme*, with French headers: on the page and in the files alike."""

from __future__ import annotations

from typing import Final

import pandas as pd

from clsm_map.analysis.programme import score_means
from clsm_map.domain.programme import EXAMPLE, REACH_STATES
from clsm_map.domain.territories import LEVEL_LABELS
from clsm_map.formats import count, number
from clsm_map.views.programme import MENTION, PART_LEVELS, ProgrammeView

_COUNTS: Final = {
    "lignes": "Lignes",
    "seances": "Séances",
    "participants": "Participants",
    "structures": "Structures",
    "communes": "Communes",
    "qpv_atteints": "Quartiers atteints",
}
_SHARED: Final = {
    "part_qpv": "Part des quartiers (%)",
    "part_habitants": "Part des habitants (%)",
    "clsm_nommes": "CLSM nommés",
    "clsm_touches": "CLSM recensés touchés",
}
_SHARES: Final = ["part_qpv", "part_habitants"]


def year_table(view: ProgrammeView) -> pd.DataFrame:
    """Give one row by year, the ones without a row of the table included (figures empty)."""
    columns = {
        "annee": "Année",
        **_COUNTS,
        "nouveaux": "Dont pour la première fois",
        "cumul": "Atteints depuis le début",
        **_SHARED,
    }
    rows = _rounded(view.years)
    rows["annee"] = rows["annee"].astype("str")
    return _labelled(rows, columns)


def part_table(view: ProgrammeView) -> pd.DataFrame:
    """Give one row by part of the territory; empty at an EPCI."""
    level = PART_LEVELS.get(view.territory.level)
    if level is None:
        return pd.DataFrame()
    singular = LEVEL_LABELS[level][0].capitalize()
    columns = {
        "nom": singular,
        **_COUNTS,
        "qpv_possibles": "Quartiers possibles",
        "qpv": "Quartiers du territoire",
        **_SHARED,
        "clsm_couvrants": "CLSM recensés couvrant un quartier",
    }
    return _labelled(_rounded(view.parts), columns)


def quartier_table(view: ProgrammeView) -> pd.DataFrame:
    """Give one row by QPV of the territory, in the states of the map."""
    rows = view.qpv
    labels = {state: look.label for state, look in REACH_STATES.items()}
    return pd.DataFrame(
        {
            "Code": rows["code"],
            "Quartier": rows["nom"],
            "Communes": rows["noms_communes"].str.replace(";", ", ", regex=False),
            "État": rows["etat"].map(labels),
            "Lignes": rows["lignes"].astype("Int64"),
            "Séances": rows["seances"].astype("Int64"),
            "Participants": rows["participants"].astype("Int64"),
            "Dernière date": rows["derniere"],
            "Habitants (RP 2020)": rows["habitants"].round().astype("Int64"),
        }
    )


def score_table(view: ProgrammeView) -> pd.DataFrame:
    """Give one row by score: means weighted by participants, and what they rest on."""
    return _scored(view.scores)


def score_year_table(view: ProgrammeView) -> pd.DataFrame:
    """Give one row by year and score; a year without a score is left out."""
    tables = []
    for year in view.years["annee"]:
        rows = _scored(score_means(view.sessions, view.territory, year=int(year)))
        rows.insert(0, "Année", str(year))
        tables.append(rows)
    return pd.concat(tables, ignore_index=True)


def _scored(rows: pd.DataFrame) -> pd.DataFrame:
    names = [("Score" if not m else m.capitalize()) for m in rows["mesure"]]
    return pd.DataFrame(
        {
            "Mesure": names,
            "Avant": rows["avant"].astype("float64").round(2),
            "Après": rows["apres"].astype("float64").round(2),
            "Écart": rows["ecart"].astype("float64").round(2),
            "Effectif": ["faible" if few else "" for few in rows["faible"]],
            "Lignes (n)": rows["lignes"].astype("Int64"),
            "Participants (n)": rows["participants"].astype("Int64"),
            "Lignes sans ce score": rows["sans_score"].astype("Int64"),
        }
    )


def score_sentence(view: ProgrammeView) -> str:
    """Say what the evaluation shows, n stated, a small n flagged first."""
    pairs = view.scores[view.scores["avant"].notna()]
    if view.scores.empty:
        return view.marked("Aucune ligne de ce territoire ne donne de score d’évaluation.")
    if pairs.empty:
        return view.marked("Aucun score n’est donné avant et après : pas d’écart à lire.")
    first = pairs.iloc[0]
    name = f"Le score « {first['mesure']} »" if first["mesure"] else "Le score"
    said = (
        f"{name} passe de {number(first['avant'], 1)} à {number(first['apres'], 1)} en moyenne "
        f"(n = {count(first['participants'], 'participant')}, {count(first['lignes'], 'ligne')})"
    )
    flag = " : effectif faible, à lire avec prudence" if first["faible"] else ""
    return view.marked(f"{said}{flag}.")


def exported(view: ProgrammeView, table: pd.DataFrame) -> pd.DataFrame:
    """Give a table as its file holds it: a made-up one says so on every row, first column."""
    if not view.example:
        return table
    return pd.concat([pd.Series(EXAMPLE, index=table.index, name=MENTION), table], axis=1)


def file_name(view: ProgrammeView, stem: str) -> str:
    """Name a file, without its extension; a made-up one says so first."""
    where = "france" if view.territory.level == "france" else view.territory.code.lower()
    name = f"programme_{stem}_{where}"
    return f"EXEMPLE_DONNEES_FICTIVES_{name}" if view.example else name


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    rows = frame.copy()
    for column in rows.columns.difference(["code", "nom", *_SHARES]):
        rows[column] = pd.to_numeric(rows[column]).round().astype("Int64")
    rows[_SHARES] = rows[_SHARES].astype("float64").round(1)
    return rows


def _labelled(rows: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    return rows[list(columns)].rename(columns=columns)

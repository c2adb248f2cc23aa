"""What the page *Programme* shows of a detailed table, for a territory, and its tables."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import pandas as pd

from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.programme import (
    Reach,
    Sessions,
    qpv_reach,
    reach_by_part,
    reach_by_year,
    reach_of,
    score_means,
)
from clsm_map.domain.programme import EXAMPLE, REACH_STATES, ReachId
from clsm_map.domain.territories import LEVEL_LABELS, Level, Territory
from clsm_map.formats import count, number, percent, typeset
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.coverage import part_names

PART_LEVELS: Final[dict[Level, Level]] = {
    "france": "region",
    "region": "departement",
    "departement": "epci",
}
"""Level of the parts in which a territory is told; an EPCI is told by its QPV only."""

MENTION: Final = "Mention"
"""Column that every exported row of a made-up table carries."""


@dataclass(frozen=True, eq=False)
class ProgrammeView:
    """A detailed table, read in a territory.

    Attributes
    ----------
    coverage : Coverage
        By CLSM.
    reach : Reach
        All years together.
    years : pandas.DataFrame
        See `clsm_map.analysis.programme.reach_by_year`.
    parts : pandas.DataFrame
        ``nom`` and `clsm_map.analysis.programme.reach_by_part`; empty at an EPCI.
    qpv : pandas.DataFrame
        ``nom, noms_communes, departement, habitants`` and
        `clsm_map.analysis.programme.qpv_reach`.
    scores : pandas.DataFrame
        See `clsm_map.analysis.programme.score_means`.
    """

    territory: Territory
    sessions: Sessions
    coverage: Coverage
    reach: Reach
    years: pd.DataFrame
    parts: pd.DataFrame
    qpv: pd.DataFrame
    scores: pd.DataFrame

    @property
    def example(self) -> bool:
        """Whether the table is made up: everything that shows it must say so."""
        return self.sessions.example

    @property
    def period(self) -> str:
        """The years of the table: ``2022`` or ``2022-2025``."""
        first, last = int(self.years["annee"].min()), int(self.years["annee"].max())
        return str(first) if first == last else f"{first}-{last}"

    @property
    def title(self) -> str:
        """What, where and when."""
        return self.marked(
            f"Quartiers atteints par le programme, {self.territory.nom}, {self.period}"
        )

    def marked(self, text: str) -> str:
        """Typeset a text that shows figures, after the mention of a made-up table."""
        return typeset(f"{EXAMPLE.capitalize()} : {text}" if self.example else text)

    def finding(self) -> str:
        """Say in one sentence what was reached."""
        r = self.reach
        if not r.qpv:
            return self.marked(
                f"{self.territory.nom} : aucun quartier prioritaire dans ce territoire."
            )
        if not r.lignes and not r.qpv_atteints:
            return self.marked(
                f"{self.territory.nom} : aucune ligne du tableau dans ce territoire."
            )
        held = "" if math.isnan(r.seances) else f", en {count(int(r.seances), 'séance')}"
        return self.marked(
            f"{self.territory.nom}, {self.period} : {count(r.qpv_atteints, 'quartier')} "
            f"atteint{_s(r.qpv_atteints)} sur {number(r.qpv)} ({percent(r.part_qpv)}){held}."
        )

    def counts(self) -> dict[ReachId, int]:
        """Count the QPV of each state, zero included."""
        found = self.qpv["etat"].value_counts()
        return {state: int(found.get(state, 0)) for state in REACH_STATES}

    def qpv_sentence(self) -> str:
        """Say how QPV reached move from year to year."""
        told = self.years[self.years["lignes"] > 0]
        if len(told) < 2:
            return self.marked("Une seule année a des lignes : pas d’évolution à lire.")
        first, last = told.iloc[0], told.iloc[-1]
        before, after = int(first["qpv_atteints"]), int(last["qpv_atteints"])
        moved = (
            f"sont {number(after)}, comme au début"
            if before == after
            else f"passent de {number(before)} à {number(after)}"
        )
        return self.marked(
            f"De {int(first['annee'])} à {int(last['annee'])}, les quartiers atteints dans l’année "
            f"{moved} ; atteints au moins une fois : {number(last['cumul'])}.{self._silent()}"
        )

    def people_sentence(self) -> str:
        """Say in which year most people took part."""
        told = self.years.dropna(subset="participants")
        if told.empty:
            return self.marked("Aucune ligne ne donne le nombre de participants.")
        best = told.sort_values("participants", kind="stable").iloc[-1]
        apart = _without(self.reach.sans_participants)
        return self.marked(
            f"{number(self.reach.participants)} participants en tout, dont "
            f"{number(best['participants'])} en {int(best['annee'])}, l’année la plus "
            f"suivie{' ; ' if apart else ''}{apart}."
        )

    def _silent(self) -> str:
        empty = [str(int(y)) for y in self.years.loc[self.years["lignes"] == 0, "annee"]]
        return f" Aucune ligne pour {', '.join(empty)}." if empty else ""


def programme_view(
    snapshot: Snapshot, sessions: Sessions, coverage: Coverage, territory: Territory
) -> ProgrammeView:
    """Read a detailed table in a territory.

    Parameters
    ----------
    coverage : Coverage
        By CLSM, on the same register.
    territory : Territory
        France, a région, a département or an EPCI.
    """
    level = PART_LEVELS.get(territory.level)
    parts = pd.DataFrame(columns=["code", "nom"])
    if level:
        parts = reach_by_part(sessions, coverage, territory, level)
        parts.insert(0, "nom", parts["code"].map(part_names(snapshot, level)).fillna(parts["code"]))
    known = snapshot.qpv[["code", "nom", "noms_communes", "departement", "population"]]
    qpv = qpv_reach(sessions, territory).merge(
        pd.DataFrame(known).rename(columns={"population": "habitants"}), on="code"
    )
    order = {state: rank for rank, state in enumerate(REACH_STATES)}
    qpv = qpv.assign(rang=qpv["etat"].map(order)).sort_values(
        ["rang", "lignes", "habitants"], ascending=[True, False, False], kind="stable"
    )
    return ProgrammeView(
        territory=territory,
        sessions=sessions,
        coverage=coverage,
        reach=reach_of(sessions, coverage, territory),
        years=reach_by_year(sessions, coverage, territory),
        parts=parts,
        qpv=qpv.drop(columns="rang").reset_index(drop=True),
        scores=score_means(sessions, territory),
    )


def figure_lines(view: ProgrammeView) -> list[tuple[str, str, str]]:
    """Write the key figures: value, what is counted, denominator and what is apart."""
    r = view.reach
    unknown, apart = r.qpv_sans_population, r.atteints_sans_population
    among = f", dont {number(apart)} atteint{_s(apart)}" if apart else ""
    without = f" ; non publiés pour {count(unknown, 'quartier')}{among}" if unknown else ""
    possible = (
        f" ; possibles : {number(r.qpv_possibles)}, leur commune étant nommée sans eux"
        if r.qpv_possibles
        else ""
    )
    lines = [
        (
            number(r.qpv_atteints),
            "quartiers atteints",
            f"{_percent(r.part_qpv)} des {number(r.qpv)} quartiers{possible}",
        ),
        (
            number(r.habitants_atteints),
            "habitants de ces quartiers",
            (
                f"{_percent(r.part_habitants)} des {number(r.habitants_qpv)} habitants connus "
                f"(RP 2020){without}"
            ),
        ),
        (
            number(r.clsm_touches),
            "CLSM recensés touchés",
            (
                f"{_percent(r.part_clsm)} des {number(r.clsm_couvrants)} CLSM actifs recensés "
                f"couvrant un quartier ; nommés : {number(r.clsm_nommes)}"
            ),
        ),
        (_known(r.seances), "séances", _unsaid(r.lignes, r.sans_seances)),
        (_known(r.participants), "participants", _unsaid(r.lignes, r.sans_participants)),
        (
            _known(r.structures),
            "structures",
            f"{_unsaid(r.lignes, r.sans_structures)} ; non dédoublonnées",
        ),
        (number(r.communes), "communes atteintes", "communes d’aujourd’hui"),
    ]
    suffix = " (données fictives)" if view.example else ""
    return [(value, f"{label}{suffix}", typeset(origin)) for value, label, origin in lines]


def _percent(share: float) -> str:
    return "part sans objet" if math.isnan(share) else percent(share)


def _known(total: float) -> str:
    return "n. d." if math.isnan(total) else number(total)


def _unsaid(rows: int, without: int) -> str:
    base = f"sur {count(rows, 'ligne')}"
    return f"{base} ; {_without(without)}" if without else base


def _without(rows: int) -> str:
    if not rows:
        return ""
    return f"{count(rows, 'ligne')} ne le {'dit' if rows == 1 else 'disent'} pas"


def _s(n: int) -> str:
    return "s" if n > 1 else ""


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

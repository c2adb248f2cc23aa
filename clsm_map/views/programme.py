"""What the page *Programme* shows of a detailed table, for a territory."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import pandas as pd

from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.programme import Sessions, qpv_reach, score_means
from clsm_map.analysis.reach import Reach, reach_by_part, reach_by_year, reach_of
from clsm_map.domain.programme import EXAMPLE, REACH_STATES, ReachId
from clsm_map.domain.territories import OVERSEAS, Level, Territory
from clsm_map.formats import count, number, percent
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.typography import typeset

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
        See `clsm_map.analysis.reach.reach_by_year`.
    parts : pandas.DataFrame
        ``nom`` and `clsm_map.analysis.reach.reach_by_part`; empty at an EPCI.
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
        parts.insert(0, "nom", parts["code"].map(_names(snapshot, level)).fillna(parts["code"]))
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


def _names(snapshot: Snapshot, level: Level) -> dict[str, str]:
    tables = {
        "region": snapshot.regions,
        "departement": snapshot.departements,
        "epci": snapshot.intercommunalites,
    }
    table = tables[level]
    return OVERSEAS | dict(zip(table["code"], table["nom"], strict=True))


def _s(n: int) -> str:
    return "s" if n > 1 else ""

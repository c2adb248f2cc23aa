"""The coverage of a territory: figures, parts by status, QPV that nothing covers, history."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

import pandas as pd

from clsm_map.analysis.centre import CentreFigures, centre_figures
from clsm_map.analysis.coverage import Coverage, covered_by_evidence, pages_of, status_counts
from clsm_map.analysis.ground import Ground, qpv_of
from clsm_map.analysis.harvest import harvest_title
from clsm_map.analysis.history import SERIES, computed_history, published_series
from clsm_map.analysis.listing import gap_list
from clsm_map.domain.devices import NOT_WHOLE, STATUSES, WITHOUT_ACTIVE, DeviceType
from clsm_map.domain.evidence import Pages, split_words
from clsm_map.domain.selection import FIRST_HISTORY_YEAR, GapOrder, Measure
from clsm_map.domain.territories import (
    FRANCE,
    LEVEL_LABELS,
    OVERSEAS,
    RP_QPV,
    RP_TODAY,
    Level,
    Territory,
)
from clsm_map.formats import NBSP, bounds, count, date_fr, number
from clsm_map.store.snapshot import Snapshot
from clsm_map.store.territories import frame_of
from clsm_map.views.choropleth import scope_of
from clsm_map.views.quartiers import POVERTY
from clsm_map.views.view import Claim

ESTIMATED: Final = "Couverts, estimés selon la surface"
"""Between those of QPV covered and those of QPV covered in whole or in part."""
MEASURE_NOUNS: Final[dict[Measure, str]] = {
    "habitants": "habitants",
    "quartiers": "quartiers prioritaires",
}
_PART_LEVELS: Final[dict[Level, Level]] = {"france": "region", "region": "departement"}
_COLUMNS: Final[dict[Measure, str]] = {"habitants": "habitants", "quartiers": "qpv"}
_ORDERS: Final[dict[GapOrder, tuple[str, bool]]] = {
    "habitants": ("habitants", False),
    "pauvrete": ("taux_pauvrete", False),
    "distance": ("distance_dispositif_km", True),
}


@dataclass(frozen=True, eq=False)
class TerritoryCoverage:
    """The coverage of a territory by a type of device on a date.

    Attributes
    ----------
    territory : Territory
        France, a région, a département or an EPCI.
    figures : CentreFigures
        As the national centre counts them.
    part_level : Level
        Level of the parts: régions of France, départements of a région, EPCI of a département,
        the EPCI itself.
    parts : pandas.DataFrame
        ``code, nom, statut, qpv, habitants, sans_population, habitants_estimes``: the six statuses
        of each part that holds a QPV.
    gaps : pandas.DataFrame
        QPV whose status is anything but ``couvert``: columns of
        `clsm_map.analysis.listing.gap_list`, ``distance_km`` apart.
    """

    territory: Territory
    coverage: Coverage
    figures: CentreFigures
    part_level: Level
    parts: pd.DataFrame
    gaps: pd.DataFrame

    @property
    def title(self) -> str:
        """What and where; that it is the harvest, where it compares territories."""
        title = f"Quartiers prioritaires et {self.coverage.type} recensés : {self.territory.nom}"
        if self.territory.level == "epci":
            return title
        return harvest_title(title, self.coverage, self.territory)

    def ordered(self, order: GapOrder) -> pd.DataFrame:
        """Sort `gaps`: most inhabitants, most poverty or nearest device first, unknown last."""
        column, ascending = _ORDERS[order]
        return self.gaps.sort_values(
            [column, "code_qpv"], ascending=[ascending, True], na_position="last", ignore_index=True
        )

    def table(self, measure: Measure) -> pd.DataFrame:
        """Give the table twin of the bars: one row per part, largest first.

        Parameters
        ----------
        measure : Measure
            Inhabitants or QPV.

        Returns
        -------
        pandas.DataFrame
            Columns ``Territoire``, one per status that occurs, `ESTIMATED` where a part is,
            ``Ensemble``.
        """
        wide = self.parts.pivot_table(
            index="nom", columns="statut", values=_COLUMNS[measure], aggfunc="sum", sort=False
        ).reindex(columns=list(STATUSES))
        present = wide.loc[:, wide.sum() > 0]
        table = present.rename(columns={str(i): s.label.capitalize() for i, s in STATUSES.items()})
        if measure == "habitants" and "couvert_en_partie" in present:
            table[ESTIMATED] = self.parts.groupby("nom")["habitants_estimes"].sum()
        table["Ensemble"] = wide.sum(axis=1)
        ordered = table.sort_values("Ensemble", ascending=False)
        return ordered.rename_axis(columns=None).rename_axis("Territoire").reset_index()

    def total(self, measure: Measure) -> int:
        """Count the known inhabitants of the QPV, or the QPV."""
        return self.figures.habitants_qpv if measure == "habitants" else self.figures.qpv

    def summary(self, measure: Measure) -> str:
        """Say the bars in one sentence."""
        f, type_ = self.figures, self.coverage.type
        people = measure == "habitants"
        total = self.total(measure)
        covered = f.habitants_qpv_couverts if people else f.qpv_couverts
        some = f.habitants_qpv_couverts_avec_partiels if people else f.qpv_couverts_avec_partiels
        if not total:
            noun = MEASURE_NOUNS[measure]
            return f"Aucun chiffre n’est publié pour les {noun} de ce territoire."
        what = (
            count(
                covered,
                "habitant des quartiers prioritaires",
                "habitants des quartiers prioritaires",
            )
            if people
            else count(covered, "quartier prioritaire", "quartiers prioritaires")
        )
        said = (
            f"{self.territory.nom} : {what} sur {number(total)} "
            f"({bounds(covered, some, total)}) dans le périmètre d’un {type_} actif recensé"
        )
        if some > covered:
            said += f" ; {number(some - covered)} de plus " + (
                "dans un quartier couvert en partie, environ "
                f"{number(f.habitants_qpv_couverts_estimes)} en tout selon la surface"
                if people
                else "en partie"
            )
        worst = self._least_covered(measure)
        return f"{said}. {worst}" if worst else f"{said}."

    def _least_covered(self, measure: Measure) -> str:
        without = self.parts[WITHOUT_ACTIVE.mask(self.parts["statut"])]
        by_part = without.groupby("nom")[_COLUMNS[measure]].sum()
        if len(by_part) < 2 or not by_part.max():
            return ""
        nom, most = str(by_part.idxmax()), float(by_part.max())
        level = LEVEL_LABELS[self.part_level][0]
        article = "La" if level in {"région", "intercommunalité"} else "Le"
        article = "L’" if level == "intercommunalité" else f"{article} "
        return (
            f"{article}{level} qui en compte le plus {WITHOUT_ACTIVE.words(self.coverage.type)} : "
            f"{nom} ({number(most)})."
        )


def territory_coverage(
    snapshot: Snapshot, coverage: Coverage, nearest: pd.DataFrame, territory: Territory
) -> TerritoryCoverage:
    """Compute the coverage of a territory.

    Parameters
    ----------
    nearest : pandas.DataFrame
        Nearest active device of every QPV: see `clsm_map.analysis.gaps.nearest_active`.
    territory : Territory
        Any level; see `wide_enough`.
    """
    where = wide_enough(snapshot, territory)
    qpv = coverage.ground.qpv.loc[qpv_of(coverage.ground, where)]
    level = _PART_LEVELS.get(where.level, "epci")
    counted = status_counts(coverage.status, qpv, level)
    if where.level == "epci":
        counted = status_counts(coverage.status, qpv).assign(code=where.code)
    names = part_names(snapshot, level)
    parts = counted.assign(nom=counted["code"].map(names))

    status = coverage.status.loc[NOT_WHOLE.mask(coverage.status["statut"]), ["qpv"]]
    wanted = status.loc[status["qpv"].isin(qpv["code"])].merge(nearest, on="qpv", how="left")
    poverty = snapshot.indicator(POVERTY, "qpv")
    gaps = gap_list(
        coverage, wanted.assign(distance_km=math.nan), snapshot.intercommunalites, poverty
    )
    return TerritoryCoverage(
        territory=where,
        coverage=coverage,
        figures=centre_figures(coverage, where),
        part_level=level,
        parts=parts,
        gaps=gaps.drop(columns="distance_km"),
    )


def part_names(snapshot: Snapshot, level: Level) -> dict[str, str]:
    """Name the parts of a level by code, and the overseas that hold QPV without being one."""
    table = frame_of(snapshot, level)
    return OVERSEAS | dict(zip(table["code"], table["nom"], strict=True))


def wide_enough(snapshot: Snapshot, territory: Territory) -> Territory:
    """Give the territory itself, or its département when it is smaller than an EPCI."""
    if territory.level in {"france", "region", "departement", "epci"}:
        return territory
    return scope_of(snapshot, territory, "epci").parent


def territory_claims(found: TerritoryCoverage) -> tuple[Claim, ...]:
    """Claim the key figures: QPV and inhabitants covered, devices, inhabitants they serve."""
    f, type_ = found.figures, found.coverage.type
    part = f.qpv_couverts_avec_partiels - f.qpv_couverts
    part_people = f.habitants_qpv_couverts_avec_partiels - f.habitants_qpv_couverts
    unknown = (
        f" ; non publiés pour {count(f.qpv_sans_population, 'quartier')}"
        if f.qpv_sans_population
        else ""
    )
    split = covered_by_evidence(found.coverage, found.territory)
    within = f"dans le périmètre d’un {type_} actif recensé"
    return (
        Claim(
            f"{number(f.qpv_couverts)} sur {number(f.qpv)}",
            f"quartiers {within}",
            _share(f.qpv_couverts, f.qpv_couverts_avec_partiels, f.qpv)
            + (f" ; {number(part)} de plus en partie" if part else "")
            + (f" ; {split_words(split)}" if any(split.values()) else ""),
            "qpv_couverts",
            f.qpv_couverts,
            f.qpv,
        ),
        Claim(
            number(f.habitants_qpv_couverts),
            f"habitants des quartiers {within} ({RP_QPV})",
            _share(
                f.habitants_qpv_couverts, f.habitants_qpv_couverts_avec_partiels, f.habitants_qpv
            )
            + unknown
            + (
                f" ; {number(part_people)} de plus en partie, environ "
                f"{number(f.habitants_qpv_couverts_estimes)} en tout selon la surface"
                if part_people
                else ""
            ),
            "habitants_qpv_couverts",
            f.habitants_qpv_couverts,
            f.habitants_qpv,
        ),
        Claim(
            number(f.actifs),
            f"{type_} actifs recensés",
            f"{number(f.couvrant_un_qpv)} tiennent au moins un quartier ; "
            f"{number(f.projets)} en projet, {number(f.a_verifier)} à vérifier",
            "actifs",
            f.actifs,
        ),
        Claim(
            number(f.habitants),
            f"habitants dans leurs périmètres ({RP_TODAY})",
            "population municipale de toutes leurs communes, quartiers ou non"
            + (f" ; périmètre inconnu pour {number(f.sans_perimetre)}" if f.sans_perimetre else ""),
            "habitants",
            f.habitants,
        ),
    )


def _share(part: int, most: int, whole: int) -> str:
    return bounds(part, most, whole) if whole else f"n.{NBSP}d."


Curve = Literal["dispositifs", "qpv_couverts"]

COMPUTED: Final[dict[str, str]] = {
    "dispositifs": "Dispositifs de début connu",
    "debut_inconnu": "À part : dispositifs de début inconnu",
    "qpv_couverts": "Quartiers dans leur périmètre",
    "qpv_couverts_en_partie": "Quartiers en partie dans leur périmètre",
    "qpv_couverts_debut_inconnu": "À part : quartiers de plus si ceux de début inconnu existaient",
}
"""Columns of the computed history, with their French label."""


@dataclass(frozen=True, eq=False)
class CoverageHistory:
    """Computed counts at each 1 January, and published figures, never merged.

    Attributes
    ----------
    computed : pandas.DataFrame
        See `clsm_map.analysis.history.computed_history`.
    published : pandas.DataFrame
        See `clsm_map.analysis.history.published_series`.
    pages : Pages
        Where the devices recorded come from.
    """

    type: DeviceType
    territory: Territory
    computed: pd.DataFrame
    published: pd.DataFrame
    pages: Pages

    @property
    def years(self) -> tuple[int, int]:
        """First and last year."""
        return int(self.computed["annee"].min()), int(self.computed["annee"].max())

    def sentence(self, year: int) -> str:
        """Say what the curve shows at a year, with what is apart."""
        counts = self.computed.set_index("annee").drop(columns="date").astype(int)
        row = counts.loc[[year]].to_dict("records")[0]
        n, apart, partly = row["dispositifs"], row["debut_inconnu"], row["qpv_couverts_en_partie"]
        s = "s" if n > 1 else ""
        said = (
            f"Au {date_fr(dt.date(year, 1, 1))} : {number(n)} {self.type} actif{s} recensé{s} de "
            f"début connu, {count(row['qpv_couverts'], 'quartier')} dans leur périmètre"
        )
        if partly:
            said += f" et {number(partly)} en partie"
        return f"{said} ; à part, {number(apart)} de début inconnu." if apart else f"{said}."

    def undated(self, curve: Curve) -> str:
        """Say which published figures have no date, hence no place on the curve."""
        rows = self.published[(self.published["serie"] == curve) & self.published["date"].isna()]
        values = [number(float(v)) for v in rows["valeur"]]
        if not values:
            return ""
        verb = "est publié" if len(values) == 1 else "sont publiés"
        return f"{' et '.join(values)} {verb} sans date : au tableau, pas sur la courbe."

    def computed_table(self) -> pd.DataFrame:
        """Give the computed counts as people read them: year, then the columns of `COMPUTED`."""
        columns = {"annee": "1er janvier"} | COMPUTED
        return self.computed[list(columns)].rename(columns=columns).astype({"1er janvier": str})

    def published_table(self) -> pd.DataFrame:
        """Give the published figures as people read them.

        Returns
        -------
        pandas.DataFrame
            Columns ``Série, Date, Valeur, Source`` (site or title), ``Lien`` (address, missing when
            there is none), ``Libellé publié, Note``.
        """
        rows = self.published
        years = ["non datée" if pd.isna(y) else str(y) for y in rows["annee"]]
        links = [s if s.startswith(("http://", "https://")) else None for s in rows["source"]]
        return pd.DataFrame(
            {
                "Série": rows["serie"].map(SERIES),
                "Date": [
                    f"{year}, {moment}" if moment else year
                    for year, moment in zip(years, rows["moment"], strict=True)
                ],
                "Valeur": rows["valeur"],
                "Source": [site_of(source) for source in rows["source"]],
                "Lien": links,
                "Libellé publié": rows["indicateur"],
                "Note": rows["note"].fillna(""),
            }
        )


def site_of(source: str) -> str:
    """Name a source: the site of an address, or the title it is."""
    return urlsplit(source).netloc.removeprefix("www.") or source


def coverage_history(
    snapshot: Snapshot, ground: Ground, kind: DeviceType, territory: Territory, today: dt.date
) -> CoverageHistory:
    """Compute the history of a territory.

    Parameters
    ----------
    today : datetime.date
        Its year is the last one.
    """
    years = range(FIRST_HISTORY_YEAR, today.year + 1)
    named = "France" if territory == FRANCE else territory.nom
    return CoverageHistory(
        type=kind,
        territory=territory,
        computed=computed_history(ground, kind, years, today=today, territory=territory),
        published=published_series(snapshot.chiffres, kind, named),
        pages=pages_of(ground.dispositifs, kind),
    )

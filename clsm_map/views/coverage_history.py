"""The history of coverage: what is computed here at each 1 January, and what was published."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

import pandas as pd

from clsm_map.analysis.coverage import pages_of
from clsm_map.analysis.ground import Ground
from clsm_map.analysis.history import SERIES, computed_history, published_series
from clsm_map.domain.devices import DeviceType
from clsm_map.domain.evidence import Pages
from clsm_map.domain.terms import FIRST_HISTORY_YEAR
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.formats import count, date_fr, number
from clsm_map.store.snapshot import Snapshot

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

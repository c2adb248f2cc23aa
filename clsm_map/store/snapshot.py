"""The snapshot: tables and contours that the application reads, opened once per process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from clsm_map.domain.errors import InvalidInputError, SnapshotError
from clsm_map.domain.evidence import Source, parse_catalogue
from clsm_map.domain.indicators import Indicator, parse_indicators
from clsm_map.domain.territories import MGP
from clsm_map.settings import get_settings

Scale = Literal["national", "local"]
CONTOUR_LEVELS: Final = ("commune", "arrondissement", "epci", "departement", "region")


class Snapshot:
    """Tables of the snapshot, read when first asked for and then kept.

    Callers never change the frames they are given. Codes are strings, what is missing is NaN.

    Raises `SnapshotError` when the folder holds no manifest.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        manifest = path / "manifest.json"
        if not manifest.is_file():
            raise SnapshotError(
                "Les données embarquées sont absentes : lancez « python -m clsm_map data build ».",
                str(manifest),
            )
        self._content = manifest.read_bytes()
        self._contours = lru_cache(maxsize=None)(self._read_contours)
        self._values = lru_cache(maxsize=64)(self._read_values)

    @property
    def path(self) -> Path:
        """Folder of the tables."""
        return self._path

    @cached_property
    def version(self) -> str:
        """Digest of the manifest, which holds the digest of every table."""
        return hashlib.sha256(self._content).hexdigest()[:16]

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """Rows, vintage, bytes and sha256 of each table, and the definitions they rest on."""
        content: Mapping[str, Any] = json.loads(self._content)
        return content

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Indicators by identifier, in the order in which they are offered."""
        return {i: found for i, found in self._definitions.items() if not found.interne}

    @cached_property
    def _definitions(self) -> Mapping[str, Indicator]:
        """Every indicator, those that only weigh others included."""
        return parse_indicators(self.manifest["indicateurs"])

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Sources of the catalogue by identifier."""
        return parse_catalogue(self.manifest["catalogue"]).sources

    @cached_property
    def communes(self) -> pd.DataFrame:
        """The 34,867 communes with a contour.

        code, nom, departement, region, epci, intercommunalite, population (municipal, census of
        2023; of 2017 at Mayotte), population_2020 (missing where a commune was split since).
        """
        return self._table("communes")

    @cached_property
    def communes_sans_contour(self) -> pd.DataFrame:
        """The 8 communes without a contour in the source; the same columns and ``note``."""
        return self._table("communes_sans_contour")

    @cached_property
    def communes_all(self) -> pd.DataFrame:
        """The 34,875 communes, columns of `communes`, sorted by code."""
        without = self.communes_sans_contour.drop(columns="note")
        return pd.concat([self.communes, without]).sort_values("code", ignore_index=True)

    @cached_property
    def arrondissements(self) -> pd.DataFrame:
        """The 45 arrondissements of Paris, Lyon and Marseille, with their ``commune``."""
        return self._table("arrondissements")

    @cached_property
    def anciennes_communes(self) -> pd.DataFrame:
        """Delegated and associated communes: code, nom, nature, commune (today), population.

        Population of 2017: no later census counts them apart.
        """
        return self._table("anciennes_communes")

    @cached_property
    def indicateurs_anciennes_communes(self) -> pd.DataFrame:
        """Values of communes that the register of QPV knew before they merged.

        code (of the former commune), indicateur, annee, valeur.
        """
        return self._table("indicateurs_anciennes_communes")

    @cached_property
    def codes_postaux(self) -> pd.DataFrame:
        """Communes and arrondissements of each postal code: code_postal, commune."""
        return self._table("codes_postaux")

    @cached_property
    def anciens_codes(self) -> pd.DataFrame:
        """Codes that no commune, of today or former, has any more: ancien, commune (today's)."""
        return self._table("anciens_codes")

    @cached_property
    def epci(self) -> pd.DataFrame:
        """The 1,253 EPCI: code, nom, nature, departement, region, population, population_2020."""
        return self._table("epci")

    @cached_property
    def ept(self) -> pd.DataFrame:
        """Eleven EPT of Grand Paris, and Paris: code, nom, epci and as `epci`."""
        return self._table("ept")

    @cached_property
    def intercommunalites(self) -> pd.DataFrame:
        """What is offered as EPCI: the EPCI but Grand Paris, then its EPT and Paris (1,264)."""
        ept = self.ept.assign(nature="EPT")[self.epci.columns]
        ept.loc[ept["code"] == "75056", "nature"] = "commune"
        epci = self.epci[self.epci["code"] != MGP]
        return pd.concat([epci, ept]).sort_values("code", ignore_index=True)

    @cached_property
    def departements(self) -> pd.DataFrame:
        """The 101 départements: code, nom, region, population, population_2020."""
        return self._table("departements")

    @cached_property
    def regions(self) -> pd.DataFrame:
        """The 18 régions: code, nom, population, population_2020."""
        return self._table("regions")

    @cached_property
    def qpv(self) -> gpd.GeoDataFrame:
        """The 1,584 quartiers prioritaires with their contours (EPSG:4326)."""
        return gpd.read_parquet(self._file("qpv")).set_crs(4326, allow_override=True)

    @cached_property
    def qpv_communes(self) -> pd.DataFrame:
        """Communes (or arrondissements) of each QPV: qpv, commune, part_surface."""
        return self._table("qpv_communes")

    @cached_property
    def dispositifs(self) -> pd.DataFrame:
        """Devices named by a public page, one row each, every column text."""
        return self._table("dispositifs")

    @cached_property
    def perimetres(self) -> pd.DataFrame:
        """Perimeters: dispositif_id, nature (commune, epci, qpv), code."""
        return self._table("perimetres")

    @cached_property
    def programme(self) -> pd.DataFrame:
        """Published results of the programme."""
        return self._table("programme")

    @cached_property
    def chiffres(self) -> pd.DataFrame:
        """Published figures, each with its year and source, every column text."""
        return self._table("chiffres")

    def contours(self, niveau: str, scale: Scale = "national") -> gpd.GeoDataFrame:
        """Contours of a level.

        ``niveau``: one of `CONTOUR_LEVELS`; ``epci`` gives the 1,264 territories offered (EPT and
        Paris instead of Grand Paris). The 4 communes restored from Neussargues have none.
        ``scale``: national contours are simplified to some hundred metres, local ones are those of
        the source.

        Gives code, geometry (EPSG:4326), sorted by code.

        Raises `InvalidInputError` when the level has no contours.
        """
        if niveau not in CONTOUR_LEVELS:
            raise InvalidInputError(f"Il n'y a pas de contours pour le niveau « {niveau} ».")
        return self._contours(niveau, scale)

    def commune_shapes(self, codes: Iterable[str], scale: Scale = "national") -> pd.Series:
        """Contours of some communes and arrondissements, by code; the others are not read.

        Gives geometry (EPSG:4326), indexed by code; no entry for a code without contour.
        """
        levels = ["commune", "arrondissement"]
        asked = [("niveau", "in", levels), ("code", "in", sorted(set(codes)))]
        frame = gpd.read_parquet(
            self._file(f"contours_{scale}"), columns=["code", "geometry"], filters=asked
        )
        shapes: pd.Series = frame.set_index("code")["geometry"]
        return shapes

    def indicator(self, identifier: str, niveau: str, annee: int | None = None) -> pd.DataFrame:
        """Values of an indicator at a level.

        ``niveau``: at level ``epci`` the 1,264 territories offered are given, and Grand Paris.

        Gives code, valeur (float, NaN unless available), statut (disponible, a_confirmer, secret,
        manquant, sans_objet), sorted by code; one row per territory of the level.

        Raises `InvalidInputError` when the indicator, its level or its year is unknown.
        """
        if identifier not in self._definitions:
            raise InvalidInputError(f"L'indicateur « {identifier} » n'existe pas.")
        values = self._values(identifier, niveau)
        if values.empty:
            raise InvalidInputError(
                f"L'indicateur « {identifier} » n'est pas donné au niveau « {niveau} »."
            )
        years = values["annee"]
        wanted = years.max() if annee is None else annee
        kept = values[years.isna()] if pd.isna(wanted) else values[years == wanted]
        if kept.empty:
            raise InvalidInputError(
                f"L'indicateur « {identifier} » n'est pas donné pour l'année {annee}."
            )
        return kept[["code", "valeur", "statut"]].reset_index(drop=True)

    def years(self, identifier: str, niveau: str) -> tuple[int, ...]:
        """Years for which a level has the indicator; empty when the year is not stated."""
        found = self._values(identifier, niveau)["annee"].dropna().unique()
        return tuple(sorted(int(year) for year in found))

    def _read_contours(self, niveau: str, scale: Scale) -> gpd.GeoDataFrame:
        levels = ["epci", "ept"] if niveau == "epci" else [niveau]
        frame = gpd.read_parquet(
            self._file(f"contours_{scale}"), filters=[("niveau", "in", levels)]
        ).set_crs(4326, allow_override=True)
        offered = frame[frame["code"] != MGP]
        return offered[["code", "geometry"]].sort_values("code", ignore_index=True)

    def _read_values(self, identifier: str, niveau: str) -> pd.DataFrame:
        filters = [("niveau", "==", niveau), ("indicateur", "==", identifier)]
        columns = ["code", "annee", "valeur", "statut"]
        return _frame(pq.read_table(self._file("indicateurs"), columns=columns, filters=filters))

    def _table(self, name: str) -> pd.DataFrame:
        return _frame(pq.read_table(self._file(name)))

    def _file(self, name: str) -> Path:
        path = self._path / f"{name}.parquet"
        if not path.is_file():
            raise SnapshotError(
                f"Une table des données embarquées est absente : {name}. Lancez "
                "« python -m clsm_map data build ».",
                str(path),
            )
        return path


def _frame(table: pa.Table) -> pd.DataFrame:
    """Make a frame of an Arrow table."""
    frame: pd.DataFrame = table.to_pandas()
    return frame


@lru_cache(maxsize=4)
def _open(path: Path) -> Snapshot:
    return Snapshot(path)


def open_snapshot(path: Path | None = None) -> Snapshot:
    """Open the snapshot, once per process and folder.

    Raises `SnapshotError` when the folder holds no snapshot.
    """
    return _open((path or get_settings().snapshot).resolve())

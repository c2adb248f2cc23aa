"""What is recorded: headline figures, what is uncertain, what is complete, what a change does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from clsm_map.analysis.activity import roles
from clsm_map.analysis.centre import centre_figures
from clsm_map.analysis.coverage import Coverage, covered_by_evidence, status_counts
from clsm_map.analysis.harvest import UNEVEN, harvest, published_elsewhere, sources_of
from clsm_map.analysis.history import Announced, announced_total
from clsm_map.domain.devices import DEVICE_NAMES, DEVICE_TYPES, STATUSES, DeviceType
from clsm_map.domain.evidence import split_words
from clsm_map.domain.territories import LEVEL_LABELS
from clsm_map.formats import bounds, count, date_fr, number, percent
from clsm_map.store.register import producers
from clsm_map.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure, what it counts, and where it comes from."""

    value: str
    label: str
    origin: str


def headlines(
    coverages: Mapping[DeviceType, Coverage], announced: Announced | None
) -> list[Headline]:
    """Compute the headline figures of France.

    Parameters
    ----------
    coverages : mapping of DeviceType to Coverage
        Coverage by each type today.
    announced : Announced or None
        Active CLSM published for France.

    Returns
    -------
    list of Headline
        QPV, inhabitants, devices recorded by type, QPV in the perimeter of an active CLSM.
    """
    clsm = coverages["CLSM"]
    figures = centre_figures(clsm)
    day = date_fr(clsm.on)
    within = figures.qpv_couverts_avec_partiels
    recorded = {t: centre_figures(c) for t, c in coverages.items()}
    against = f", sur {announced.words} annoncés par le centre national" if announced else ""
    return [
        Headline(
            number(figures.qpv), "quartiers prioritaires", "ANCT, géographie 2024, version 01/2026"
        ),
        Headline(
            number(figures.habitants_qpv),
            "habitants de ces quartiers",
            f"RP 2020 ; non publiés pour {count(figures.qpv_sans_population, 'quartier')}",
        ),
        Headline(
            number(within),
            "quartiers dans le périmètre d’un CLSM actif recensé",
            f"{bounds(figures.qpv_couverts, within, figures.qpv)} des quartiers, dont "
            f"{number(within - figures.qpv_couverts)} en partie ; "
            f"{split_words(covered_by_evidence(clsm))} ; au {day}",
        ),
        *(
            Headline(
                number(recorded[t].actifs),
                f"{t} actifs recensés",
                f"{DEVICE_NAMES[t]} ; {number(recorded[t].projets)} en projet, "
                f"{number(recorded[t].a_verifier)} à vérifier" + (against if t == "CLSM" else ""),
            )
            for t in DEVICE_TYPES
        ),
    ]


ORIGINS: Final[dict[str, str]] = {
    "source": "écrit dans la page citée",
    "nom": "déduit du nom (intercommunalité du même nom)",
    "polygone": "lu sur une carte publiée (communes à plus de moitié dedans)",
    "siège seul": "seul le siège est connu : périmètre à préciser",
    "": "inconnu",
}
"""How a perimeter is known, as people read it."""

SEAT_ONLY: Final = "périmètre à préciser (siège seul)"
NO_PERIMETER: Final = "périmètre inconnu"
NO_STATE: Final = "état inconnu"


@dataclass(frozen=True, eq=False)
class RegisterKnowledge:
    """What is known of the devices of a type.

    Attributes
    ----------
    recorded, active, projects, to_check : int
        Devices recorded, and by role on the date.
    announced : Announced or None
        Numbers of active devices published for France, each with its date.
    origins : pandas.DataFrame
        ``Périmètre, Dispositifs``: how the perimeters are known.
    uncertain : pandas.DataFrame
        ``Dispositif, Incertitude, Dép., Page consultée, Source``: one row per device of
        which the perimeter or the state is not known for sure.
    """

    type: str
    recorded: int
    active: int
    projects: int
    to_check: int
    announced: Announced | None
    origins: pd.DataFrame
    uncertain: pd.DataFrame

    @property
    def share(self) -> str:
        """Devices recorded as active against the published total, in words."""
        if not self.announced:
            return f"aucun total national publié de {self.type}"
        return f"sur {self.announced.words} annoncés, soit {self.announced.share(self.active)}"


def register_knowledge(coverage: Coverage, chiffres: pd.DataFrame) -> RegisterKnowledge:
    """Gather what is known of the devices of a type.

    Parameters
    ----------
    coverage : Coverage
        Coverage by this type on the date.
    chiffres : pandas.DataFrame
        Published figures: see `clsm_map.analysis.history.published_series`.
    """
    ground = coverage.ground
    devices = coverage.devices.merge(
        ground.dispositifs[["id", "departement", "perimetre_origine", "source_date", "source_url"]],
        on="id",
    )
    origins = devices["perimetre_origine"].fillna("").value_counts()
    listed = [o for o in ORIGINS if origins.get(o)]
    counts = roles(coverage.devices)
    return RegisterKnowledge(
        type=coverage.type,
        recorded=len(devices),
        active=counts["actif"],
        projects=counts["projet"],
        to_check=counts["a_verifier"],
        announced=announced_total(chiffres, coverage.type),
        origins=pd.DataFrame(
            {
                "Périmètre": [ORIGINS[o].capitalize() for o in listed],
                "Dispositifs": [int(origins[o]) for o in listed],
            }
        ),
        uncertain=_uncertain(devices),
    )


def completeness_rows(completude: pd.DataFrame) -> pd.DataFrame:
    """Give the declarations of completeness as people read them.

    Returns
    -------
    pandas.DataFrame
        Columns ``Dispositif, Échelon, Code, Déclaré par, Le, Note``; empty when none is made.
    """
    rows = completude
    levels = {str(level): labels[0] for level, labels in LEVEL_LABELS.items()}
    return pd.DataFrame(
        {
            "Dispositif": rows["type"],
            "Échelon": rows["niveau"].map(levels),
            "Code": rows["code"],
            "Déclaré par": rows["auteur"],
            "Le": rows["date"],
            "Note": rows["note"].fillna(""),
        }
    )


@dataclass(frozen=True, eq=False)
class HarvestByRegion:
    """What was found of a type in each région, against what is published there.

    Attributes
    ----------
    rows : pandas.DataFrame
        See `clsm_map.analysis.harvest.harvest`.
    recorded : int
        Devices recorded in all.
    sources : pandas.DataFrame
        See `clsm_map.analysis.harvest.sources_of`.
    elsewhere : tuple of str
        Territories, not régions of today, whose number is published and left out.
    """

    type: str
    rows: pd.DataFrame
    recorded: int
    sources: pd.DataFrame
    elsewhere: tuple[str, ...]

    @property
    def title(self) -> str:
        """What, and that it is the harvest."""
        return f"{self.type} recensés par région, {UNEVEN}"

    @property
    def finding(self) -> str:
        """Say what one source weighs, what is published, and where nobody vouches for it."""
        regions = self.rows.loc[self.rows["code"] != ""]
        n, empty = len(regions), int((regions["recenses"] == 0).sum())
        published, complete = int((regions["publies"] != "").sum()), int(regions["complete"].sum())
        said = [count(self.recorded, f"{self.type} recensé", f"{self.type} recensés")]
        if len(self.sources) and self.sources["dispositifs"].iloc[0] > 1:
            main, brought = self.sources.iloc[0]
            share = percent(100 * int(brought) / self.recorded, 0)
            said.append(f"{number(int(brought))} ({share}) d’une même source, {main}")
        if empty:
            said.append(f"aucun dans {count(empty, 'région')} sur {number(n)}")
        said.append(
            f"un nombre est publié pour {count(published, 'région')}"
            if published
            else "aucun nombre n’est publié pour une région d’aujourd’hui"
        )
        vouched = "aucune région n’est déclarée complète"
        if complete:
            plural = "sont déclarées complètes" if complete > 1 else "est déclarée complète"
            vouched = f"{count(complete, 'région')} {plural}"
        return f"{' ; '.join([*said, vouched])}."

    @property
    def note(self) -> str:
        """Say how devices are counted, and what is left out."""
        said = "Un dispositif sur deux régions compte dans chacune."
        if not self.elsewhere:
            return said
        return (
            f"{said} Nombres publiés pour un autre territoire qu’une région d’aujourd’hui, "
            f"laissés de côté : {', '.join(self.elsewhere)}."
        )

    def table(self) -> pd.DataFrame:
        """Give the rows as people read them.

        Returns
        -------
        pandas.DataFrame
            Columns ``Région, Recensés, Dont actifs, Publiés, Source principale, De cette source,
            Part (%), Déclarée complète, Page du nombre publié``.
        """
        rows = self.rows
        return pd.DataFrame(
            {
                "Région": rows["nom"],
                "Recensés": rows["recenses"],
                "Dont actifs": rows["actifs"],
                "Publiés": rows["publies"].where(rows["publies"] != "", "–"),
                "Source principale": rows["source"].where(rows["source"] != "", "–"),
                "De cette source": rows["de_la_source"],
                "Part (%)": rows["part_source"].round(),
                "Déclarée complète": rows["complete"].map({True: "oui", False: "non"}),
                "Page du nombre publié": [_web(page) for page in rows["page"]],
            }
        )


def harvest_by_region(snapshot: Snapshot, coverage: Coverage) -> HarvestByRegion:
    """Count what was found of a type in each région.

    Parameters
    ----------
    snapshot : Snapshot
        Régions and published figures.
    coverage : Coverage
        Coverage by this type on the date.
    """
    pages = coverage.ground.dispositifs
    pages = pages.loc[pages["type"] == coverage.type]
    return HarvestByRegion(
        type=coverage.type,
        rows=harvest(coverage, snapshot.regions, snapshot.chiffres, producers()),
        recorded=len(pages),
        sources=sources_of(pages, producers()),
        elsewhere=tuple(published_elsewhere(snapshot.chiffres, coverage.type, snapshot.regions)),
    )


def _web(page: object) -> str | None:
    """Keep an address of the web; anything else is no link."""
    return str(page) if str(page).startswith(("http://", "https://")) else None


def _uncertain(devices: pd.DataFrame) -> pd.DataFrame:
    reasons = pd.DataFrame(
        {
            SEAT_ONLY: devices["a_preciser"],
            NO_PERIMETER: ~devices["perimetre_connu"],
            NO_STATE: devices["statut"] == "inconnu",
        }
    )
    said = [
        " ; ".join(reason for reason, holds in zip(reasons.columns, row, strict=True) if holds)
        for row in reasons.to_numpy()
    ]
    rows = pd.DataFrame(
        {
            "Dispositif": devices["nom"],
            "Incertitude": said,
            "Dép.": devices["departement"],
            "Page consultée": devices["source_date"].fillna("non datée"),
            "Source": [_web(url) for url in devices["source_url"]],
        }
    )
    kept = rows[rows["Incertitude"] != ""]
    return kept.sort_values(["Incertitude", "Dispositif"], ignore_index=True)


def coverage_change(before: Coverage, after: Coverage) -> pd.DataFrame:
    """Compare two coverages of France by the same type, status by status.

    Returns
    -------
    pandas.DataFrame
        Columns ``Statut, Avant, Après, Écart, Habitants
        (RP 2020)`` (difference of known inhabitants), one
        row per status that either has.
    """
    old, new = (
        status_counts(c.status, c.ground.qpv).set_index("statut")[["qpv", "habitants"]]
        for c in (before, after)
    )
    labels = {i: s.label.capitalize() for i, s in STATUSES.items()}
    table = pd.DataFrame(
        {
            "Statut": [labels[i] for i in old.index],
            "Avant": old["qpv"].to_numpy(),
            "Après": new["qpv"].to_numpy(),
            "Écart": (new["qpv"] - old["qpv"]).to_numpy(),
            "Habitants (RP 2020)": (new["habitants"] - old["habitants"]).to_numpy(),
        }
    )
    return table[(table["Avant"] > 0) | (table["Après"] > 0)].reset_index(drop=True)

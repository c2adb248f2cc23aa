"""The card of what was clicked: a QPV or a territory, in pairs of label and value."""

from __future__ import annotations

from dataclasses import dataclass

from clsm_map.analysis.coverage import Coverage, names_with_pages
from clsm_map.domain.devices import STATUSES
from clsm_map.domain.evidence import status_words
from clsm_map.domain.indicators import GIVEN, VALUE_STATUSES, marked
from clsm_map.domain.terms import EVOLUTIONS
from clsm_map.domain.territories import LEVEL_LABELS
from clsm_map.formats import number, percent, with_unit
from clsm_map.views.choropleth import Choropleth
from clsm_map.views.indicators import RESERVES
from clsm_map.views.quartiers import Quartiers, part_words


@dataclass(frozen=True, slots=True)
class Card:
    """A name, a place and pairs of label and value, all ready to be read."""

    title: str
    where: str
    rows: tuple[tuple[str, str], ...]


def qpv_card(quartiers: Quartiers, coverage: Coverage, code: str) -> Card | None:
    """Make the card of a QPV; ``None`` when the filter has put it aside."""
    found = quartiers.frame[quartiers.frame["code"] == code]
    if found.empty:
        return None
    row = found.iloc[0]
    names = names_with_pages(coverage)
    devices = [names[i] for i in str(row["dispositifs"]).split(";") if i]
    part = part_words(row.to_dict(), str(row["communes"]))
    rows = [
        (
            f"Couverture {coverage.type}",
            status_words(STATUSES[row["statut"]].label, seat_only=row["a_preciser"]),
        ),
        *((("Part couverte", f"{part} (contours généralisés)"),) if part else ()),
        *((("D’après", ", ".join(devices)),) if devices else ()),
        ("Habitants (RP 2020)", number(row["habitants"])),
        ("Taux de pauvreté (2021)", percent(row["pauvrete"], 0)),
        ("Taux d’emploi (année non précisée)", percent(row["emploi"], 0)),
        ("Surface", with_unit(row["surface_ha"], "ha", 1)),
        ("Périmètre", EVOLUTIONS[row["evolution"]]),
    ]
    where = str(row["noms_communes"]).replace(";", ", ")
    return Card(str(row["nom"]), f"Quartier prioritaire {code} · {where}", tuple(rows))


def territory_card(choropleth: Choropleth, quartiers: Quartiers, code: str) -> Card | None:
    """Make the card of a coloured territory; ``None`` when it is not on the map."""
    found = choropleth.frame[choropleth.frame["code"] == code]
    if found.empty:
        return None
    row, indicator = found.iloc[0], choropleth.indicator
    known = row["statut"] in GIVEN
    value = (
        marked(with_unit(row["valeur"], indicator.unite, indicator.decimales), row["statut"])
        if known
        else VALUE_STATUSES[row["statut"]]
    )
    if row["reserve"] in {"petit", "tres_petit"}:
        value = f"{value} ({RESERVES[row['reserve']]})"
    inside = quartiers.inside(choropleth.scope.level, code)
    by_status = inside["statut"].value_counts()
    rows = [
        (f"{indicator.libelle_court} ({choropleth.year_text})", value),
        ("Quartiers prioritaires affichés", number(len(inside))),
        ("Leurs habitants (RP 2020)", number(inside["habitants"].sum())),
        *(
            (s.label.capitalize(), number(by_status[i]))
            for i, s in STATUSES.items()
            if by_status[i]
        ),
    ]
    level = LEVEL_LABELS[choropleth.scope.level][0]
    return Card(str(row["nom"]), f"{level.capitalize()} {code}", tuple(rows))

"""*Carte*: an indicator, the QPV and the devices over it, and the card of what was clicked."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from clsm_map.analysis.cautions import register_caution
from clsm_map.analysis.coverage import Coverage, names_with_pages
from clsm_map.analysis.listing import device_names
from clsm_map.desk import Desk
from clsm_map.domain.devices import STATUSES, WITHOUT_ACTIVE, DeviceType
from clsm_map.domain.evidence import status_words
from clsm_map.domain.indicators import GIVEN, VALUE_STATUSES, marked
from clsm_map.domain.selection import EVOLUTIONS, Selection
from clsm_map.domain.territories import LEVEL_LABELS, one_each
from clsm_map.formats import count, number, percent, with_unit
from clsm_map.table import Table
from clsm_map.views import captions, questions
from clsm_map.views.choropleth import RESERVES, Choropleth
from clsm_map.views.quartiers import Quartiers, part_words
from clsm_map.views.scenes.words import headline, shortened, staged, within
from clsm_map.views.view import Claim, Map, View


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


def value_rows(coloured: Choropleth) -> Table:
    """Write the territories coloured, one row each, with the class that the legend gives them."""
    frame, indicator = coloured.frame, coloured.indicator
    classes = coloured.class_labels
    name = indicator.libelle_court
    values = frame["valeur"].astype(float).round(indicator.decimales)
    return Table.of(
        "valeurs",
        coloured.title,
        pd.DataFrame(
            {
                "Code": frame["code"],
                "Territoire": frame["nom"],
                name: values,
                "Classe": [classes[c] if c >= 0 else "" for c in frame["classe"]],
                "Donnée": frame["statut"].map(VALUE_STATUSES),
                "À savoir": frame["reserve"].map(RESERVES).fillna(""),
            }
        ),
        {name: {"decimals": indicator.decimales, "note": indicator.definition}},
        f"{count(len(frame), *LEVEL_LABELS[coloured.scope.level])} · {coloured.year_text} · mêmes "
        "lignes que la carte",
    )


def qpv_shown(quartiers: Quartiers, coverage: Coverage, title: str) -> Table:
    """Write the QPV of a map, one row each."""
    frame = quartiers.frame
    rows = {
        "Code": frame["code"],
        "Quartier": frame["nom"],
        "Communes": frame["noms_communes"].str.replace(";", ", ", regex=False),
        "Département": frame["departement"],
        f"Couverture {coverage.type}": frame["statut"].map(
            {i: s.label for i, s in STATUSES.items()}
        ),
        "Dispositifs": [
            names.replace(";", ", ") for names in device_names(coverage, frame["dispositifs"])
        ],
        "Habitants (RP 2020)": frame["habitants"],
        "Pauvreté 2021 (%)": frame["pauvrete"].round(),
        "Emploi (%)": frame["emploi"],
        "Périmètre": frame["evolution"].map(EVOLUTIONS),
    }
    said = f"{count(len(frame), 'quartier')} · mêmes lignes que la carte"
    return Table.of("qpv", title, pd.DataFrame(rows), note=said)


def carte(desk: Desk, selection: Selection) -> View:
    """Tell the map of an indicator, with the QPV and the devices laid over it."""
    coverage, where = desk.covered(selection), desk.territory(selection)
    coloured = questions.coloured(desk, selection)
    kept = questions.quartiers_kept(desk, selection)
    indicator, when = coloured.indicator, captions.on_date(coverage.on, desk.today)
    year = captions.year_words(indicator, coloured.year).removeprefix(", ")
    words = carte_words(
        coloured, kept if "qpv" in selection.couches else None, selection.type, when
    )
    announced = questions.announced(desk, coverage.type)
    return replace(
        words,
        title=coloured.title,
        lead=(f"{year} · couverture {when}" if year else f"Situation {when}"),
        claims=_counts(kept),
        large=words.claims,
        rows=lambda: (
            value_rows(coloured),
            qpv_shown(kept, coverage, f"Quartiers prioritaires, {where.nom}"),
        ),
        map=Map("carte", selection, coloured.title),
        notices=tuple(filter(None, (coloured.scope.notice,))),
        cautions=tuple(
            filter(None, (register_caution(coverage, announced), indicator.prudence))
        ),
        sources=(
            captions.indicator_source(
                desk.snapshot, indicator, coloured.year, coloured.scope.level
            ),
            captions.qpv_source(),
            captions.device_source(coverage),
        ),
        moment=f"{indicator.libelle_court}, {coloured.year_text}",
        data=coloured,
    )  # fmt: skip


def _counts(kept: Quartiers) -> tuple[Claim, ...]:
    """Count the QPV shown and their inhabitants, and say what is not counted."""
    shown = len(kept.frame)
    filtered = f"sur {number(kept.total)} dans le territoire" if shown != kept.total else ""
    hidden = "RP 2020"
    if kept.without_population:
        hidden += f" ; non publiés pour {count(kept.without_population, 'quartier')}"
    plural = "s" if shown > 1 else ""
    return (
        Claim(
            number(shown), f"quartier{plural} affiché{plural}", filtered, "qpv", shown, kept.total
        ),
        Claim(
            number(kept.inhabitants), "habitants de ces quartiers", hidden, "habitants",
            kept.inhabitants,
        ),
    )  # fmt: skip


def carte_words(coloured: Choropleth, kept: Quartiers | None, kind: DeviceType, when: str) -> View:
    """Tell a map of *Carte*.

    Parameters
    ----------
    kept : Quartiers or None
        QPV drawn; ``None`` when none are.
    kind : DeviceType
        Type whose coverage colours them.
    when : str
        Date of that coverage, in words.
    """
    indicator, nom = coloured.indicator, coloured.territory.nom
    level = LEVEL_LABELS[coloured.scope.level]
    known = coloured.frame.loc[coloured.frame["statut"].isin(GIVEN)]
    known = known.sort_values(["valeur", "code"])

    def text(value: float) -> str:
        return with_unit(value, indicator.unite, indicator.decimales)

    figures: list[Claim] = []
    if known.empty:
        said = f"Aucune valeur de « {indicator.libelle_court} » n’est connue ici à cet échelon"
    else:
        low, high = known.to_dict("records")[0], known.to_dict("records")[-1]
        median = float(known["valeur"].median())
        said = (
            f"{indicator.libelle_court}, {coloured.year_text} : de "
            f"{marked(text(float(low['valeur'])), low['statut'])} ({low['nom']}) à "
            f"{marked(text(float(high['valeur'])), high['statut'])} ({high['nom']})"
        )
        of_what = f"{count(len(known), *level)} avec une valeur, {coloured.year_text}"
        figures += [
            Claim(
                text(median),
                f"médiane, {one_each(coloured.scope.level)}, {indicator.libelle_court}",
                of_what,
            ),
            Claim(
                marked(text(float(high["valeur"])), high["statut"]),
                shortened(str(high["nom"]), 48),
                "le plus haut",
            ),
        ]
    if kept is not None:
        without = kept.frame.loc[WITHOUT_ACTIVE.mask(kept.frame["statut"])]
        said += (
            f" ; {count(len(kept.frame), 'quartier affiché', 'quartiers affichés')}, dont "
            f"{number(len(without))} {WITHOUT_ACTIVE.words(kind)}"
        )
        people = without["habitants"].sum()
        figures.append(
            Claim(
                number(len(without)),
                f"quartiers affichés {WITHOUT_ACTIVE.words(kind)}",
                f"sur {number(len(kept.frame))}, {when}",
            )
        )
        if people:
            figures.append(Claim(number(float(people)), "habitants de ces quartiers", "RP 2020"))
    label = within(indicator.libelle_court)
    titles = [shortened(label, 48)]
    if not known.empty:
        ends = f"de {text(float(known['valeur'].min()))} à {text(float(known['valeur'].max()))}"
        titles.insert(0, f"{label}, {ends}")
    title = coloured.told(headline(nom, *titles))
    return staged(title, f"{said}.", tuple(figures))

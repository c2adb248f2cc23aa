"""Commands ``compare`` and ``index``: how a territory stands, and the need index."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
import typer

from clsm_map.analysis.comparison.profile import Profile, profile
from clsm_map.analysis.comparison.references import (
    HEXAGON,
    Group,
    Operand,
    ancestors,
    default_reference,
    members,
)
from clsm_map.analysis.comparison.within import MAX_SIDE_BY_SIDE, side_by_side
from clsm_map.analysis.listing import records
from clsm_map.analysis.need import DEFAULTS, MAX_FILE, Mean, NeedIndex, need_of, read_weights
from clsm_map.cli.answering import Rows, chosen, territory_content, write
from clsm_map.cli.asking import Departement, Epci, Json, Region, one_of, read_place
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import Indicator, marked
from clsm_map.domain.selection import INDEX_LEVELS
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS, Territory
from clsm_map.formats import number, percent, rank, with_unit
from clsm_map.store.snapshot import Snapshot, open_snapshot
from clsm_map.store.territories import find_territory
from clsm_map.table import Column, Table
from clsm_map.views.inequality.index import absent_overseas_text, has_overseas

app = typer.Typer()

_GROUP: Final = "qpv@"
_MEANS: Final[dict[Mean, str]] = {"arithmetique": "arithmétique", "geometrique": "géométrique"}
_PROFILE: Final = (
    Column("titre", "Indicateur"), Column("valeur", "Valeur", "nombre"),
    Column("reference", "Référence", "nombre"), Column("ecart", "Écart", "nombre"),
    Column("rapport", "Rapport", "nombre"), Column("lecture", "Lecture"),
    Column("rang", "Rang", "nombre"), Column("centile", "Centile", "nombre"),
    Column("note", "Note", "nombre"),
)  # fmt: skip
_INDEX: Final = (
    Column("rang", "Rang", "entier"), Column("sensibilite", "Sensibilité aux poids", "nombre"),
    Column("code", "Code"), Column("nom", "Nom"), Column("population", "Habitants", "entier"),
    Column("score", "Score", "nombre"), Column("pese", "Ce qui pèse le plus"),
)  # fmt: skip


@app.command()
def compare(
    territoires: Annotated[
        list[str],
        typer.Argument(
            help="« niveau:code » (departement:93), codes qui n'en désignent qu'un ou noms, quatre "
            "au plus ; « qpv@… » pour l'ensemble des quartiers d'un territoire."
        ),
    ],
    with_: Annotated[
        str | None,
        typer.Option(
            "--with",
            help="Référence : commune, epci, departement, region, france, hexagone, un code ou un "
            "nom ; « qpv@departement » ou « qpv@departement:93 » pour l'ensemble des quartiers.",
        ),
    ] = None,
    peers: Annotated[
        str | None,
        typer.Option(help="Territoire où sont pris les pairs (même niveau) ; la France sinon."),
    ] = None,
    indicator: Annotated[
        list[str] | None, typer.Option(help="Seulement ces indicateurs (à répéter).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare des territoires à une référence, et chacun à ses pairs, sur tous les indicateurs."""
    snapshot = open_snapshot()
    operands = [_operand(snapshot, text) for text in territoires]
    if len(operands) > MAX_SIDE_BY_SIDE or len({o.key for o in operands}) < len(operands):
        raise InvalidInputError(
            f"On compare au plus {MAX_SIDE_BY_SIDE} territoires, tous différents."
        )
    inside = FRANCE if peers is None else find_territory(snapshot, peers)
    found = [
        profile(
            snapshot, one, _reference(snapshot, one, with_), inside=inside, indicateurs=indicator
        )
        for one in operands
    ]
    shown, notes = _one(found[0]) if len(found) == 1 else _many(found)
    content = {"territoires": [_profile_content(one) for one in found]}
    write(
        chosen(as_json=as_json),
        content,
        [*shown, *(f"- {note}" for note in notes), *_refused(found)],
    )


def _operand(snapshot: Snapshot, text: str) -> Operand:
    if text.startswith(_GROUP):
        return Group("qpv", find_territory(snapshot, text.removeprefix(_GROUP)))
    return HEXAGON if text == "hexagone" else find_territory(snapshot, text)


def _reference(snapshot: Snapshot, operand: Operand, text: str | None) -> Operand:
    own = operand.territory if isinstance(operand, Group) else operand
    if text is None:
        return default_reference(snapshot, own)
    name = text.removeprefix(_GROUP)
    if name not in LEVEL_LABELS:
        return _operand(snapshot, text)
    holders = {str(level): t for level, t in ancestors(snapshot, own).items()} | {own.level: own}
    if name not in holders:
        raise InvalidInputError(
            f"« {own.nom} » n’est pas dans un territoire unique de ce niveau ({name}) : "
            "donnez le code de la référence."
        )
    return Group("qpv", holders[name]) if text.startswith(_GROUP) else holders[name]


def _profile_content(found: Profile) -> dict[str, object]:
    def named(operand: Operand) -> dict[str, str]:
        if isinstance(operand, Territory):
            return territory_content(operand)
        return {"niveau": operand.kind, "code": operand.key, "nom": operand.nom}

    return {
        "territoire": named(found.sujet),
        "reference": named(found.reference),
        "pairs": found.pairs,
        "indicateurs": records(found.indicateurs, ()),
        "refus": records(found.refus, ()),
        "mises_en_garde": list(found.mises_en_garde),
    }


def _one(found: Profile) -> tuple[list[Table | str], list[str]]:
    rows: Rows = records(found.indicateurs, ())
    cautions = list(dict.fromkeys(row["mise_en_garde"] for row in rows if row["mise_en_garde"]))
    numbered = {caution: f"({n})" for n, caution in enumerate(cautions, start=1)}
    title = f"{found.sujet.nom}, comparé à : {found.reference.nom}"
    cells = pd.DataFrame([_line(row, numbered) for row in rows], columns=[c.name for c in _PROFILE])
    shown: list[Table | str] = [Table("profil", title, _PROFILE, cells)]
    if found.pairs:
        shown.append(
            f"Rang et centile parmi les {found.pairs} dont la valeur est connue ; rang 1 : valeur "
            "la plus élevée."
        )
    return shown, [*found.mises_en_garde, *(f"{n} {text}" for text, n in numbered.items())]


def _line(row: Mapping[str, Any], numbered: Mapping[str, str]) -> dict[str, str]:
    """Write a row; a unit longer than three letters is not repeated after the first value."""
    short = dict(row) | {"unite": row["unite"] if len(row["unite"]) <= 3 else ""}
    place = "–"
    if row["rang"] is not None:
        place = f"{rank(int(row['rang']), int(row['ex_aequo']))} / {number(row['n_pairs'])}"
    small = " (petit effectif)" if row["effectif_faible"] else ""
    return {
        "titre": _title(row),
        "valeur": _value(row, row["valeur"], row["statut"]),
        "reference": _value(short, row["reference"], row["reference_statut"]),
        "ecart": _gap(short),
        "rapport": "–" if row["rapport"] is None else number(row["rapport"], 2),
        "lecture": f"{row['position'] or '–'}{small}",
        "rang": place,
        "centile": "–" if row["percentile"] is None else percent(row["percentile"], 0),
        "note": numbered.get(row["mise_en_garde"], ""),
    }


def _many(found: Sequence[Profile]) -> tuple[list[Table | str], list[str]]:
    rows: Rows = records(side_by_side(found), ())
    columns = [Column("titre", "Indicateur")]
    cells = {"titre": [_title(row) for row in rows]}
    put = [(one.sujet.nom, one, "valeur", "statut") for one in found]
    if len({one.reference.key for one in found}) == 1:
        first = found[0]
        put += [(f"Référence : {first.reference.nom}", first, "reference", "reference_statut")]
    for rank_, (label, one, value, status) in enumerate(put):
        own = one.indicateurs.set_index("indicateur")[[value, status]].astype(object)
        given = own.where(own.notna(), None).loc[[row["indicateur"] for row in rows]]
        columns.append(Column(f"colonne_{rank_}", label, "nombre"))
        cells[f"colonne_{rank_}"] = [
            _value(row, v, s) for row, v, s in zip(rows, given[value], given[status], strict=True)
        ]
    notes = list(dict.fromkeys(note for one in found for note in one.mises_en_garde))
    if len({getattr(one.sujet, "level", "") for one in found}) > 1:
        notes.insert(0, "Ces territoires ne sont pas du même niveau.")
    notes += [f"{_title(row)} : {row['mise_en_garde']}" for row in rows if row["mise_en_garde"]]
    return [Table("cote", "Côte à côte", tuple(columns), pd.DataFrame(cells))], notes


def _refused(found: Sequence[Profile]) -> list[str]:
    if len(found) > 1 or found[0].refus.empty:
        return []
    return [f"Non donnés à ce niveau : {', '.join(found[0].refus['libelle'])}."]


def _title(row: Mapping[str, Any]) -> str:
    return f"{row['libelle']}" + (f" ({row['moment']})" if row["annee"] is not None else "")


def _value(row: Mapping[str, Any], value: float | None, status: object) -> str:
    if status == "secret":
        return "secret"
    if value is None:
        return "–"
    return marked(with_unit(value, row["unite"], row["decimales"]), status)


def _gap(row: Mapping[str, Any]) -> str:
    """Write a gap with its sign; between percentages it is in points."""
    if row["ecart"] is None:
        return "–"
    unit = "points" if row["unite"] == "%" else row["unite"]
    return ("+" if row["ecart"] > 0 else "") + with_unit(row["ecart"], unit, row["decimales"])


@app.command()
def index(
    weights: Annotated[
        Path | None, typer.Option(help="Fichier de poids, CSV (indicateur;poids) ou TOML.")
    ] = None,
    level: Annotated[str, typer.Option(help="qpv ou commune.")] = "qpv",
    mean: Annotated[
        str | None, typer.Option(help="arithmetique ou geometrique ; prime sur le fichier.")
    ] = None,
    region: Region = None,
    departement: Departement = None,
    epci: Epci = None,
    top: Annotated[int, typer.Option(min=1, help="Lignes du tableau.")] = 20,
    as_json: Json = False,
) -> None:
    """Classer les territoires selon un indice de besoin, qui n'est pas un score officiel."""
    wanted = one_of(level, INDEX_LEVELS, "L’indice se calcule pour « qpv » ou « commune ».")
    snapshot = open_snapshot()
    indicators = snapshot.indicators
    components, moyenne = DEFAULTS[wanted], next(iter(_MEANS))
    if weights is not None:
        components, moyenne = read_weights(_read(weights), indicators, wanted)
    if mean is not None:
        refusal = "La moyenne est « arithmetique » ou « geometrique »."
        moyenne = one_of(mean, _MEANS, refusal)
    place = read_place(snapshot, region, departement, epci)
    found = need_of(snapshot, wanted, components, moyenne)
    inside = members(snapshot, wanted, place)
    if inside.empty:
        raise InvalidInputError(f"Aucun territoire de ce niveau dans « {place.nom} ».")
    rows = inside.merge(found.scores.reset_index(), on="code")
    rows = rows.sort_values(["rang", "code"], ignore_index=True)
    notes = _index_notes(found, rows, indicators)
    parts = {
        "percentiles": found.percentiles.to_dict("index"),
        "contributions": found.contributions.to_dict("index"),
    }
    items: Rows = records(rows, ())
    content = {
        "niveau": wanted,
        "territoire": territory_content(place),
        "moyenne": found.moyenne,
        "composantes": [
            {
                "indicateur": c.indicateur,
                "libelle": indicators[c.indicateur].libelle,
                "poids": c.poids,
                "sens": c.sens,
            }
            for c in found.components
        ],
        "n": found.n,
        "items": [
            row | {name: known[row["code"]] for name, known in parts.items()} for row in items
        ],
        "avertissements": notes,
    }
    names = {c.indicateur: indicators[c.indicateur].libelle_court for c in found.components}
    what = "quartiers prioritaires" if wanted == "qpv" else "communes"
    cells = pd.DataFrame([_ranked(row, found, names) for row in items[:top]])
    total = sum(c.poids for c in found.components)
    weighed = [f"{names[c.indicateur]} {number(100 * c.poids / total)} %" for c in found.components]
    shown: list[Table | str] = [
        Table("indice", f"Indice de besoin des {what} : {place.nom}", _INDEX, cells),
        f"Poids : {', '.join(weighed)} ; moyenne {_MEANS[found.moyenne]}.",
    ]
    write(chosen(as_json=as_json), content, shown, notes)


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > 4 * MAX_FILE:
            raise InvalidInputError(f"Le fichier « {path} » est trop long pour des poids.")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"Le fichier « {path} » ne peut pas être lu : un texte en UTF-8 est attendu.",
            str(error),
        ) from error


def _index_notes(
    found: NeedIndex, rows: pd.DataFrame, indicators: Mapping[str, Indicator]
) -> list[str]:
    without = rows["score"].isna()
    notes = [
        (
            "Cet indice n’est pas un score officiel : il ordonne des territoires pour en discuter, "
            "selon des poids que chacun peut changer."
        ),
        (
            f"Rang 1 : besoin le plus grand ; rangs parmi les {number(found.n)} territoires de "
            f"France qui ont un score. Sensibilité aux poids : rangs "
            "extrêmes quand chaque poids, un à la fois, varie de moitié en plus ou en moins."
        ),
    ]
    if without.any():
        notes.append(
            f"Sans score, faute d’au moins la moitié des poids connus : {number(without.sum())}."
        )
    absent = tuple(indicators[i].libelle_court for i in found.absent_overseas)
    if absent and has_overseas(rows.loc[without, "code"]):
        notes.append(absent_overseas_text(absent))
    return notes


def _ranked(row: dict[str, Any], found: NeedIndex, names: Mapping[str, str]) -> dict[str, Any]:
    points = found.contributions.loc[[row["code"]]].to_numpy(dtype=float)[0]
    pairs = zip(points, names.values(), strict=True)
    known = [(gap, label) for gap, label in pairs if not math.isnan(gap)]
    strongest = sorted(known, key=lambda pair: -abs(pair[0]))[:2]
    weighing = [
        f"{label} {'+' if gap >= 0 else '−'}{number(abs(gap), 1)}" for gap, label in strongest
    ]
    ends = [number(math.nan if row[end] is None else row[end]) for end in ("rang_min", "rang_max")]
    score = number(math.nan if row["score"] is None else row["score"], 1)
    return row | {
        "sensibilite": " à ".join(ends),
        "score": f"{score} (incomplet)" if row["incomplet"] else score,
        "pese": ", ".join(weighing),
    }

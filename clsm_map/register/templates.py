"""Templates to fill, and registers written in the same format, so that they can be read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final, Literal

import pandas as pd

from clsm_map.register.completeness import COMPLETENESS_COLUMNS
from clsm_map.register.devices import DEVICE_COLUMNS
from clsm_map.register.fields import Kind
from clsm_map.register.wording import neutralise, typeset
from clsm_map.settings import ROOT
from clsm_map.store.register import Register

TemplateFormat = Literal["csv", "xlsx"]

LIST_COLUMNS: Final = (
    *DEVICE_COLUMNS[:9],
    "code_commune",
    "code_epci",
    "code_qpv",
    *DEVICE_COLUMNS[9:],
)
"""Columns of a list of devices: those of the register, with the perimeter in three of them."""

_EXAMPLES: Final = ("clsm-saint-brieuc", "clsm-bourg-en-bresse", "clsm-aunis-atlantique")
"""Devices of one commune, of several, of an EPCI."""

_COMPLETENESS_PLACES: Final = (("departement", "01"), ("epci", "200071751"), ("commune", "93066"))
"""Territories of the three lines to sign: Ain, Grand Bourg Agglomération, Saint-Denis."""

_PROGRAMME_COLUMNS: Final = (
    "code_qpv", "code_commune", "territoire", "date", "seances", "participants", "structures",
    "clsm", "portee", "score_avant", "score_apres", "score_satisfaction", "note",
)  # fmt: skip

_FACTS: Final = ROOT / "data" / "facts"

HELP: Final[Mapping[str, str]] = {
    "id": "Identifiant, unique et durable. Vide : il est formé du type, du département et du nom.",
    "type": "CLSM, ASV ou CLS.",
    "nom": "Nom du dispositif.",
    "territoire": "Le territoire en quelques mots.",
    "statut": "en projet, actif, en sommeil, arrêté ou inconnu.",
    "annee_debut": "Année de création ou de signature ; une date convient.",
    "annee_fin": "Année de fin ; vide si le dispositif court toujours.",
    "commune_siege": "Code Insee de la commune siège.",
    "departement": "Code du département : 01, 2A, 971.",
    "code_commune": (
        "Codes Insee des communes du périmètre, séparés par « ; » ; ou une ligne par commune, en "
        "répétant id, ou type et nom."
    ),
    "code_epci": "SIREN des intercommunalités dont toutes les communes sont dans le périmètre.",
    "code_qpv": "Codes (QN…) des quartiers, si le périmètre est fait de quartiers.",
    "perimetre": "commune, intercommunal, arrondissement ou autre.",
    "perimetre_origine": "D'où vient le périmètre : source, nom, polygone, siège seul.",
    "source_url": "Adresse de la page qui en parle.",
    "source_date": "Date de cette page : 2024, 2024-10 ou 31/10/2024.",
    "note": "Ce qu'il faut savoir de plus.",
    "niveau": "commune, epci, departement, region ou france.",
    "code": "Code du territoire où tous les dispositifs de ce type sont recensés.",
    "auteur": "Qui le déclare : nom et organisme.",
    "date": "À quelle date : 2026-11-21 ou 21/11/2026 ; pour une séance, l'année suffit.",
    "seances": "Nombre de séances.",
    "participants": "Nombre de participants.",
    "structures": "Nombre de structures associées.",
    "clsm": "Dispositif qui porte l'action.",
    "portee": (
        "« tous » si la ligne d'une commune ou d'une intercommunalité a touché tous ses quartiers "
        "prioritaires ; vide sinon."
    ),
    "score_avant": "Moyenne du questionnaire avant la séance, sur la même échelle qu'après.",
    "score_apres": "Moyenne du questionnaire après la séance.",
    "score_satisfaction": "Note d'évaluation ; d'autres colonnes « score_… » peuvent s'ajouter.",
}
"""What to write in each column."""


def template(kind: Kind, format_: TemplateFormat) -> bytes:
    """Make a file to fill.

    The one of devices holds three true lines of the embedded register (one commune, several, an
    EPCI). The one of completeness names three territories and leaves author and date empty: only
    who signs them can declare a register complete, and unsigned lines are refused. The one of the
    programme holds no line, since no page publishes a session by territory.

    Returns the file.
    """
    if kind == "dispositifs":
        devices = pd.read_csv(_FACTS / "dispositifs.csv", dtype="str").set_index("id", drop=False)
        members = pd.read_csv(_FACTS / "perimetres.csv", dtype="str")
        own = members.loc[members["dispositif_id"].isin(_EXAMPLES)]
        frame = _list_of(devices.loc[list(_EXAMPLES)], own)
    elif kind == "completude":
        rows = [{"type": "CLSM", "niveau": n, "code": c} for n, c in _COMPLETENESS_PLACES]
        frame = pd.DataFrame(rows, columns=list(COMPLETENESS_COLUMNS))
    else:
        frame = pd.DataFrame(columns=list(_PROGRAMME_COLUMNS))
    if format_ == "csv":
        return to_csv(frame)
    from clsm_map.register.workbook import template_workbook  # noqa: PLC0415 - slow, rare

    notes = [("colonne", "ce qu'on y écrit"), *((c, typeset(HELP[c])) for c in frame.columns)]
    return template_workbook(kind, [tuple(frame.columns), *_texts(frame)], notes)


def register_list(register: Register) -> pd.DataFrame:
    """Write a register as one list that `validate` reads back to the same devices and perimeters.

    Returns `LIST_COLUMNS`; one row per device, or per device and nature of place for a perimeter
    that mixes communes, EPCI and QPV (beside one another they would be read as a reminder).
    """
    return _list_of(register.dispositifs, register.perimetres)


def _list_of(dispositifs: pd.DataFrame, perimetres: pd.DataFrame) -> pd.DataFrame:
    codes = (
        perimetres.groupby(["dispositif_id", "nature"], sort=False)["code"]
        .agg(";".join)
        .reset_index()
    )
    merged = dispositifs.reset_index(drop=True).merge(
        codes, left_on="id", right_on="dispositif_id", how="left"
    )
    for nature in ("commune", "epci", "qpv"):
        merged[f"code_{nature}"] = merged["code"].where(merged["nature"] == nature)
    return merged[list(LIST_COLUMNS)]


def to_csv(frame: pd.DataFrame) -> bytes:
    """Write a table of texts as CSV for French Excel; a text never becomes a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(frame.columns)
    writer.writerows([neutralise(v) for v in row] for row in _texts(frame))
    return buffer.getvalue().encode("utf-8-sig")


def _texts(frame: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    columns = (frame[c].astype("object").where(frame[c].notna(), "").tolist() for c in frame)
    return list(zip(*columns, strict=True))

"""The columns of a list: their canonical names and the spellings they are recognised by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from clsm_map.domain.errors import RegisterError
from clsm_map.register.wording import listing, plain, typeset

Kind = Literal["dispositifs", "completude", "programme"]
KINDS: Final[tuple[Kind, ...]] = ("dispositifs", "completude", "programme")

_TERRITORY: Final[dict[str, tuple[str, ...]]] = {
    "code_commune": (
        "code_commune", "code_insee", "insee", "code_insee_commune", "insee_commune", "insee_com",
        "code_com", "codgeo", "depcom", "cog", "com", "insee_code", "code_geo", "code_postal", "cp",
    ),
    "nom_commune": (
        "nom_commune", "commune", "ville", "libelle_commune", "libgeo", "nom_com", "lib_com",
        "commune_concernee", "commune_couverte", "liste_commune", "nom_ville", "municipalite",
    ),
    "code_epci": (
        "code_epci", "siren_epci", "siren", "code_siren", "epci_siren", "epci_code", "code_ept",
        "siren_ept",
    ),
    "nom_epci": (
        "nom_epci", "epci", "libelle_epci", "lib_epci", "epci_nom", "intercommunalite",
        "nom_intercommunalite", "interco", "ept", "nom_ept", "agglomeration", "communaute",
        "raison_sociale",
    ),
    "code_qpv": ("code_qpv", "qpv", "code_qp", "code_quartier", "qpv_code", "quartier_prioritaire"),
    "departement": (
        "departement", "code_departement", "code_dep", "dep", "dept", "dpt", "code_dept",
        "code_dpt", "insee_dep", "nom_departement",
    ),
    "code": ("code", "code_territoire", "code_geographique"),
}  # fmt: skip

_DEVICES: Final[dict[str, tuple[str, ...]]] = {
    "id": (
        "id", "identifiant", "dispositif_id", "id_dispositif", "code_dispositif", "code_clsm",
        "code_cls", "code_asv", "reference", "ref",
    ),
    "nom": (
        "nom", "nom_dispositif", "intitule", "libelle", "denomination", "designation", "titre",
        "appellation", "nom_contrat", "nom_conseil", "name", "clsm", "cls", "asv", "dispositif",
    ),
    "type": ("type", "type_dispositif", "nature_dispositif", "categorie", "dispositif"),
    "statut": ("statut", "etat", "etat_avancement", "avancement", "situation", "stade", "status"),
    "annee_debut": (
        "annee_debut", "date_debut", "debut", "date_signature", "annee_signature", "signature",
        "date_creation", "annee_creation", "creation", "date_installation", "annee_installation",
        "date_demarrage", "annee_demarrage", "date_lancement", "annee_lancement",
        "date_mise_place", "annee_mise_place", "signe_le", "annee",
    ),
    "annee_fin": (
        "annee_fin", "date_fin", "fin", "echeance", "date_echeance", "annee_echeance",
        "date_fin_validite", "date_arret", "annee_arret",
    ),
    "commune_siege": (
        "commune_siege", "siege", "code_commune_siege", "code_insee_siege", "code_siege",
        "insee_siege", "ville_siege",
    ),
    "territoire": ("territoire", "nom_territoire", "territoire_concerne", "territoire_couvert"),
    "perimetre": ("perimetre", "type_perimetre", "nature_perimetre", "echelle"),
    "perimetre_origine": ("perimetre_origine", "origine_perimetre"),
    **_TERRITORY,
    "source_url": (
        "source_url", "url", "lien", "url_source", "lien_source", "source", "site_internet",
        "site_web", "site", "adresse_web",
    ),
    "source_date": (
        "source_date", "date_source", "date_mise_jour", "mise_jour", "date_maj", "maj",
        "date_information", "date_consultation",
    ),
    "note": ("note", "remarque", "commentaire", "observation", "precision"),
}  # fmt: skip

_COMPLETENESS: Final[dict[str, tuple[str, ...]]] = {
    "type": ("type", "type_dispositif", "dispositif"),
    "niveau": ("niveau", "echelle", "type_territoire", "maille"),
    "code": ("code", "code_territoire", "code_geographique"),
    "territoire": ("territoire", "nom_territoire", "nom", "libelle"),
    "departement": _TERRITORY["departement"],
    "auteur": ("auteur", "declarant", "declare_par", "auteur_declaration", "organisme", "par"),
    "date": ("date", "date_declaration", "declare_le"),
    "note": _DEVICES["note"],
}

_PROGRAMME: Final[dict[str, tuple[str, ...]]] = {
    **_TERRITORY,
    "territoire": ("territoire", "nom_territoire", "quartier", "lieu", "nom"),
    "date": ("date", "date_seance", "annee", "date_debut", "periode"),
    "seances": ("seance", "nombre_seance", "nb_seance", "session", "nombre_session", "nb_session"),
    "participants": ("participant", "nombre_participant", "nb_participant", "participation"),
    "structures": ("structure", "nombre_structure", "nb_structure", "partenaire"),
    "clsm": ("clsm", "nom_clsm", "dispositif", "dispositif_id"),
    "portee": ("portee", "quartier_concerne", "quartier_touche", "portee_seance"),
    "note": ("note", "remarque", "commentaire", "observation"),
}  # fmt: skip

FIELDS: Final[dict[Kind, dict[str, tuple[str, ...]]]] = {
    "dispositifs": _DEVICES,
    "completude": _COMPLETENESS,
    "programme": _PROGRAMME,
}
"""Canonical fields of each kind of list, with the spellings tried in this order."""

TITLE_SEARCH: Final = 10
"""Rows that hold something among which titles are looked for: a heading may stand above them."""

SCORE_PREFIX: Final = "score"
"""A programme column whose name begins so (or with ``satisfaction``) is an evaluation score."""

_CAMEL: Final = re.compile(r"(?<=[a-zé])(?=[A-Z])")
_ARTICLES: Final = ("de", "du", "des", "la", "le", "les", "l", "d", "et", "en", "a", "au", "aux")
_LINKS: Final = frozenset({*_ARTICLES, "n", "no", "num", "numero", "nb", "nombre"})
_DEVICE_WORDS: Final = frozenset({"clsm", "cls", "asv", "dispositif", "contrat", "conseil"})


def header_key(header: str) -> str:
    """Give the form under which two headers are the same: no accent, case, space or plural."""
    return "".join(_singular(_words(header)))


def _words(header: str) -> list[str]:
    words = plain(_CAMEL.sub(" ", header)).split()
    return [w for w in words if w not in _LINKS] or words


def _singular(words: Sequence[str]) -> list[str]:
    return [w[:-1] if len(w) > 3 and w.endswith("s") else w for w in words]


def _forms(header: str) -> tuple[str, ...]:
    """Give the keys a header answers to, most telling first."""
    words = _singular(_words(header))
    short = [w for w in words if w not in _DEVICE_WORDS]
    forms = ["".join(words)]
    if short and short != words:
        forms.append("".join(short))
    return tuple(forms)


_KEYS: Final[dict[Kind, dict[str, tuple[str, ...]]]] = {
    kind: {f: tuple(header_key(s) for s in spellings) for f, spellings in fields.items()}
    for kind, fields in FIELDS.items()
}


def recognise_columns(headers: Sequence[str], kind: Kind = "dispositifs") -> dict[str, str]:
    """Recognise the columns of a list by their headers.

    Returns canonical field → header of the file, in the order of `FIELDS`. A header serves one
    field at most, and a field takes one header: the spelling that comes first in `FIELDS`.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    forms = {h: _forms(h) for h in headers if h}
    for rank in (0, 1):
        by_key: dict[str, str] = {}
        for header, keys in forms.items():
            if header not in taken and len(keys) > rank:
                by_key.setdefault(keys[rank], header)
        for field, spellings in _KEYS[kind].items():
            if field in found:
                continue
            header = next(
                (by_key[k] for k in spellings if by_key.get(k, "") not in {"", *taken}), ""
            )
            if header:
                found[field] = header
                taken.add(header)
    return {field: found[field] for field in _KEYS[kind] if field in found}


def known_columns(headers: Sequence[str]) -> int:
    """Count the headers that the kind of list they suit best recognises."""
    return max(len(recognise_columns(headers, kind)) for kind in KINDS)


def title_row(rows: Sequence[Sequence[str]]) -> int:
    """Give the rank of the row of titles among the first rows of a file.

    Returns the first row in which two columns at least are recognised, else the first row.
    """
    return next((i for i, row in enumerate(rows) if known_columns(row) >= 2), 0)


def score_columns(headers: Sequence[str]) -> dict[str, str]:
    """Find the evaluation scores of a programme: canonical name → header of the file."""
    out = {}
    for header in headers:
        words = plain(header).split()
        if words and words[0] in {SCORE_PREFIX, "satisfaction", "evaluation"}:
            tail = words[1:] if words[0] == SCORE_PREFIX else words
            out["_".join([SCORE_PREFIX, *tail])] = header
    return out


def kind_of(headers: Sequence[str]) -> Kind:
    """Tell what a list describes from its headers.

    Returns A list with an author and a level is a declaration of completeness, one with sessions
    or participants the programme, any other one devices.
    """
    if {"niveau", "auteur"} <= recognise_columns(headers, "completude").keys():
        return "completude"
    programme = recognise_columns(headers, "programme").keys()
    if {"seances", "participants"} & programme:
        return "programme"
    return "dispositifs"


def implied_type(columns: Mapping[str, str]) -> str:
    """Give the type of device that headers such as ``Nom_CLS`` name, empty when none or several."""
    named = {
        word.upper()
        for field, header in columns.items()
        if field in {"nom", "id", "statut", "annee_debut"}
        for word in plain(header).split()
        if word in {"clsm", "cls", "asv"}
    }
    return named.pop() if len(named) == 1 else ""


def apply_mapping(
    headers: Sequence[str], recognised: Mapping[str, str], mapping: Mapping[str, str], kind: Kind
) -> dict[str, str]:
    """Let a person's own choice of columns prevail over what was recognised.

    Returns field → header.
    """
    by_key = {header_key(h): h for h in headers if h}
    chosen = {}
    for field, wanted in mapping.items():
        if field not in FIELDS[kind] and not field.startswith(SCORE_PREFIX):
            raise RegisterError(
                typeset(
                    f"Le champ « {field} » n'existe pas. Les champs d'une liste de {kind} sont : "
                    f"{', '.join(FIELDS[kind])}."
                )
            )
        header = wanted if wanted in headers else by_key.get(header_key(wanted), "")
        if wanted and not header:
            raise RegisterError(
                typeset(
                    f"La colonne « {wanted} », demandée pour le champ « {field} », n'est pas dans "
                    f"le fichier. Ses colonnes sont : {listing((h for h in headers if h), 20)}."
                )
            )
        chosen[field] = header
    taken = set(chosen.values())
    kept = {f: h for f, h in recognised.items() if f not in chosen and h not in taken}
    return {**kept, **{f: h for f, h in chosen.items() if h}}

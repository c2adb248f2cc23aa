"""The parts of *Données*: what is in use, templates, the check of a list, its preview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import streamlit as st

from clsm_map import register
from clsm_map.domain.devices import DEVICE_TYPES, DeviceType
from clsm_map.domain.errors import ClsmMapError
from clsm_map.domain.selection import QpvFilter
from clsm_map.domain.territories import FRANCE
from clsm_map.formats import count, typeset
from clsm_map.maps.carte import coverage_view, status_legend
from clsm_map.maps.component import render_map
from clsm_map.maps.escape import markdown_text
from clsm_map.register.exchange import TemplateFormat
from clsm_map.ui import data
from clsm_map.ui import furniture as page
from clsm_map.views import questions
from clsm_map.views.quartiers import quartiers
from clsm_map.views.register import coverage_change

KINDS: Final[Mapping[register.Kind, tuple[str, str]]] = {
    "dispositifs": ("Dispositifs", "Des dispositifs et leur périmètre"),
    "completude": ("Complétude", "Des déclarations de complétude"),
    "programme": ("Programme", "Des séances du programme"),
}
_FORMS: Final[tuple[TemplateFormat, ...]] = ("csv", "xlsx")
_LIST_HELP: Final = (
    "Une ligne par dispositif, ou par couple dispositif et commune ; pour le programme, une ligne "
    "par territoire (ou quartier) et par date."
)


def in_use() -> None:
    """Say which register is in use, what was refused from the server's folder; offer to go back."""
    own = data.own_register()
    page.notices(data.server_register().refusals)
    origin = data.desk().ground.origine
    if own is None:
        page.notice(f"Registre en usage : celui de l’application, {origin}.")
        return
    left, right = st.columns([4, 1], vertical_alignment="center")
    with left:
        page.alert(
            f"Registre {origin} (fichier « {own.file} ») : tous les chiffres des pages "
            "en tiennent compte, pour vous seulement."
        )
    if right.button("Revenir au registre d’origine", width="stretch"):
        data.drop_register()
        st.rerun()


def templates() -> None:
    """Offer the templates, with three true lines for devices."""
    st.subheader("1. Partir d’un modèle")
    columns = iter(st.columns(2 * len(KINDS)))
    for kind, (name, _) in KINDS.items():
        for form in _FORMS:
            with next(columns):
                label, file = f"{name} ({form.upper()})", f"modele_{kind}.{form}"
                page.download(label, file, register.template(kind, form), key=file, width="stretch")


def upload(help_: str = _LIST_HELP) -> register.Table | None:
    """Draw the upload field; give the table read, or say why it cannot be."""
    file = st.file_uploader(
        "Fichier CSV, Excel (XLSX), GeoJSON ou GeoPackage",
        type=[e.lstrip(".") for e in register.EXTENSIONS],
        help=help_,
    )
    if file is None:
        return None
    try:
        with st.spinner("Lecture du fichier…"):
            return register.read_table(file.getvalue(), file.name)
    except ClsmMapError as error:
        page.refusal(f"{error.message_fr} Rien n’a été changé.")
        return None


def reported(
    table: register.Table, known: register.Kind | None = None
) -> register.Validation | None:
    """Let the visitor say what the columns are, check every line, and tell what was found.

    What the file describes is asked unless it is known, what its headers tell being proposed.
    """
    validation = _checked(table, known)
    if validation is not None:
        lines = [(validation.lignes, "lues", validation.nom)]
        lines += [(validation.acceptees, "acceptées", ""), (validation.rejetees, "rejetées", "")]
        page.key_figures(((str(n), f"lignes {what}", said) for n, what, said in lines), tight=True)
        for sentence in validation.informations:
            st.caption(markdown_text(typeset(sentence)))
        _refused_lines(validation)
    return validation


def _checked(table: register.Table, known: register.Kind | None) -> register.Validation | None:
    kinds = list(KINDS)
    kind: register.Kind
    if known is not None:
        kind = known
    else:
        kind = st.radio(
            "Le fichier décrit",
            kinds,
            index=kinds.index(register.kind_of(table.headers)),
            format_func=lambda k: KINDS[k][1],
            horizontal=True,
        )
    with st.expander("Colonnes reconnues : les corriger si besoin"):
        mapping = _mapping(table, kind)
    defaults = {}
    if kind == "dispositifs":
        usual = st.selectbox(
            "Type des lignes qui ne le disent pas",
            ["", *DEVICE_TYPES],
            format_func=lambda t: t or "aucun : ces lignes sont rejetées",
        )
        defaults = {"type": usual} if usual else {}
    corrections = st.checkbox(
        "Rendre leur zéro aux codes qui l’ont perdu (1053 devient 01053)", value=False
    )
    try:
        with st.spinner("Vérification des lignes…"):
            return register.validate(
                table,
                data.snapshot(),
                kind=kind,
                mapping=mapping,
                accept_corrections=corrections,
                confirmations=st.session_state.get("confirmations", {}),
                defaults=defaults,
            )
    except ClsmMapError as error:
        page.refusal(f"{error.message_fr} Rien n’a été changé.")
        return None


def _refused_lines(validation: register.Validation) -> None:
    """List the refused lines with their reason; let a person confirm what was proposed."""
    if not validation.erreurs:
        return
    rows = [
        {
            "Ligne": e.ligne,
            "Colonne": e.champ,
            "Valeur": e.valeur,
            "Raison": e.message,
            "Propositions": " ; ".join(str(p) for p in e.propositions) or e.correction,
        }
        for e in validation.erreurs
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Lignes rejetées")
    proposed = [e for e in validation.erreurs if e.propositions]
    if not proposed:
        return
    with st.expander(f"Confirmer des propositions ({len(proposed)})", expanded=True):
        st.caption("Rien n’est rapproché sans vous : choisissez, ligne par ligne.")
        confirmed = dict(st.session_state.get("confirmations", {}))
        for e in proposed[:50]:
            choice = st.selectbox(
                markdown_text(f"Ligne {e.ligne}, « {e.valeur} » :"),
                [None, *e.propositions],
                format_func=lambda p: "ne pas retenir" if p is None else str(p),
                key=f"proposition_{e.ligne}_{e.champ}",
            )
            if choice is not None:
                confirmed[e.ligne, e.champ] = choice.code
        if st.button("Appliquer ces choix"):
            st.session_state["confirmations"] = confirmed
            st.rerun()


def preview(validation: register.Validation) -> None:
    """Show the list on a map and what it would change; take it in only when asked."""
    st.subheader("4. Voir ce que cela change, puis l’utiliser")
    mode = st.radio(
        "La liste",
        ["ajouter", "remplacer"],
        format_func={
            "ajouter": "s’ajoute au registre (une ligne déjà connue est mise à jour)",
            "remplacer": "remplace le registre",
        }.__getitem__,
        horizontal=True,
    )
    before = data.server_register().register
    join = register.add_to if mode == "ajouter" else register.replace
    after = join(before, validation.register)
    drafted = data.desk_with(after)
    types = sorted(set(validation.register.dispositifs["type"])) or list(DEVICE_TYPES)
    kind = st.segmented_control("Dispositif", types, default=types[0], required=True)
    shown: DeviceType = next(t for t in DEVICE_TYPES if t == (kind or types[0]))
    new, old = drafted.coverage(shown), data.server_desk().coverage(shown, data.desk().today)
    left, right = st.columns([2, 1], gap="medium")
    kept = quartiers(data.snapshot(), new, FRANCE, QpvFilter())
    with left:
        drawn = coverage_view(
            data.library(),
            kept,
            shown,
            (questions.devices_on(drafted, shown, data.desk().today),),
            title=f"Aperçu : quartiers et {shown}, avec votre liste",
        )
        render_map(drawn, key="apercu", height=480)
    with right:
        page.view_title(
            "Ce que votre liste change", f"{shown}, au jour d’aujourd’hui, registre importé"
        )
        page.legend("Avec votre liste", status_legend(kept))
        st.dataframe(coverage_change(old, new), hide_index=True, alt="Couverture avant et après")
    size = count(len(validation.register.dispositifs), "dispositif")
    if st.button(
        f"Utiliser cette liste ({size}) dans toutes les pages", type="primary", key="utiliser"
    ):
        data.use_register(after, drafted, validation.nom)
        st.rerun()


def _mapping(table: register.Table, kind: register.Kind) -> dict[str, str]:
    """Draw one choice of column per field; give those that the visitor changed."""
    from_headers = register.recognise_columns(table.headers, kind)
    chosen: dict[str, str] = {}
    columns = st.columns(3)
    headers = ["", *(h for h in table.headers if h)]
    for rank, field in enumerate(register.FIELDS[kind]):
        found = from_headers.get(field, "")
        picked = columns[rank % 3].selectbox(
            field, headers, index=headers.index(found), key=f"colonne_{kind}_{field}"
        )
        if picked != found:
            chosen[field] = picked
    return chosen

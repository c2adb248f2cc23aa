"""The finding of a sheet: one sentence, coverage first, then the figure that weighs most."""

from __future__ import annotations

from clsm_map.analysis.coverage import Coverage
from clsm_map.domain.devices import WITHOUT_RECORDED
from clsm_map.domain.territories import RP_QPV
from clsm_map.formats import count, number
from clsm_map.views.places import DEVICE
from clsm_map.views.sheet import KeyFigure, TypeStatus
from clsm_map.views.sheet_services import qpv_counts
from clsm_map.views.sheet_subject import Subject


def finding(
    coverage: Coverage, subject: Subject, own: TypeStatus, figures: tuple[KeyFigure, ...]
) -> str:
    """State what matters most.

    Parameters
    ----------
    own : TypeStatus
        How the subject stands towards the type of the coverage.
    """
    head = _covered(coverage, subject, own)
    adverse = [f for f in figures if f.defavorable and f.reference]
    chosen = adverse[0] if adverse else next((f for f in figures if f.reference), None)
    if chosen is None:
        return f"{head}."
    label = chosen.libelle
    if not label[:2].isupper():
        label = label[0].lower() + label[1:]
    value = f"{chosen.valeur} {chosen.unite}".strip()
    return f"{head} ; {label}\u00a0: {value}, contre {chosen.reference}."


def _covered(coverage: Coverage, subject: Subject, own: TypeStatus) -> str:
    if subject.level == "qpv":
        return _quartier(coverage.type, own)
    if not subject.qpv:
        return f"{own.libelle} ; aucun quartier prioritaire"
    if subject.level == DEVICE:
        held = count(len(subject.qpv), "quartier prioritaire", "quartiers prioritaires")
        people = coverage.ground.qpv.set_index("code")["population"].reindex(list(subject.qpv))
        known = ""
        if people.notna().any():
            known = f", {number(float(people.sum()))} habitants ({RP_QPV})"
        return f"Son périmètre concerne {held}{known}"
    return _territory(coverage, subject)


def _quartier(kind: str, own: TypeStatus) -> str:
    names = [f"{s.nom}, {s.page}" for s in own.services if s.etat == "actif"]
    by = f" ({' ; '.join(names)})" if names else ""
    words = {
        "couvert": f"Le quartier est dans le périmètre d’un {kind} actif{by}",
        "couvert_en_partie": f"Une partie du quartier est dans le périmètre d’un {kind} actif{by}",
        "en_projet": f"Un {kind} est en projet dans le quartier",
        "a_verifier": f"Un {kind} concerne le quartier, mais rien ne dit qu’il est actif",
    }
    return words.get(own.statut, f"Aucun {kind} recensé ne concerne le quartier")


def _territory(coverage: Coverage, subject: Subject) -> str:
    kind, total = coverage.type, len(subject.qpv)
    whole, some, bare, people = qpv_counts(coverage, subject)
    inside = f"dans le périmètre d’un {kind} actif recensé"
    if total == 1:
        said = "est" if whole else "est en partie" if some else "n’est pas"
        return f"Le seul quartier prioritaire {said} {inside}"
    if whole == total:
        return f"Les {number(total)} quartiers prioritaires sont {inside}"
    if not whole:
        head = f"Aucun des {number(total)} quartiers prioritaires n’est {inside}"
        return f"{head} en entier, {number(some)} en partie" if some else head
    noun = count(whole, "quartier prioritaire", "quartiers prioritaires")
    head = f"{noun} sur {number(total)} {'sont' if whole > 1 else 'est'} {inside}"
    head += f", {number(some)} en partie" if some else ""
    if bare:
        head += f" ; {count(bare, 'autre')} ({number(people)} habitants, {RP_QPV}) "
        head += WITHOUT_RECORDED.words(kind)
    return head

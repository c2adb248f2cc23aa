"""The sheet of a territory or a device: everything that its two pages say, as text and figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from clsm_map.domain.devices import DeviceType, StatusId


@dataclass(frozen=True, slots=True)
class Service:
    """A device that serves the subject.

    Attributes
    ----------
    etat : str
        ``actif``, ``en projet`` or ``à vérifier``, the last with its reason.
    page : str
        The page that names it: "page de 2014", "page non datée".
    preuve : str
        Its state and on what it rests: "actif d’après une page de 2014".
    depuis : str
        "depuis 2013", or that the first year is not known.
    perimetre : str
        How much of the subject it holds, or how far it extends; possibly empty.
    source : str
        Address of the page that names it.
    """

    id: str
    nom: str
    etat: str
    page: str
    preuve: str
    depuis: str
    perimetre: str
    source: str


@dataclass(frozen=True, slots=True)
class TypeStatus:
    """How the subject stands towards one type of device.

    Attributes
    ----------
    statut : StatusId
        Gives the colour and the mark.
    libelle : str
        The status in words.
    detail : str
        Communes, inhabitants and QPV covered; possibly empty.
    services : tuple of Service
        Active ones first.
    """

    type: DeviceType
    statut: StatusId
    libelle: str
    detail: str
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure that matters, with what it is compared with.

    Attributes
    ----------
    libelle : str
        Short label, year included.
    valeur, unite : str
        The figure, with a short unit; a longer unit apart.
    reference : str
        "14,8 % (Rhône)"; empty when there is none.
    ecart : str
        "+ 19,2 points, plus défavorable"; empty when it has no sense.
    defavorable : bool
        Whether the gap is adverse.
    """

    libelle: str
    valeur: str
    unite: str
    reference: str
    ecart: str
    defavorable: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table of indicators; texts are ready to be read, without their unit.

    Attributes
    ----------
    theme, libelle : str
        The label carries the unit.
    annee, valeur, reference, ecart, mediane, rang : str
        Empty where they have no sense; ``valeur`` says why when there is no value.
    """

    theme: str
    libelle: str
    annee: str
    valeur: str
    reference: str
    ecart: str
    mediane: str
    rang: str
    defavorable: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A small table: neighbours, devices.

    Attributes
    ----------
    numerique : tuple of bool
        Which columns hold numbers.
    vide : str
        What is written when there is no row.
    """

    titre: str
    colonnes: tuple[str, ...]
    numerique: tuple[bool, ...]
    lignes: tuple[tuple[str, ...], ...]
    vide: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The two pages.

    Attributes
    ----------
    key : str
        ``level:code``, or ``dispositif:id``.
    nature : str
        "Quartier prioritaire", "Commune"…
    lieu : str
        What holds it.
    date : datetime.date
        Date of the situation.
    type : DeviceType
        Type that the finding, the map and the neighbours are about.
    constat : str
        One sentence.
    habitants : str
        Inhabitants with their unit.
    habitants_note : str
        Source and date, and those who live in QPV.
    statuts : tuple of TypeStatus
        CLSM, ASV, CLS.
    chiffres : tuple of KeyFigure
        Five at most.
    prudences_chiffres : tuple of str
        Cautions of the indicators of these figures, to be written under them.
    reference : str
        Name of what the subject is compared with.
    pairs : str
        Who the median and the rank are about.
    prudences_lignes : tuple of str
        Cautions of the indicators of these rows that have a value, to be written under them.
    prudences, sources : tuple of str
        French sentences.
    lien : str
        Address, or path with its query, of the same sheet on screen.
    """

    key: str
    code: str
    titre: str
    nature: str
    lieu: str
    date: dt.date
    etabli_le: dt.date
    type: DeviceType
    constat: str
    habitants: str
    habitants_note: str
    statuts: tuple[TypeStatus, ...]
    chiffres: tuple[KeyFigure, ...]
    prudences_chiffres: tuple[str, ...]
    reference: str
    pairs: str
    lignes: tuple[Line, ...]
    prudences_lignes: tuple[str, ...]
    voisins: Grid
    dispositifs: Grid
    prudences: tuple[str, ...]
    sources: tuple[str, ...]
    lien: str

"""Every number of a sentence stands in a figure, a table or a legend beside it.

Thirty selections are read as a person reads them: the page, the scene made of it where there is
one; then the commands. Years, dates and codes are no figures, nor is what the selection asks (a
radius, a number of territories), nor the few constants of the method listed below. Any other
number of a sentence must be found beside it, or follow from what stands there: the rounding of a
figure, the share or the ratio of two numbers of the same sentence, the number of rows of a table,
the sum of a column or of the statuses of a legend that a set of QPV names. What is said of the
whole register is read two clicks away, on « Ce que l’on sait », or counted here from the facts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
import pytest

from clsm_map.desk import open_desk
from clsm_map.domain.deck import Scene
from clsm_map.domain.devices import (
    COVERED,
    DEVICE_TYPES,
    NOT_WHOLE,
    STATUSES,
    TOUCHED,
    WITHOUT_ACTIVE,
    WITHOUT_RECORDED,
)
from clsm_map.exports.deck.play import scene_payload
from clsm_map.settings import ROOT
from tests.golden.selections import as_on_the_day, type_command
from tests.reading.pages import open_page, read_page, read_scene
from tests.reading.parts import SENTENCES, Part, number

SPACES = "[ \u00a0\u202f]"
NUMBER = re.compile(
    r"(?<![\w,.’'/:-])[−-]?(?:\d{1,3}(?:[\u202f\u00a0]\d{3})+|\d+)(?:,\d+)?(?![\w/:-]|,\d)"
)
DATE = re.compile(
    rf"\b(?:1er|\d{{1,2}}){SPACES}(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|"
    rf"octobre|novembre|décembre)\b(?:{SPACES}\d{{4}})?|\b\d{{4}}-\d{{2}}(?:-\d{{2}})?\b"
)
YEAR = re.compile(r"(?:19|20)\d{2}")
METHOD = re.compile(
    "|".join(
        text.replace(" ", SPACES)
        for text in (
            "généralisés à 20 m",
            "au moins 10 % de sa surface",
            "Un centile de 90 %",
            "18 à 64 ans",
            "moins de 3 ans",
            r"de 1 à 99 %",
            r"[Dd]épartement (?:\d{2,3}|2[AB])",
            r"\(97\d\)",
        )
    )
    + r"|^\d\."
)
"""Constants of the method that sentences state, ages, codes in words, numbers of steps."""


def numbers(text: str) -> Iterator[tuple[float, int]]:
    """Give each number of a text with its decimals; years and dates left out.

    >>> list(numbers("253 quartiers sur 1\u202f584 (16,0 %), au 1er janvier 2020, RP 2020"))
    [(253.0, 0), (1584.0, 0), (16.0, 1)]
    """
    for found in NUMBER.findall(DATE.sub(" ", text)):
        if YEAR.fullmatch(found):
            continue
        plain = re.sub(SPACES, "", found).replace("−", "-")
        yield float(plain.replace(",", ".")), len(plain.partition(",")[2])


def beside(parts: Iterable[Part]) -> set[float]:
    """Gather the figures that stand beside the sentences."""
    found: set[float] = set()
    for part in parts:
        if part.table is not None:
            found.add(len(part.table))
            for name in part.table:
                values = part.table[name].map(number).dropna()
                found |= {float(v) for v in values}
                if len(values):
                    found.add(float(values.sum()))
            texts = part.table.astype(str).to_numpy().ravel()
            found |= {v for text in texts for v, _ in numbers(str(text))}
        elif part.kind not in SENTENCES:
            found |= {v for v, _ in numbers(part.text)}
    return found


def set_figures(parts: Iterable[Part], sentence: str) -> set[float]:
    """Add up, in each legend and in each row of a table, the statuses of a set that is named."""
    named = [
        known
        for known in (COVERED, TOUCHED, NOT_WHOLE, WITHOUT_ACTIVE, WITHOUT_RECORDED)
        if any(known.words(kind) in plain(sentence) for kind in DEVICE_TYPES)
    ]
    labels = [[STATUSES[i].label.capitalize() for i in known.statuses] for known in named]
    found: set[float] = set()
    counts: dict[str, float] = {}
    for part in parts:
        name, _, value = part.text.rpartition(" | ")
        if part.kind == "légende" and name:
            counts.setdefault(name, number(value))  # QPV first, then devices
        if part.table is not None:
            for wanted in labels:
                columns = [c for c in part.table if str(c) in wanted]
                rows = part.table[columns].map(number)
                found |= {float(v) for v in (*rows.sum(axis=1), rows.to_numpy().sum())}
    return found | {sum(counts.get(label, 0) for label in wanted) for wanted in labels}


def plain(text: str) -> str:
    """Read no-break spaces as spaces."""
    return re.sub(SPACES, " ", text)


@pytest.fixture(scope="module")
def register():
    """Figures of the register as a whole: two clicks away, and those published, from the facts."""
    facts = ROOT / "data" / "facts"
    found: set[float] = set()
    for kind in DEVICE_TYPES:
        found |= beside(read_page(open_page("couverture", vue="registre", type=kind)))
    for name in ("chiffres", "programme"):
        table = pd.read_csv(facts / f"{name}.csv", dtype=str, keep_default_na=False)
        national = table[table["territoire"] == "France"].to_numpy().ravel()
        found |= {v for text in national for v, _ in numbers(str(text))}
    devices = pd.read_csv(facts / "dispositifs.csv", dtype=str, keep_default_na=False)
    undated = devices[devices["source_date"] == ""].groupby("type").size()
    return found | {float(n) for n in undated}


def unexplained(parts: list[Part], known: set[float]) -> list[str]:
    """List the numbers of sentences that nothing beside them explains.

    >>> shown = [Part("phrase", "263 quartiers sans CLSM actif recensé sur 298 (88 %)"),
    ...          Part("légende", "Couvert | 45"), Part("légende", "Sans dispositif recensé | 253"),
    ...          Part("chiffre", "quartiers | 298")]
    >>> [text.partition(" :")[0] for text in unexplained(shown, set())]
    ['263']
    """
    everywhere = beside(parts) | known
    lost = []
    for part in parts:
        if part.kind not in SENTENCES:
            continue
        known = np.array(sorted(everywhere | set_figures(parts, part.text)))
        own = list(numbers(METHOD.sub(" ", part.text)))
        for value, decimals in own:
            half = 0.5 * 10**-decimals + 1e-9
            if np.any(np.abs(np.abs(known) - abs(value)) <= half):
                continue
            others = [v for v, _ in own if v not in {0, 1, value}]
            pairs = [(a, b) for a in others for b in others if a != b]
            shares = [100 * a / b for a, b in pairs] + [a / b for a, b in pairs if decimals]
            if any(abs(share - value) <= half for share in shares):
                continue
            lost.append(f"{value:g} : {part.text}")
    return lost


REGIONS = ("84", "11", "32", "93", "06", "94")
SELECTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("accueil", {}),
    ("carte", {}),
    (
        "carte",
        {"territoire": "departement:93", "niveau": "commune", "statuts": "sans_dispositif_recense"},
    ),
    ("carte", {"territoire": "region:04", "niveau": "commune", "indicateur": "taux_pauvrete"}),
    ("carte", {"territoire": "region:84", "type": "CLS", "couches": "qpv,cls"}),
    *(("couverture", {"vue": "territoire", "territoire": f"region:{code}"}) for code in REGIONS),
    ("couverture", {"vue": "territoire"}),
    ("couverture", {"vue": "territoire", "territoire": "departement:59", "type": "ASV"}),
    ("couverture", {"vue": "territoire", "territoire": "epci:200057867", "date": "2019-01-01"}),
    ("couverture", {"vue": "autour", "lieu": "commune:59350", "rayon": "10"}),
    ("couverture", {"vue": "autour", "lieu": "QN09305M"}),
    ("couverture", {"vue": "autour", "lieu": "commune:97411", "rayon": "30"}),
    ("couverture", {"vue": "evolution"}),
    ("couverture", {"vue": "evolution", "territoire": "region:32", "janvier": "2018"}),
    ("couverture", {"vue": "registre"}),
    ("inegalites", {"territoire": "departement:93"}),
    ("inegalites", {"territoire": "region:84", "angle": "carte"}),
    ("inegalites", {"territoire": "region:84", "angle": "classement"}),
    ("inegalites", {"territoire": "region:11", "angle": "interieur"}),
    ("planifier", {"territoire": "region:32", "k": "3"}),
    ("planifier", {"territoire": "region:11", "k": "5"}),
    ("programme", {}),
    ("fiche", {"sujet": "departement:93"}),
    ("fiche", {"sujet": "qpv:QN05980M"}),
    ("fiche", {"sujet": "departement:976"}),
    ("donnees", {}),
)
SCENES = ("carte", "couverture", "inegalites", "planifier", "programme")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return open_desk(static=tmp_path_factory.mktemp("static"))


@pytest.mark.parametrize(("page", "query"), SELECTIONS, ids=str)
def test_each_number_of_a_sentence_stands_beside_it(desk, register, page, query):
    parts = read_page(open_page(page, **query))
    if page in SCENES:
        scene = Scene(page=page, requete=query, notes="", disposition="carte-chiffres")
        parts += read_scene(scene_payload(desk, scene))
    assert any(part.kind in SENTENCES for part in parts)
    asked = {v for v, _ in numbers(" ".join(query.values()))}
    lost = unexplained(parts, asked | register)
    assert lost == []


COMMANDS = (
    ("coverage", "--region", "84"),
    ("coverage", "--departement", "93", "--type", "CLS"),
    ("gaps", "--near", "clsm-chateau-thierry", "--radius-km", "20"),
    ("history", "region:32", "--from", "2012"),
    ("plan", "--k", "3", "--region", "32"),
    ("plan", "--k", "2", "--departement", "93", "--partial", "sans"),
    ("compare", "departement:93", "departement:59"),
    ("programme",),
)


def read_command(said: str) -> list[Part]:
    """Read a command: the rows of its tables, and the sentences around them."""
    parts = []
    for line in said.splitlines():
        drawn = line.lstrip().startswith(("│", "┃", "┏", "┡", "└", "├", "╭", "╰"))
        parts.append(Part("légende" if drawn else "phrase", line.strip("│┃ ")))
    return [part for part in parts if part.text]


def leaves(value: object) -> Iterator[float]:
    """Give every number of nested lists and mappings, and how many entries each list has."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)
    elif isinstance(value, list | dict):
        yield float(len(value))
        for item in value.values() if isinstance(value, dict) else value:
            yield from leaves(item)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_number_that_a_command_says_is_in_its_table_or_its_json(register, words):
    with as_on_the_day():
        code, out, _ = type_command(*words)
        _, answer, _ = type_command(*words, "--json")
    assert not code
    beside_it = {v for v, _ in numbers(" ".join(words))} | set(leaves(json.loads(answer)))
    assert unexplained(read_command(out.decode()), beside_it | register) == []

"""Each View of the house: its words, tables, legend and renderings say the same figures."""

import re

import pytest

from clsm_map.domain.devices import STATUSES, WITHOUT_ACTIVE
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import Planning, Selection, Study
from clsm_map.exports.deck.stage import stage_of
from clsm_map.exports.plate import plate_of, shown_on
from clsm_map.formats import typeset
from clsm_map.views.view import VIEWS, Chart, Claim, View, view_of
from tests.app.test_sentences import DATE, METHOD, YEAR, numbers

WITHOUT = [STATUSES[i].label.capitalize() for i in WITHOUT_ACTIVE.statuses]
SEINE, AIN = "departement:93", "departement:01"
ASKED = (
    ("couverture.autour", Selection()),
    ("couverture.autour", Selection(lieu="commune:93066", rayon=7.0)),
    ("couverture.territoire", Selection()),
    ("couverture.territoire", Selection(territoire=SEINE, mesure="quartiers")),
    ("couverture.evolution", Selection(territoire="region:32", janvier=2018)),
    ("couverture.registre", Selection(type="CLS")),
    ("couverture.carte", Selection(territoire=AIN)),
    ("carte", Selection(territoire=SEINE, niveau="commune")),
    ("carte", Selection(indicateur="densite_clsm", niveau="region")),
    ("inegalites.profil", Selection(territoire=SEINE)),
    ("inegalites.cote", Selection(territoire=SEINE, etude=Study(avec=("departement:59",)))),
    ("inegalites.classement", Selection(territoire="region:84")),
    ("inegalites.croisement", Selection(etude=Study(etudie="psychiatres", croise="taux_pauvrete"))),
    ("inegalites.evolution", Selection(territoire=SEINE)),
    ("inegalites.interieur", Selection(territoire="region:11")),
    ("inegalites.carte", Selection(territoire="region:84")),
    ("inegalites.indice", Selection(territoire=SEINE)),
    ("planifier.ou-ensuite", Selection(territoire="region:32", projet=Planning(k=3))),
    (
        "planifier.et-si",
        Selection(projet=Planning(plan="et-si", scenario="c.200093201")),
    ),
    ("planifier.etendre", Selection(territoire="region:32", projet=Planning(plan="etendre"))),
)


@pytest.fixture(scope="module", params=ASKED, ids=lambda asked: f"{asked[0]}-{asked[1].type}")
def asked(request):
    return request.param


@pytest.fixture(scope="module")
def view(desk, asked):
    return view_of(desk, *asked)


def said(*texts):
    """Numbers of texts, years, dates and constants of the method left out."""
    plain = " ".join(METHOD.sub(" ", DATE.sub(" ", text)) for text in texts)
    return {value for value, _ in numbers(plain) if not YEAR.fullmatch(f"{value:.0f}")}


def beside(view):
    """Numbers that a reader finds beside the sentences: claims, and cells of the tables."""
    claims = said(*(f"{c.text} ; {c.origin}" for c in (*view.claims, *view.large)))
    known = {float(c.value) for c in (*view.claims, *view.large) if c.value is not None}
    known |= {float(c.of) for c in (*view.claims, *view.large) if c.of is not None}
    for table in view.tables:
        known.add(len(table.frame))
        for column in table.columns:
            values = table.frame[column.name].dropna()
            if column.kind == "texte":
                known |= said(*(str(v) for v in values))
            if column.kind in {"entier", "nombre"} and len(values):
                known |= {round(float(v), d) for v in values for d in (0, 1, 2)}
                known |= {float(values.sum()), float(values.astype(float).median())}
        without = [c.name for c in table.columns if c.label in WITHOUT and c.kind == "entier"]
        known |= {float(v) for v in table.frame[without].sum(axis=1)}
    return claims | known


def test_every_view_is_asked_here():
    assert {name for name, _ in ASKED} == set(VIEWS)


def test_a_view_says_what_where_and_from_where(view):
    assert view.title
    assert view.lead or view.finding
    assert view.sources
    assert view.cautions or view.apart


def test_the_numbers_of_its_sentences_are_those_of_its_claims_and_tables(view):
    told = said(view.headline, view.finding, *(c.finding for c in view.charts))
    known = beside(view)
    known |= {round(abs(a - b), 2) for a in said(*(c.text for c in view.claims)) for b in known}
    shares = {round(100 * a / b) for a in known for b in known if b and 0 <= a <= b < 1e7}
    assert told - known - shares == set()


def test_a_claim_is_written_as_its_value(view):
    for claim in (*view.claims, *view.large):
        if claim.value is not None:
            first = re.sub(r"[\u202f\u00a0 ]", "", claim.text).partition("sur")[0]
            written = first.replace(",", ".").replace("−", "-")
            assert float(written) == round(claim.value, len(written.partition(".")[2]))


def test_a_stage_and_a_picture_take_the_claims_and_the_words_of_the_view(desk, view):
    stage = stage_of(desk, view)
    on_stage = stage.words.on_stage().claims
    whole = view.large or view.claims
    assert [c.value for c in on_stage] == [c.value for c in whole[:4]]
    assert stage.words.cautions is view.cautions
    if view.map is None:
        with pytest.raises(InvalidInputError):
            plate_of(desk, view)
        return
    plate = plate_of(desk, view)
    assert plate.title == typeset(view.title)
    assert len(plate.cautions) == len(view.notices) + len(view.cautions)


def test_the_legend_counts_the_rows_of_the_table(desk, view, asked):
    if view.map is None or view.map.kind in {"besoin", "plan"}:
        pytest.skip("no QPV on a map")
    (block,) = (b for b in plate_of(desk, view).blocks if b.title.startswith("Quartiers"))
    counted = sum(
        s.count or 0
        for s in block.samples
        if not s.label.startswith(("Dont", "Habitants inconnus"))
    )
    assert counted == len(shown_on(desk, view.map).frame)
    for table in view.tables:
        if table.name == "qpv":
            assert len(table.frame) == counted
    if asked[0] == "couverture.territoire":
        assert counted == view.claims[0].of


def test_a_view_refuses_two_values_of_one_claim():
    first = Claim("13", "quartiers", name="qpv", value=13)
    with pytest.raises(ValueError, match="two values of qpv"):
        View(title="x", claims=(first,), large=(Claim("12", "quartiers", name="qpv", value=12),))


def test_a_chart_of_a_stage_is_the_same_with_fewer_rows(desk):
    (chart,) = view_of(desk, "couverture.territoire", Selection()).charts
    assert isinstance(chart, Chart)
    every, large = chart.data[0], chart.large[0]
    assert set(large["code"]) < set(every["code"])
    assert chart.cut == (
        "La figure montre les 8 territoires qui comptent le plus d’habitants des quartiers, sur "
        f"{every['code'].nunique()}."
    )

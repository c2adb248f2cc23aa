"""The tables under the map: the same rows, and the decimals that each indicator has."""

import datetime as dt

import pytest

from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.ground import Ground
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import FRANCE
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot
from clsm_map.views.carte import value_rows
from clsm_map.views.choropleth import choropleth

DAY = dt.date(2026, 11, 28)


@pytest.mark.parametrize(
    ("indicator", "decimals"),
    [("revenu_imposable_par_habitant", 0), ("mortalite_prematuree", 1)],
)
def test_a_table_has_the_decimals_that_the_indicator_is_published_with(indicator, decimals):
    snapshot = open_snapshot()
    assert snapshot.indicators[indicator].decimales == decimals
    coverage = coverage_on(Ground.of(snapshot, embedded_register(snapshot)), "CLSM", DAY, today=DAY)
    asked = Selection(indicateur=indicator, niveau="departement")
    coloured = choropleth(snapshot, coverage, asked, FRANCE)
    rows = value_rows(coloured).labelled()
    shown = rows[coloured.indicator.libelle_court]
    assert shown.notna().sum() > 90
    assert shown.dropna().tolist() == [
        round(v, decimals) for v in coloured.frame["valeur"].dropna()
    ]

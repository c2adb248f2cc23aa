"""The default need index against a computation by hand, and what Méthode says of it."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from clsm_map.analysis.need import DEFAULT_QPV, component_values, need_of
from clsm_map.settings import ROOT
from clsm_map.store.snapshot import open_snapshot

METHOD = (ROOT / "clsm_map" / "ui" / "texts" / "besoin.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def snapshot():
    return open_snapshot()


@pytest.fixture(scope="module")
def qpv(snapshot):
    return pd.DataFrame(snapshot.qpv).set_index("code")


@pytest.fixture(scope="module")
def index(snapshot):
    return need_of(snapshot)


@pytest.fixture(scope="module")
def seine_saint_denis(qpv):
    return qpv.index[qpv["departement"] == "93"]


def known(snapshot, indicator):
    rows = snapshot.indicator(indicator, "qpv")
    rows = rows.loc[rows["statut"] == "disponible"]
    return rows.set_index("code")["valeur"].astype(float)


def percentile(values, value, *, more_is_worse):
    """Share of the others in lesser need, half of the equal ones, by SciPy."""
    below = stats.percentileofscore(values, value, kind="mean")
    return below if more_is_worse else 100 - below


def test_a_score_is_the_weighted_mean_of_percentiles_found_by_scipy(snapshot, index, qpv):
    """Two QPV, every component taken from the tables and placed by scipy.percentileofscore."""
    own = ("taux_pauvrete", "taux_emploi", "part_allocataires_rsa", "part_menages_1_personne")
    worse = {"taux_pauvrete": True, "taux_emploi": False, "part_allocataires_rsa": True,
             "part_menages_1_personne": True}  # fmt: skip
    weights = {"taux_pauvrete": 3, "taux_emploi": 2, "part_allocataires_rsa": 1,
               "part_menages_1_personne": 1, "apl_generalistes": 1, "psychiatres": 1}  # fmt: skip
    assert {c.indicateur: c.poids for c in DEFAULT_QPV} == weights
    psychiatrists = snapshot.indicator("psychiatres", "departement").set_index("code")["valeur"]
    of_qpv = qpv["departement"].map(psychiatrists).dropna()
    complete = index.scores.index[~index.scores["incomplet"] & index.scores["score"].notna()]
    for code in (complete[0], complete[700]):
        found = {
            name: percentile(known(snapshot, name), known(snapshot, name)[code],
                             more_is_worse=worse[name])
            for name in own
        }  # fmt: skip
        found["psychiatres"] = percentile(of_qpv, of_qpv[code], more_is_worse=False)
        found["apl_generalistes"] = index.percentiles.loc[code, "apl_generalistes"]
        for name, value in found.items():
            assert index.percentiles.loc[code, name] == pytest.approx(value), name
        score = np.average([found[n] for n in weights], weights=list(weights.values()))
        assert index.scores.loc[code, "score"] == pytest.approx(score)


def test_no_quartier_of_seine_saint_denis_is_in_the_top_tenth(index, seine_saint_denis, qpv):
    ranks = index.scores.loc[seine_saint_denis, "rang"]
    assert ranks.notna().sum() == 75
    assert (ranks <= 0.1 * index.n).sum() == 0
    first = ranks.idxmin()
    assert (qpv.loc[first, "nom"], ranks[first], index.n) == (
        "Joncherolles - Fauvettes", 255, 1389,
    )  # fmt: skip
    assert "aucun de ses 75 quartiers" in METHOD
    assert "Joncherolles - Fauvettes, est au rang 255 sur 1\u202f389" in METHOD


def test_a_qpv_has_the_value_of_its_own_former_commune(snapshot):
    # indicateurs_communes.csv: APL of Pierrefitte-sur-Seine (93059) 4,09, of Saint-Denis (93066)
    # before they merged 3,75, of Stains (93072) by area; the commune of today has no value.
    values = component_values(snapshot, "qpv", ["apl_generalistes"])["apl_generalistes"]
    assert values[["QN09336I", "QN09337M"]].tolist() == [4.09, 3.75]
    assert 3.75 < values["QN09342M"] < 4.09  # over both
    today = snapshot.indicator("apl_generalistes", "commune").set_index("code")["valeur"]
    assert np.isnan(today["93066"])
    departement = pd.DataFrame(snapshot.qpv).set_index("code")["departement"]
    assert values[departement[departement == "93"].index].notna().all()


def test_access_to_care_is_not_the_reason(snapshot, seine_saint_denis):
    social = [c for c in DEFAULT_QPV if c.indicateur not in {"apl_generalistes", "psychiatres"}]
    without = need_of(snapshot, "qpv", social)
    assert (without.scores.loc[seine_saint_denis, "rang"] <= 0.1 * without.n).sum() == 0


def test_the_rates_of_its_quartiers_are(snapshot, seine_saint_denis):
    poverty, work = known(snapshot, "taux_pauvrete"), known(snapshot, "taux_emploi")
    own = poverty.reindex(seine_saint_denis).dropna()
    assert (round(own.median()), round(poverty.median())) == (38, 43)
    assert "taux médian 38 %, contre 43 %" in METHOD
    medians = (work.reindex(seine_saint_denis).median(), work.median())
    assert tuple(round(m) for m in medians) == (54, 47)
    assert "(54 %, contre 47 %)" in METHOD
    assert (own >= poverty.quantile(0.9)).sum() == 1
    assert len(own) == 70
    assert "un quartier sur les 70" in METHOD

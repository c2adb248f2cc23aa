"""What must be true of the embedded snapshot, whatever built it."""

import numpy as np
import pandas as pd
import pytest
import shapely

from clsm_map.settings import ROOT
from clsm_map.build.check import check_snapshot
from clsm_map.store.snapshot import open_snapshot

EMBEDDED = ROOT / "data" / "snapshot"


@pytest.fixture(scope="module")
def snapshot():
    return open_snapshot(EMBEDDED)


@pytest.fixture(scope="module")
def report():
    return check_snapshot(EMBEDDED)


def value(snapshot, identifier, level, code, year=None):
    frame = snapshot.indicator(identifier, level, year).set_index("code")
    return frame.loc[code, "valeur"]


def test_the_embedded_snapshot_passes_its_own_check(report):
    assert report.failures == []
    assert report.warnings == []
    assert report.tables["qpv"]["rows"] == 1_584


def test_the_population_of_france_is_the_legal_one(snapshot):
    """Insee, census of 2023: 68,094,280 inhabitants, and 256,518 of 2017 at Mayotte."""
    assert snapshot.communes_all["population"].sum() == 68_094_280 + 256_518
    assert snapshot.regions["population"].sum() == 68_350_798
    assert snapshot.regions["population_2020"].sum() == 67_415_394


@pytest.mark.parametrize(("city", "people"), [("75056", 2_103_778), ("13055", 886_040)])
def test_arrondissements_add_up_to_their_city(snapshot, city, people):
    """Insee, census of 2023, municipal populations of Paris and Marseille."""
    own = snapshot.arrondissements
    assert own.loc[own["commune"] == city, "population"].sum() == people


def test_the_epci_that_overlap_mayotte_and_islands_are_told(snapshot):
    communes = snapshot.communes_all
    islands = sorted(communes.loc[communes["epci"].isna(), "code"])
    assert islands == ["22016", "29083", "29155", "85113"]


def test_communes_split_since_2020_have_no_population_of_then(snapshot):
    """Seven restored communes and the three that they were taken from; their EPCI has one."""
    communes = snapshot.communes_all
    assert communes.loc[communes["population_2020"].isna(), "code"].tolist() == [
        *("15031", "15035", "15047", "15141", "15171"),
        *("60054", "60694"),
        *("85084", "85165", "85212"),
    ]
    assert snapshot.epci["population_2020"].notna().all()


def test_a_postal_code_is_not_the_insee_code_that_looks_like_it(snapshot):
    """97110 delivers to Pointe-à-Pitre (97120) and is La Désirade's Insee code."""
    pairs = snapshot.codes_postaux
    assert pairs.loc[pairs["code_postal"] == "97110", "commune"].tolist() == ["97120"]
    assert "93066" in set(pairs.loc[pairs["code_postal"] == "93200", "commune"])


def test_the_codes_of_yesterday_lead_to_the_commune_of_today(snapshot):
    """2,248 codes of communes_2026.csv that name nothing else, and the 17 of Mayotte."""
    today = snapshot.anciens_codes.set_index("ancien")["commune"]
    assert len(today) == 2_248 + 17
    assert today[["20366", "98511", "75066"]].tolist() == ["2B366", "97611", "93066"]
    assert "93059" not in today.index


@pytest.mark.parametrize("scale", ["national", "local"])
def test_larger_territories_share_the_borders_of_smaller_ones(snapshot, scale):
    """Départements make régions; no gap, no overlap, same vertices."""
    regions = snapshot.contours("region", scale).set_index("code").geometry
    departements = snapshot.contours("departement", scale)
    parent = snapshot.departements.set_index("code")["region"]
    for code, own in departements.groupby(departements["code"].map(parent)):
        united = shapely.coverage_union_all(own.geometry.to_numpy())
        assert shapely.equals(shapely.normalize(united), regions[code])


def test_local_epci_are_made_of_their_communes(snapshot):
    communes = snapshot.contours("commune", "local").set_index("code").geometry
    plaine = snapshot.communes_all.query("intercommunalite == '200057867'")["code"]
    united = shapely.coverage_union_all(communes[plaine].to_numpy())
    epci = snapshot.contours("epci", "local").set_index("code").geometry["200057867"]
    assert shapely.equals(united, epci)


def test_the_only_large_hole_of_france_is_the_spanish_enclave_of_llivia(snapshot):
    regions = snapshot.contours("region", "local").geometry.to_numpy()
    parts = shapely.get_parts(shapely.coverage_union_all(regions))
    holes = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    large = [hole for hole in holes if hole.area > 2.5e-5]
    assert [hole.contains(shapely.Point(1.98, 42.466)) for hole in large] == [True]


@pytest.mark.parametrize(("scale", "decimals"), [("national", 3), ("local", 5)])
def test_coordinates_are_rounded(snapshot, scale, decimals):
    points = shapely.get_coordinates(snapshot.contours("departement", scale).geometry.to_numpy())
    assert np.array_equal(points, np.round(points, decimals))


def test_the_ground_of_a_commune_merged_lately_is_in_its_contour(snapshot):
    """Pierrefitte-sur-Seine lies in Saint-Denis since 2025; the source leaves a hole there."""
    contours = snapshot.contours("commune", "local").set_index("code").geometry
    former = snapshot.qpv_communes.query("commune == '93059'")["qpv"]
    quarters = snapshot.qpv.set_index("code").geometry[former].to_numpy()
    around = shapely.union_all(contours[["93066", "93072", "93079"]].to_numpy())
    inside = shapely.area(shapely.intersection(quarters, around)) / shapely.area(quarters)
    assert (inside > 0.9).all()


def test_every_qpv_of_paris_lyon_marseille_has_its_arrondissements(snapshot):
    shares = snapshot.qpv_communes.dropna(subset=["part_surface"])
    cities = snapshot.qpv["communes"].str.contains("75056|69123|13055")
    several = snapshot.qpv["communes"].str.contains(";", regex=False)
    assert set(shares["qpv"]) == set(snapshot.qpv.loc[cities | several, "code"])
    assert several.sum() == 149
    assert shares.groupby("qpv")["part_surface"].sum().between(0.8, 1.001).all()


def test_the_shares_of_a_qpv_are_those_of_the_contours(snapshot):
    """Guérinière over Caen and Ifs, measured again on the contours in Lambert-93."""
    place = snapshot.contours("commune", "local").set_index("code").geometry.to_crs(2154)
    quarter = snapshot.qpv.set_index("code").geometry.to_crs(2154)["QN01403M"]
    found = snapshot.qpv_communes.query("qpv == 'QN01403M'").set_index("commune")["part_surface"]
    for code in ("14118", "14341"):
        share = shapely.area(shapely.intersection(quarter, place[code])) / shapely.area(quarter)
        assert found[code] == pytest.approx(share, abs=0.001)
    assert found["14118"] == pytest.approx(0.937, abs=0.001)


def test_published_figures_are_found_again(snapshot):
    """Insee, Filosofi 2021: Ain and Ambérieu-en-Bugey; DGCL 2022: ratios as published."""
    assert value(snapshot, "taux_pauvrete", "departement", "01") == 10.8
    assert value(snapshot, "niveau_de_vie_median", "commune", "01004") == 21_660
    assert value(snapshot, "revenu_imposable_par_habitant", "commune", "01004") == pytest.approx(
        15_279.369161
    )
    assert value(snapshot, "potentiel_financier_par_habitant", "commune", "01004") == pytest.approx(
        1_212.026604
    )
    assert value(snapshot, "part_logements_sociaux", "commune", "01004") == pytest.approx(
        100 * 2015 / 7315
    )


@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_sums_are_the_same_at_every_level(snapshot, year):
    totals = {
        level: snapshot.indicator("population_qpv", level, year)["valeur"].sum()
        for level in ("departement", "region", "france")
    }
    assert len(set(totals.values())) == 1


def test_a_ratio_lies_between_those_of_its_parts(snapshot):
    regions = snapshot.departements.set_index("code")["region"]
    parts = snapshot.indicator("revenu_imposable_par_habitant", "departement").set_index("code")
    whole = snapshot.indicator("revenu_imposable_par_habitant", "region").set_index("code")
    bounds = parts["valeur"].groupby(regions).agg(["min", "max"])
    assert (whole["valeur"] >= bounds["min"] - 1e-9).all()
    assert (whole["valeur"] <= bounds["max"] + 1e-9).all()


def test_few_communes_of_the_criteria_could_not_be_carried(snapshot):
    values = snapshot.indicator("population_totale", "commune", 2022)
    lost = values.loc[values["statut"] == "manquant", "code"]
    assert sorted(lost) == [
        "08439",
        *("15031", "15035", "15047", "15141", "15171"),
        *("60054", "60694"),
        *("85084", "85165", "85212"),
    ]
    epci = snapshot.indicator("population_totale", "epci", 2022)
    assert epci.loc[epci["statut"] == "manquant", "code"].tolist() == ["240800920"]


def test_secrecy_and_absence_are_told_apart(snapshot):
    poverty = snapshot.indicator("taux_pauvrete", "commune")
    departement = poverty["code"].map(snapshot.communes_all.set_index("code")["departement"])
    status = pd.crosstab(departement, poverty["statut"])
    assert status.loc["97" + "1", "sans_objet"] == 32
    assert status.loc["972", "secret"] == 7
    assert status.loc["974", "disponible"] == 24
    assert (poverty.loc[poverty["statut"] == "disponible", "valeur"] > 0).all()


def test_qpv_lie_in_the_departement_that_they_name(snapshot):
    qpv = snapshot.qpv[~snapshot.qpv["departement"].isin(["978", "987"])]
    contours = snapshot.contours("departement", "local").set_index("code").geometry
    points = shapely.points(qpv["longitude"], qpv["latitude"])
    holders = contours.reindex(qpv["departement"]).to_numpy()
    assert (shapely.distance(holders, points) < 0.002).all()


def test_a_zero_of_the_atlas_whose_siblings_are_missing_is_missing():
    """Read by hand in ``indicateurs_sante_mentale_departements.csv``.

    Mayotte, 2015 and 2019: no row for TMS06aB and TMS08aB, 0.0 for ADO49, TMF13B and TMF16B, which
    come from the same records of hospitals. Its CATTP (OFF16, a count of sites) are 0.0 in 2015
    and 3.98 in 2019, beside 43.12 beds: a real zero.
    """
    snapshot = open_snapshot(EMBEDDED)
    for name in (
        "tentatives_suicide_adultes",
        "tentatives_suicide_adolescents",
        "recours_ambulatoire_humeur",
    ):
        for year in (2015, 2019):
            rows = snapshot.indicator(name, "departement", year).set_index("code")
            assert rows.loc["976", "statut"] == "manquant"
            assert np.isnan(rows.loc["976", "valeur"])
    sites = snapshot.indicator("cattp_adultes", "departement", 2015).set_index("code")
    zeros = sites.loc[sites["valeur"] == 0, "statut"]
    assert zeros.index.tolist() == ["04", "18", "2B", "87", "973", "976"]
    assert set(zeros) == {"disponible"}


def test_the_values_ten_times_away_from_france_are_to_be_confirmed():
    """Worked out with pandas on the raw file: pivot by département, divide by the row ``FR``.

    Haute-Corse 2015: TMF13B 0.23 for 4.29 in France, TMS08aB 0.15 for 6.52. Guyane 2019: TMS06aB
    0.09 for 2.60, TMF13B 0.14 for 4.37, TMS08aB 0.33 for 7.07. No value is ten times above.
    """
    table = pd.read_parquet(EMBEDDED / "indicateurs.parquet")
    doubtful = table[table["statut"] == "a_confirmer"]
    assert set(zip(doubtful["code"], doubtful["annee"], doubtful["valeur"], strict=True)) == {
        ("2B", 2015, 0.23),
        ("2B", 2015, 0.15),
        ("973", 2019, 0.09),
        ("973", 2019, 0.14),
        ("973", 2019, 0.33),
    }
    assert set(doubtful["niveau"]) == {"departement"}

import shutil
import time

import pytest

from clsm_map.domain.errors import InvalidInputError, SnapshotError
from clsm_map.store.register import embedded_register, read_completeness
from clsm_map.store.snapshot import Snapshot, open_snapshot


@pytest.fixture(scope="module")
def snapshot():
    return open_snapshot()


def test_the_snapshot_is_opened_once_per_process(snapshot):
    assert open_snapshot() is snapshot


def test_an_absent_snapshot_says_what_to_do(tmp_path):
    with pytest.raises(SnapshotError, match="data build"):
        open_snapshot(tmp_path)


def test_an_absent_table_is_named(tmp_path, snapshot):
    shutil.copy(snapshot.path / "manifest.json", tmp_path)
    with pytest.raises(SnapshotError, match="regions"):
        _ = Snapshot(tmp_path).regions


def test_the_version_changes_with_the_manifest(tmp_path, snapshot):
    content = (snapshot.path / "manifest.json").read_text(encoding="utf-8")
    (tmp_path / "manifest.json").write_text(content + " ", encoding="utf-8")
    assert Snapshot(tmp_path).version != snapshot.version


def test_the_hierarchy_of_france_is_whole(snapshot):
    assert len(snapshot.communes) == 34_867
    assert len(snapshot.communes_all) == 34_875
    assert len(snapshot.departements) == 101
    assert len(snapshot.regions) == 18
    assert len(snapshot.qpv) == 1_584


def test_what_is_offered_as_epci_has_the_ept_instead_of_grand_paris(snapshot):
    offered = snapshot.intercommunalites
    assert len(offered) == 1_253 - 1 + 12
    assert "200054781" not in set(offered["code"])
    assert {"200057867", "75056"} <= set(offered["code"])


@pytest.mark.parametrize("scale", ["national", "local"])
@pytest.mark.parametrize(
    ("level", "count"),
    [
        ("region", 18),
        ("departement", 101),
        ("epci", 1_264),
        ("arrondissement", 45),
        ("commune", 34_871),
    ],
)
def test_contours_of_a_level_are_given_once_per_territory(snapshot, level, count, scale):
    contours = snapshot.contours(level, scale)
    assert len(contours) == count
    assert contours["code"].is_unique
    assert contours.crs.to_epsg() == 4326
    assert snapshot.contours(level, scale) is contours


def test_a_level_without_contour_is_refused(snapshot):
    with pytest.raises(InvalidInputError, match="canton"):
        snapshot.contours("canton")


def test_the_latest_year_is_given_unless_another_is_asked_for(snapshot):
    latest = snapshot.indicator("revenu_imposable_par_habitant", "departement")
    assert latest.equals(snapshot.indicator("revenu_imposable_par_habitant", "departement", 2022))
    former = snapshot.indicator("revenu_imposable_par_habitant", "departement", 2020)
    assert not latest["valeur"].equals(former["valeur"])
    assert snapshot.years("revenu_imposable_par_habitant", "departement") == (2020, 2021, 2022)


def test_an_indicator_whose_year_is_not_stated_is_given_without_year(snapshot):
    assert snapshot.years("taux_emploi", "qpv") == ()
    assert len(snapshot.indicator("taux_emploi", "qpv")) == 1_584


@pytest.mark.parametrize(
    ("identifier", "level", "year"),
    [
        ("bonheur", "commune", None),
        ("fedi", "departement", None),
        ("fedi", "commune", 1999),
        ("taux_emploi", "qpv", 2021),
    ],
)
def test_an_unknown_indicator_level_or_year_is_refused(snapshot, identifier, level, year):
    with pytest.raises(InvalidInputError):
        snapshot.indicator(identifier, level, year)


def test_every_indicator_is_given_as_its_definition_says(snapshot):
    for identifier, indicator in snapshot.indicators.items():
        assert indicator.source in snapshot.sources
        for level in indicator.niveaux:
            values = snapshot.indicator(identifier, level)
            assert values["code"].is_unique
            assert (values["statut"] == "disponible").any()
            assert snapshot.years(identifier, level) == indicator.annees


def test_opening_and_the_national_contours_take_a_moment(snapshot):
    fresh = Snapshot(snapshot.path)
    start = time.perf_counter()
    for level in ("region", "departement", "epci"):
        fresh.contours(level, "national")
    assert time.perf_counter() - start < 1.0


def test_the_embedded_register_is_the_facts_with_no_declaration_of_completeness(snapshot):
    register = embedded_register(snapshot)
    assert len(register.dispositifs) == 385
    assert set(register.perimetres["dispositif_id"]) <= set(register.dispositifs["id"])
    assert register.completude.empty
    assert list(register.completude.columns)[:3] == ["type", "niveau", "code"]


def test_declarations_of_completeness_with_other_columns_are_refused(tmp_path):
    path = tmp_path / "completude.csv"
    path.write_text("type,code\nCLSM,93\n", encoding="utf-8")
    with pytest.raises(Exception, match="niveau"):
        read_completeness(path)

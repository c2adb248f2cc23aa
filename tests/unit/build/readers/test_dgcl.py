import pytest

from clsm_map.build.sources import read_criteria
from clsm_map.domain.errors import SourceError

GENERAL = "Informations générales - "
POTENTIAL = "Potentiel fiscal et financier des communes - "
DSU = {
    2020: "Dotation de solidarité urbaine - ",
    2022: "Dotation de solidarité urbaine et de cohésion sociale - ",
}


def columns(year):
    final = " final" if year == 2022 else ""
    return [
        GENERAL + "Code INSEE de la commune",
        GENERAL + "Nom de la commune",
        GENERAL + "Code SIREN de l'EPCI",
        GENERAL
        + ("Population INSEE de l'année N " if year == 2020 else "Population INSEE de l'année N"),
        GENERAL
        + ("Population DGF de l'année N'" if year == 2020 else "Population DGF de l'année N"),
        GENERAL + ("Superficie année N" if year == 2020 else "Superficie de l'année N"),
        POTENTIAL + "Potentiel financier" + final,
        POTENTIAL + "Potentiel financier par habitant" + final,
        DSU[year] + "Nombre de logements TH de la commune",
        DSU[year] + "Nombre de logements sociaux de la commune",
        DSU[year] + "Nombre de bénéficiaires des aides au logement de la commune",
        DSU[year] + "Revenu imposable des habitants de la commune",
        DSU[year] + "Revenu imposable par habitant",
        DSU[year] + "Valeur de l'indice synthétique de classement de la commune à la DSU",
        DSU[year] + "Population QPV",
    ]


def file(names, *rows):
    return "\n".join([",".join(names), *(",".join(row) for row in rows)]).encode()


ROW = ["01001", "ESSAI", "200000001", "100", "110", "50", "9000", "81.8"]
ROW += ["40", "4", "8", "200000", "2000", "0.9", "7"]


@pytest.mark.parametrize("year", [2020, 2022])
def test_names_that_change_with_the_year_are_read_as_the_same(year):
    frame = read_criteria(file(columns(year), ROW))
    row = frame.iloc[0]
    assert (row.code, row.epci) == ("01001", "200000001")
    assert (row.population, row.population_dgf, row.potentiel) == (100, 110, 9000)
    assert (row.logements, row.logements_sociaux, row.beneficiaires) == (40, 4, 8)
    assert (row.revenu, row.population_qpv, row.indice_dsu) == (200000, 7, 0.9)


def test_what_is_not_available_is_missing():
    row = [*ROW[:11], "nd", "nd", *ROW[13:]]
    assert read_criteria(file(columns(2022), row))["revenu"].isna().all()


def test_other_columns_are_ignored_and_a_missing_one_is_named():
    names = columns(2020)
    assert len(read_criteria(file([*names, "Autre"], [*ROW, "1"])).columns) == 15
    with pytest.raises(SourceError, match="population_qpv"):
        read_criteria(file(names[:-1], ROW[:-1]))

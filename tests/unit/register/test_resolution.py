import re

import pytest

from clsm_map.register.resolution import looks_like_codes, split_codes

HEADER = "nom;type;statut;departement;code_insee;commune;siren;epci;code_qpv"


def line(nom="CLSM A", departement="", code="", commune="", siren="", epci="", qpv=""):
    return f"{nom};CLSM;actif;{departement};{code};{commune};{siren};{epci};{qpv}"


def listed(*lines):
    return "\n".join([HEADER, *lines]) + "\n"


def only(members):
    (held,) = members.values()
    return held


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("01053", ["01053"]),
        ("01053;01004", ["01053", "01004"]),
        ("01053, 01004", ["01053", "01004"]),
        ("01053 01004", ["01053", "01004"]),
        ("01053\n01004", ["01053", "01004"]),
        ("01 053", ["01053"]),
        ("200 071 751", ["200071751"]),
        ("200071751 ; 240100883", ["200071751", "240100883"]),
        ("2a004", ["2A004"]),
        ("qn00101m", ["QN00101M"]),
        ("", []),
    ],
)
def test_codes_of_a_cell(cell, codes):
    assert split_codes(cell) == codes


def test_names_are_told_from_codes():
    assert looks_like_codes("01053; 2A004 QN00101M")
    assert not looks_like_codes("Bourg-en-Bresse")
    assert not looks_like_codes("01053 Bourg-en-Bresse")


@pytest.mark.parametrize("code", ["01053;01004", "01053, 01004", "01053 01004", "01053|01004"])
def test_several_codes_in_a_cell(check, members, code):
    assert only(members(check(listed(line(code=f'"{code}"'))))) == {
        ("commune", "01053"),
        ("commune", "01004"),
    }


@pytest.mark.parametrize(
    ("code", "member"),
    [
        ("2A004", ("commune", "2A004")),
        ("97411", ("commune", "97411")),
        ("98735", ("commune", "98735")),
        ("97801", ("commune", "97801")),
        ("75110", ("commune", "75110")),
        ("75056", ("commune", "75056")),
        ("200071751", ("epci", "200071751")),
        ("200057867", ("epci", "200057867")),
        ("200054781", ("epci", "200054781")),
        ("QN00101M", ("qpv", "QN00101M")),
    ],
)
def test_a_code_says_what_it_is_whatever_its_column(check, members, code, member):
    for column in ("code", "siren", "qpv"):
        assert only(members(check(listed(line(**{column: code}))))) == {member}


def test_a_code_that_lost_its_zero_is_offered_back(check):
    read = check(listed(line(code="1053")))
    (error,) = read.erreurs
    assert error.correction == "01053"
    assert [str(p) for p in error.propositions] == ["01053 Bourg-en-Bresse (01)"]
    assert "perdu son zéro" in error.message
    assert (read.acceptees, read.rejetees) == (0, 1)
    assert read.register.dispositifs.empty


def test_a_code_that_lost_its_zero_is_read_once_accepted(check, members):
    read = check(listed(line(code="1053")), accept_corrections=True)
    assert read.erreurs == ()
    assert only(members(read)) == {("commune", "01053")}
    assert any("1053 a été lu 01053" in i for i in read.informations)


def test_a_correction_can_be_confirmed_by_itself(check, members):
    content = listed(line(code="1053 1004"))
    assert len(check(content).erreurs) == 2
    read = check(content, confirmations={(2, "code_insee"): "01053;01004"})
    assert only(members(read)) == {("commune", "01053"), ("commune", "01004")}
    half = check(content, confirmations={(2, "code_insee"): "01053"})
    assert [e.valeur for e in half.erreurs] == ["1004"]


def test_a_departement_that_lost_its_zero_is_offered_back(check):
    content = listed(line(departement="1", commune="Bourg-en-Bresse"))
    (error,) = check(content).erreurs
    assert (error.champ, error.correction) == ("departement", "01")
    assert check(content, accept_corrections=True).acceptees == 1


def test_a_refused_departement_hides_no_other_fault(check):
    content = listed(
        line("CLSM A", departement="1", code="1053"),
        line("CLSM B", departement="999", commune="Saint-Denis"),
    )
    assert [(e.ligne, e.champ) for e in check(content).erreurs] == [
        (2, "departement"),
        (2, "code_insee"),
        (3, "departement"),
    ]


@pytest.mark.parametrize(
    "departement", ["01", "Ain", "ain", "01 - Ain", "Ain (01)", '"=""01"""', "'01"]
)
def test_departements_by_code_or_name(check, members, departement):
    read = check(listed(line(departement=departement, commune="Bourg-en-Bresse")))
    assert only(members(read)) == {("commune", "01053")}
    assert read.register.dispositifs["departement"].tolist() == ["01"]


def test_the_code_of_a_merged_commune_is_carried_and_means_the_former_commune(check, members):
    read = check(listed(line(code="93059")))
    assert only(members(read)) == {("commune", "93059")}
    (told,) = [i for i in read.informations if "93059" in i]
    assert "Pierrefitte-sur-Seine" in told
    assert "Saint-Denis (93066)" in told
    assert "ligne 2" in told


def test_the_name_of_a_merged_commune_too(check, members):
    read = check(listed(line(departement="93", commune="Pierrefitte sur Seine")))
    assert only(members(read)) == {("commune", "93059")}


def test_a_former_name_whose_code_was_kept_means_today_s_commune(check, members):
    read = check(listed(line(departement="01", commune="Bellegarde-sur-Valserine")))
    assert only(members(read)) == {("commune", "01033")}
    assert any("Valserhône (01033)" in i for i in read.informations)


def test_a_name_is_found_with_its_departement(check, members):
    read = check(
        listed(
            line("CLSM A", "93", commune="ST DENIS"),
            line("CLSM B", "974", commune="Saint-Denis"),
        )
    )
    assert members(read) == {
        "CLSM A": {("commune", "93066")},
        "CLSM B": {("commune", "97411")},
    }


def test_a_name_borne_by_several_is_rejected_with_each(check):
    (error,) = check(listed(line(commune="Saint-Denis"))).erreurs
    assert {p.code for p in error.propositions} == {"11339", "30247", "93066", "97411"}
    assert error.champ == "commune"


def test_a_name_that_only_one_bears_needs_no_departement(check, members):
    read = check(listed(line(commune="Villeurbanne")))
    assert only(members(read)) == {("commune", "69266")}


def test_several_names_in_a_cell(check, members):
    read = check(listed(line(departement="01", commune='"Bourg-en-Bresse, Péronnas"')))
    assert only(members(read)) == {("commune", "01053"), ("commune", "01289")}


def test_a_near_name_is_proposed_and_never_taken(check, members):
    content = listed(line(departement="01", commune="Bourg-en-Brese"))
    read = check(content)
    (error,) = read.erreurs
    assert error.propositions[0].code == "01053"
    assert len(error.propositions) <= 3
    assert read.register.perimetres.empty
    confirmed = check(content, confirmations={(2, "commune"): "01053"})
    assert only(members(confirmed)) == {("commune", "01053")}


def test_a_confirmation_of_nonsense_is_refused(check):
    content = listed(line(departement="01", commune="Bourg-en-Brese"))
    read = check(content, confirmations={(2, "commune"): "ZZZZZ"})
    assert [e.valeur for e in read.erreurs] == ["ZZZZZ"]


def test_what_is_proposed_for_a_name_stays_in_the_departement_given(check):
    (error,) = check(listed(line(departement="02", commune="Bourg-en-Bresse"))).erreurs
    assert "département 02" in error.message
    assert {p.code[:2] for p in error.propositions} <= {"02"}
    assert "Ce nom existe ailleurs (01)" in error.message


@pytest.mark.parametrize(
    ("code", "today"),
    [
        # Mayotte's codes were 985xx until it became a département (976) in 2011; Corsica's 20xxx
        # until 1976: communes_2026.csv gives 20366 as a former code of Chisa.
        ("98511", "97611 Mamoudzou (976)"),
        ("20366", "2B366 Chisa (2B)"),
    ],
)
def test_a_code_of_yesterday_is_refused_and_that_of_today_offered(check, members, code, today):
    content = listed(line(code=code))
    (error,) = check(content).erreurs
    assert "ancien" in error.message
    assert [str(p) for p in error.propositions] == [today]
    confirmed = check(content, confirmations={(2, "code_insee"): today.split()[0]})
    assert only(members(confirmed)) == {("commune", today.split()[0])}


# Postal codes of communes_2026.csv: 69200 Vénissieux (and the code of Saint-Forgeux); 93200
# Saint-Denis; 24500 nine communes (and the code of a tenth).
POSTAL = "nom;type;statut;code\nA;CLSM;actif;69200\nB;CLSM;actif;93200\nC;CLSM;actif;24500\n"


def test_a_column_of_postal_codes_is_known_as_a_whole(check, members):
    read = check(POSTAL)
    assert read.acceptees == 0
    venissieux, saint_denis, eymet = read.erreurs
    assert [p.code for p in venissieux.propositions] == ["69259", "69200"]
    assert "code postal de Vénissieux (69259)" in venissieux.message
    assert "aussi le code Insee de Saint-Forgeux" in venissieux.message
    assert [p.code for p in saint_denis.propositions] == ["93066"]
    assert len(eymet.propositions) == 10
    assert [p.code for p in eymet.propositions][:2] == ["24167", "24373"]
    assert any("contient des codes postaux" in said for said in read.informations)
    confirmed = check(POSTAL, confirmations={(2, "code"): "69259", (3, "code"): "93066"})
    assert members(confirmed) == {"A": {("commune", "69259")}, "B": {("commune", "93066")}}


def test_insee_codes_that_are_also_postal_codes_stay_insee_codes(check, members):
    """01053 is nobody's postal code: the column holds Insee codes, and 69200 is Saint-Forgeux."""
    read = check("nom;type;statut;code\nA;CLSM;actif;01053\nB;CLSM;actif;69200\n")
    assert members(read) == {"A": {("commune", "01053")}, "B": {("commune", "69200")}}
    said = check("nom;type;statut;code_insee\nA;CLSM;actif;69200\n")
    assert members(said) == {"A": {("commune", "69200")}}


def test_a_lone_code_that_is_both_is_refused_with_both(check):
    (error,) = check("nom;type;statut;code\nA;CLSM;actif;69200\n").erreurs
    assert [p.code for p in error.propositions] == ["69259", "69200"]


def test_a_postal_code_beside_a_name_says_its_departement(check, members):
    """Five communes are named Saint-Denis; 93200 is a postal code of that of Seine-Saint-Denis."""
    read = check("nom;type;statut;commune;code_postal\nA;CLSM;actif;Saint-Denis;93200\n")
    assert members(read) == {"A": {("commune", "93066")}}


@pytest.mark.parametrize(
    ("commune", "departement", "held"),
    [
        ("Saint-Denis (93) et Pierrefitte", "", {("commune", "93066"), ("commune", "93059")}),
        ("CA Cœur d'Essonne", "", {("epci", "200057859")}),
        ("toutes les communes de Grenoble Alpes Métropole", "", {("epci", "200040715")}),
        ("Saint-Denis, Pierrefitte & Aubervilliers", "93",
         {("commune", "93066"), ("commune", "93059"), ("commune", "93001")}),
        ("Rennes Métropole", "35", {("epci", "243500139")}),
        ("Plaine Commune", "", {("epci", "200057867")}),
        ("Nivigne et Suran", "01", {("commune", "01095")}),
        ("Bourg-en-Bresse et Nivigne et Suran", "01", {("commune", "01053"), ("commune", "01095")}),
    ],
)  # fmt: skip
def test_a_cell_of_communes_that_mixes_places_finds_what_it_names(
    check, members, commune, departement, held
):
    read = check(listed(line(departement=departement, commune=commune)))
    assert only(members(read)) == held


def test_a_departement_code_of_yesterday_is_offered_those_of_today(check):
    (error,) = check(listed(line(departement="20", commune="Chisa"))).erreurs
    assert [p.code for p in error.propositions] == ["2A", "2B"]
    (error,) = check(listed(line(departement="985", commune="Mamoudzou"))).erreurs
    assert [p.code for p in error.propositions] == ["976"]


def test_a_shortened_name_is_read_and_this_is_said(check):
    read = check(listed(line(departement="93", commune="Pierrefitte")))
    assert any("Pierrefitte-sur-Seine (93059)" in said for said in read.informations)
    (error,) = check(listed(line(commune="Pierrefitte"))).erreurs
    assert {p.code for p in error.propositions} == {"19166", "23152", "79209", "88347"}


def test_proposals_are_joined_by_or(check):
    (error,) = check(listed(line(departement="93", commune="Neuilly"))).erreurs
    assert {p.code for p in error.propositions} >= {"93049", "93050"}
    assert re.search(r"Est-ce .+ ou .+ \?", error.message.replace("\xa0", " "))
    assert {p.code[:2] for p in error.propositions} == {"93"}


@pytest.mark.parametrize(
    "epci",
    [
        "CA du Bassin de Bourg-en-Bresse",
        "Communauté d'agglomération du Bassin de Bourg-en-Bresse",
        "Bassin de Bourg en Bresse",
        "200071751",
    ],
)
def test_an_epci_by_name_or_siren(check, members, epci):
    read = check(listed(line(departement="01", epci=epci)))
    assert only(members(read)) == {("epci", "200071751")}


def test_an_ept_by_name(check, members):
    assert only(members(check(listed(line(epci="Plaine Commune"))))) == {("epci", "200057867")}


def test_an_epci_is_found_from_any_of_its_departements(check, members, snapshot):
    communes = snapshot.communes_all
    spread = communes.groupby("epci")["departement"].agg(lambda d: sorted(set(d)))
    code = spread[spread.str.len() > 1].index[0]
    nom = snapshot.epci.set_index("code").loc[code, "nom"]
    for departement in spread[code]:
        read = check(listed(line(departement=departement, epci=nom)))
        assert only(members(read)) == {("epci", code)}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("75010", "code postal"),
        ("99999", "code Insee"),
        ("999999999", "SIREN"),
        ("210100534", "SIREN d'une commune"),
        ("20007175100016", "SIRET"),
        ('"2,00072E+08"', "nombre arrondi"),
        ("QP001001", "géographie prioritaire de 2015"),
        ("QN99999Z", "quartier prioritaire de 2024"),
    ],
)
def test_codes_that_mean_nothing_say_what_they_may_be(check, code, reason):
    (error,) = check(listed(line(code=code))).erreurs
    assert reason in error.message
    assert error.valeur == code.strip('"').upper()


def test_the_old_code_of_a_corsican_commune_is_proposed(check):
    (error,) = check(listed(line(code="20004"))).erreurs
    assert "2A004" in {p.code for p in error.propositions}


def test_a_code_and_a_name_that_disagree_are_rejected_with_both(check, members):
    content = listed(line(code="01053", commune="Marseille"))
    (error,) = check(content).erreurs
    assert [p.code for p in error.propositions] == ["01053", "13055"]
    kept = check(content, confirmations={(2, "code_insee"): "01053"})
    assert only(members(kept)) == {("commune", "01053")}


@pytest.mark.parametrize(
    ("code", "commune"),
    [
        ("01053", "BOURG EN BRESSE"),
        ("01053", "Bourg-en-Bresse (siège)"),
        ("01053", "Bourg en Brese"),
        ("75110", "Paris"),
        ("75110", "Paris 10e"),
        ("93059", "Saint-Denis"),
        ("93066", "Pierrefitte-sur-Seine"),
        ("01033", "Bellegarde-sur-Valserine"),
    ],
)
def test_a_name_that_can_be_that_of_the_code_is_no_contradiction(check, members, code, commune):
    assert only(members(check(listed(line(code=code, commune=commune))))) == {("commune", code)}


def test_an_epci_beside_its_commune_is_a_reminder(check, members):
    read = check(listed(line(code="01053", siren="200071751")))
    assert only(members(read)) == {("commune", "01053")}
    assert any("seule la partie est retenue" in i for i in read.informations)


def test_an_epci_beside_a_commune_it_does_not_hold_is_part_of_the_perimeter(check, members):
    read = check(listed(line(code="01004", siren="200071751")))
    assert only(members(read)) == {("commune", "01004"), ("epci", "200071751")}


def test_a_commune_beside_its_qpv_is_a_reminder(check, members):
    read = check(listed(line(code="01053", qpv="QN00101M")))
    assert only(members(read)) == {("qpv", "QN00101M")}


def test_an_arrondissement_beside_its_ept_is_the_perimeter(check, members):
    read = check(listed(line(code="75110", epci="75056")))
    assert only(members(read)) == {("commune", "75110")}

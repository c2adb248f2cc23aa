"""What goes with a figure: its sources, one line each or gathered."""

from clsm_map.views.captions import source_notes


def test_two_indicators_have_a_line_each_with_denominator_and_caution(snapshot):
    known = snapshot.indicators
    shown = [(known["psychiatres"], 2019), (known["apl_generalistes"], 2023)]
    first, second, other = source_notes(snapshot, shown, "Une ligne de plus.")
    assert first.startswith(f"{known['psychiatres'].libelle}. Source : DREES et Irdes")
    assert "dénominateur : 100 000 habitants" in first
    assert known["apl_generalistes"].prudence in second
    assert other == "Une ligne de plus."


def test_the_source_is_that_of_the_level_shown(snapshot):
    poverty = snapshot.indicators["taux_pauvrete"]
    (qpv,) = source_notes(snapshot, [(poverty, 2021)], level="qpv")
    (commune,) = source_notes(snapshot, [(poverty, 2021)], level="commune")
    assert qpv != commune


def test_many_indicators_are_gathered_by_source_and_counted(snapshot):
    of_2022 = [
        i for i in snapshot.indicators.values() if i.source_of("", 2022) == "criteres_dgcl_2022"
    ][:4]
    line, *cautions = source_notes(snapshot, [(i, 2022) for i in of_2022])
    assert [said.split(" : ")[0] for said in cautions] == [i.libelle_court for i in of_2022]
    assert line == (
        "Sources : DGCL, Critères de répartition des dotations aux communes, 2022, "
        "répartition 2022 (4\u00a0indicateurs)."
    )

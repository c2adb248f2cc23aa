"""*Besoin et couverture*, an angle of *Inégalités*: need and coverage crossed on a map."""

from __future__ import annotations

from dataclasses import replace

from clsm_map.analysis.cautions import register_caution
from clsm_map.analysis.harvest import harvest_title
from clsm_map.desk import Desk
from clsm_map.domain.selection import MapLevel, Selection
from clsm_map.domain.territories import LEVEL_LABELS
from clsm_map.formats import count, number
from clsm_map.table import Table
from clsm_map.views import captions, questions
from clsm_map.views.inequality.bivariate import NeedCoverage, map_levels, need_coverage
from clsm_map.views.inequality.index import NOT_OFFICIAL
from clsm_map.views.scenes.words import headline
from clsm_map.views.view import Claim, Map, View


def carte(desk: Desk, selection: Selection) -> View:
    """Cross need and coverage on a map."""
    found, coverage = needed(desk, selection), desk.covered(selection)
    said = [found.indicator.prudence] if found.indicator else [NOT_OFFICIAL, found.unknown]
    pairs = [(found.indicator, found.year)] if found.indicator else []
    when = captions.on_date(coverage.on, desk.today)
    announced = questions.announced(desk, coverage.type)
    return replace(
        _need_told(found),
        title=found.title,
        lead=when,
        rows=lambda: (Table.of("besoin", found.title, found.table()),),
        map=Map("besoin", selection, found.title),
        cautions=(
            register_caution(coverage, announced), found.edges_text, *filter(None, said),
        ),
        sources=(
            *(
                captions.indicator_source(desk.snapshot, i, year, found.scope.level)
                for i, year in pairs
            ),
            captions.qpv_source(),
            captions.device_source(coverage),
        ),
        moment=when.capitalize(),
        data=found,
    )  # fmt: skip


def needed(desk: Desk, selection: Selection) -> NeedCoverage:
    """Compute the map of need and coverage of a selection, at a level that has it."""
    territory, study = desk.territory(selection), selection.etude
    levels = map_levels(desk.snapshot, territory)
    level: MapLevel = next((v for v in levels if v == study.echelon), levels[0])
    need = study.besoin or questions.index_of_study(desk, study, "qpv")
    return need_coverage(desk.snapshot, desk.covered(selection), territory, level, need)


def _need_told(found: NeedCoverage) -> View:
    nom, nouns = found.territory.nom, LEVEL_LABELS[found.scope.level]
    feminine = nouns[1].endswith("tés")
    both = found.frame.loc[(found.position == 6).to_numpy()]
    classed = int((found.position < 9).sum())
    if not classed:
        return View(
            headline=headline(nom, "besoin et couverture ne peuvent être croisés"),
            finding=f"{nom} : aucun territoire de cet échelon n’a à la fois une mesure du besoin "
            "et une population de quartiers connue.",
            claims=(
                Claim(
                    number(len(found.frame)),
                    nouns[1],
                    f"{'aucune' if feminine else 'aucun'} n’est classé{'e' if feminine else ''}",
                ),
                Claim(
                    number(int(found.frame["qpv"].sum())),
                    "quartiers prioritaires",
                    "population non publiée, ou aucune mesure du besoin",
                ),
            ),
        )
    said = f"{count(len(both), *nouns)} à besoin élevé sans couverture recensée"
    brief = f"{count(len(both), 'territoire')} à besoin élevé sans habitant couvert"
    if both.empty:
        said = brief = "aucun besoin élevé sans couverture recensée"
    high = int(((found.position >= 6) & (found.position < 9)).sum())
    people = float(both["habitants"].sum())
    return View(
        headline=harvest_title(headline(nom, said, brief), found.coverage, found.territory),
        finding=found.finding,
        claims=(
            Claim(
                number(len(both)),
                f"{nouns[len(both) > 1]} à {found.need_labels[2]} dont aucun habitant de quartier "
                "n’est couvert",
                f"sur {number(classed)} classé{'e' if feminine else ''}s",
                "sans_couverture", len(both), classed,
            ),
            Claim(
                number(people), "habitants de leurs quartiers", "RP 2020", "habitants", people
            ),
            Claim(
                number(high),
                f"{nouns[high > 1]} à {found.need_labels[2]}",
                "un tiers environ des habitants de quartiers de France, toutes couvertures",
                "besoin_eleve", high, classed,
            ),
        ),
    )  # fmt: skip

"""What a scene of *Carte* says: the spread of an indicator, and the QPV over it."""

from __future__ import annotations

from clsm_map.domain.devices import WITHOUT_ACTIVE, DeviceType
from clsm_map.domain.indicators import GIVEN, marked
from clsm_map.domain.territories import LEVEL_LABELS, one_each
from clsm_map.formats import count, number, with_unit
from clsm_map.views.choropleth import Choropleth
from clsm_map.views.quartiers import Quartiers
from clsm_map.views.scene import SceneFigure, SceneWords, headline, shortened, within


def carte_words(
    coloured: Choropleth, kept: Quartiers | None, kind: DeviceType, when: str
) -> SceneWords:
    """Tell a map of *Carte*.

    Parameters
    ----------
    kept : Quartiers or None
        QPV drawn; ``None`` when none are.
    kind : DeviceType
        Type whose coverage colours them.
    when : str
        Date of that coverage, in words.
    """
    indicator, nom = coloured.indicator, coloured.territory.nom
    level = LEVEL_LABELS[coloured.scope.level]
    known = coloured.frame.loc[coloured.frame["statut"].isin(GIVEN)]
    known = known.sort_values(["valeur", "code"])

    def text(value: float) -> str:
        return with_unit(value, indicator.unite, indicator.decimales)

    figures: list[SceneFigure] = []
    if known.empty:
        said = f"Aucune valeur de « {indicator.libelle_court} » n’est connue ici à cet échelon"
    else:
        low, high = known.to_dict("records")[0], known.to_dict("records")[-1]
        median = float(known["valeur"].median())
        said = (
            f"{indicator.libelle_court}, {coloured.year_text} : de "
            f"{marked(text(float(low['valeur'])), low['statut'])} ({low['nom']}) à "
            f"{marked(text(float(high['valeur'])), high['statut'])} ({high['nom']})"
        )
        of_what = f"{count(len(known), *level)} avec une valeur, {coloured.year_text}"
        figures += [
            SceneFigure(
                text(median),
                f"médiane, {one_each(coloured.scope.level)}, {indicator.libelle_court}",
                of_what,
            ),
            SceneFigure(
                marked(text(float(high["valeur"])), high["statut"]),
                shortened(str(high["nom"]), 48),
                "le plus haut",
            ),
        ]
    if kept is not None:
        without = kept.frame.loc[WITHOUT_ACTIVE.mask(kept.frame["statut"])]
        said += (
            f" ; {count(len(kept.frame), 'quartier affiché', 'quartiers affichés')}, dont "
            f"{number(len(without))} {WITHOUT_ACTIVE.words(kind)}"
        )
        people = without["habitants"].sum()
        figures.append(
            SceneFigure(
                number(len(without)),
                f"quartiers affichés {WITHOUT_ACTIVE.words(kind)}",
                f"sur {number(len(kept.frame))}, {when}",
            )
        )
        if people:
            figures.append(
                SceneFigure(number(float(people)), "habitants de ces quartiers", "RP 2020")
            )
    label = within(indicator.libelle_court)
    titles = [shortened(label, 48)]
    if not known.empty:
        ends = f"de {text(float(known['valeur'].min()))} à {text(float(known['valeur'].max()))}"
        titles.insert(0, f"{label}, {ends}")
    title = coloured.told(headline(nom, *titles))
    return SceneWords(title, f"{said}.", tuple(figures))

"""Méthode : ce que les chiffres disent, comment ils sont calculés, d'où ils viennent."""

from clsm_map.ui import methode
from clsm_map.ui.furniture import page_title

page_title("Méthode", "Ce que disent les chiffres, comment ils sont calculés, d’où ils viennent.")
methode.texts()
methode.devices()
methode.indicators()
methode.sources()

"""A person's own list of devices: read, checked line by line, taken in beside the register."""

from clsm_map.register.exchange import add_to, register_list, replace, template, to_csv
from clsm_map.register.folder import load_facts_folder, load_programme
from clsm_map.register.table import Table
from clsm_map.register.validation import EXTENSIONS, Validation, read_table, validate
from clsm_map.register.vocabulary import FIELDS, Kind, kind_of, recognise_columns

__all__ = [
    "EXTENSIONS", "FIELDS", "Kind", "Table", "Validation", "add_to", "kind_of",
    "load_facts_folder", "load_programme", "read_table", "recognise_columns", "register_list",
    "replace", "template", "to_csv", "validate",
]  # fmt: skip

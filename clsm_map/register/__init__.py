"""A person's own list of devices: read, checked line by line, taken in beside the register."""

from clsm_map.register.fields import FIELDS, KINDS, Kind, kind_of, recognise_columns
from clsm_map.register.folder import load_facts_folder, load_programme
from clsm_map.register.merging import (
    add_to,
    replace,
    replaced_devices,
    shared_perimeters,
)
from clsm_map.register.table import MAX_BYTES, MAX_LINES, LineError, Proposition, Table
from clsm_map.register.templates import register_list, template, to_csv
from clsm_map.register.validation import EXTENSIONS, Validation, read_table, validate

__all__ = [
    "EXTENSIONS",
    "FIELDS",
    "KINDS",
    "MAX_BYTES",
    "MAX_LINES",
    "Kind",
    "LineError",
    "Proposition",
    "Table",
    "Validation",
    "add_to",
    "kind_of",
    "load_facts_folder",
    "load_programme",
    "read_table",
    "recognise_columns",
    "register_list",
    "replace",
    "replaced_devices",
    "shared_perimeters",
    "template",
    "to_csv",
    "validate",
]

"""Former place of some words of `clsm_map.domain.selection`, for what still asks for them here."""

from clsm_map.domain.selection import CandidateChoice as CandidateChoice
from clsm_map.domain.selection import PartialChoice as PartialChoice
from clsm_map.domain.territories import split_key as split_key

"""Former place of a word of `clsm_map.domain.selection`, for what still asks for it here."""

from clsm_map.domain.selection import CandidateChoice

__all__ = ["CandidateChoice"]

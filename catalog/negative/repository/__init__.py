"""Every SQL statement about the negative list; what other rooms ask of it."""

from catalog.negative.repository.covers import COVERED, covered, covers_of

__all__ = ["COVERED", "covered", "covers_of"]

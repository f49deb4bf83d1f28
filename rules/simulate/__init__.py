"""What a change of the law does to one structure: standpoints compared (docs/drafts.md)."""

from rules.simulate.differ import Difference, Series
from rules.simulate.effect import Effect, Spared, Weighed, change_plain
from rules.simulate.standpoint import Standpoint
from rules.simulate.weigh import Simulation

__all__ = [
    "Difference",
    "Effect",
    "Series",
    "Simulation",
    "Spared",
    "Standpoint",
    "Weighed",
    "change_plain",
]

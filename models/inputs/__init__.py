"""Inputs: from what was said to what the equations need. No Pyomo, no pandas, no files."""

from models.inputs.calendar import Calendar, TypicalDays
from models.inputs.capacity import ANY, DECIDED, EXISTING, SIGNED
from models.inputs.carbon import Rule
from models.inputs.inputs import Inputs, resolve, resolve_existing

__all__ = ["ANY", "DECIDED", "EXISTING", "SIGNED", "Calendar", "Inputs", "Rule", "TypicalDays", "resolve", "resolve_existing"]

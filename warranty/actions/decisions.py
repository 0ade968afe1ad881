"""The one decision for a machine: rows in, verdict out (WAR-07)."""

from datetime import date

from customers.models import Equipment
from warranty import decision
from warranty.facts_of import facts_of, terms_for


def decide(equipment: Equipment | None, *, on: date, component: str = "", cause: str = "") -> decision.Verdict:
    """The verdict for a machine, component kind and cause on a local day; nothing is written."""
    if equipment is None:
        return decision.decide(None, (), on, component, cause)
    terms = terms_for(equipment)
    return decision.decide(facts_of(equipment, terms), terms, on, component, cause)

"""State tables: the statuses of a record, the moves between them and who may make them (TKT-07)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Forbidden, NotAllowed


@dataclass(frozen=True)
class State:
    """One status: code, label, and tone (calm, accent, soon, late, kept, held) for its mark."""

    code: str
    label: Any
    tone: str = "calm"
    open: bool = True


@dataclass(frozen=True)
class Move:
    """One verb: from which states, to which state (None keeps it), by which roles; system moves need no person."""

    code: str
    label: Any
    sources: frozenset[str]
    target: str | None
    roles: frozenset[str]
    system: bool = False


@dataclass(frozen=True)
class StateTable:
    """The gate of one kind of record. `field` is the attribute that holds the state."""

    states: dict[str, State]
    moves: dict[str, Move]
    field: str = field(default="state")

    def state_of(self, record: Any) -> State:
        """The State object of a record."""
        return self.states[getattr(record, self.field)]

    def permitted(self, code: str, by: Any) -> bool:
        """Whether the role of a person (None is the system) includes the verb."""
        move = self.moves[code]
        return move.system if by is None else by.has_role(*move.roles)

    def possible(self, state: str, by: Any) -> list[str]:
        """Codes of the moves that a person may make from a state."""
        return [code for code, move in self.moves.items() if state in move.sources and self.permitted(code, by)]

    def check(self, record: Any, code: str, by: Any) -> Move:
        """The move, or Forbidden for the wrong role, or NotAllowed for the wrong state."""
        move = self.moves[code]
        if not self.permitted(code, by):
            raise Forbidden(_("Your role does not include: %(verb)s.") % {"verb": move.label})
        state = self.state_of(record)
        if state.code not in move.sources:
            raise NotAllowed(
                _("%(verb)s is not possible while the state is “%(state)s”.")
                % {"verb": move.label, "state": state.label},
                allowed=self.possible(state.code, by),
            )
        return move

    def move(self, record: Any, code: str, by: Any) -> Move:
        """Check a move and set the new state on the record; saving is the action's."""
        move = self.check(record, code, by)
        if move.target is not None:
            setattr(record, self.field, move.target)
        return move

    @property
    def open_states(self) -> list[str]:
        """Codes of the states in which work is still to be done."""
        return [state.code for state in self.states.values() if state.open]

    def choices(self) -> list[tuple[str, Any]]:
        """Code and label pairs, for forms and schemas."""
        return [(state.code, state.label) for state in self.states.values()]


def table(states: Iterable[State], moves: Iterable[Move], field: str = "state") -> StateTable:
    """Build a table and check that every move starts and ends in a known state."""
    by_code = {state.code: state for state in states}
    verbs = {move.code: move for move in moves}
    for move in verbs.values():
        unknown = (move.sources | ({move.target} if move.target else set())) - by_code.keys()
        if unknown:
            raise ValueError(f"move {move.code} names unknown states {sorted(unknown)}")
    return StateTable(by_code, verbs, field)


def move(
    code: str,
    label: Any,
    sources: Iterable[str],
    target: str | None,
    roles: Iterable[str],
    system: bool = False,
) -> Move:
    """Shorthand for one row of a table."""
    return Move(code, label, frozenset(sources), target, frozenset(roles), system)

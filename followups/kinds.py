"""Kinds of history entries that follow-ups read."""

MACHINE_KINDS = frozenset({"equipment.added", "equipment.imported", "equipment.changed"})
"""A date of the machine may have been entered."""

ENDED_KINDS = frozenset({"ticket.reopened", "ticket.cancelled", "ticket.merged"})
"""The call about the end of the ticket has become pointless."""

CALL_KINDS = frozenset(
    {
        "ticket.opened",
        "ticket.solved",
        "ticket.solved_by_phone",
        "ticket.closed",
        "order.reported",
        "order.left",
        "card.returned",
    }
)
"""Kinds a rule may ask for."""

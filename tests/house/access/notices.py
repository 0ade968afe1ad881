"""Records for the rows of notices: a message to the engineer."""

from notices import actions


def records(people):
    told = actions.tell("order.issued", to=people["engineer"], about="dispatchorder:1", context={"number": "PG1"})
    inbox = next(delivery for delivery in told if delivery.channel == "inbox")
    return {"message": inbox.pk, "kind": "order.issued", "language": "en"}

"""What the complaints read in the history: calls recorded at the desk."""

from complaints import actions
from core.models import Entry
from tickets.models import Call

CALL_KINDS = frozenset({"call.recorded", "call.linked"})


def read_call(entry: Entry) -> None:
    """A call of kind complaint opens a complaint by itself; a second entry about the call finds it done."""
    call = Call.objects.filter(pk=int(entry.subject.partition(":")[2])).first()
    if call is not None:
        actions.open_from_call(call)

"""The demo: loaded by the real actions at any hour of any day, it leaves every role something to do."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.models import Entry, Inbox
from customers.models import Customer, Equipment
from followups.models import FollowUp
from notices.models import Delivery
from staff.models import Engineer, User
from tickets.models import DispatchOrder, Ticket

pytestmark = pytest.mark.django_db

NAMED = [
    "dispatcher",
    "engineer",
    "engineer-south",
    "supervisor",
    "head",
    "keeper",
    "finance",
    "trainer",
    "supervision",
    "manager",
    "admin",
]


@pytest.mark.parametrize("moment", ["2027-01-01 00:04", "2028-02-29 12:30", "2026-11-22 23:58"])
def test_the_demo_loads_at_any_hour_and_fills_every_page(policy, freeze, moment):
    freeze(moment)
    call_command("load_demo", tickets=10, stdout=StringIO())
    assert (Customer.objects.count(), Equipment.objects.count()) == (40, 120)
    assert Engineer.objects.count() == 16
    assert len({engineer.tier_id for engineer in Engineer.objects.all()}) == 4
    assert all(User.objects.get(username=name).check_password("demo") for name in NAMED)
    assert {"open", "dispatched", "working", "waiting"} <= set(Ticket.objects.values_list("state", flat=True))
    states = set(DispatchOrder.objects.values_list("state", flat=True))
    assert {"issued", "accepted", "contacted", "departed", "arrived", "done"} <= states
    assert FollowUp.objects.exists()
    assert not Entry.objects.filter(at__gt=timezone.now()).exists()
    assert not Inbox.objects.exists()
    assert not Delivery.objects.filter(state="failed").exists()
    with pytest.raises(CommandError):
        call_command("load_demo", stdout=StringIO())

"""Shapes of dispatch orders in the API: what lists and details show, what each step takes."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core import approvals
from sla import queries
from tickets.actions.visits import LEAVE
from tickets.api import fields
from tickets.api.shapes import StepSerializer, StepWithReasonSerializer
from tickets.api.visits import VisitSerializer
from tickets.models import DispatchOrder, Visit
from tickets.states import ORDER

LISTED = [
    "number",
    "state",
    "state_label",
    "ticket",
    "grade",
    "symptom",
    "customer",
    "customer_name",
    "equipment",
    "engineer",
    "engineer_name",
    "issued_by",
    "issued_at",
    "appointment_from",
    "appointment_to",
    "expected_return_at",
    "travel",
    "accepted_at",
    "contacted_at",
    "departed_at",
    "arrived_at",
    "left_at",
    "reported_at",
    "version",
]


def order_rows() -> QuerySet[DispatchOrder]:
    """Orders with all that the answers show."""
    return DispatchOrder.objects.select_related(
        "ticket__customer", "ticket__equipment__model", "ticket__region", "engineer__user", "issued_by", "replaced_by"
    ).defer("ticket__search")


class OrderRowSerializer(serializers.ModelSerializer):
    """An order in a list."""

    state_label = serializers.CharField(source="status.label", read_only=True)
    ticket = fields.name("ticket.number")
    grade = serializers.IntegerField(source="ticket.grade", read_only=True, allow_null=True)
    symptom = fields.name("ticket.symptom")
    customer = fields.name("ticket.customer.number")
    customer_name = fields.name("ticket.customer.name")
    equipment = fields.name("ticket.equipment.serial")
    engineer = fields.name("engineer.user.username")
    engineer_name = fields.name("engineer.user.name")
    issued_by = fields.name("issued_by.username")

    class Meta:
        model = DispatchOrder
        fields = LISTED


class OrderSignatureSerializer(serializers.Serializer):
    """A signature that was asked for."""

    step = serializers.CharField()
    role = serializers.CharField()
    decision = serializers.CharField()
    decided_by = fields.name("decided_by.username")
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    opinion = serializers.CharField()


class OrderSerializer(OrderRowSerializer):
    """An order with contact, place, visits, signatures, timers and what may be done next."""

    contact_name = fields.name("ticket.contact_name")
    contact_phone = fields.name("ticket.contact_phone")
    backup_phone = fields.name("ticket.backup_phone")
    address = fields.name("ticket.address")
    verdict = fields.VerdictField(source="ticket.verdict")
    ticket_state = fields.name("ticket.state")
    replaced_by = fields.name("replaced_by.number")
    replaces = serializers.SerializerMethodField()
    visits = serializers.SerializerMethodField()
    signatures = serializers.SerializerMethodField()
    timers = serializers.SerializerMethodField()
    allowed = serializers.SerializerMethodField(help_text="Verbs the state and your role allow.")

    class Meta(OrderRowSerializer.Meta):
        fields = [
            *LISTED,
            "contact_name",
            "contact_phone",
            "backup_phone",
            "address",
            "verdict",
            "ticket_state",
            "travel_note",
            "parts_to_take",
            "note",
            "ranking",
            "ended_why",
            "replaced_by",
            "replaces",
            "visits",
            "signatures",
            "timers",
            "allowed",
        ]

    def get_replaces(self, order: Any) -> str | None:
        """Number of the order this one took over."""
        before = order.replaces.first()
        return before.number if before else None

    @extend_schema_field(VisitSerializer(many=True))
    def get_visits(self, order: Any) -> Any:
        """The visits with parts and report versions."""
        rows = order.visits.prefetch_related("parts", "photos", "reports").order_by("sequence")
        for visit in rows:
            visit.order = order
        return VisitSerializer(rows, many=True).data

    @extend_schema_field(OrderSignatureSerializer(many=True))
    def get_signatures(self, order: Any) -> Any:
        """Signatures asked for and given."""
        return OrderSignatureSerializer(approvals.of(order), many=True).data

    @extend_schema_field(fields.TicketTimerSerializer(many=True))
    def get_timers(self, order: Any) -> Any:
        """Promises of the order and its ticket."""
        by_subject = queries.timers_for([order, order.ticket], open_only=False)
        found = queries.worst_first(timer for timers in by_subject.values() for timer in timers)
        return fields.TicketTimerSerializer(found, many=True).data

    def get_allowed(self, order: Any) -> list[str]:
        """Verbs that are possible now."""
        return ORDER.possible(order.state, self.context["request"].user)


class CallCustomerSerializer(StepSerializer):
    """What the call brought: a note, a new time, and why it is late."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    why = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    appointment_from = serializers.DateTimeField(required=False, allow_null=True)
    appointment_to = serializers.DateTimeField(required=False, allow_null=True)


class ArriveSerializer(StepSerializer):
    """Running hours read off the machine, and why it is late."""

    running_hours = serializers.DecimalField(
        required=False, allow_null=True, max_digits=9, decimal_places=1, min_value=0
    )
    why = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class LeaveSerializer(StepSerializer):
    """Whether the fault is solved; if not, a superior must have approved and the customer must agree (DSP-06)."""

    solved = serializers.BooleanField(default=True)
    customer_agreed = serializers.BooleanField(default=False)
    why = serializers.CharField(required=False, allow_blank=True, max_length=2000)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string"},
            {"type": "object", "properties": {"png": {"type": "string"}, "name": {"type": "string"}}},
        ]
    }
)
class SignatureField(serializers.Field):
    """A PNG data URL, an object with `png`, `strokes` and `name`, or a typed name, which confirms nothing."""

    default_error_messages = {"signature": _("A signature is a PNG data URL, or an object with png and name.")}

    def to_internal_value(self, data: Any) -> Any:
        """As given; what is in it is checked when it is stored."""
        if isinstance(data, str) or (isinstance(data, dict) and isinstance(data.get("png", ""), str)):
            return data
        self.fail("signature")
        return None

    def to_representation(self, value: Any) -> Any:
        """As it is."""
        return value


class PartField(serializers.DictField):
    """A part as object with name, model, quantity, unit_price, serial_in, serial_out, or just its name."""

    def to_internal_value(self, data: Any) -> Any:
        """The part as object."""
        return {"name": data} if isinstance(data, str) else super().to_internal_value(data)


class VisitReportSerializer(StepSerializer):
    """The report of a visit. `cause` is a code or words."""

    outcome = serializers.ChoiceField(choices=Visit.Outcome.choices)
    diagnosis = serializers.CharField(required=False, allow_blank=True, max_length=10000)
    cause = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    cause_note = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    work_done = serializers.CharField(required=False, allow_blank=True, max_length=10000)
    parts = serializers.ListField(child=PartField(), required=False)
    hazards = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    hours = serializers.DecimalField(required=False, allow_null=True, max_digits=5, decimal_places=2, min_value=0)
    running_hours = serializers.DecimalField(
        required=False, allow_null=True, max_digits=9, decimal_places=1, min_value=0
    )
    sure = serializers.BooleanField(default=True)
    signature = SignatureField(required=False, allow_null=True)
    signed_by_name = serializers.CharField(required=False, allow_blank=True, max_length=60)
    labour_charge = serializers.DecimalField(
        required=False, allow_null=True, max_digits=8, decimal_places=2, min_value=0
    )
    parts_charge = serializers.DecimalField(
        required=False, allow_null=True, max_digits=8, decimal_places=2, min_value=0
    )
    travel_charge = serializers.DecimalField(
        required=False, allow_null=True, max_digits=8, decimal_places=2, min_value=0
    )


class ReportCorrectionSerializer(StepSerializer):
    """What changes, and why; the signed version stays as it was (DSP-14)."""

    why = serializers.CharField(max_length=2000)
    sequence = serializers.IntegerField(required=False, min_value=1)
    diagnosis = serializers.CharField(required=False, max_length=10000)
    cause = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    cause_note = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    work_done = serializers.CharField(required=False, max_length=10000)
    hazards = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    hours = serializers.DecimalField(required=False, max_digits=5, decimal_places=2, min_value=0)
    parts = serializers.ListField(child=PartField(), required=False)
    signature = SignatureField(required=False, allow_null=True)
    signed_by_name = serializers.CharField(required=False, allow_blank=True, max_length=60)


class ReassignSerializer(StepWithReasonSerializer):
    """Who takes over, why, and perhaps when."""

    engineer = fields.engineer()
    appointment_from = serializers.DateTimeField(required=False, allow_null=True)
    appointment_to = serializers.DateTimeField(required=False, allow_null=True)


class OrderSignSerializer(StepSerializer):
    """Which signature, yes or no, and the opinion (needed when declining)."""

    step = serializers.ChoiceField(choices=["order.head", "order.marketing", LEAVE])
    approve = serializers.BooleanField()
    opinion = serializers.CharField(required=False, allow_blank=True, max_length=2000)

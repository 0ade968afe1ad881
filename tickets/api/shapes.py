"""Shapes of tickets in the API: what lists and details show, what each verb takes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tickets import timers, verdicts
from tickets.api import fields
from tickets.models import DispatchOrder, Ticket, TicketPhoto, TriedStep
from tickets.states import TICKET

LISTED = [
    "number",
    "kind",
    "state",
    "state_label",
    "path",
    "grade",
    "customer",
    "customer_name",
    "equipment",
    "product_model",
    "fault_type",
    "region",
    "province",
    "contact_name",
    "contact_phone",
    "symptom",
    "reported_at",
    "entered_at",
    "owner",
    "waiting_for",
    "next_due_at",
    "verdict_code",
    "repeat_of",
    "solved_at",
    "closed_at",
    "version",
]

LISTED_COLUMNS = (
    *("number", "kind", "state", "path", "grade", "province_id", "contact_name", "contact_phone", "symptom"),
    *("reported_at", "entered_at", "waiting_for", "next_due_at", "verdict_code", "solved_at", "closed_at", "version"),
    *("customer__number", "customer__name", "equipment__serial", "equipment__model__code", "fault_type__code"),
    *("region__code", "owner__username", "repeat_of__number"),
)
"""What a list reads, so that a row costs little."""


class TicketRowSerializer(serializers.ModelSerializer):
    """A ticket in a list."""

    state_label = serializers.CharField(source="status.label", read_only=True)
    customer = fields.name("customer.number")
    customer_name = fields.name("customer.name")
    equipment = fields.name("equipment.serial")
    product_model = fields.name("equipment.model.code")
    fault_type = fields.name("fault_type.code")
    region = fields.name("region.code")
    province = fields.name("province_id")
    owner = fields.name("owner.username")
    repeat_of = fields.name("repeat_of.number")

    class Meta:
        model = Ticket
        fields = LISTED


class TriedStepSerializer(serializers.ModelSerializer):
    """A step tried by phone."""

    class Meta:
        model = TriedStep
        fields = ["text", "helped", "case", "at"]


class TicketPhotoSerializer(serializers.ModelSerializer):
    """A picture that came with the report."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = TicketPhoto
        fields = ["id", "caption", "url"]

    def get_url(self, photo: Any) -> str:
        """Address of the picture for those who may see it."""
        return fields.file_url(photo.file_id)


class OrderOfTicketSerializer(serializers.ModelSerializer):
    """An order of the ticket, in short."""

    engineer = fields.name("engineer.user.username")
    engineer_name = fields.name("engineer.user.name")

    class Meta:
        model = DispatchOrder
        fields = ["number", "state", "engineer", "engineer_name", "issued_at", "appointment_from", "appointment_to"]


class TicketSerializer(TicketRowSerializer):
    """A ticket with verdict, timers, orders, steps, photos and what may be done next."""

    verdict = fields.VerdictField()
    verdict_now = serializers.SerializerMethodField(help_text="Where today's verdict is another one, that one.")
    timers = serializers.SerializerMethodField()
    orders = OrderOfTicketSerializer(many=True, read_only=True)
    tried_steps = TriedStepSerializer(many=True, read_only=True)
    photos = TicketPhotoSerializer(many=True, read_only=True)
    merged_into = fields.name("merged_into.number")
    taken_by = fields.name("taken_by.username")
    allowed = serializers.SerializerMethodField(help_text="Verbs the state and your role allow.")

    class Meta(TicketRowSerializer.Meta):
        fields = [
            *LISTED,
            "is_remote",
            "backup_phone",
            "address",
            "purchased_on",
            "present_state",
            "wanted_service",
            "channel",
            "taken_by",
            "grade_answers",
            "charges_agreed_at",
            "confirmed_at",
            "merged_into",
            "verdict",
            "verdict_now",
            "timers",
            "orders",
            "tried_steps",
            "photos",
            "allowed",
        ]

    @extend_schema_field(fields.TicketTimerSerializer(many=True))
    def get_timers(self, ticket: Any) -> Any:
        """Promises and deadlines of the ticket and its orders."""
        return fields.TicketTimerSerializer(timers.of(ticket), many=True).data

    @extend_schema_field(fields.TicketVerdictSerializer(allow_null=True))
    def get_verdict_now(self, ticket: Any) -> Any:
        """Today's verdict where it differs from the frozen one."""
        today = None if self.context.get("just_opened") else verdicts.difference(ticket)
        return fields.TicketVerdictSerializer(today).data if today else None

    def get_allowed(self, ticket: Any) -> list[str]:
        """Verbs that are possible now."""
        return TICKET.possible(ticket.state, self.context["request"].user)


class NewTicketSerializer(serializers.ModelSerializer):
    """What a new ticket takes; the customer may follow from the machine, the grade from the answers."""

    customer = fields.customer(required=False, allow_null=True)
    equipment = fields.equipment(required=False, allow_null=True)
    fault_type = fields.fault_type(required=False, allow_null=True)
    call = fields.call(required=False, allow_null=True)
    repeat_of = fields.ticket(required=False, allow_null=True)
    reported_at = serializers.DateTimeField(required=False, allow_null=True)
    contact_name = serializers.CharField(required=False, allow_blank=True, max_length=60)
    contact_phone = serializers.CharField(required=False, allow_blank=True, max_length=40)
    grade = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=4)
    grade_answers = serializers.DictField(child=serializers.CharField(), required=False)

    class Meta:
        model = Ticket
        fields = [
            "customer",
            "contact_name",
            "contact_phone",
            "backup_phone",
            "address",
            "equipment",
            "symptom",
            "present_state",
            "wanted_service",
            "grade",
            "grade_answers",
            "fault_type",
            "channel",
            "kind",
            "reported_at",
            "call",
            "repeat_of",
        ]


class StepSerializer(serializers.Serializer):
    """When it happened; without it now. `version` guards against acting on what somebody else has changed."""

    at = serializers.DateTimeField(required=False, allow_null=True)


class StepWithReasonSerializer(StepSerializer):
    """A verb that needs a reason."""

    why = serializers.CharField(max_length=2000)
    version = serializers.IntegerField(required=False)


class TicketGradeSerializer(StepSerializer):
    """The grade, and why where it changes one."""

    grade = serializers.IntegerField(min_value=1, max_value=4)
    why = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    answers = serializers.DictField(child=serializers.CharField(), required=False)
    version = serializers.IntegerField(required=False)


class StepsField(serializers.Field):
    """Steps as a list, or as text with one a line."""

    default_error_messages = {"steps": "Give a list of steps, or text with one step a line."}

    def to_internal_value(self, data: Any) -> list[str]:
        """The steps as a list."""
        if isinstance(data, str):
            return [line.strip() for line in data.splitlines() if line.strip()]
        if isinstance(data, list) and all(isinstance(step, str) for step in data):
            return [step.strip() for step in data if step.strip()]
        self.fail("steps")
        return []

    def to_representation(self, value: Any) -> Any:
        """The steps as they are."""
        return value


class SolvedByPhoneSerializer(StepSerializer):
    """What helped by phone."""

    steps = extend_schema_field({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})(
        StepsField
    )()
    case = fields.case(required=False, allow_null=True)
    version = serializers.IntegerField(required=False)


class TryStepSerializer(StepSerializer):
    """A step that was tried."""

    text = serializers.CharField(max_length=300)
    helped = serializers.BooleanField(default=False)
    case = fields.case(required=False, allow_null=True)


class TicketNoteSerializer(StepSerializer):
    """Words for the story of the ticket."""

    text = serializers.CharField(max_length=4000)


class TicketWaitSerializer(StepWithReasonSerializer):
    """What is waited for, and why."""

    waiting_for = serializers.ChoiceField(choices=[choice for choice in Ticket.Wait.choices if choice[0]])
    evidence = serializers.CharField(required=False, allow_blank=True, max_length=300)


class TicketStepSerializer(StepSerializer):
    """Going on, perhaps with a reason."""

    why = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    version = serializers.IntegerField(required=False)


class TicketPathSerializer(TicketStepSerializer):
    """The path of the ticket; a change needs a reason."""

    path = serializers.ChoiceField(choices=[choice for choice in Ticket.Path.choices if choice[0]])


class AgreementSerializer(StepSerializer):
    """How the customer said so."""

    how = serializers.CharField(max_length=300)


class TicketConfirmSerializer(StepSerializer):
    """How the customer confirmed; the ticket is closed with it unless `close` is false."""

    how = serializers.CharField(required=False, allow_blank=True, max_length=300)
    close = serializers.BooleanField(default=True)


class TicketMergeSerializer(StepSerializer):
    """The ticket that goes on, and why."""

    into = fields.ticket()
    why = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    version = serializers.IntegerField(required=False)


class DispatchSerializer(StepSerializer):
    """Whom to send, when and how. `additional` sends somebody although an order is open."""

    engineer = fields.engineer()
    appointment_from = serializers.DateTimeField(required=False, allow_null=True)
    appointment_to = serializers.DateTimeField(required=False, allow_null=True)
    expected_return_at = serializers.DateTimeField(required=False, allow_null=True)
    travel = serializers.ChoiceField(choices=DispatchOrder.Travel.choices, required=False, allow_blank=True)
    travel_note = serializers.CharField(required=False, allow_blank=True, max_length=120)
    parts_to_take = serializers.CharField(required=False, allow_blank=True, max_length=300)
    note = serializers.CharField(required=False, allow_blank=True)
    additional = serializers.BooleanField(default=False)
    version = serializers.IntegerField(required=False)


class RankingReasonSerializer(serializers.Serializer):
    """One consideration of the ranking."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    points = serializers.IntegerField()
    text = serializers.CharField()


class CandidateSerializer(serializers.Serializer):
    """An engineer who could go, with score and reasons; `obstacle` says why he cannot."""

    engineer = serializers.CharField(source="engineer.user.username")
    name = serializers.CharField(source="engineer.user.name")
    tier = serializers.CharField(source="engineer.tier")
    region = serializers.CharField(source="engineer.region.code")
    standby = serializers.CharField(source="engineer.standby")
    score = serializers.IntegerField()
    obstacle = serializers.CharField(allow_blank=True)
    open_orders = serializers.IntegerField()
    distance_km = serializers.IntegerField(allow_null=True)
    arrives_at = serializers.DateTimeField(allow_null=True)
    reasons = RankingReasonSerializer(many=True, source="parts")


class PhotoUploadSerializer(serializers.Serializer):
    """A picture, as multipart form."""

    file = serializers.FileField()
    caption = serializers.CharField(required=False, allow_blank=True, max_length=80)
    taken_at = serializers.DateTimeField(required=False, allow_null=True)
    at = serializers.DateTimeField(required=False, allow_null=True)


class NextActionSerializer(serializers.Serializer):
    """A sensible next action, or why it is not possible."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField()
    primary = serializers.BooleanField()
    blocked_reason = serializers.CharField(allow_blank=True)


class DuplicateSerializer(serializers.Serializer):
    """An open ticket that may be the same report."""

    number = serializers.CharField(source="ticket.number")
    state = serializers.CharField(source="ticket.state")
    symptom = serializers.CharField(source="ticket.symptom")
    reported_at = serializers.DateTimeField(source="ticket.reported_at")
    reason = serializers.CharField()
    likeness = serializers.FloatField()


class PlanSerializer(serializers.Serializer):
    """The appointment that a ranking is asked for."""

    appointment_from = serializers.DateTimeField(required=False)
    appointment_to = serializers.DateTimeField(required=False)

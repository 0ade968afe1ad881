"""API of the complaints."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import actions, permissions
from complaints.models import Complaint
from core.errors import Forbidden
from core.rest import IdempotentMixin
from customers.models import Channel, Customer, Equipment
from sla import queries
from sla.models import Timer
from staff.models import User
from tickets.models import Call, Ticket


class ComplaintSerializer(serializers.ModelSerializer[Complaint]):
    """A complaint as it stands."""

    customer = serializers.SlugRelatedField("number", read_only=True)  # type: ignore[var-annotated]
    equipment = serializers.SlugRelatedField("serial", read_only=True)  # type: ignore[var-annotated]
    ticket = serializers.SlugRelatedField("number", read_only=True)  # type: ignore[var-annotated]
    call = serializers.SlugRelatedField("number", read_only=True)  # type: ignore[var-annotated]
    about_person = serializers.SlugRelatedField("username", read_only=True)  # type: ignore[var-annotated]
    taken_by = serializers.SlugRelatedField("username", read_only=True)  # type: ignore[var-annotated]
    owner = serializers.SlugRelatedField("username", read_only=True)  # type: ignore[var-annotated]
    decided_by = serializers.SlugRelatedField("username", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Complaint
        fields = (
            "number",
            "state",
            "customer",
            "equipment",
            "ticket",
            "call",
            "channel",
            "about",
            "about_person",
            "content",
            "remedy",
            "received_at",
            "entered_at",
            "taken_by",
            "owner",
            "answer_due_at",
            "acknowledged_at",
            "is_valid",
            "findings",
            "decided_by",
            "decided_at",
            "answer",
            "answered_at",
            "content_after",
            "closed_at",
            "next_due_at",
        )


class ComplaintTimerSerializer(serializers.ModelSerializer[Timer]):
    """A promise and its deadline."""

    label = serializers.CharField(source="target_label", read_only=True)  # type: ignore[assignment]

    class Meta:
        model = Timer
        fields = ("target", "label", "state", "started_at", "due_at", "warn_at", "ended_at")


class ComplaintDetailSerializer(ComplaintSerializer):
    """A complaint with its deadlines and what may be done next."""

    timers = serializers.SerializerMethodField()
    allowed = serializers.SerializerMethodField()

    class Meta(ComplaintSerializer.Meta):
        fields = (*ComplaintSerializer.Meta.fields, "timers", "allowed")  # type: ignore[assignment]

    @extend_schema_field(ComplaintTimerSerializer(many=True))
    def get_timers(self, complaint: Complaint) -> Any:
        """Open deadlines first."""
        return ComplaintTimerSerializer(queries.worst_first(queries.timers_of(complaint)), many=True).data

    def get_allowed(self, complaint: Complaint) -> list[str]:
        """Verbs that are possible now."""
        return permissions.possible(self.context["request"].user, complaint)


class OpenSerializer(serializers.Serializer[Any]):
    """What is needed to take a complaint; the customer may follow from ticket, machine or call."""

    customer = serializers.SlugRelatedField("number", queryset=Customer.objects.none(), required=False)
    equipment = serializers.SlugRelatedField("serial", queryset=Equipment.objects.none(), required=False)
    ticket = serializers.SlugRelatedField("number", queryset=Ticket.objects.none(), required=False)
    call = serializers.SlugRelatedField("number", queryset=Call.objects.none(), required=False)
    channel = serializers.ChoiceField(choices=Channel.choices, required=False)
    about = serializers.ChoiceField(choices=Complaint.Subject.choices, required=False)
    about_person = serializers.SlugRelatedField(
        "username", queryset=User.objects.filter(is_active=True), required=False
    )
    content = serializers.CharField(max_length=4000)
    remedy = serializers.CharField(max_length=200, required=False, allow_blank=True)
    answer_due_at = serializers.DateTimeField(required=False)
    at = serializers.DateTimeField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        request = self.context.get("request")
        if request is not None:
            for name, model in (("customer", Customer), ("equipment", Equipment), ("ticket", Ticket), ("call", Call)):
                self.fields[name].queryset = model.objects.visible_to(request.user)  # type: ignore[attr-defined]


class MomentSerializer(serializers.Serializer[Any]):
    """When it happened."""

    at = serializers.DateTimeField(required=False)


class AcknowledgeSerializer(MomentSerializer):
    """Until when the customer gets an answer."""

    answer_due_at = serializers.DateTimeField(required=False)


class DescribeSerializer(MomentSerializer):
    """What and whom it is about."""

    about = serializers.ChoiceField(choices=Complaint.Subject.choices)
    about_person = serializers.SlugRelatedField(
        "username", queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )
    remedy = serializers.CharField(max_length=200, required=False, allow_blank=True)


class AssignSerializer(MomentSerializer):
    """Who handles it."""

    owner = serializers.SlugRelatedField("username", queryset=User.objects.filter(is_active=True))


class DecideSerializer(MomentSerializer):
    """Valid or not, and what was found."""

    is_valid = serializers.BooleanField()  # type: ignore[assignment]
    findings = serializers.CharField(max_length=4000)


class AnswerSerializer(MomentSerializer):
    """What the customer was told."""

    answer = serializers.CharField(max_length=4000)


class CloseSerializer(MomentSerializer):
    """Whether the customer is content now."""

    content_after = serializers.ChoiceField(choices=["yes", "no"])


class ReopenSerializer(MomentSerializer):
    """Why it is taken up again."""

    why = serializers.CharField(max_length=300)


class ComplaintViewSet(
    IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Complaint]
):
    """Complaints of customers."""

    queryset = Complaint.objects.none()
    serializer_class = ComplaintSerializer
    serializer_classes = {"retrieve": ComplaintDetailSerializer}
    lookup_field = "number"
    lookup_value_converter = "str"
    keyset_ordering = ("-received_at", "-id")
    filterset_fields = ("state", "about", "customer__number", "is_valid")

    def get_queryset(self) -> Any:
        """Complaints the person may see."""
        related = ("customer", "equipment", "ticket", "call", "about_person", "taken_by", "owner", "decided_by")
        return Complaint.objects.visible_to(self.request.user).select_related(*related)

    def get_serializer_class(self) -> Any:
        """With deadlines for a single one."""
        return self.serializer_classes.get(self.action, self.serializer_class)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first; 403 for roles that have nothing to do with complaints."""
        if not permissions.can_read(request.user):
            raise Forbidden(_("Complaints are for those who handle them."))
        return super().list(request, *args, **kwargs)

    @extend_schema(request=OpenSerializer, responses={201: ComplaintDetailSerializer})
    def create(self, request: Request) -> Response:
        """Take a complaint."""
        if not permissions.can_take(request.user):
            raise Forbidden(_("Your role does not take complaints."))
        made = actions.open_complaint(by=request.user, **self._values(OpenSerializer))
        return Response(self._shown(made), status.HTTP_201_CREATED)

    @extend_schema(request=AcknowledgeSerializer, responses=ComplaintDetailSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, number: str) -> Response:
        """Tell the customer that it is being looked at."""
        return self._act(actions.acknowledge, AcknowledgeSerializer)

    @extend_schema(request=DescribeSerializer, responses=ComplaintDetailSerializer)
    @action(detail=True, methods=["post"])
    def describe(self, request: Request, number: str) -> Response:
        """Say what it is about."""
        return self._act(actions.describe, DescribeSerializer)

    @extend_schema(request=AssignSerializer, responses=ComplaintDetailSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, number: str) -> Response:
        """Give it to somebody."""
        return self._act(actions.assign, AssignSerializer)

    @extend_schema(request=DecideSerializer, responses=ComplaintDetailSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, number: str) -> Response:
        """Decide whether it is valid."""
        return self._act(actions.decide, DecideSerializer)

    @extend_schema(request=AnswerSerializer, responses=ComplaintDetailSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, number: str) -> Response:
        """Explain the decision to the customer."""
        return self._act(actions.answer, AnswerSerializer)

    @extend_schema(request=CloseSerializer, responses=ComplaintDetailSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, number: str) -> Response:
        """Close after asking the customer."""
        return self._act(actions.close, CloseSerializer)

    @extend_schema(request=ReopenSerializer, responses=ComplaintDetailSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, number: str) -> Response:
        """Take it up again."""
        return self._act(actions.reopen, ReopenSerializer)

    def _values(self, serializer: Any) -> dict[str, Any]:
        given = serializer(data=self.request.data, context={"request": self.request})
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def _act(self, verb: Any, serializer: Any) -> Response:
        done = verb(self.get_object(), by=self.request.user, **self._values(serializer))
        return Response(self._shown(done))

    def _shown(self, complaint: Complaint) -> Any:
        return ComplaintDetailSerializer(complaint, context=self.get_serializer_context()).data


routes = [("complaints", ComplaintViewSet, "complaint")]

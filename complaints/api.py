"""API of the complaints."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import actions
from complaints.models import Complaint
from complaints.querysets import READERS
from core.errors import Forbidden
from core.rest import IdempotentMixin
from customers.models import Channel, Customer, Equipment
from staff.models import User
from staff.roles import Role
from tickets.models import Call, Ticket


class ComplaintSerializer(serializers.ModelSerializer[Complaint]):
    """A complaint as it stands."""

    customer = serializers.SlugRelatedField("number", read_only=True)  # type: ignore[var-annotated]
    equipment = serializers.SlugRelatedField("serial", read_only=True)  # type: ignore[var-annotated]
    ticket = serializers.SlugRelatedField("number", read_only=True)  # type: ignore[var-annotated]
    call = serializers.SlugRelatedField("number", read_only=True)  # type: ignore[var-annotated]
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
            "content",
            "remedy",
            "received_at",
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
        )


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


class AssignSerializer(MomentSerializer):
    """Who handles it."""

    owner = serializers.SlugRelatedField("username", queryset=User.objects.filter(is_active=True))


class DecideSerializer(MomentSerializer):
    """Valid or not, and what was found."""

    is_valid = serializers.BooleanField()
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
    lookup_field = "number"
    lookup_value_converter = "str"
    keyset_ordering = ("-received_at", "-id")
    filterset_fields = ("state", "about", "customer__number", "is_valid")

    def get_queryset(self) -> Any:
        """Complaints the person may see."""
        related = ("customer", "equipment", "ticket", "call", "owner", "decided_by")
        return Complaint.objects.visible_to(self.request.user).select_related(*related)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first; 403 for roles that have nothing to do with complaints."""
        if not request.user.has_role(*READERS, Role.SUPERVISOR):
            raise Forbidden(_("Complaints are for those who handle them."))
        return super().list(request, *args, **kwargs)

    @extend_schema(request=OpenSerializer, responses={201: ComplaintSerializer})
    def create(self, request: Request) -> Response:
        """Take a complaint."""
        made = actions.open_complaint(by=request.user, **self._values(OpenSerializer))
        return Response(ComplaintSerializer(made).data, status.HTTP_201_CREATED)

    @extend_schema(request=AcknowledgeSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, number: str) -> Response:
        """Tell the customer that it is being looked at."""
        return self._act(actions.acknowledge, AcknowledgeSerializer)

    @extend_schema(request=AssignSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, number: str) -> Response:
        """Give it to somebody."""
        return self._act(actions.assign, AssignSerializer)

    @extend_schema(request=DecideSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, number: str) -> Response:
        """Decide whether it is valid."""
        return self._act(actions.decide, DecideSerializer)

    @extend_schema(request=AnswerSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, number: str) -> Response:
        """Explain the decision to the customer."""
        return self._act(actions.answer, AnswerSerializer)

    @extend_schema(request=CloseSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, number: str) -> Response:
        """Close after asking the customer."""
        return self._act(actions.close, CloseSerializer)

    @extend_schema(request=ReopenSerializer, responses=ComplaintSerializer)
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
        return Response(ComplaintSerializer(done).data)


routes = [("complaints", ComplaintViewSet, "complaint")]

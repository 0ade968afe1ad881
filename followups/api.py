"""The API of follow-ups: the queue, the verbs of a call, rules, questionnaires, service cards."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Forbidden
from core.rest import IdempotentMixin, found_or_404
from followups import actions, permissions
from followups.models import Answer, Attempt, FollowUp, Questionnaire, Rule, ServiceCard
from staff.models import Region
from tickets.models import DispatchOrder


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """One call and what came of it."""

    by = serializers.CharField(source="by.username", read_only=True, default=None)

    class Meta:
        model = Attempt
        fields = ["outcome", "at", "by", "note", "next_at"]


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    """The answer to one question."""

    class Meta:
        model = Answer
        fields = ["question", "rating", "yes", "text"]


class FollowUpSerializer(serializers.ModelSerializer[FollowUp]):
    """A customer to be called back, and what came of it."""

    rule = serializers.CharField(source="rule_code")
    reason = serializers.CharField(source="rule.__str__", default="", help_text="What the call is for, in words.")
    script = serializers.CharField(source="rule.script", default="", help_text="What to say.")
    questionnaire = serializers.CharField(source="questionnaire.code")
    customer = serializers.CharField(source="customer.number")
    equipment = serializers.CharField(source="equipment.serial", default=None)
    ticket = serializers.CharField(source="ticket.number", default=None)
    region = serializers.CharField(source="region.code")
    assigned = serializers.CharField(source="assigned.username", default=None)
    escalated_to = serializers.CharField(source="escalated_to.username", default=None)
    attempts = AttemptSerializer(many=True)
    answers = AnswerSerializer(many=True)
    allowed = serializers.SerializerMethodField(help_text="Verbs that are possible now for the person asking.")

    class Meta:
        model = FollowUp
        fields = [
            "number", "state", "rule", "reason", "script", "questionnaire", "customer", "equipment", "ticket", "region",
            "contact_name", "contact_phone", "due_at", "next_at", "assigned", "attempts_count", "reached_at", "done_at",
            "overall", "lowest", "question", "escalated_at", "escalated_to", "answer_due_at", "answer", "created_at",
            "attempts", "answers", "allowed",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed(self, followup: FollowUp) -> list[str]:
        """Codes of the verbs."""
        return actions.possible(followup, self.context["request"].user)


class MomentSerializer(serializers.Serializer[Any]):
    """When it happened; now when left out."""

    at = serializers.DateTimeField(required=False)


class AttemptInput(MomentSerializer):
    """What came of the call."""

    outcome = serializers.ChoiceField(Attempt.Outcome.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)
    next_at = serializers.DateTimeField(required=False, allow_null=True)


class AnswerInput(MomentSerializer):
    """The filled form: question code to rating 1–5, yes or no, or text."""

    answers = serializers.DictField(child=serializers.JSONField(allow_null=True))
    question = serializers.CharField(
        required=False, allow_blank=True, help_text="What could not be answered at once; goes to the superior."
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class EscalationInput(MomentSerializer):
    """What the customer wants to know."""

    question = serializers.CharField()


class ResolutionInput(MomentSerializer):
    """What the customer was told."""

    answer = serializers.CharField()


class CancellationInput(MomentSerializer):
    """Why nobody is called."""

    why = serializers.CharField()


class FollowUpFilter(django_filters.FilterSet):
    """Filters of the queue."""

    state = django_filters.CharFilter()
    rule = django_filters.CharFilter("rule_code")
    ticket = django_filters.CharFilter("ticket__number")
    customer = django_filters.CharFilter("customer__number")
    equipment = django_filters.CharFilter("equipment__serial")
    region = django_filters.ModelChoiceFilter(queryset=Region.objects.all(), to_field_name="code")
    assigned = django_filters.CharFilter("assigned__username")
    due_before = django_filters.IsoDateTimeFilter("next_at", "lte")
    due_after = django_filters.IsoDateTimeFilter("next_at", "gte")

    class Meta:
        model = FollowUp
        fields: list[str] = []


class FollowUpViewSet(
    IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[FollowUp]
):
    """Follow-up calls by number."""

    serializer_class = FollowUpSerializer
    queryset = FollowUp.objects.none()
    lookup_field = "number"
    filterset_class = FollowUpFilter

    def get_queryset(self) -> QuerySet[FollowUp]:
        """Those the person may see."""
        rows: QuerySet[FollowUp] = FollowUp.objects.visible_to(self.request.user)
        related = ("rule", "questionnaire", "customer", "equipment", "ticket", "region", "assigned", "escalated_to")
        return rows.select_related(*related).prefetch_related("attempts__by", "answers")

    def _run(self, request: Request, shape: type[serializers.Serializer[Any]], verb: Any) -> Response:
        given = shape(data=request.data)
        given.is_valid(raise_exception=True)
        verb(self.get_object(), by=request.user, **given.validated_data)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=AttemptInput, responses=FollowUpSerializer)
    @action(detail=True, methods=["post"])
    def attempt(self, request: Request, number: str) -> Response:
        """Note a call: reached, or not and when to try again."""
        return self._run(request, AttemptInput, actions.attempt)

    @extend_schema(request=AnswerInput, responses=FollowUpSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, number: str) -> Response:
        """Fill in the form; low ratings and open questions go to the superior the same day."""
        return self._run(request, AnswerInput, actions.answer)

    @extend_schema(request=EscalationInput, responses=FollowUpSerializer)
    @action(detail=True, methods=["post"])
    def escalate(self, request: Request, number: str) -> Response:
        """Hand a question to the superior."""
        return self._run(request, EscalationInput, actions.escalate)

    @extend_schema(request=ResolutionInput, responses=FollowUpSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, number: str) -> Response:
        """The customer has the superior's answer."""
        return self._run(request, ResolutionInput, actions.resolve)

    @extend_schema(request=MomentSerializer, responses=FollowUpSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, number: str) -> Response:
        """Take the call over."""
        return self._run(request, MomentSerializer, actions.take)

    @extend_schema(request=MomentSerializer, responses=FollowUpSerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, number: str) -> Response:
        """Try again after it was given up."""
        return self._run(request, MomentSerializer, actions.retry)

    @extend_schema(request=CancellationInput, responses=FollowUpSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, number: str) -> Response:
        """Nobody will be called."""
        return self._run(request, CancellationInput, actions.cancel)


class PolicyViewSet(IdempotentMixin, mixins.ListModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet[Any]):
    """Newest versions; a POST under a known code makes its next version."""

    verb: Any

    def get_queryset(self) -> QuerySet[Any]:
        """For everybody who sees follow-ups."""
        if not permissions.can_read(self.request.user):
            raise Forbidden(_("Your role does not see follow-ups."))
        rows: QuerySet[Any] = self.serializer_class.Meta.model.objects.newest()  # type: ignore[union-attr]
        return rows

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write a version."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = type(self).verb(by=request.user, at=timezone.now(), **given.validated_data)
        return Response(self.get_serializer(made).data, status.HTTP_201_CREATED)


class FollowUpRuleSerializer(serializers.ModelSerializer[Rule]):
    """A rule by which follow-ups come."""

    code = serializers.SlugField(max_length=40)

    class Meta:
        model = Rule
        fields = [
            "code", "version", "valid_from", "name_zh", "name_en", "active", "trigger", "spec", "delay",
            "questionnaire", "roles", "max_attempts", "retry_hours", "script_zh", "script_en", "why",
        ]  # fmt: skip
        read_only_fields = ["version"]
        validators: list[Any] = []


class QuestionnaireSerializer(serializers.ModelSerializer[Questionnaire]):
    """A form to ask by."""

    code = serializers.SlugField(max_length=40)

    class Meta:
        model = Questionnaire
        fields = ["code", "version", "valid_from", "name_zh", "name_en", "sections", "why"]
        read_only_fields = ["version"]
        validators: list[Any] = []


class RuleViewSet(PolicyViewSet):
    """Follow-up rules (FUP-01)."""

    serializer_class = FollowUpRuleSerializer
    queryset = Rule.objects.none()
    verb = staticmethod(actions.add_rule)


class QuestionnaireViewSet(PolicyViewSet):
    """Questionnaires (FUP-05)."""

    serializer_class = QuestionnaireSerializer
    queryset = Questionnaire.objects.none()
    verb = staticmethod(actions.add_questionnaire)


class ServiceCardSerializer(serializers.ModelSerializer[ServiceCard]):
    """A service card that came back."""

    order = serializers.SlugRelatedField("number", queryset=DispatchOrder.objects.all())
    number = serializers.CharField(max_length=30)
    at = serializers.DateTimeField(source="returned_at", required=False)
    received_by = serializers.CharField(source="received_by.username", read_only=True, default=None)

    class Meta:
        model = ServiceCard
        fields = ["number", "order", "at", "sealed", "stamped", "note", "received_by"]


class ServiceCardViewSet(
    IdempotentMixin, mixins.ListModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet[ServiceCard]
):
    """Service cards (FUP-01, FUP-03); field staff do not see what was noted on them."""

    serializer_class = ServiceCardSerializer
    queryset = ServiceCard.objects.none()
    filterset_fields = ["order__number"]

    def get_queryset(self) -> QuerySet[ServiceCard]:
        """Those of the orders that people of the office see."""
        if not permissions.can_read(self.request.user):
            raise Forbidden(_("Your role does not see follow-ups."))
        orders = DispatchOrder.objects.visible_to(self.request.user)
        return ServiceCard.objects.filter(order__in=orders).select_related("order", "received_by")

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Note a card that came back; the follow-up is due the same day."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        orders = DispatchOrder.objects.visible_to(request.user).select_related("ticket__customer", "ticket__equipment")
        order = found_or_404(orders, pk=values.pop("order").pk)
        card = actions.return_card(order, by=request.user, at=values.pop("returned_at", None), **values)
        return Response(self.get_serializer(card).data, status.HTTP_201_CREATED)


routes = [
    ("follow-ups", FollowUpViewSet, "followup"),
    ("follow-up-rules", RuleViewSet, "followup-rule"),
    ("questionnaires", QuestionnaireViewSet, "questionnaire"),
    ("service-cards", ServiceCardViewSet, "service-card"),
]

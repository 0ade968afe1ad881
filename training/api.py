"""API of customer trainings."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Forbidden
from core.rest import IdempotentMixin
from customers.models import Equipment
from staff.models import User
from training import actions, permissions
from training.models import CustomerTraining


class TrainingSerializer(serializers.ModelSerializer[CustomerTraining]):
    """A training as it stands."""

    equipment = serializers.SlugRelatedField("serial", read_only=True)  # type: ignore[var-annotated]
    customer = serializers.SlugRelatedField("number", source="equipment.customer", read_only=True)  # type: ignore[var-annotated]
    trainer = serializers.SlugRelatedField("username", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = CustomerTraining
        fields = (
            "number",
            "state",
            "equipment",
            "customer",
            "kind",
            "trainer",
            "planned_on",
            "due_on",
            "started_on",
            "ended_on",
            "trainees",
            "passed",
            "satisfaction",
            "is_late",
            "is_repeat",
            "charge",
            "notes",
        )


class PlanSerializer(serializers.Serializer[Any]):
    """What is needed to plan a training."""

    equipment = serializers.SlugRelatedField("serial", queryset=Equipment.objects.none())
    kind = serializers.ChoiceField(choices=CustomerTraining.Kind.choices)
    planned_on = serializers.DateField()
    trainer = serializers.SlugRelatedField(
        "username", queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )
    notes = serializers.CharField(required=False, allow_blank=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        request = self.context.get("request")
        if request is not None:
            machines = Equipment.objects.visible_to(request.user).select_related("model")
            self.fields["equipment"].queryset = machines  # type: ignore[attr-defined]


class ChangeSerializer(serializers.Serializer[Any]):
    """Another day or trainer."""

    planned_on = serializers.DateField()
    trainer = serializers.SlugRelatedField("username", queryset=User.objects.filter(is_active=True), allow_null=True)
    notes = serializers.CharField(required=False, allow_blank=True)


class ResultSerializer(serializers.Serializer[Any]):
    """What came of a training."""

    started_on = serializers.DateField()
    ended_on = serializers.DateField()
    trainees = serializers.IntegerField(min_value=1, max_value=500)
    passed = serializers.IntegerField(min_value=0, max_value=500)
    satisfaction = serializers.ChoiceField(
        choices=CustomerTraining.Satisfaction.choices, required=False, allow_blank=True
    )
    notes = serializers.CharField(required=False, allow_blank=True)


class WhySerializer(serializers.Serializer[Any]):
    """A reason."""

    why = serializers.CharField(max_length=300)


class TrainingViewSet(
    IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[CustomerTraining]
):
    """Initial trainings of customers."""

    queryset = CustomerTraining.objects.none()
    serializer_class = TrainingSerializer
    lookup_field = "number"
    lookup_value_converter = "str"
    keyset_ordering = ("-planned_on", "-id")
    filterset_fields = ("state", "kind", "equipment__serial")

    def get_queryset(self) -> Any:
        """Trainings the person may see."""
        related = ("equipment__model", "equipment__customer", "trainer")
        return CustomerTraining.objects.visible_to(self.request.user).select_related(*related)

    @extend_schema(request=PlanSerializer, responses={201: TrainingSerializer})
    def create(self, request: Request) -> Response:
        """Plan a training."""
        if not permissions.can_plan(request.user):
            raise Forbidden(_("Trainings are planned by trainers."))
        values = self._values(PlanSerializer)
        made = actions.plan_training(by=request.user, **values)
        return Response(TrainingSerializer(made).data, status.HTTP_201_CREATED)

    @extend_schema(request=ChangeSerializer, responses=TrainingSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, number: str) -> Response:
        """Move a planned training."""
        return self._act(actions.change_training, ChangeSerializer)

    @extend_schema(request=ResultSerializer, responses=TrainingSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, number: str) -> Response:
        """Enter the result."""
        return self._act(actions.finish_training, ResultSerializer)

    @extend_schema(request=WhySerializer, responses=TrainingSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, number: str) -> Response:
        """Cancel a planned training."""
        return self._act(actions.cancel_training, WhySerializer)

    def _values(self, serializer: Any) -> dict[str, Any]:
        given = serializer(data=self.request.data, context={"request": self.request})
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def _act(self, verb: Any, serializer: Any) -> Response:
        done = verb(self.get_object(), by=self.request.user, **self._values(serializer))
        return Response(TrainingSerializer(done).data)


routes = [("trainings", TrainingViewSet, "training")]

"""The machines of the API, with components, papers, operators and meter readings."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest import IdempotentMixin, found_or_404
from customers import actions, permissions
from customers.api import fields
from customers.models import Component, DeliveredItem, Equipment, MeterReading, Operator
from customers.stories import DOUBTS
from staff.models import Region

PLAIN = [
    "plate",
    "batch",
    "quantity",
    "state",
    "produced_on",
    "purchased_on",
    "delivered_on",
    "accepted_on",
    "first_used_on",
    "notes",
]


class ComponentSerializer(serializers.ModelSerializer):
    """A part of a machine with its own serial number."""

    class Meta:
        model = Component
        fields = ["id", "kind", "name", "serial", "installed_on", "removed_on", "warranty_until"]
        read_only_fields = ["id"]


class ReplacementSerializer(serializers.ModelSerializer):
    """The new component; kind and name are the old one's unless given."""

    on = serializers.DateField(help_text="Day of the swap.")
    why = serializers.CharField(required=False, allow_blank=True)

    class Meta:
        model = Component
        fields = ["on", "kind", "name", "serial", "warranty_until", "why"]
        extra_kwargs = {"kind": {"required": False}, "name": {"required": False}}


class DeliveredItemSerializer(serializers.ModelSerializer):
    """A document or tool handed over with a machine."""

    class Meta:
        model = DeliveredItem
        fields = ["id", "kind", "name", "quantity", "handed_over_on"]
        read_only_fields = ["id"]


class OperatorSerializer(serializers.ModelSerializer):
    """A trained operator at the customer."""

    class Meta:
        model = Operator
        fields = ["id", "name", "phone", "trained_on"]
        read_only_fields = ["id"]


class ReadingSerializer(serializers.ModelSerializer):
    """Running hours read off a machine; `doubt` says why a reading is not believed."""

    by = serializers.CharField(source="by.username", read_only=True, default=None)
    doubt = serializers.SerializerMethodField()

    class Meta:
        model = MeterReading
        fields = ["id", "hours", "at", "source", "by", "is_plausible", "doubt"]
        read_only_fields = ["id", "is_plausible"]

    @extend_schema_field(serializers.CharField())
    def get_doubt(self, reading: MeterReading) -> str:
        """Why it is not believed, in words."""
        return str(DOUBTS.get(reading.doubt, reading.doubt))


class NewReadingSerializer(serializers.Serializer):
    """What a reading takes: hours, and when they were read."""

    hours = serializers.DecimalField(max_digits=9, decimal_places=1)
    at = serializers.DateTimeField(required=False, help_text="When it was read; now if left out.")
    source = serializers.ChoiceField(  # type: ignore[assignment]
        MeterReading.Source.choices, default=MeterReading.Source.API
    )


class EquipmentSerializer(serializers.ModelSerializer):
    """A machine in a list."""

    model = serializers.SlugRelatedField(slug_field="code", read_only=True)
    product_line = serializers.CharField(source="model.product_line.code", read_only=True)
    customer = serializers.SlugRelatedField(slug_field="number", read_only=True)
    customer_name = serializers.CharField(source="customer.name", read_only=True)
    contract = serializers.SlugRelatedField(slug_field="number", read_only=True)
    site = serializers.PrimaryKeyRelatedField(read_only=True)

    class Meta:
        model = Equipment
        fields = [
            "serial",
            "model",
            "product_line",
            "customer",
            "customer_name",
            "contract",
            "site",
            *PLAIN,
            "running_hours",
            "version",
            "created_at",
        ]


class EquipmentDetailSerializer(EquipmentSerializer):
    """A machine with all that hangs on it."""

    components = ComponentSerializer(many=True)
    delivered_items = DeliveredItemSerializer(many=True)
    operators = OperatorSerializer(many=True)

    class Meta(EquipmentSerializer.Meta):
        fields = [*EquipmentSerializer.Meta.fields, "components", "delivered_items", "operators"]


class NewEquipmentSerializer(serializers.ModelSerializer):
    """What a new machine file takes."""

    model = fields.product_model()
    customer = fields.customer()
    contract = fields.contract(required=False, allow_null=True)
    site = fields.site(required=False, allow_null=True)
    at = serializers.DateTimeField(required=False)

    class Meta:
        model = Equipment
        fields = ["serial", "model", "customer", "contract", "site", *PLAIN, "at"]
        extra_kwargs = {"serial": {"validators": []}}


class ChangedEquipmentSerializer(NewEquipmentSerializer):
    """What may change; `version` guards against overwriting what somebody else wrote meanwhile (409)."""

    version = serializers.IntegerField(required=False)
    why = serializers.CharField(required=False, allow_blank=True)

    class Meta(NewEquipmentSerializer.Meta):
        fields = [*NewEquipmentSerializer.Meta.fields, "version", "why"]


class EquipmentFilter(django_filters.FilterSet):
    """Filters of the machine list."""

    q = django_filters.CharFilter(method="match", help_text="Any fragment: serial, plate, model, customer.")
    customer = django_filters.CharFilter("customer__number")
    model = django_filters.CharFilter("model__code")
    product_line = django_filters.CharFilter("model__product_line__code")
    province = django_filters.CharFilter("customer__province__code")
    region = django_filters.CharFilter(method="serve", help_text="Code of a region.")
    contract = django_filters.CharFilter("contract__number")
    state = django_filters.MultipleChoiceFilter(choices=Equipment.State.choices)

    class Meta:
        model = Equipment
        fields = ["q", "customer", "model", "product_line", "province", "region", "contract", "state"]

    def match(self, rows: Any, _name: str, query: str) -> QuerySet[Equipment]:
        """Machines that match a fragment."""
        return rows.matching(query)

    def serve(self, rows: Any, _name: str, code: str) -> QuerySet[Equipment]:
        """Machines of a region."""
        region = Region.objects.filter(code=code).first()
        return rows.of_region(region) if region else rows.none()


@extend_schema_view(list=extend_schema(summary="List machines"))
class EquipmentViewSet(IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Sold machines (CUS-02)."""

    queryset = Equipment.objects.none()
    serializer_class = EquipmentSerializer
    filterset_class = EquipmentFilter
    lookup_field = "serial"

    def get_queryset(self) -> QuerySet[Equipment]:
        """What the person may see."""
        rows = Equipment.objects.visible_to(self.request.user).select_related(
            "model__product_line", "customer__province", "contract"
        )
        return rows if self.action == "list" else self._whole(rows)

    @staticmethod
    def _whole(rows: Any) -> Any:
        return rows.prefetch_related("components", "delivered_items", "operators")

    def _editable(self) -> Equipment:
        """The machine, or 403 before anything that was sent is looked at."""
        machine: Equipment = self.get_object()
        permissions.demand(permissions.can_edit_customer(self.request.user, machine.customer))
        return machine

    def _answer(self, machine: Equipment, code: int = status.HTTP_200_OK) -> Response:
        rows = Equipment.objects.select_related("model__product_line", "customer", "contract")
        return Response(EquipmentDetailSerializer(self._whole(rows).get(pk=machine.pk)).data, code)

    def _given(self, kind: type[serializers.BaseSerializer], request: Request, **options: Any) -> dict[str, Any]:
        form = kind(data=request.data, context=self.get_serializer_context(), **options)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    @extend_schema(summary="Read a machine", responses=EquipmentDetailSerializer)
    def retrieve(self, request: Request, serial: str) -> Response:
        """A machine with components, papers and operators."""
        return Response(EquipmentDetailSerializer(self.get_object()).data)

    @extend_schema(
        summary="Register a machine",
        request=NewEquipmentSerializer,
        responses={201: EquipmentDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        """Register a sold machine."""
        permissions.demand(permissions.can_add(request.user))
        machine = actions.add_equipment(by=request.user, **self._given(NewEquipmentSerializer, request))
        return self._answer(machine, status.HTTP_201_CREATED)

    @extend_schema(
        summary="Change a machine file",
        request=ChangedEquipmentSerializer,
        responses=EquipmentDetailSerializer,
    )
    def partial_update(self, request: Request, serial: str) -> Response:
        """Change some fields of a machine file."""
        machine = self._editable()
        changes = self._given(ChangedEquipmentSerializer, request, partial=True)
        return self._answer(actions.change_equipment(machine, by=request.user, **changes))

    @extend_schema(summary="Add a component", request=ComponentSerializer, responses={201: EquipmentDetailSerializer})
    @action(detail=True, methods=["post"])
    def components(self, request: Request, serial: str) -> Response:
        """Add a component to a machine."""
        machine = self._editable()
        actions.add_component(machine, by=request.user, **self._given(ComponentSerializer, request))
        return self._answer(machine, status.HTTP_201_CREATED)

    @extend_schema(summary="Change a component", request=ComponentSerializer, responses=EquipmentDetailSerializer)
    @action(detail=True, methods=["patch"], url_path="components/<int:component>")
    def component(self, request: Request, serial: str, component: int) -> Response:
        """Correct a component's data."""
        machine = self._editable()
        row = found_or_404(machine.components.all(), pk=component)
        changes = self._given(ComponentSerializer, request, partial=True)
        actions.change_component(row, by=request.user, **changes)
        return self._answer(machine)

    @extend_schema(
        summary="Replace a component",
        request=ReplacementSerializer,
        responses={201: EquipmentDetailSerializer},
    )
    @action(detail=True, methods=["post"], url_path="components/<int:component>/replace")
    def replace(self, request: Request, serial: str, component: int) -> Response:
        """Swap a component for another; the old one stays in the file as removed."""
        machine = self._editable()
        row = found_or_404(machine.components.all(), pk=component)
        actions.replace_component(row, by=request.user, **self._given(ReplacementSerializer, request))
        return self._answer(machine, status.HTTP_201_CREATED)

    @extend_schema(
        summary="Hand over a document or tool",
        request=DeliveredItemSerializer,
        responses={201: EquipmentDetailSerializer},
    )
    @action(detail=True, methods=["post"], url_path="delivered-items")
    def delivered_items(self, request: Request, serial: str) -> Response:
        """Note what was handed over with a machine."""
        machine = self._editable()
        actions.hand_over_item(machine, by=request.user, **self._given(DeliveredItemSerializer, request))
        return self._answer(machine, status.HTTP_201_CREATED)

    @extend_schema(
        summary="Add a trained operator",
        request=OperatorSerializer,
        responses={201: EquipmentDetailSerializer},
    )
    @action(detail=True, methods=["post"])
    def operators(self, request: Request, serial: str) -> Response:
        """Note who was trained on a machine."""
        machine = self._editable()
        actions.add_operator(machine, by=request.user, **self._given(OperatorSerializer, request))
        return self._answer(machine, status.HTTP_201_CREATED)

    @extend_schema(summary="List readings", methods=["GET"], responses=ReadingSerializer(many=True), filters=False)
    @extend_schema(
        summary="Record a reading",
        methods=["POST"],
        request=NewReadingSerializer,
        responses={201: ReadingSerializer},
    )
    @action(detail=True, methods=["get", "post"], filter_backends=[])
    def readings(self, request: Request, serial: str) -> Response:
        """Running hours of a machine, newest first; a doubtful one is kept and marked."""
        machine = self.get_object()
        if request.method == "POST":
            permissions.demand(permissions.can_read_meter(request.user, machine))
            given = self._given(NewReadingSerializer, request)
            reading = actions.record_meter(machine, by=request.user, **{"at": timezone.now(), **given})
            return Response(ReadingSerializer(reading).data, status.HTTP_201_CREATED)
        rows = self.paginate_queryset(machine.readings.select_related("by"))
        return self.get_paginated_response(ReadingSerializer(rows, many=True).data)

"""The customers of the API, with their contacts."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest import IdempotentMixin, found_or_404
from customers import actions, permissions
from customers.api import fields
from customers.models import Contact, Customer
from staff.models import Region


class ContactSerializer(serializers.ModelSerializer):
    """A person at a customer."""

    class Meta:
        model = Contact
        fields = ["id", "name", "position", "phone", "backup_phone", "email", "channel", "is_main"]
        read_only_fields = ["id"]


class CustomerSerializer(serializers.ModelSerializer):
    """A customer file with its contacts."""

    province = fields.province()
    owner = fields.owner(allow_null=True)
    contacts = ContactSerializer(many=True)

    class Meta:
        model = Customer
        fields = [
            "number",
            "name",
            "short_name",
            "kind",
            "province",
            "city",
            "district",
            "address",
            "is_remote",
            "notes",
            "owner",
            "version",
            "created_at",
            "contacts",
        ]


class NewCustomerSerializer(serializers.ModelSerializer):
    """What a new customer file takes."""

    province = fields.province()
    owner = fields.owner(required=False, allow_null=True)
    contacts = ContactSerializer(many=True, required=False)
    at = serializers.DateTimeField(required=False)

    class Meta:
        model = Customer
        fields = [
            "name",
            "short_name",
            "kind",
            "province",
            "city",
            "district",
            "address",
            "is_remote",
            "notes",
            "owner",
            "contacts",
            "at",
        ]
        extra_kwargs = {"name": {"validators": []}}


class ChangedCustomerSerializer(NewCustomerSerializer):
    """What may change; `version` guards against overwriting what somebody else wrote meanwhile (409)."""

    version = serializers.IntegerField(required=False)
    why = serializers.CharField(required=False, allow_blank=True)

    class Meta(NewCustomerSerializer.Meta):
        fields = [name for name in NewCustomerSerializer.Meta.fields if name != "contacts"] + [
            "version",
            "why",
        ]

    contacts = None  # type: ignore[assignment]


class CustomerFilter(django_filters.FilterSet):
    """Filters of the customer list."""

    q = django_filters.CharFilter(method="match", help_text="Any fragment: name, initials, phone, contract.")
    province = django_filters.CharFilter("province__code")
    region = django_filters.CharFilter(method="serve", help_text="Code of a region.")
    kind = django_filters.MultipleChoiceFilter(choices=Customer.Kind.choices)

    class Meta:
        model = Customer
        fields = ["q", "province", "region", "kind"]

    def match(self, rows: Any, _name: str, query: str) -> QuerySet[Customer]:
        """Customers that match a fragment."""
        return rows.matching(query)

    def serve(self, rows: Any, _name: str, code: str) -> QuerySet[Customer]:
        """Customers of a region."""
        region = Region.objects.filter(code=code).first()
        return rows.of_region(region) if region else rows.none()


@extend_schema_view(list=extend_schema(summary="List customers"), retrieve=extend_schema(summary="Read a customer"))
class CustomerViewSet(IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Customer files (CUS-01)."""

    queryset = Customer.objects.none()
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilter
    lookup_field = "number"

    def get_queryset(self) -> QuerySet[Customer]:
        """What the person may see."""
        rows = Customer.objects.visible_to(self.request.user)
        return rows.select_related("province", "owner").prefetch_related("contacts")

    def _editable(self) -> Customer:
        """The customer, or 403 before anything that was sent is looked at."""
        customer: Customer = self.get_object()
        permissions.demand(permissions.can_edit_customer(self.request.user, customer))
        return customer

    def _answer(self, customer: Customer, code: int = status.HTTP_200_OK) -> Response:
        fresh = Customer.objects.select_related("province", "owner").prefetch_related("contacts").get(pk=customer.pk)
        return Response(CustomerSerializer(fresh, context=self.get_serializer_context()).data, code)

    def _given(self, kind: type[serializers.BaseSerializer], request: Request, **options: Any) -> dict[str, Any]:
        form = kind(data=request.data, context=self.get_serializer_context(), **options)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    @extend_schema(summary="Open a customer file", request=NewCustomerSerializer, responses={201: CustomerSerializer})
    def create(self, request: Request) -> Response:
        """Open a customer file with its contacts."""
        permissions.demand(permissions.can_add(request.user))
        customer = actions.add_customer(by=request.user, **self._given(NewCustomerSerializer, request))
        return self._answer(customer, status.HTTP_201_CREATED)

    @extend_schema(summary="Change a customer file", request=ChangedCustomerSerializer, responses=CustomerSerializer)
    def partial_update(self, request: Request, number: str) -> Response:
        """Change some fields of a file."""
        customer = self._editable()
        changes = self._given(ChangedCustomerSerializer, request, partial=True)
        return self._answer(actions.change_customer(customer, by=request.user, **changes))

    @extend_schema(
        summary="Add a contact",
        methods=["POST"],
        request=ContactSerializer,
        responses={201: CustomerSerializer},
    )
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def contacts(self, request: Request, number: str) -> Response:
        """Add a person to a file."""
        customer = self._editable()
        actions.add_contact(customer, by=request.user, **self._given(ContactSerializer, request))
        return self._answer(customer, status.HTTP_201_CREATED)

    @extend_schema(
        summary="Change a contact",
        methods=["PATCH"],
        request=ContactSerializer,
        responses=CustomerSerializer,
    )
    @extend_schema(summary="Remove a contact", methods=["DELETE"], responses=CustomerSerializer)
    @action(detail=True, methods=["patch", "delete"], url_path="contacts/<int:contact>")
    def contact(self, request: Request, number: str, contact: int) -> Response:
        """Change or remove a person of a file."""
        customer = self._editable()
        row = found_or_404(customer.contacts.all(), pk=contact)
        if request.method == "DELETE":
            actions.remove_contact(row, by=request.user)
        else:
            changes = self._given(ContactSerializer, request, partial=True)
            actions.change_contact(row, by=request.user, **changes)
        return self._answer(customer)

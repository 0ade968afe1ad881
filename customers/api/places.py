"""Contracts, sites and product models of the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest import IdempotentMixin
from customers import actions, permissions
from customers.api import fields
from customers.models import Contract, ProductModel, Site
from staff.models import ProductLine


class ContractSerializer(serializers.ModelSerializer):
    """A sales or service contract."""

    customer = fields.customer()

    class Meta:
        model = Contract
        fields = ["number", "customer", "title", "signed_on", "ends_on", "notes"]
        extra_kwargs = {"number": {"validators": []}}


class SiteSerializer(serializers.ModelSerializer):
    """A place where a customer's machines work; without a province it is the customer's."""

    customer = fields.customer()
    province = fields.province(required=False)

    class Meta:
        model = Site
        fields = ["id", "customer", "name", "province", "city", "address", "is_remote"]
        read_only_fields = ["id"]


class ProductModelSerializer(serializers.ModelSerializer):
    """A model of a product line."""

    product_line = fields.by_code(ProductLine.objects.all())

    class Meta:
        model = ProductModel
        fields = ["code", "name_zh", "name_en", "product_line"]
        extra_kwargs = {"code": {"validators": []}, "name_zh": {"required": False}}


class BelongingFilter(django_filters.FilterSet):
    """By customer number."""

    customer = django_filters.CharFilter("customer__number")


class ProductModelFilter(django_filters.FilterSet):
    """By product line."""

    product_line = django_filters.CharFilter("product_line__code")


class _WrittenViewSet(IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """List, read, add and change by one serializer and two actions."""

    def add(self, given: dict[str, Any]) -> Any:
        """Call the action that adds."""
        raise NotImplementedError

    def change(self, record: Any, given: dict[str, Any]) -> Any:
        """Call the action that changes."""
        raise NotImplementedError

    def may_add(self) -> bool:
        """Whether the person may add rows at all."""
        return permissions.can_add(self.request.user)

    def may_change(self, record: Any) -> bool:
        """Whether the person may change this row."""
        return permissions.can_edit_customer(self.request.user, record.customer)

    def create(self, request: Request) -> Response:
        """Add a row."""
        permissions.demand(self.may_add())
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(self.get_serializer(self.add(dict(form.validated_data))).data, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, **_key: Any) -> Response:
        """Change some fields of a row."""
        record = self.get_object()
        permissions.demand(self.may_change(record))
        form = self.get_serializer(record, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        return Response(self.get_serializer(self.change(record, dict(form.validated_data))).data)


class ContractViewSet(_WrittenViewSet):
    """Contracts; a contract stays with its customer."""

    queryset = Contract.objects.none()
    serializer_class = ContractSerializer
    filterset_class = BelongingFilter
    lookup_field = "number"
    lookup_value_converter = "path"

    def get_queryset(self) -> QuerySet[Contract]:
        """Contracts of customers that the person may see."""
        return Contract.objects.visible_to(self.request.user).select_related("customer__province")

    def add(self, given: dict[str, Any]) -> Contract:
        """File a contract."""
        return actions.add_contract(given.pop("customer"), by=self.request.user, **given)

    def change(self, record: Contract, given: dict[str, Any]) -> Contract:
        """Change a contract."""
        return actions.change_contract(record, by=self.request.user, **given)


class SiteViewSet(_WrittenViewSet):
    """Sites; a site stays with its customer."""

    queryset = Site.objects.none()
    serializer_class = SiteSerializer
    filterset_class = BelongingFilter

    def get_queryset(self) -> QuerySet[Site]:
        """Sites of customers that the person may see."""
        return Site.objects.visible_to(self.request.user).select_related("customer__province", "province")

    def add(self, given: dict[str, Any]) -> Site:
        """Add a site."""
        return actions.add_site(given.pop("customer"), by=self.request.user, **given)

    def change(self, record: Site, given: dict[str, Any]) -> Site:
        """Change a site."""
        return actions.change_site(record, by=self.request.user, **given)


class ProductModelViewSet(_WrittenViewSet):
    """Product models; everybody reads them."""

    queryset = ProductModel.objects.select_related("product_line")
    serializer_class = ProductModelSerializer
    filterset_class = ProductModelFilter
    lookup_field = "code"

    def add(self, given: dict[str, Any]) -> ProductModel:
        """Add a model."""
        return actions.add_product_model(by=self.request.user, **given)

    def change(self, record: ProductModel, given: dict[str, Any]) -> ProductModel:
        """Change a model."""
        return actions.change_product_model(record, by=self.request.user, **given)

    def may_add(self) -> bool:
        """Models are kept by the office and the product department."""
        return permissions.can_edit_models(self.request.user)

    def may_change(self, record: ProductModel) -> bool:
        """As adding."""
        return self.may_add()

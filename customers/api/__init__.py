"""Customers, machines, contracts, sites and product models over the API."""

from customers.api.customers import CustomerViewSet
from customers.api.equipment import EquipmentViewSet
from customers.api.places import ContractViewSet, ProductModelViewSet, SiteViewSet

routes = [
    ("customers", CustomerViewSet, "customer"),
    ("equipment", EquipmentViewSet, "equipment"),
    ("contracts", ContractViewSet, "contract"),
    ("sites", SiteViewSet, "site"),
    ("product-models", ProductModelViewSet, "product-model"),
]

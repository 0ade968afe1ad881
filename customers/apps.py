"""Customers, contacts, sites, contracts, sold equipment, archive."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"

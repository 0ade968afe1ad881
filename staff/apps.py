"""Users, roles, divisions, regions, engineers, qualifications, API tokens."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "staff"

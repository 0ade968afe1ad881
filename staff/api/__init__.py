"""API of people and organisation."""

from django.urls import path

from staff.api.engineers import AbsenceViewSet, EngineerViewSet, QualificationViewSet
from staff.api.organisation import DivisionViewSet, ProductLineViewSet, ProvinceViewSet, RegionViewSet, TierViewSet
from staff.api.tokens import TokenView
from staff.api.users import MeView, UserViewSet

routes = [
    ("users", UserViewSet, "user"),
    ("engineers", EngineerViewSet, "engineer"),
    ("qualifications", QualificationViewSet, "qualification"),
    ("absences", AbsenceViewSet, "absence"),
    ("regions", RegionViewSet, "region"),
    ("provinces", ProvinceViewSet, "province"),
    ("divisions", DivisionViewSet, "division"),
    ("product-lines", ProductLineViewSet, "product-line"),
    ("tiers", TierViewSet, "tier"),
]

extra_urls = [
    path("auth/token/", TokenView.as_view(), name="api-token"),
    path("me/", MeView.as_view(), name="api-me"),
]

"""The API router: each app's `api.py` offers `routes` (prefix, viewset, basename), maybe `extra_urls`."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from aftersales import api_schema as _api_schema  # noqa: F401  (registers itself)

router = SimpleRouter(use_regex_path=False)
extra_urls: list[URLPattern | URLResolver] = []

for app in settings.OUR_APPS:
    if find_spec(f"{app}.api"):
        module = import_module(f"{app}.api")
        for prefix, viewset, basename in getattr(module, "routes", []):
            router.register(prefix, viewset, basename=basename)
        extra_urls += getattr(module, "extra_urls", [])

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    *extra_urls,
    *router.urls,
]

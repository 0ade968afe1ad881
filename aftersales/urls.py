"""Root URLs: health, API, and the pages of every app that has some."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from aftersales import api, health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("api/v1/", include(api.urlpatterns)),
    *(path("", include(f"{app}.urls")) for app in settings.OUR_APPS if find_spec(f"{app}.urls")),
]

handler400 = "core.failures.bad_request"
handler404 = "core.failures.not_found"
handler500 = "core.failures.server_error"

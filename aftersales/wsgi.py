"""The WSGI entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  (views are loaded before the first request, and shared by forked workers)

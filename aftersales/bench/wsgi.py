"""The WSGI entry of the measuring server: the system itself with the floor beside it."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")

from django.conf import settings

settings.ROOT_URLCONF = "aftersales.bench.urls"

from aftersales.wsgi import application  # noqa: E402

__all__ = ["application"]

"""The roof: settings, root URLs, API router and Celery app. Imported by nobody below."""

from aftersales.celery import app as celery_app

__all__ = ["celery_app"]

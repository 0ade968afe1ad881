"""The URLs of the system, and the floor beside them; used by the measuring server alone."""

from django.urls import path

from aftersales.bench.floor import floor
from aftersales.urls import urlpatterns as of_the_system

urlpatterns = [path("floor/", floor), *of_the_system]

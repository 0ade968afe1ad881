"""URLs of the reports."""

from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("reports/", views.archive, name="list"),
    path("reports/<str:number>/", views.report, name="report"),
    path("reports/<str:number>/retry/", views.retry, name="retry"),
    path("reports/<str:number>/pdf/", views.paper, {"form": "pdf"}, name="pdf"),
    path("reports/<str:number>/xlsx/", views.paper, {"form": "xlsx"}, name="xlsx"),
]

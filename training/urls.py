"""URLs of customer trainings."""

from django.urls import path

from training import views

app_name = "training"

urlpatterns = [
    path("training/", views.trainings, name="list"),
    path("training/new/", views.plan, name="plan"),
    path("training/<str:number>/", views.training, name="training"),
    *(path(f"training/<str:number>/{verb}/", views.act, {"verb": verb}, name=verb) for verb in views.VERBS),
]

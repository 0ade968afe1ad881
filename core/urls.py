"""URLs of the mechanisms."""

from django.urls import path

from core import style_guide, views

app_name = "core"

urlpatterns = [
    path("search/", views.search, name="search"),
    path("style/", style_guide.show, name="style"),
    path("files/<int:pk>/", views.stored_file, name="file"),
    path("files/<int:pk>/small/", views.stored_file, {"small": True}, name="file-small"),
]

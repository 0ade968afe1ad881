"""URLs of messages."""

from django.urls import path

from notices import views

app_name = "notices"

urlpatterns = [
    path("notices/", views.inbox, name="list"),
    path("notices/read/", views.read_all, name="read-all"),
    path("notices/<int:pk>/", views.open_notice, name="open"),
    path("settings/deliveries/", views.deliveries, name="deliveries"),
    path("settings/deliveries/<int:pk>/send-again/", views.send_again, name="send-again"),
    path("settings/texts/", views.text_list, name="texts"),
    path("settings/texts/<str:code>/<str:language>/", views.text, name="text"),
]

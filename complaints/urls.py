"""URLs of the complaints."""

from django.urls import path

from complaints import views

app_name = "complaints"

urlpatterns = [
    path("complaints/", views.complaints, name="list"),
    path("complaints/new/", views.open_complaint, name="open"),
    path("complaints/tickets/<str:number>/", views.ticket_panel, name="ticket-panel"),
    path("complaints/machines/<str:serial>/", views.machine_panel, name="machine-panel"),
    path("complaints/customers/<str:number>/", views.customer_panel, name="customer-panel"),
    path("complaints/<str:number>/", views.complaint, name="complaint"),
    *(path(f"complaints/<str:number>/{verb}/", views.act, {"verb": verb}, name=verb) for verb in views.VERBS),
]

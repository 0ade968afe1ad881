"""URLs of follow-ups."""

from django.urls import path

from followups.views import calls, policy

app_name = "followups"

urlpatterns = [
    path("follow-ups/", calls.queue, name="queue"),
    path("follow-ups/cards/", calls.return_card, name="return-card"),
    path("follow-ups/<str:number>/", calls.followup, name="followup"),
    path("follow-ups/<str:number>/answer/", calls.answer, name="answer"),
    path("follow-ups/<str:number>/attempt/", calls.attempt, name="attempt"),
    path("follow-ups/<str:number>/escalate/", calls.escalate, name="escalate"),
    path("follow-ups/<str:number>/resolve/", calls.resolve, name="resolve"),
    path("follow-ups/<str:number>/take/", calls.take, name="take"),
    path("follow-ups/<str:number>/retry/", calls.retry, name="retry"),
    path("follow-ups/<str:number>/cancel/", calls.cancel, name="cancel"),
    path("follow-ups/<str:number>/form.pdf", calls.form_pdf, name="form-pdf"),
    path("follow-ups/tickets/<str:number>/", calls.ticket_panel, name="ticket-panel"),
    path("follow-ups/machines/<str:serial>/", calls.machine_panel, name="machine-panel"),
    path("follow-ups/customers/<str:number>/", calls.customer_panel, name="customer-panel"),
    path("settings/follow-up-rules/", policy.rules, name="rules"),
    path("settings/follow-up-rules/<slug:code>/", policy.rule, name="rule"),
    path("settings/questionnaires/<slug:code>/", policy.questionnaire, name="questionnaire"),
]

"""URLs of the main line: desk, tickets, orders, calls, the tablet, papers, approvals."""

from django.urls import path

from tickets.views import approvals, calls, causes, charges, desk, my, orders, papers, ticket_actions, tickets, waiting

app_name = "tickets"

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/known/", desk.known, name="desk_known"),
    path("desk/advice/", desk.advice, name="desk_advice"),
    path("desk/mine/", desk.mine, name="desk_mine"),
    path("my/", my.my, name="my"),
    path("my/<str:number>/", my.my_order, name="my_order"),
    path("my/<str:number>/<slug:verb>/", my.my_step, name="my_step"),
    path("tickets/", tickets.ticket_list, name="list"),
    path("tickets/waiting/", waiting.waiting, name="waiting"),
    path("charges/", charges.charge_list, name="charges"),
    path("charges/<int:pk>/settle/", charges.settle, name="settle"),
    path("tickets/<str:number>/", tickets.ticket, name="ticket"),
    path("tickets/<str:number>/cause/", causes.cause, name="cause"),
    path("tickets/<str:number>/<slug:code>/", ticket_actions.ticket_action, name="ticket_action"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("orders/<str:number>/<slug:verb>/", orders.order_action, name="order_action"),
    path("calls/", calls.call_list, name="calls"),
    path("calls/new/", calls.new_call, name="call_new"),
    path("calls/<str:number>/", calls.call, name="call"),
    path("calls/<str:number>/answer/", calls.answer_call, name="call_answer"),
    path("calls/<str:number>/link/", calls.link_call, name="call_link"),
    path("orders/<str:number>/order.pdf", papers.order_pdf, name="order_pdf"),
    path("orders/<str:number>/report.pdf", papers.report_pdf, name="report_pdf"),
    path("approvals/", approvals.waiting_list, name="approvals"),
    path("approvals/<int:pk>/decide/", approvals.decide, name="approval_decide"),
    path("causes/<int:pk>/sign/", causes.sign, name="cause_sign"),
]

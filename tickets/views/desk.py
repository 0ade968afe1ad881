"""The desk [接线台]: who calls, what is known, what is promised, and one form to save (TKT-02)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core import pages
from customers import lookup
from customers.models import Contact, Customer, Equipment
from sla import queries as promises
from staff.models import Province
from tickets import cases, duplicates, foresight, grading, open_rights, permissions, verdicts, worklists
from tickets.actions import intake
from tickets.forms.desk import ANSWER, DeskForm
from tickets.models import Call, FaultType, Ticket

DRAFT = "draft:desk"
RECENT = 5


@login_required
@pages.once
def desk(request: HttpRequest) -> HttpResponse:
    """The whole screen; a saved call leads to its ticket or back to an empty desk."""
    _demand(request.user)
    phone = request.GET.get("phone", "").strip()
    form = DeskForm(request.POST or None, user=request.user, initial={"contact_phone": phone})
    if request.method == "POST" and form.is_valid():
        taken = pages.run(request, form, intake.take_call, by=request.user, **_values(form, request))
        if taken is not None:
            return _after(request, taken)
    known = _known(request, request.POST or request.GET)
    context = {
        **known,
        **_advice(request, request.POST or request.GET, known),
        "form": form,
        "phone": phone,
        "query": request.GET.get("q", "") or phone,
        "mine": worklists.mine(request.user),
    }
    status = 422 if form.is_bound and pages.status_of(request) == 200 else pages.status_of(request)
    return render(request, "tickets/desk.html", context, status=status)


def _demand(user: Any) -> None:
    if not permissions.can_record_call(user):
        raise PermissionDenied


def _values(form: DeskForm, request: HttpRequest) -> dict[str, Any]:
    values = {**form.cleaned_data, "at": form.cleaned_data["reported_at"]}
    del values["reported_at"]
    return {
        **values,
        "grade_answers": form.answers(),
        "only_record": request.POST.get("then") == "record",
    }


def _after(request: HttpRequest, taken: intake.Taken) -> HttpResponse:
    """Where the dispatcher goes on, by the button that was pressed."""
    if taken.ticket is None:
        text = _("Call %(number)s is recorded.") % {"number": taken.call.number}
        messages.success(request, text, extra_tags=DRAFT)
        return redirect("tickets:desk")
    text = _("%(number)s is saved.") % {"number": taken.ticket.number}
    messages.success(request, text, extra_tags=DRAFT)
    next_step = {"dispatch": "#dispatch", "phone": "#by-phone"}.get(request.POST.get("then", ""), "")
    return redirect(taken.ticket.get_absolute_url() + next_step)


@login_required
def known(request: HttpRequest) -> HttpResponse:
    """The middle column while the dispatcher types: customer, machines, verdict, open tickets, cases."""
    _demand(request.user)
    return render(request, "tickets/desk/known.html", _known(request, request.GET))


@login_required
def advice(request: HttpRequest) -> HttpResponse:
    """Questions, grade and the promise to read aloud, as they follow from the form."""
    _demand(request.user)
    return render(
        request, "tickets/desk/advice.html", _advice(request, request.GET, _chosen(request.user, request.GET))
    )


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """My open tickets by next deadline, fetched again each minute."""
    _demand(request.user)
    return render(request, "tickets/desk/mine.html", {"mine": worklists.mine(request.user)})


def _chosen(user: Any, given: Any) -> dict[str, Any]:
    """The machine and customer that the hidden fields name."""
    equipment = customer = None
    if given.get("equipment"):
        rows = Equipment.objects.visible_to(user).filter(serial=given["equipment"])
        equipment = rows.select_related(
            "model__product_line__division", "customer__province__region", "contract", "site__province__region"
        ).first()
    if equipment is not None:
        customer = equipment.customer
    elif given.get("customer"):
        customers = Customer.objects.visible_to(user).filter(number=given["customer"])
        customer = customers.select_related("province__region").first()
    return {"equipment": equipment, "customer": customer}


def _known(request: HttpRequest, given: Any) -> dict[str, Any]:
    """Everything about the caller; a search that means one customer or machine chooses it."""
    user = request.user
    chosen = _chosen(user, given)
    query = (given.get("q") or given.get("phone") or "").strip()
    context: dict[str, Any] = {"query": query, "found": None, **chosen}
    if chosen["customer"] is None and query:
        found = lookup.find(query, user)
        context["found"] = found
        context.update(_only_one(found))
    customer, equipment = context["customer"], context["equipment"]
    if customer is None:
        context["provinces"] = Province.objects.all()
        return context
    symptom, fault_type = given.get("said", ""), _fault_type(given)
    machines = _machines(user, customer, equipment)
    if equipment is None and len(machines) == 1:
        equipment = context["equipment"] = machines[0]
    context.update(
        contact=_contact(customer, given.get("contact_phone") or query),
        machines=machines,
        verdict=verdicts.decide(equipment, fault_type, timezone.now()) if equipment else None,
        rights=open_rights.of(equipment, timezone.localdate()),
        doubles=duplicates.possible(customer, equipment, symptom, timezone.now()),
        cases=cases.suggest(symptom, equipment=equipment, fault_type=fault_type) if equipment else [],
        past=cases.similar(symptom, equipment) if equipment and symptom else [],
        recent=_recent(user, customer, equipment),
    )
    return context


def _only_one(found: lookup.Found) -> dict[str, Any]:
    """The customer or machine that is clearly meant, if there is one."""
    exact = [hit for hit in found.machines if hit.rank == lookup.EXACT]
    if len(exact) == 1:
        return {"equipment": exact[0].record, "customer": exact[0].record.customer}
    if len(found.customers) == 1:
        return {"customer": found.customers[0].record}
    if not found.customers and len(found.machines) == 1:
        return {"equipment": found.machines[0].record, "customer": found.machines[0].record.customer}
    return {}


def _machines(user: Any, customer: Customer, equipment: Equipment | None) -> list[Equipment]:
    """Machines of the customer, the chosen one always among them; at most eight have a key."""
    rows = Equipment.objects.visible_to(user).filter(customer=customer).exclude(state=Equipment.State.SCRAPPED)
    related = ("model__product_line__division", "contract", "site__province", "customer__province")
    found = list(rows.select_related(*related).order_by("-purchased_on", "-id")[:8])
    if equipment is not None and equipment not in found:
        found = [equipment, *found[:7]]
    return found


def _contact(customer: Customer, number: str) -> Contact | None:
    """The person behind the number, else the main contact."""
    people = list(customer.contacts.all())
    bare = "".join(sign for sign in number if sign.isdigit())
    calling = [p for p in people if len(bare) >= 4 and any(digits.endswith(bare[-11:]) for digits in p.phone_digits)]
    return next(iter(calling or people), None)


def _recent(user: Any, customer: Customer, equipment: Equipment | None) -> list[Ticket]:
    rows = Ticket.objects.visible_to(user)
    rows = rows.filter(equipment=equipment) if equipment else rows.filter(customer=customer)
    return list(rows.select_related("fault_type").order_by("-reported_at", "-id")[:RECENT])


def _fault_type(given: Any) -> FaultType | None:
    code = given.get("fault_type")
    return FaultType.objects.filter(code=code).first() if code else None


def _advice(request: HttpRequest, given: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Guided grading and the promise; without a customer only the questions."""
    now = timezone.now()
    fault_type = _fault_type(given)
    asked = grading.questions(fault_type)
    answers = {name.removeprefix(ANSWER): given[name] for name in given if name.startswith(ANSWER)}
    proposal = grading.propose(asked, answers)
    grade = int(given["grade"]) if given.get("grade") in ("1", "2", "3", "4") else proposal.grade
    customer, equipment = known["customer"], known["equipment"]
    foreseen = []
    if customer is not None and given.get("kind", Call.Kind.REPAIR) == Call.Kind.REPAIR:
        foreseen = promises.preview(foresight.facts(customer, equipment, grade, user=request.user), now)
    return {
        "questions": [{"question": q, "given": answers.get(q.code, "")} for q in asked],
        "proposal": proposal,
        "grade": grade,
        "grade_differs": proposal.grade is not None and grade != proposal.grade,
        "aloud": foresight.aloud(foreseen, equipment, fault_type, now),
        "foreseen": foreseen,
        "fault_type": fault_type,
    }

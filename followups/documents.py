"""The follow-up form F05 [产品售后情况回访表] as paper: frozen once the customer was asked, blank before."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import pgettext

from core import pdf
from followups.models import FollowUp

KIND = "follow-up-form"
TEMPLATE = "followups/papers/form.html"


def form_answer(followup: FollowUp, language: str, *, by: Any, at: datetime) -> HttpResponseBase:
    """The filled form as an issued paper; before the call a blank one to fill in by hand, which is not kept."""
    if followup.done_at is None and followup.state != "escalated":
        with translation.override(language):
            content = pdf.render(TEMPLATE, form_context(followup), language)
        answer = HttpResponse(content, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{followup.number}.pdf"'
        return answer
    paper = pdf.issue(
        KIND,
        followup.number,
        followup.version,
        subject=followup,
        template=TEMPLATE,
        context=lambda: form_context(followup),
        language=language,
        by=by,
        at=at,
    )
    return pdf.answer(paper)


def form_context(followup: FollowUp) -> dict[str, Any]:
    """What the form prints, in the active language's order of sections."""
    given = {row.question: row for row in followup.answers.all()}
    sections = [
        {
            "zh": section["zh"],
            "en": section["en"],
            "rows": [
                {"question": question, "answer": given.get(question["code"])} for question in section["questions"]
            ],
        }
        for section in followup.questionnaire.sections
    ]
    machine, ticket = followup.equipment, followup.ticket
    order = ticket.orders.select_related("engineer__user").order_by("-id").first() if ticket else None
    return {
        "followup": followup,
        "customer": followup.customer,
        "machine": machine,
        "ticket": ticket,
        "order": order,
        "sections": sections,
        "caller": followup.called_by or followup.assigned,
        "ratings": [
            (5, pgettext("rating", "Very satisfied")),
            (4, pgettext("rating", "Satisfied")),
            (3, pgettext("rating", "Fair")),
            (2, pgettext("rating", "Dissatisfied")),
            (1, pgettext("rating", "Very dissatisfied")),
        ],
        "title": {"zh": followup.questionnaire.name_zh, "en": followup.questionnaire.name_en},
    }

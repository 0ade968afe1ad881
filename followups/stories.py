"""How the history tells what happened to follow-ups."""

from django.utils.translation import gettext_lazy as _

from core.history import Kind
from followups.models import Attempt

KINDS = {
    "followup.made": Kind("phone-outgoing", _("follow-up %(subject)s is due")),
    "followup.hastened": Kind("phone-outgoing", _("follow-up %(subject)s is due today")),
    "followup.tried": Kind(
        "phone-off", _("tried to reach the customer: %(outcome)s"), words=dict(Attempt.Outcome.choices)
    ),
    "followup.unreached": Kind(
        "phone-off", _("the customer could not be reached in %(attempts)s attempts"), tone="soon"
    ),
    "followup.retried": Kind("refresh", _("will try to reach the customer again")),
    "followup.answered": Kind("phone-call", _("asked the customer; lowest rating %(lowest)s"), tone="kept"),
    "followup.escalated": Kind("trending-up", _("handed it to %(superior)s the same day"), tone="late"),
    "followup.resolved": Kind("circle-check", _("the customer has the answer"), tone="kept"),
    "followup.taken": Kind("user-check", _("took over the follow-up %(subject)s")),
    "followup.cancelled": Kind("ban", _("cancelled the follow-up %(subject)s")),
    "followup.drawn": Kind("tag", _("drew %(chosen)s of %(population)s for the random sample of %(slot)s")),
    "followup.rule_added": Kind("list-details", _("wrote the follow-up rule %(code)s, version %(version)s")),
    "followup.questionnaire_added": Kind("list-details", _("wrote the questionnaire %(code)s, version %(version)s")),
    "card.returned": Kind("mail", _("the service card %(card)s came back")),
}

"""The words that the scripts in the browser need, in the language of the page."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.simple_tag
def script_words() -> dict[str, object]:
    """Texts for static/js; {span} and the like are filled in by the scripts."""
    return {
        "min": _("%(minutes)d min") % {"minutes": -1},
        "hours": _("%(hours)d h") % {"hours": -1},
        "hoursMin": _("%(hours)d h %(minutes)d min") % {"hours": -1, "minutes": -2},
        "day": ngettext("%(days)d day", "%(days)d days", 1) % {"days": -1},
        "days": ngettext("%(days)d day", "%(days)d days", 2) % {"days": -1},
        "daysHours": _("%(days)s %(hours)d h") % {"days": "{days}", "hours": -1},
        "underMin": _("under 1 min"),
        "left": _("%(span)s left") % {"span": "{span}"},
        "overdue": _("%(span)s overdue") % {"span": "{span}"},
        "by": _("%(target)s by %(moment)s") % {"target": "{target}", "moment": "{moment}"},
        "tomorrow": _("tomorrow %(time)s") % {"time": "{time}"},
        "weekdays": [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")],
        "paused": _("On hold"),
        "draftKept": _("Draft kept %(time)s") % {"time": "{time}"},
        "draftBack": _("Your draft of %(time)s is back.") % {"time": "{time}"},
        "draftDrop": _("Discard it"),
        "offline": _("No connection. What you typed is kept here; try again in a moment."),
        "refused": _("That did not work. Reload the page and try again."),
        "close": _("Close"),
    }

"""How the history of people and organisation is told."""

from django.utils.translation import gettext_lazy as _

from core.history import Kind

STANDBY = {"ready": _("On standby"), "busy": _("On an order"), "off": _("Off duty")}

KINDS = {
    "user.created": Kind("user-plus", _("created the account of %(subject)s")),
    "user.updated": Kind("user", _("changed the account of %(subject)s")),
    "user.deactivated": Kind("ban", _("ended the account of %(subject)s, with its sessions and tokens")),
    "user.reactivated": Kind("user-check", _("opened the account of %(subject)s again")),
    "user.preferences_set": Kind("adjustments", _("chose language and look")),
    "user.password_changed": Kind("lock", _("changed the password of %(subject)s")),
    "token.issued": Kind("key", _("issued API token %(token)s")),
    "token.revoked": Kind("key", _("ended API token %(token)s")),
    "engineer.created": Kind("user-plus", _("opened the engineer's file of %(subject)s: %(tier)s")),
    "engineer.changed": Kind("user", _("changed the engineer's file of %(subject)s")),
    "engineer.skill_set": Kind("tool", _("set the skill of %(subject)s in %(line)s to %(level)s")),
    "engineer.standby_set": Kind("phone", _("set %(subject)s from “%(before)s” to “%(standby)s”"), words=STANDBY),
    "engineer.phone_off": Kind("phone-off", _("could not reach %(subject)s by phone")),
    "engineer.absence_planned": Kind("calendar", _("planned an absence of %(subject)s: %(start)s to %(end)s")),
    "engineer.absence_cancelled": Kind("calendar", _("cancelled the absence of %(subject)s: %(start)s to %(end)s")),
    "engineer.duty_planned": Kind("calendar", _("put %(subject)s on the rota: %(start)s to %(end)s")),
    "engineer.duty_cancelled": Kind("calendar", _("took %(subject)s out of the rota: %(start)s to %(end)s")),
    "qualification.granted": Kind("certificate", _("granted %(subject)s certificate %(certificate)s for %(line)s")),
    "qualification.revoked": Kind("certificate", _("withdrew certificate %(certificate)s of %(subject)s for %(line)s")),
    "division.added": Kind("building", _("added the division %(name_zh)s")),
    "division.changed": Kind("building", _("changed the division %(name_zh)s")),
    "product_line.added": Kind("building", _("added the product line %(name_zh)s")),
    "product_line.changed": Kind("building", _("changed the product line %(name_zh)s")),
    "region.added": Kind("map", _("added the region %(name_zh)s")),
    "region.changed": Kind("map", _("changed the region %(name_zh)s")),
    "province.placed": Kind("map", _("moved %(subject)s to another region")),
    "tier.added": Kind("user", _("added the tier %(name_zh)s")),
    "tier.changed": Kind("user", _("changed the tier %(name_zh)s: may decide up to CNY %(limit)s alone")),
}

"""Where each role begins: the worklist that answers "what should I do now?"."""

from typing import Any

from django.urls import NoReverseMatch, reverse

from staff.roles import Role

BEGINNINGS = [
    (Role.DISPATCHER, "tickets:desk", ""),
    (Role.ENGINEER, "tickets:my", ""),
    (Role.CONTRACTOR, "tickets:my", ""),
    (Role.SUPERVISOR, "tickets:orders", ""),
    (Role.HEAD, "tickets:orders", ""),
    (Role.KEEPER, "tickets:waiting", ""),
    (Role.FINANCE, "tickets:charges", ""),
    (Role.SUPERVISION, "followups:queue", ""),
    (Role.TRAINER, "training:list", ""),
    (Role.MANAGER, "reports:list", ""),
    (Role.MARKETING, "tickets:orders", ""),
    (Role.INSPECTOR, "tickets:list", ""),
    (Role.PRODUCT, "complaints:list", ""),
    (Role.ADMIN, "staff:settings", ""),
]


def worklist_of(user: Any) -> str:
    """URL of the worklist of the person's first role; without a role the own account."""
    for role, name, query in BEGINNINGS:
        if user.has_role(role):
            try:
                return reverse(name) + query
            except NoReverseMatch:
                continue
    return reverse("staff:account")

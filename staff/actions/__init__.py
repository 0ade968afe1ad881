"""Every write to people and organisation."""

from staff.actions.engineers import (
    cancel_absence,
    cancel_standby,
    change_engineer,
    make_engineer,
    plan_absence,
    plan_standby,
    record_phone_off,
    set_skill,
    set_standby,
)
from staff.actions.organisation import (
    change_tier,
    place_province,
    save_division,
    save_product_line,
    save_region,
)
from staff.actions.qualifications import grant_qualification, revoke_qualification
from staff.actions.users import (
    change_password,
    create_user,
    deactivate_user,
    issue_token,
    reactivate_user,
    revoke_token,
    set_preferences,
    update_user,
)

__all__ = [
    "cancel_absence",
    "cancel_standby",
    "change_engineer",
    "change_password",
    "change_tier",
    "create_user",
    "deactivate_user",
    "grant_qualification",
    "issue_token",
    "make_engineer",
    "place_province",
    "plan_absence",
    "plan_standby",
    "reactivate_user",
    "record_phone_off",
    "revoke_qualification",
    "revoke_token",
    "save_division",
    "save_product_line",
    "save_region",
    "set_preferences",
    "set_skill",
    "set_standby",
    "update_user",
]

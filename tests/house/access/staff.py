"""Records for the rows of staff: an engineer with certificate, absence and turn; a token of the dispatcher."""

from datetime import UTC, date, datetime

from staff import actions, defaults
from staff.models import ProductLine


def records(people):
    defaults.load()
    user = people["engineer"]
    line = ProductLine.objects.get(code="hot_melt")
    start, end = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 3, tzinfo=UTC)
    proof = actions.grant_qualification(user.engineer, line, by=None, passed_on=date(2026, 1, 5))
    absence = actions.plan_absence(user.engineer, by=None, starts_at=start, ends_at=end)
    duty = actions.plan_standby(user.engineer, by=None, starts_at=start, ends_at=end)
    actions.issue_token(people["dispatcher"], by=None)
    return {
        "engineer": user.username,
        "token": people["dispatcher"].api_tokens.get().pk,
        "region": user.region.code,
        "province": "310000",
        "division": "mechanical",
        "line": line.code,
        "tier": "senior",
        "proof": proof.pk,
        "certificate": proof.certificate,
        "absence": absence.pk,
        "duty": duty.pk,
        "examination": {"engineer": user.username, "product_line": line.code, "passed_on": "2026-11-21"},
        "leave": {
            "engineer": user.username,
            "starts_at": "2026-12-10T00:00:00Z",
            "ends_at": "2026-12-11T00:00:00Z",
        },
    }

"""The register of initial service of a month [产品初始售后服务情况登记表]."""

from typing import Any

from reports.months import Month
from training.models import CustomerTraining


def register(month: Month) -> list[dict[str, Any]]:
    """One row per initial customer training that ended in the month, oldest first."""
    rows = (
        CustomerTraining.objects.filter(ended_on__gte=month.first, ended_on__lte=month.last)
        .exclude(state="cancelled")
        .select_related("equipment__model", "equipment__customer", "trainer")
        .order_by("ended_on", "id")
    )
    return [
        {
            "number": training.number,
            "customer": str(training.equipment.customer),
            "model": training.equipment.model.code,
            "serial": training.equipment.serial,
            "delivered_on": training.equipment.delivered_on and training.equipment.delivered_on.isoformat(),
            "trainer": str(training.trainer or ""),
            "from_on": training.started_on and training.started_on.isoformat(),
            "to_on": training.ended_on and training.ended_on.isoformat(),
            "trainees": training.trainees,
            "passed": training.passed,
            "late": training.is_late,
            "repeated": training.is_repeat,
            "satisfaction": training.satisfaction,
        }
        for training in rows
    ]

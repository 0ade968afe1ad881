"""A delivered machine, and trainings planned by the real actions."""

from datetime import date

import pytest

from customers import actions as customers
from tests.cast import cast, organisation, policy  # noqa: F401
from training import actions


class World:
    """Verbs for the tests."""

    def __init__(self, cast):  # noqa: F811
        self.cast = cast
        desk = cast.dispatcher
        model = customers.add_product_model(by=desk, code="TRC-900", product_line=cast.line())
        self.customer = customers.add_customer(
            by=desk, name="西安公路养护有限公司", short_name="西安养护", province=cast.province("610000")
        )
        self.machine = customers.add_equipment(
            by=desk, serial="TRC9-0001", model=model, customer=self.customer, delivered_on=date(2026, 3, 2)
        )

    def planned(self, **given):
        given = {"kind": "on_site", "planned_on": date(2026, 3, 9), "by": self.cast.trainer} | given
        return actions.plan_training(equipment=self.machine, **given)

    def held(self, training=None, **given):
        given = {"started_on": date(2026, 3, 9), "ended_on": date(2026, 3, 10), "trainees": 4, "passed": 3} | given
        return actions.finish_training(training or self.planned(), by=self.cast.trainer, **given)


@pytest.fixture
def world(policy, cast):  # noqa: F811
    return World(cast)

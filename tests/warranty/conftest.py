"""A customer with a machine under the shipped warranty terms."""

import datetime as dt

import pytest

from customers import actions
from tests.cast import cast, organisation  # noqa: F401
from warranty import defaults

NOON = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)


@pytest.fixture
def terms(organisation):  # noqa: F811
    """The shipped component kinds, terms and guarantee rules."""
    defaults.load()


@pytest.fixture
def customer(cast):  # noqa: F811
    return actions.add_customer(
        by=cast.dispatcher,
        at=NOON,
        name="西安公路养护有限公司",
        province=cast.province("610000"),
        contacts=[{"name": "王师傅", "phone": "138 0013 8000"}],
    )


@pytest.fixture
def model(cast):  # noqa: F811
    return actions.add_product_model(
        by=cast.admin, code="TRC-1200", product_line=cast.line(), name_zh="热熔划线车 1200", name_en="Hot melt 1200"
    )


@pytest.fixture
def machine(cast, customer, model, terms):  # noqa: F811
    contract = actions.add_contract(customer, by=cast.dispatcher, number="2025-117")
    return actions.add_equipment(
        by=cast.dispatcher,
        at=NOON,
        serial="TT-2025-0117",
        model=model,
        customer=customer,
        contract=contract,
        purchased_on=dt.date(2026, 2, 20),
        accepted_on=dt.date(2026, 3, 2),
    )

"""The kinds of components that warranty keeps are offered on the machine pages."""

import pytest

from customers import kinds


@pytest.mark.req("CUS-02", "WAR-01")
def test_the_machine_pages_offer_the_kinds_of_the_warranty(policy):
    assert ("electrical", "电气件") in kinds.choices()

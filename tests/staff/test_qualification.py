"""Nobody is sent without having been trained and examined for the product line."""

import datetime as dt

import pytest
from django.utils import translation

from core.errors import Forbidden, NotAllowed, Refused
from staff import actions, qualification

DAY = dt.date(2026, 11, 21)


@pytest.mark.req("ORG-05")
def test_an_engineer_without_an_examination_is_refused_with_reason_and_remedy(cast):
    engineer = cast.file("engineer-junior")
    with translation.override("en"):
        text = qualification.obstacle(engineer, cast.line(), DAY)
    assert "has not been trained and examined for Hot-melt" in text
    assert "choose somebody with a valid certificate" in text
    actions.grant_qualification(engineer, cast.line(), by=cast.trainer, passed_on=DAY)
    assert qualification.obstacle(engineer, cast.line(), DAY) is None
    assert qualification.obstacle(engineer, cast.line(), DAY - dt.timedelta(days=1)) is not None
    assert qualification.obstacle(engineer, cast.line("cold_spray"), DAY) is not None


@pytest.mark.req("ORG-05")
def test_a_certificate_counts_through_its_last_day(cast):
    engineer = cast.file("engineer-junior")
    actions.grant_qualification(
        engineer, cast.line(), by=None, passed_on=dt.date(2025, 11, 22), valid_until=DAY, certificate="ZS-1"
    )
    assert qualification.obstacle(engineer, cast.line(), DAY) is None
    with translation.override("en"):
        text = qualification.obstacle(engineer, cast.line(), DAY + dt.timedelta(days=1))
    assert "ZS-1" in text
    assert "ended on 2026-11-21" in text


@pytest.mark.req("ORG-05")
def test_a_withdrawn_certificate_stops_counting_on_that_day_but_not_before(cast):
    engineer = cast.file("engineer")
    proof = engineer.qualifications.get(product_line__code="hot_melt")
    at = dt.datetime(2026, 11, 20, 23, 0, tzinfo=dt.UTC)  # the 21st in Shanghai
    with pytest.raises(Refused):
        actions.revoke_qualification(proof, by=cast.trainer, why=" ")
    actions.revoke_qualification(proof, by=cast.trainer, why="negligence", at=at)
    assert qualification.obstacle(engineer, cast.line(), DAY - dt.timedelta(days=1)) is None
    with translation.override("en"):
        assert "withdrawn on 2026-11-21" in qualification.obstacle(engineer, cast.line(), DAY)
    with pytest.raises(NotAllowed):
        actions.revoke_qualification(proof, by=cast.trainer, why="again")


@pytest.mark.req("ORG-05")
def test_one_query_answers_for_many_engineers(cast, django_assert_num_queries):
    files = [cast.file(name) for name in ("engineer", "engineer-junior", "engineer-south", "contractor")]
    line = cast.line("cold_spray")
    with django_assert_num_queries(1):
        found = qualification.obstacles(files, line, DAY)
    assert found.keys() == {files[1].pk, files[3].pk}


@pytest.mark.req("ORG-05")
def test_an_engineer_who_left_is_an_obstacle_for_every_line(cast):
    engineer = cast.file("engineer")
    actions.change_engineer(engineer, by=cast.admin, active=False)
    engineer.refresh_from_db()
    with translation.override("en"):
        assert "no longer in service" in qualification.obstacle(engineer, None, DAY)


@pytest.mark.req("ORG-05")
def test_only_the_trainer_grants_and_certificate_numbers_are_unique(cast):
    engineer = cast.file("engineer")
    with pytest.raises(Forbidden):
        actions.grant_qualification(engineer, cast.line(), by=cast.dispatcher, passed_on=DAY)
    first = actions.grant_qualification(engineer, cast.line(), by=cast.trainer, passed_on=DAY)
    with pytest.raises(Refused):
        actions.grant_qualification(
            engineer, cast.line(), by=cast.trainer, passed_on=DAY, certificate=first.certificate
        )
    with pytest.raises(Refused):
        actions.grant_qualification(
            engineer, cast.line(), by=cast.trainer, passed_on=DAY, valid_until=DAY - dt.timedelta(days=1)
        )

"""Accounts, roles, organisation and who sees whom."""

import datetime as dt

import pytest

from core import history
from core.errors import Forbidden, NotAllowed, Refused
from staff import actions, defaults, organisation
from staff.models import Absence, Division, Engineer, ProductLine, Province, Region, Tier, User

UTC = dt.UTC


def moment(day, hour=8):
    return dt.datetime(2026, 11, day, hour, tzinfo=UTC)


@pytest.mark.req("ORG-01", "ORG-02")
def test_the_shipped_organisation_is_loaded_once_and_edits_survive_loading_again(organisation):
    line = ProductLine.objects.get(code="hot_melt")
    line.name_en = "Thermoplastic"
    actions.save_product_line(line, by=None)
    defaults.load()
    assert Province.objects.count() == 34
    assert Division.objects.count() == 5
    assert set(Region.objects.values_list("code", flat=True)) == {"NE", "NW", "SW", "SE", "MOBILE"}
    assert Tier.objects.count() == 4
    assert ProductLine.objects.get(code="hot_melt").name_en == "Thermoplastic"
    assert ProductLine.objects.get(code="hot_melt").division.code == "mechanical"


@pytest.mark.req("ORG-02")
def test_the_mobile_team_serves_the_home_province_and_provinces_without_a_region(cast):
    assert organisation.home_province().name_zh == "河南"
    assert organisation.region_for(organisation.home_province()).is_mobile
    assert organisation.region_for(cast.province("420000")).is_mobile
    assert organisation.region_for(cast.province("610000")).code == "NW"


@pytest.mark.req("ORG-02")
def test_a_province_can_be_given_to_a_region_and_taken_back(cast):
    hubei = cast.province("420000")
    actions.place_province(hubei, cast.region("SW"), by=cast.admin)
    hubei.refresh_from_db()
    assert organisation.region_for(hubei).code == "SW"
    actions.place_province(hubei, cast.region("MOBILE"), by=cast.admin)
    hubei.refresh_from_db()
    assert hubei.region is None
    kinds = [entry.kind for entry in history.about(hubei)]
    assert kinds == ["province.placed", "province.placed"]


@pytest.mark.req("ORG-03")
def test_only_an_administrator_creates_accounts(cast):
    with pytest.raises(Forbidden):
        actions.create_user(by=cast.dispatcher, username="new", name="新人", roles=["engineer"])
    user = actions.create_user(by=cast.admin, username="new", name="新人", roles=["engineer"], password="long-enough-1")
    assert user.has_role("engineer")
    assert history.about(user).get().by == cast.admin


@pytest.mark.req("ORG-03")
def test_an_account_with_an_unknown_role_or_a_weak_password_is_refused_by_field(cast):
    with pytest.raises(Refused) as refusal:
        actions.create_user(by=cast.admin, username="new", name="新人", roles=["king"])
    assert "roles" in refusal.value.fields
    with pytest.raises(Refused) as refusal:
        actions.create_user(by=cast.admin, username="new", name="新人", roles=["engineer"], password="123")
    assert "password" in refusal.value.fields
    with pytest.raises(Refused) as refusal:
        actions.create_user(by=cast.admin, username="new", name="新人", roles=["supervisor"])
    assert "region" in refusal.value.fields
    with pytest.raises(Refused) as refusal:
        actions.create_user(by=cast.admin, username="admin", name="", roles=[])
    assert {"username", "name"} <= refusal.value.fields.keys()


@pytest.mark.req("ORG-03", "SEC-02")
def test_ending_an_account_ends_its_sessions_and_tokens_and_opening_it_again_does_not_bring_them_back(cast):
    browser, api = cast.browser("dispatcher"), cast.api("dispatcher")
    assert api.get("/api/v1/me/").status_code == 200
    actions.deactivate_user(cast.dispatcher, by=cast.admin, why="left")
    assert api.get("/api/v1/me/").status_code == 401
    actions.reactivate_user(cast.dispatcher, by=cast.admin)
    assert api.get("/api/v1/me/").status_code == 401
    assert browser.get("/account/").status_code == 302


@pytest.mark.req("ORG-03")
def test_somebody_remains_administrator(cast):
    with pytest.raises(NotAllowed):
        actions.deactivate_user(cast.admin, by=None)
    with pytest.raises(NotAllowed):
        actions.update_user(cast.admin, by=cast.admin, roles=["manager"])
    second = actions.create_user(by=None, username="second", name="二", roles=["admin"])
    with pytest.raises(NotAllowed):
        actions.deactivate_user(second, by=second)
    actions.deactivate_user(second, by=cast.admin)
    assert not User.objects.get(pk=second.pk).is_active


@pytest.mark.req("ORG-03")
def test_new_roles_take_effect_and_personal_data_stays_out_of_the_history(cast):
    actions.update_user(cast.keeper, by=cast.admin, roles=["keeper", "finance"], phone="138 1111 2222")
    assert User.objects.get(username="keeper").has_role("finance")
    entry = history.about(cast.keeper).first()
    assert entry.data["roles"] == ["keeper", "finance"]
    assert "138" not in str(entry.data)


@pytest.mark.req("ORG-02", "ORG-03")
def test_a_supervisor_sees_the_people_of_the_own_region_and_an_engineer_only_himself(cast):
    files = [cast.file("engineer"), cast.file("engineer-south"), cast.file("contractor")]
    assert set(Engineer.objects.visible_to(cast.dispatcher)) >= set(files)
    assert set(Engineer.objects.visible_to(cast.supervisor)) == {files[0], files[2]}
    assert set(Engineer.objects.visible_to(cast.engineer)) == {files[0]}
    assert set(User.objects.visible_to(cast.contractor)) == {cast.contractor}
    assert not Engineer.objects.visible_to(cast.stranger).exists()


@pytest.mark.req("ORG-02")
def test_a_supervisor_needs_role_and_region(cast):
    region = cast.region("SW")
    region.supervisor = cast.dispatcher
    with pytest.raises(Refused):
        actions.save_region(region, by=cast.admin)
    region.supervisor = cast.supervisor
    with pytest.raises(Refused):
        actions.save_region(region, by=cast.admin)


@pytest.mark.req("ORG-04")
def test_an_engineer_has_tier_skills_and_standby_and_each_change_is_told(cast):
    engineer = cast.file("engineer")
    actions.set_skill(engineer, cast.line("hand_push"), 5, by=cast.trainer)
    actions.set_standby(engineer, "off", by=cast.engineer, at=moment(21))
    actions.change_engineer(engineer, by=cast.admin, tier=Tier.objects.get(code="principal"))
    engineer.refresh_from_db()
    assert (engineer.tier.rank, engineer.standby) == (1, "off")
    assert engineer.skills.get(product_line__code="hand_push").level == 5
    told = set(history.about(engineer).values_list("kind", flat=True))
    assert {"engineer.created", "engineer.skill_set", "engineer.standby_set", "engineer.changed"} <= told
    with pytest.raises(Refused):
        actions.set_skill(engineer, cast.line(), 6, by=cast.trainer)


@pytest.mark.req("ORG-04")
def test_a_supervisor_plans_for_the_own_region_only(cast):
    own, foreign = cast.file("engineer"), cast.file("engineer-south")
    actions.plan_standby(own, by=cast.supervisor, starts_at=moment(21), ends_at=moment(22))
    actions.record_phone_off(own, by=cast.supervisor, at=moment(21, 9), note="three calls")
    actions.set_standby(own, "busy", by=cast.supervisor)
    assert own.phone_offs.get().at == moment(21, 9)
    for verb in (
        lambda: actions.plan_standby(foreign, by=cast.supervisor, starts_at=moment(21), ends_at=moment(22)),
        lambda: actions.record_phone_off(foreign, by=cast.supervisor),
        lambda: actions.set_standby(foreign, "off", by=cast.supervisor),
        lambda: actions.set_standby(foreign, "off", by=cast.engineer),
    ):
        with pytest.raises(Forbidden):
            verb()


@pytest.mark.req("ORG-04")
def test_absences_of_one_engineer_never_overlap(cast):
    engineer = cast.file("engineer")
    absence = actions.plan_absence(engineer, by=cast.supervisor, starts_at=moment(21), ends_at=moment(23))
    with pytest.raises(Refused) as refusal:
        actions.plan_absence(engineer, by=cast.supervisor, starts_at=moment(22), ends_at=moment(24))
    assert "starts_at" in refusal.value.fields
    with pytest.raises(Refused):
        actions.plan_absence(engineer, by=cast.supervisor, starts_at=moment(25), ends_at=moment(25))
    assert Absence.objects.at(moment(22)).get() == absence
    actions.cancel_absence(absence, by=cast.supervisor)
    with pytest.raises(NotAllowed):
        actions.cancel_absence(Absence(pk=absence.pk, engineer=engineer, during=absence.during), by=cast.supervisor)
    actions.plan_absence(engineer, by=cast.supervisor, starts_at=moment(22), ends_at=moment(24), kind="ill")


@pytest.mark.req("ORG-04")
def test_the_rota_does_not_name_an_engineer_twice_for_the_same_time(cast):
    engineer = cast.file("engineer")
    duty = actions.plan_standby(engineer, by=cast.dispatcher, starts_at=moment(21), ends_at=moment(22))
    with pytest.raises(Refused):
        actions.plan_standby(engineer, by=cast.dispatcher, starts_at=moment(21, 20), ends_at=moment(23))
    actions.cancel_standby(duty, by=cast.dispatcher)
    with pytest.raises(NotAllowed):
        actions.cancel_standby(duty, by=cast.dispatcher)


@pytest.mark.req("ORG-03")
def test_the_first_account_is_an_administrator_who_can_make_the_others(db):
    first = User.objects.create_superuser("root", password="long enough 4711")
    assert first.has_role("admin")
    assert actions.create_user(by=first, username="zhou", name="周敏", roles=["dispatcher"]).roles == ["dispatcher"]

"""The ranking explains itself: pure cases (DSP-02)."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets import ranking
from tickets.likeness import alike, likeness

pytestmark = pytest.mark.req("DSP-02")

NOON = dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC)
XIAN, ZHENGZHOU, FUZHOU = (34.265, 108.954), (34.758, 113.665), (26.075, 119.306)
NEED = ranking.Need(at=NOON, grade=2, region="NW", place=XIAN, due=NOON + dt.timedelta(hours=48))
HERE = ranking.Person(
    key=1, name="张", skill=4, tier=("高级", "Senior"), highest_grade_alone=1, region="NW", place=XIAN
)


def order(*people, need=NEED):
    return [one.person.name for one in ranking.rank(need, people)]


def test_near_and_of_the_region_comes_before_far_and_foreign():
    far = replace(HERE, key=2, name="陈", region="SE", place=FUZHOU)
    mobile = replace(HERE, key=3, name="李", region="MOBILE", is_mobile=True, place=ZHENGZHOU)
    assert order(far, mobile, HERE) == ["张", "李", "陈"]


def test_who_may_not_go_stands_last_whatever_his_points():
    barred = replace(HERE, key=2, name="王", skill=5, machine_visits=3, obstacle="certificate ended")
    weak = replace(HERE, key=3, name="赵", skill=1, standby="off", open_orders=6, place=FUZHOU, region="SE")
    assert order(barred, weak, HERE) == ["张", "赵", "王"]
    assert ranking.rank(NEED, [barred])[0].obstacle == "certificate ended"


@pytest.mark.parametrize(
    "change",
    [
        {"skill": 2},
        {"skill": 1},
        {"highest_grade_alone": 4},
        {"standby": "busy"},
        {"open_orders": 2},
        {"place": FUZHOU},
        {"overlaps": ("PG20261120-0001",)},
    ],
)
def test_each_consideration_costs_points(change):
    assert order(replace(HERE, key=2, name="乙", **change), HERE) == ["张", "乙"]


@pytest.mark.parametrize("change", [{"machine_visits": 1}, {"fault_visits": 2}, {"on_duty": True}, {"skill": 5}])
def test_knowing_the_machine_being_on_duty_and_skill_bring_points(change):
    assert order(HERE, replace(HERE, key=2, name="乙", **change)) == ["乙", "张"]


def test_a_deadline_that_cannot_be_kept_costs_and_says_how_much():
    late = replace(NEED, due=NOON + dt.timedelta(hours=2))
    parts = {part.code: part for part in ranking.judge(late, replace(HERE, place=FUZHOU)).parts}
    assert parts["arrival"].points < 0
    assert "late" in parts["arrival"].words[1]
    assert "晚于" in parts["arrival"].words[0]


def test_distance_is_that_of_the_globe():
    assert ranking.kilometres(XIAN, ZHENGZHOU) == pytest.approx(435, abs=15)
    assert ranking.kilometres(XIAN, XIAN) == 0
    assert ranking.kilometres(None, XIAN) is None


people = st.builds(
    ranking.Person,
    key=st.integers(1, 99),
    name=st.text("甲乙丙丁", min_size=1, max_size=3),
    skill=st.none() | st.integers(1, 5),
    highest_grade_alone=st.integers(1, 4),
    region=st.sampled_from(["NW", "SE"]),
    standby=st.sampled_from(["ready", "busy", "off"]),
    open_orders=st.integers(0, 9),
    place=st.none() | st.just(XIAN) | st.just(FUZHOU),
    obstacle=st.sampled_from(["", "on leave"]),
)


@given(st.lists(people, max_size=8), st.none() | st.integers(1, 4))
def test_scores_are_the_sums_of_their_reasons_and_falls_from_top_to_bottom(found, grade):
    ranked = ranking.rank(replace(NEED, grade=grade), found)
    assert [bool(one.obstacle) for one in ranked] == sorted(bool(one.obstacle) for one in ranked)
    fit = [one.score for one in ranked if not one.obstacle]
    assert fit == sorted(fit, reverse=True)
    for one in ranked:
        assert one.score == sum(part.points for part in one.parts)
        assert all(zh and en for part in one.parts for zh, en in [part.words, part.label] if part.code != "tier")


@pytest.mark.req("TKT-08", "TKT-03")
def test_two_wordings_of_one_fault_are_alike_and_two_faults_are_not():
    assert alike("燃烧器点不着火", "燃烧器又点不着了")
    assert not alike("燃烧器点不着火", "微珠撒布不匀")
    assert likeness("", "x") == 0.0
    assert likeness("BUCKET WON'T OPEN", "bucket won't open again") > 0.9

"""The shipped fault types, grading questions and cases: complete in both languages, loaded once."""

import pytest
from django.core.management import call_command

from tickets import grading
from tickets.cases import similar, suggest
from tickets.defaults import load
from tickets.models import FaultCase, FaultType, GradeQuestion
from warranty.models import ComponentKind

pytestmark = pytest.mark.django_db


@pytest.mark.req("TKT-11")
def test_fault_types_bring_steps_parts_skill_time_and_a_component_the_warranty_knows(policy):
    known = set(ComponentKind.objects.values_list("code", flat=True)) | {""}
    for one in FaultType.objects.all():
        assert all([one.name_zh, one.name_en]), one.code
        assert len(one.steps_zh) == len(one.steps_en) > 0, one.code
        assert 1 <= one.skill_level <= 5
        assert one.usual_minutes > 0
        assert one.component in known, one.code
        assert all(set(part) == {"name", "model"} for part in one.parts), one.code
    lines = FaultType.objects.exclude(product_line=None).values_list("product_line__code", flat=True)
    assert set(lines) == {"hot_melt", "cold_spray", "hand_push"}


@pytest.mark.req("TKT-04")
def test_safety_is_asked_first_and_every_answer_speaks_both_languages(policy):
    for fault_type in (None, *FaultType.objects.all()):
        asked = grading.questions(fault_type)
        assert asked[0].code == "safety"
        for question in asked:
            assert all([question.text_zh, question.text_en])
            for answer in question.answers:
                assert all([answer["zh"], answer["en"]])
                assert answer.get("grade") in (None, 1, 2, 3, 4)


def test_loading_again_changes_nothing(policy):
    def rows():
        return [list(model.objects.order_by("pk").values()) for model in (FaultType, GradeQuestion, FaultCase)]

    before = rows()
    load()
    call_command("load_defaults", verbosity=0)
    assert rows() == before


@pytest.mark.req("TKT-05")
@pytest.mark.parametrize(
    ("symptom", "title"),
    [("燃烧器点了几秒就熄火", "热电偶松动"), ("读数忽高忽低", "插头氧化"), ("刚启动搅拌轴不转", "釜底冷料")],
)
def test_the_case_that_solved_it_before_is_suggested_first(world, symptom, title):
    found = suggest(symptom, equipment=world.machine)
    assert title in found[0].case.title
    assert found[0].steps


@pytest.mark.req("TKT-05")
def test_similar_past_tickets_of_the_model_tell_what_was_done(world):
    world.reported()
    found = similar("燃烧器点不着", world.other_machine)
    assert [one.work_done for one in found] == ["更换热电偶"]
    assert similar("微珠不下", world.other_machine) == []
    assert suggest("", equipment=world.machine) == []

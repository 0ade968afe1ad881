"""A maker's own promises from a TOML file."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sla import defaults, policy_files, queries
from sla.facts import Facts
from sla.models import Clock, Promise
from tests.sla.conftest import moment

pytestmark = [pytest.mark.django_db, pytest.mark.req("SLA-01")]

OWN = """
[[clock]]
code = "night"
name_zh = "夜班"
valid_from = 2026-01-01
weekly = { mon = [["22:00", "06:00"]], tue = [["22:00", "06:00"]] }

[[promise]]
code = "OWN"
name_zh = "自有承诺"
valid_from = 2026-01-01
selectors = { kind = ["ticket"], product_line = ["hot_melt"] }

[[promise.line]]
target = "resolve"
span = { minutes = 300 }
clock = "night"
start_kinds = ["ticket.opened"]
stop_kinds = ["ticket.solved"]

[[choice]]
contract = "2026-1"
promise = "SLA-B"
since = 2026-01-01
"""


@pytest.fixture
def own(tmp_path, policy):
    def write(text=OWN):
        file = tmp_path / "own.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_own_promises_work_without_a_change_of_code(own, capsys):
    call_command("load_promises", str(own()))
    facts = Facts(product_line="hot_melt", province="650000")
    found = {row.target: (row.promise, row.due_at) for row in queries.preview(facts, moment("2026-11-16 23:00"))}
    assert found["resolve"] == ("OWN", moment("2026-11-17 04:00"))
    chosen = queries.preview(facts.with_(contract="2026-1"), moment("2026-11-16 23:00"))
    assert {row.target: row.promise for row in chosen}["arrive"] == "SLA-B"


def test_loading_the_same_file_again_changes_nothing_and_a_changed_one_makes_a_version(own, capsys):
    call_command("load_promises", str(own()))
    call_command("load_promises", str(own()))
    assert Promise.objects.filter(code="OWN").count() == 1
    assert "0 new, 2 unchanged" in capsys.readouterr().out
    call_command("load_promises", str(own(OWN.replace("300", "240"))))
    assert Promise.objects.filter(code="OWN").count() == 2
    assert Clock.objects.filter(code="night").count() == 1


@pytest.mark.parametrize(
    "broken",
    [
        OWN.replace("minutes = 300", "minutes = 0"),
        OWN.replace('clock = "night"', 'clock = "moon"'),
        OWN.replace('target = "resolve"', 'target = "resolve"\ncolour = "red"'),
        OWN.replace("[[choice]]", "[[wish]]"),
        OWN.replace('[["22:00", "06:00"]]', '[["25:00", "06:00"]]'),
        "not toml at all = = =",
    ],
)
def test_a_file_with_nonsense_is_refused_whole(own, broken):
    with pytest.raises(CommandError):
        call_command("load_promises", str(own(broken)))
    assert not Promise.objects.filter(code="OWN").exists()
    assert not Clock.objects.filter(code="night").exists()


def test_shipped_data_never_overrules_what_was_changed_here(policy):
    clock = Clock.objects.get(code="office")
    policy_files.policy.put_clock(code="office", name_zh="自定", weekly={"mon": [["08:00", "12:00"]]}, by=None)
    defaults.load()
    assert Clock.objects.filter(code="office").order_by("-version").first().name_zh == "自定"
    assert clock.version == 1


def test_the_example_of_the_documentation_loads(own):
    text = (Path(__file__).parents[2] / "docs" / "promises.md").read_text(encoding="utf-8")
    call_command("load_promises", str(own(text.split("```toml\n")[1].split("```")[0])))
    assert Promise.objects.get(code="OWN").lines.get().span == {"minutes": 480}

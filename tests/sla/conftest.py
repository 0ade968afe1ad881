"""A subject whose story is told event by event, and the shipped policy."""

import datetime as dt

import pytest
from django.db import transaction

from core import history
from sla import actions, defaults, definitions, queries, sweeping
from sla.facts import Facts
from sla.models import Timer

ZONE = dt.timezone(dt.timedelta(hours=8))


def moment(text):
    """A moment in Shanghai: "18 09:00" lies in November 2026; longer texts are taken as they are."""
    if len(text) <= 8:
        text = f"2026-11-{text}"
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def policy(organisation):
    """The shipped clocks, chains and promises."""
    defaults.load()
    return definitions.current()


EVENTS = (
    "ticket.opened", "ticket.solved", "ticket.reopened", "ticket.charges_agreed", "ticket.step_tried",
    "order.issued", "order.contacted", "order.arrived", "order.refused", "part.requested",
)  # fmt: skip


class Story:
    """One subject to which things happen; `timer("arrive")` is its newest timer of a target."""

    def __init__(self, cast, subject):
        self.cast, self.subject = cast, subject
        self.facts = Facts(
            product_line="hot_melt",
            province="410000",
            region="NW",
            is_home=True,
            grade=2,
            people={"engineer": cast.engineer.pk, "owner": cast.dispatcher.pk},
        )

    def happens(self, kind, at, **facts):
        self.facts = self.facts.with_(**facts)
        with transaction.atomic():
            history.record(kind, self.subject, by=self.cast.dispatcher, at=moment(at))
            return actions.follow(self.subject, kind, at=moment(at), facts=self.facts, by=self.cast.dispatcher)

    def waits(self, at, reason="customer", **more):
        return actions.pause(self.subject, at=moment(at), reason=reason, by=self.cast.dispatcher, **more)

    def goes_on(self, at):
        return actions.resume(self.subject, at=moment(at), by=self.cast.dispatcher)

    def changes(self, at, why="so entschieden", **facts):
        self.facts = self.facts.with_(**facts)
        return actions.refit(self.subject, facts=self.facts, at=moment(at), by=self.cast.dispatcher, why=why)

    def timer(self, target="arrive", leg=None):
        rows = Timer.objects.filter(subject=f"region:{self.subject.pk}", target=target)
        if leg is not None:
            rows = rows.filter(leg=leg)
        return rows.select_related("line__promise").order_by("-cycle", "-id").first()

    def due(self, target="arrive"):
        return self.timer(target).due_at.astimezone(ZONE).strftime("%d %H:%M")

    def state(self, target="arrive"):
        return self.timer(target).state

    def timers(self):
        return queries.timers_of(self.subject)


@pytest.fixture
def story(cast, policy):
    for kind in EVENTS:
        if kind not in history.kinds():
            history.declare({kind: history.Kind("clock", kind)})
    return Story(cast, cast.region("NE"))


@pytest.fixture
def promise(policy):
    """Makes a promise from lines; `promise("X", target=…, span=…)` for one line."""

    def make(code, lines=None, *, selectors=None, by_choice=False, valid_from=None, **line):
        whole = {
            "target": "resolve",
            "span": {"minutes": 240},
            "clock": "always",
            "start_kinds": ["ticket.opened"],
            "stop_kinds": ["ticket.solved"],
            "pausable": ["customer", "parts"],
            "chain": "customer",
        }
        return actions.put_promise(
            code=code,
            name_zh=code,
            lines=[whole | one for one in (lines or [line])],
            selectors=selectors or {"kind": ["ticket"]},
            by_choice=by_choice,
            valid_from=valid_from or dt.date(2020, 1, 1),
            by=None,
        )

    return make


@pytest.fixture
def sweep(freeze):
    """`sweep("18 21:01")` sets the clock and sweeps; returns the number of steps."""

    def run(at):
        freeze(moment(at))
        return sweeping.sweep(moment(at))[0]

    return run

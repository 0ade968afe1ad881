"""One run: every question in turn, again and again, so that a busy moment of the machine touches all alike."""

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aftersales.bench import measures, papers, serving, visitors
from aftersales.bench.measures import Measure
from aftersales.bench.visitors import Visitors

WARM_UP = 3
CLIENTS = 8
MEMORY_LIMIT = 300


@dataclass
class Row:
    """A line of the table: milliseconds, or another value with its own words."""

    name: str
    times: list[float] = field(default_factory=list)
    target: float | None = None
    words: str = ""
    ratio: float | None = None
    at_least: bool = False

    @property
    def median(self) -> float:
        """Median in milliseconds."""
        return 1000 * statistics.median(self.times) if self.times else 0.0

    @property
    def high(self) -> float:
        """95th percentile in milliseconds."""
        return 1000 * sorted(self.times)[int(0.95 * (len(self.times) - 1))] if self.times else 0.0

    @property
    def good(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None or self.ratio is None:
            return None
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target


def run(rounds: int, *, with_papers: bool, say: Callable[[str], None]) -> list[Row]:
    """Measure everything; the first row is the floor."""
    with serving.server() as server:
        people = visitors.arrive(server.port)
        rows = _latencies(measures.of(people), rounds, say)
        say("eight clients")
        rows.append(_throughput(people))
        peak = server.peak_memory()
    rows.append(Row("memory of a worker, peak", words=f"{peak:.0f} MiB", ratio=peak, target=MEMORY_LIMIT))
    say("the month")
    floor = rows[0].median
    rows.append(_figures(rounds, floor))
    if with_papers:
        rows.append(_paper())
    return rows


def _latencies(asked: list[Measure], rounds: int, say: Callable[[str], None]) -> list[Row]:
    rows = [Row(measure.name, target=measure.target) for measure in asked]
    for n in range(rounds + WARM_UP):
        if n % 10 == WARM_UP:
            say(f"round {n - WARM_UP} of {rounds}")
        for measure, row in zip(asked, rows, strict=True):
            answer = measure.ask(n)
            if answer.status != measure.status:
                raise RuntimeError(f"{measure.name}: {answer.status} {answer.body[:500].decode(errors='replace')}")
            if n >= WARM_UP:
                row.times.append(answer.seconds)
    for row in rows[1:]:
        row.ratio = row.median / rows[0].median
    return rows


def _throughput(people: Visitors, seconds: float = 5.0) -> Row:
    """Requests a second of the ticket list at eight clients, as a share of the floor's; alternating halves."""
    counts = {"/floor/": 0.0, "/tickets/": 0.0}
    for _half in range(2):
        for path, who in (("/floor/", "nobody"), ("/tickets/", "dispatcher")):
            counts[path] += _requests(people, who, path, seconds) / 2
    floor, pages = counts["/floor/"] / seconds, counts["/tickets/"] / seconds
    words = f"{pages:.0f} of {floor:.0f} requests/s"
    return Row("ticket list, 8 clients", words=words, ratio=pages / floor, target=1 / 3, at_least=True)


def _requests(people: Visitors, who: str, path: str, seconds: float) -> int:
    done = [0] * CLIENTS
    until = time.monotonic() + seconds

    def visit(place: int) -> None:
        connection = people.open_more(who)
        while time.monotonic() < until:
            if connection.get(path).status == 200:
                done[place] += 1

    threads = [threading.Thread(target=visit, args=(place,)) for place in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done)


def _figures(rounds: int, floor: float) -> Row:
    row = Row("figures of last month", target=12)
    for n in range(max(5, rounds // 4)):
        began = time.perf_counter()
        papers.figures()
        if n:
            row.times.append(time.perf_counter() - began)
    row.ratio = row.median / floor
    return row


def _paper() -> Row:
    whole, layout = papers.paper_and_layout()
    words = f"{whole:.1f} s, layout alone {layout:.1f} s"
    return Row("report of last month as PDF", words=words, ratio=whole / layout, target=1.3)

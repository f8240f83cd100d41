"""The speed of a rendered agreement, ours and the usual ways, interleaved in one run (see README.md)."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

from bench.content import PAGES, TEMPLATE, Content, fault, letters, write
from bench.ways import Way, Worker, WorkerError, ways

WARM_UP = 3


@dataclass
class Figures:
    """``seconds`` of each document alone, ``rates`` in documents per second of each burst on all cores."""

    seconds: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    def line(self, ours: Figures) -> str:
        median, rate = statistics.median(self.seconds), statistics.median(self.rates)
        p99 = sorted(self.seconds)[min(len(self.seconds) - 1, int(len(self.seconds) * 0.99))]
        return (
            f"{len(self.seconds):5} {median * 1000:9.0f} {p99 * 1000:8.0f} {rate:8.2f}"
            f" {median / statistics.median(ours.seconds):11.2f}x {statistics.median(ours.rates) / rate:7.2f}x"
        )


class Bench:
    """``offices`` workers of each way; every PDF is checked, out of the measured time."""

    def __init__(self, crews: dict[Way, list[Worker]], contents: tuple[Content, ...]) -> None:
        self.crews, self.contents = crews, contents
        self.figures: dict[tuple[str, str], Figures] = defaultdict(Figures)
        self.faults: Counter[tuple[str, str]] = Counter()
        self._wanted = {content.name: letters(content) for content in contents}

    def warm_up(self) -> None:
        for crew in self.crews.values():
            for content in self.contents:
                for worker in crew:
                    for _ in range(WARM_UP):
                        worker.render(content)

    def alone(self, rounds: int) -> None:
        """One document at a time, the ways in turn."""
        for rank in range(rounds):
            for content in self.contents:
                for way, crew in self._turned(rank):
                    if rank % way.every == 0:
                        seconds, pdf = crew[0].render(content)
                        self.figures[content.name, way.name].seconds.append(seconds)
                        self._check(way, content, pdf)

    def together(self, bursts: int, documents: int) -> None:
        """``documents`` shared by all the workers of a way, the ways in turn."""
        for rank in range(bursts):
            for content in self.contents:
                for way, crew in self._turned(rank):
                    share = max(1, documents // len(crew) // way.every)
                    with ThreadPoolExecutor(len(crew)) as pool:
                        began = time.perf_counter()
                        made = list(pool.map(_several, crew, repeat(content), repeat(share)))
                        rate = len(crew) * share / (time.perf_counter() - began)
                    self.figures[content.name, way.name].rates.append(rate)
                    for pdf in (pdf for pdfs in made for pdf in pdfs):
                        self._check(way, content, pdf)

    def _turned(self, rank: int) -> Iterable[tuple[Way, list[Worker]]]:
        crews = list(self.crews.items())
        rank %= len(crews)
        return crews[rank:] + crews[:rank]

    def _check(self, way: Way, content: Content, pdf: bytes) -> None:
        wrong = fault(pdf, self._wanted[content.name])
        if wrong:
            self.faults[way.name, f"{content.name}: {wrong}"] += 1

    def print(self) -> None:
        for content in self.contents:
            print(f"\n{TEMPLATE}, {content.name} template ({content.styles} styles), {PAGES} pages")
            print(f"{'':24} docs median ms   p99 ms   docs/s  median/ours ours/docs")
            ours = self.figures[content.name, "ours"]
            for way in self.crews:
                print(f"{way.name:24}{self.figures[content.name, way.name].line(ours)}")
        print()
        for way, crew in self.crews.items():
            print(f"{way.name:24} peak memory of a worker and its office: {crew[0].peak_mb():.0f} MB")
        for (name, wrong), count in self.faults.items():
            print(f"WRONG OUTPUT: {name}, {wrong} ({count} times): its figures do not count")


def _several(worker: Worker, content: Content, count: int) -> list[bytes]:
    return [worker.render(content)[1] for _ in range(count)]


def main() -> int:
    cores = len(os.sched_getaffinity(0))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, help="folder of docxtpl and unoserver, made if need be")
    parser.add_argument("--carbone", type=Path, help="folder where npm installed carbone")
    parser.add_argument("--documents", type=int, default=100, help="documents a way, one at a time")
    parser.add_argument("--bursts", type=int, default=5, help="bursts a way, on all offices")
    parser.add_argument("--offices", type=int, default=cores, help="offices a way: one per core")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no office is left behind
    os.chdir(Path(__file__).parents[1])
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        log = stack.enter_context((folder / "workers.log").open("wb"))
        record, contents = write(folder)
        crews = {
            way: [
                stack.enter_context(closing(Worker(way, folder / f"{number}-{rank}", log)))
                for rank in range(asked.offices)
            ]
            for number, way in enumerate(ways(record, asked.peers, asked.carbone))
        }
        bench = Bench(crews, contents)
        print(f"{platform.platform()}, {cores} cores, load {os.getloadavg()[0]:.1f} at the start")
        try:
            bench.warm_up()
            bench.alone(asked.documents)
            bench.together(asked.bursts, 10 * asked.offices)
        except WorkerError as error:
            print(f"{error} gave no document; what the workers said:")
            print((folder / "workers.log").read_text(errors="replace")[-2000:])
            return 1
        bench.print()
        print(f"load {os.getloadavg()[0]:.1f} at the end")
    return 1 if bench.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())

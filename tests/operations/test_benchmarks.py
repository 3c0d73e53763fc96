"""The benchmarks run: each at its smallest size, as somebody at a terminal starts it."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from tests.support.serving import inherited_environment

FOLDER = settings.BASE_DIR / "tests" / "bench"

# What is measured, and a figure that each prints.
BENCHMARKS = {
    "pages": "ratio of requests/s",
    "articles": "a reader's longest wait",
    "staff": "publishing: 4 kB, 10 kB",
    "desk": "search by a first name alone",
    "exporting": "others wait during it",
    "enquiries load": "load: ratio of rates",
    "enquiries kill": "kill: acknowledged and lost",
    "enquiries power": "power: without syncs, which must fail",
}
# Programs that a benchmark starts, and the module which does.
STARTED = {"barrow": "enquiries", "searching": "articles", "sending": "powercut"}


@pytest.mark.server
@pytest.mark.full
@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_each_benchmark_runs_at_its_smallest(benchmark):
    module, *parts = benchmark.split()
    env = inherited_environment() | {k: v for k, v in os.environ.items() if k == "DATABASE_URL"}
    command = [sys.executable, "-m", f"tests.bench.{module}", *parts, "--small"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    figure = "not measured" if benchmark == "enquiries power" and "DATABASE_URL" in env else BENCHMARKS[benchmark]
    assert re.search(rf"^.*{re.escape(figure)}.*\d", done.stdout, re.MULTILINE) or figure == "not measured"


def test_no_benchmark_is_left_out():
    programs = {
        path.stem for path in FOLDER.glob("*.py") if re.search(r"^(def main\(|if __name__)", path.read_text(), re.M)
    }
    assert programs == {name.split()[0] for name in BENCHMARKS} | STARTED.keys()


@pytest.mark.parametrize("program", STARTED)
def test_what_a_benchmark_starts_is_started_by_one(program):
    assert f"tests.bench.{program}" in (FOLDER / f"{STARTED[program]}.py").read_text()


def test_every_part_of_the_enquiries_is_run():
    from tests.bench.enquiries import PARTS

    assert {f"enquiries {part}" for part in PARTS} == {name for name in BENCHMARKS if name.startswith("enquiries")}


def test_a_word_that_no_benchmark_knows_stops_it():
    command = [sys.executable, "-m", "tests.bench.pages", "--smal"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Unknown: --smal. Choose from: --small." in done.stderr

"""How long a caller waits for a substructure search of the register, over real HTTP.

    python -m bench.substructure DATABASE [--rounds 40]

Beside each question, in the same round, the service is asked whether it is alive: what a request
costs that asks for nothing. Times are of this machine; the ratio means something elsewhere.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from socket import socket
from statistics import median, quantiles

import httpx

from bench.classify import machine
from rules.versions import versions

QUERIES = {
    "fentanyl": "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1",
    "4-anilinopiperidine": "c1ccccc1NC1CCNCC1",
    "phenethylamine": "NCCc1ccccc1",
    "tryptamine": "NCCc1c[nH]c2ccccc12",
    "2-phenylcyclohexanone": "O=C1CCCCC1c1ccccc1",
    "benzene": "c1ccccc1",
}
START_SECONDS = 60


@contextmanager
def service(database: str) -> Iterator[str]:
    """The address of a service of this register, stopped at the end."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "api.cli.main", "serve", "--port", str(port)]
    environment = {"SUBREG_DATABASE_URL": database, "SUBREG_LOG_LEVEL": "error"}
    with subprocess.Popen(command, env=environment) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def answered(client: httpx.Client) -> None:
    """Wait until the service answers."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            client.get("/v1/health").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the service did not start")


def timed(client: httpx.Client, smiles: str | None) -> float:
    """Milliseconds for one search, or for asking whether the service is alive."""
    begin = time.perf_counter_ns()
    if smiles is None:
        client.get("/v1/health").raise_for_status()
    else:
        asked = {"structure": smiles, "mode": "substructure"}
        client.post("/v1/search/structures", json=asked).raise_for_status()
    return (time.perf_counter_ns() - begin) / 1e6


def measure(client: httpx.Client, rounds: int) -> dict[str, dict[str, float]]:
    """Per query: median and 95th percentile in milliseconds, and the ratio to an empty request."""
    found: dict[str, list[float]] = {name: [] for name in QUERIES}
    ratios: dict[str, list[float]] = {name: [] for name in QUERIES}
    for number in range(-2, rounds):
        for name, smiles in QUERIES.items():
            alive, spent = timed(client, None), timed(client, smiles)
            if number >= 0:  # the first two make the workers ready
                found[name].append(spent)
                ratios[name].append(spent / alive)
    return {
        name: {
            "median_ms": round(median(spent), 1),
            "p95_ms": round(quantiles(spent, n=20)[-1], 1),
            "over_empty_request": round(median(ratios[name]), 1),
        }
        for name, spent in found.items()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the report as JSON."""
    parser = argparse.ArgumentParser(prog="bench.substructure", description=__doc__)
    parser.add_argument("database", help="a register, as SUBREG_DATABASE_URL names it")
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args(arguments)
    with service(asked.database) as address, httpx.Client(base_url=address, timeout=60) as client:
        answered(client)
        report = {
            "machine": machine(),
            "versions": {"python": platform.python_version(), **versions()},
            "rounds": asked.rounds,
            "queries": measure(client, asked.rounds),
        }
    json.dump(report, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()

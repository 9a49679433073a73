#!/usr/bin/env python3
"""Kills the real daemon, lets its disk fail and its power go, and looks whether anything is lost,
doubled or torn (docs/durability.md). README.md beside this file says how.

usage: crash_test.py [--kills N] [--images N] [--variants] [--seed N]
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import powercut
import rounds
from plant import Broken, Disturbed, Tools

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def tools(arguments, work):
    """Builds the shim and the hook, finds the programs."""
    subprocess.run(
        ["cc", "-O2", "-Wall", "-shared", "-fPIC", "-o", work + "/shim.so", HERE + "/shim.c", "-ldl"],
        check=True,
    )
    subprocess.run(["cc", "-O2", "-Wall", "-o", work + "/hook", HERE + "/hook.c"], check=True)
    return Tools(
        os.path.abspath(arguments.feedwatch),
        os.path.abspath(arguments.lab),
        work + "/shim.so",
        work + "/hook",
        work,
    )


KINDS = (
    "step", "busy", "rotating", "step", "faults", "asked", "step", "renamed", "copytruncate", "drain",
    "step", "deleted", "faults", "logrotate", "stopped",
)


class Score:
    """What was done and what was found."""

    def __init__(self):
        self.images, self.caught = 0, 0
        self.kills, self.rounds, self.lines, self.exits, self.failures = 0, 0, 0, {}, []
        self.disturbed = 0

    def add(self, plant):
        self.rounds += 1
        self.kills += plant.kills
        self.lines += len(plant.lab.wanted)
        for status, count in plant.exits.items():
            self.exits[status] = self.exits.get(status, 0) + count


def kill_rounds(tools, score, arguments, deadline):
    """Rounds of all kinds until so many kills were made."""

    def one(number):
        seed = arguments.seed + number
        kind = arguments.only or KINDS[number % len(KINDS)]
        try:
            score.add(rounds.run(tools, f"r{number}", seed, kind, arguments.round))
            say(f"round {number} {kind}: fine, {score.kills} kills so far")
        except Broken as broken:
            score.failures.append(f"{kind}, seed {seed}: {broken}")
            say(f"round {number} {kind}, seed {seed}: {broken}")
        except Disturbed as disturbed:
            # Made up for by others; but a harness that is mostly disturbed finds nothing.
            score.disturbed += 1
            say(f"round {number} {kind}, seed {seed}, no fault of feedwatch: {disturbed}")
            if score.disturbed > 5 + number / 20:
                score.failures.append(f"disturbed too often, last: {disturbed}")

    number = 0
    with ThreadPoolExecutor(arguments.jobs) as pool:
        while score.kills < arguments.kills and time.monotonic() < deadline:
            numbers = range(number, number + arguments.jobs)
            list(pool.map(one, numbers))
            number += arguments.jobs
            if len(score.failures) > 5:
                break


def power_cuts(tools, score, arguments, deadline):
    """Images of power cuts, so many to a trace."""

    def one(number):
        seed = arguments.seed + number
        count = min(25, arguments.images - 25 * number)
        try:
            powercut.run(tools, f"p{number}", seed, count)
            score.images += count
            say(f"trace {number}: fine, {score.images} images so far")
        except Disturbed as disturbed:
            score.disturbed += 1
            say(f"trace {number}, seed {seed}, no fault of feedwatch: {disturbed}")
        except Broken as broken:
            score.failures.append(f"power cut, seed {seed}: {broken}")
            say(f"trace {number}, seed {seed}: {broken}")

    numbers = range((arguments.images + 24) // 25)
    with ThreadPoolExecutor(arguments.jobs) as pool:
        list(pool.map(one, [number for number in numbers if time.monotonic() < deadline]))


# How each wrong variant is looked for: kinds of rounds, or the images of power cuts.
VARIANTS = {
    "no-log-sync": ["power"],
    "no-state-sync": ["power"],
    "no-folder-sync": ["power"],
    "synchronous-normal": ["power"],
    "one-boot": ["power"],
    "note-first": ["step"],
    "no-scan": ["step", "busy"],
    "no-repair": ["step"],
    "cut-half-line": ["step"],
    "no-append": ["stopped"],
    "short-write": ["faults"],
    "old-file": ["renamed-followed"],
    "validators-first": ["step"],
    "delivered-first": ["step"],
}


def wrong_variants(tools, score, arguments, deadline):
    """Each wrong variant must be caught, or the harness is no good."""

    def caught(variant):
        for attempt in range(arguments.attempts):
            for kind in VARIANTS[variant]:
                if time.monotonic() > deadline:
                    return None
                seed = arguments.seed + attempt
                name = f"v-{variant}-{attempt}"
                try:
                    if kind == "power":
                        powercut.run(tools, name, seed, 30, variant)
                    else:
                        rounds.run(tools, name, seed, kind, 40, variant)
                except Disturbed:
                    continue
                except Broken as broken:
                    if "ended with" in str(broken):
                        continue  # a variant that does not run proves nothing
                    return f"{kind}, seed {seed}: {str(broken)[:160]}"
        return None

    def one(variant):
        how = caught(variant)
        if how:
            score.caught += 1
        else:
            score.failures.append(f"variant {variant} was not caught")
        say(f"variant {variant}: {how or 'NOT CAUGHT'}")

    with ThreadPoolExecutor(arguments.jobs) as pool:
        list(pool.map(one, arguments.variant or VARIANTS))


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--feedwatch", default=ROOT + "/.build/release/feedwatch")
    parser.add_argument("--lab", default=ROOT + "/.build/release/feedlab-server")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--round", type=int, default=30, help="kills a round")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--images", type=int, default=0, help="images of power cuts")
    parser.add_argument("--variants", action="store_true", help="try the wrong variants")
    parser.add_argument("--variant", action="append", choices=VARIANTS, help="only this one")
    parser.add_argument("--attempts", type=int, default=6, help="rounds for a wrong variant")
    parser.add_argument("--only", choices=rounds.ROUNDS)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="feedwatch-crash-") as work:
        score = Score()
        deadline = time.monotonic() + arguments.seconds
        made = tools(arguments, work)
        if arguments.kills:
            kill_rounds(made, score, arguments, deadline)
        if arguments.images:
            power_cuts(made, score, arguments, deadline)
        if arguments.variants or arguments.variant:
            wrong_variants(made, score, arguments, deadline)
    say(
        f"{score.kills} kills in {score.rounds} rounds, {score.lines} matches, exits {score.exits}, "
        f"{score.disturbed} disturbed, "
        f"{score.images} power cuts, {score.caught} wrong variants caught, "
        f"{len(score.failures)} failures"
    )
    for failure in score.failures:
        print(failure)
    sys.exit(1 if score.failures else 0)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""How long a start takes with a million items and a million lines, from exec to ready.

usage: million.py [--feedwatch PROGRAM] [--lab PROGRAM] [--count N]
"""

import argparse
import hashlib
import os
import sqlite3
import subprocess
import tempfile
import time

from plant import Plant, Tools

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
FEEDS = 1000


def fill(plant, count):
    """Puts feeds, seen items, history, lines and kept promises into the state, the lines into
    the log, all chained and noted."""
    database = sqlite3.connect(plant.state + "/state.sqlite", isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("BEGIN")
    share = count // FEEDS
    for number in range(FEEDS):
        row = database.execute(
            "INSERT INTO feed (name, url, body_hash, has_baseline, items, matches)"
            " VALUES (?, ?, 0, 1, ?, ?)",
            (f"many-{number}", f"http://127.0.0.1:1/{number}", share, share),
        ).lastrowid
        database.execute(
            "INSERT INTO poll (feed, next, failures, polls) VALUES (?, 4102444800000, 0, 9)", (row,)
        )
        database.execute("INSERT INTO seen VALUES (?, ?)", (row, os.urandom(16 * share)))
        database.execute(
            "INSERT INTO history (feed, time, keys, bytes) VALUES (?, 0, ?, ?)",
            (row, os.urandom(8 * share), os.urandom(100 * share)),
        )
    first = database.execute("SELECT last_seq FROM log WHERE stream = 0").fetchone()[0]
    base = database.execute("SELECT sum(last_seq) FROM log").fetchone()[0]
    now = int(time.time() * 1000)
    with open(plant.log, "rb") as log:
        last = log.read().splitlines(keepends=True)[-1]
    with open(plant.log, "ab") as log:
        for number in range(1, count + 1):
            seq = first + number
            prev = hashlib.sha256(last).hexdigest()
            last = (
                f'{{"schema":1,"seq":{seq},"id":"million-{seq}","topic":"quartz",'
                f'"title":"Item {seq}, of which there are very many","url":"https://x.example/{seq}",'
                f'"summary":"{"Long ago and far away. " * 10}","prev":"{prev}"}}\n'
            ).encode()
            log.write(last)
            database.execute(
                "INSERT INTO line (n, stream, seq, id, time, bytes) VALUES (?, 0, ?, ?, ?, ?)",
                (base + number, seq, f"million-{seq}", now, last),
            )
            database.execute(
                "INSERT INTO delivery (line, hook, stream, state, attempts, due, created)"
                " VALUES (?, 'all', 0, 1, 1, 0, 0)",
                (base + number,),
            )
        log.flush()
        status = os.fstat(log.fileno())
    database.execute(
        "UPDATE log SET last_seq = ?, noted_seq = ?, position = ?, last_hash = ? WHERE stream = 0",
        (first + count, first + count, status.st_size, hashlib.sha256(last).digest()),
    )
    database.execute("COMMIT")
    database.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--feedwatch", default=ROOT + "/.build/release/feedwatch")
    parser.add_argument("--lab", default=ROOT + "/.build/release/feedlab-server")
    parser.add_argument("--count", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="feedwatch-million-") as work:
        shim, hook = work + "/shim.so", work + "/hook"
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", shim, HERE + "/shim.c", "-ldl"], check=True)
        subprocess.run(["cc", "-O2", "-o", hook, HERE + "/hook.c"], check=True)
        tools = Tools(os.path.abspath(arguments.feedwatch), os.path.abspath(arguments.lab), shim, hook, work)
        plant = Plant(tools, "million", 1, follow=False)
        try:
            for _ in range(3):
                plant.lab.publish(plant.lot)
            plant.start()
            plant.wait(20, lambda: plant.listens and plant.line_count() >= len(plant.lab.wanted))
            plant.stop()
            fill(plant, arguments.count)
            sizes = [os.path.getsize(path) >> 20 for path in (plant.state + "/state.sqlite", plant.log)]
            print(f"{arguments.count} items and lines: state {sizes[0]} MiB, log {sizes[1]} MiB")
            for how in ("stopped", "killed", "killed", "killed"):
                begun = time.monotonic()
                plant.start()
                while not plant.listens:
                    time.sleep(0.005)
                print(f"start to ready after it was {how}: {time.monotonic() - begun:.3f} s")
                time.sleep(1)
                plant.kill()
            command = [tools.feedwatch, "log", "verify", "-c", plant.folder + "/feedwatch.toml"]
            begun = time.monotonic()
            verified = subprocess.run(command, capture_output=True, text=True)
            print(f"log verify, {time.monotonic() - begun:.1f} s: {verified.stdout.strip()}")
        finally:
            plant.close()


if __name__ == "__main__":
    main()

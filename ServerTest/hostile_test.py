#!/usr/bin/env python3
"""Runs the daemon against servers that mean harm, and reads what `status` says of them.

usage: hostile_test.py PROGRAM [all | storm | documents]

all        every scenario of scenarios.py at once: state and reason of each, no connection to a forbidden address
storm      20 stalled feeds, 20 dead names and 5 bombs beside a good feed: when its items are in the log
documents  each document that is meant to cost, alone: CPU time and memory

Everything happens on loopback. Status 1: something was not as it should be.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import scenarios
from scenarios import LARGE, LATE, OK, Server, add, answer, bomb, fails, rss, script

here = os.path.dirname(os.path.abspath(__file__))
MEMORY = 64
"""How many MB more than at rest the daemon may take."""


class Bench:
    """A folder, the server and what is needed to run the daemon against it."""

    def __init__(self, program):
        self.program = program
        self.folder = tempfile.mkdtemp(prefix="feedwatch-hostile-")
        self.resolver = f"{self.folder}/resolver.so"
        command = ["gcc", "-shared", "-fPIC", "-O2", "-o", self.resolver, f"{here}/resolver.c", "-ldl"]
        subprocess.run(command, check=True)
        scenarios.certificates(self.folder)
        self.server = Server(self.folder)
        self.faults = []

    def configure(self, name, rows, limits="", more=""):
        os.makedirs(f"{self.folder}/{name}", exist_ok=True)
        path = f"{self.folder}/{name}.toml"
        with open(path, "w") as out:
            out.write(f"""[watch]
interval = "1s"
baseline = "match"
state = "{self.folder}/{name}"
log = "{self.folder}/{name}/matches.jsonl"
[limits]
min_interval = "100ms"
host_spacing = "0s"
allow_networks = ["127.40.0.0/15", "127.49.9.1/32"]
ca_file = "{self.folder}/ca.pem"
{limits}
[[topic]]
id = "t"
query = "planted"
""")
            for number, scenario in rows:
                url = json.dumps(self.server.place(number, scenario))
                out.write(f'[[feed]]\nid = "s{number}"\nurl = {url}\n')
        return ["-c", path]

    def start(self, options, once=False):
        environment = dict(os.environ, LD_PRELOAD=self.resolver)
        with open(f"{self.folder}/errors", "a") as errors:
            command = [self.program, "run"] + ["--once"] * once + options
            return subprocess.Popen(command, stdout=errors, stderr=errors, env=environment)

    def status(self, options):
        command = [self.program, "status", "--json"] + options
        feeds = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)["feeds"]
        return {feed["feed"]: feed for feed in feeds}

    def memory_at_rest(self, good):
        process = self.start(self.configure("rest", [good]))
        time.sleep(4)
        peak = memory(process.pid)
        self.end(process)
        return peak

    def end(self, process):
        begin = time.time()
        process.send_signal(signal.SIGTERM)
        self.expect(process.wait() == 0, f"exit status {process.returncode}")
        self.expect(time.time() - begin < 5, f"SIGTERM took {time.time() - begin:.1f} s")

    def expect(self, holds, fault):
        if not holds:
            self.faults.append(fault)


def memory(process):
    """The most memory of a process in MB; 0 where it is gone."""
    try:
        line = next(line for line in open(f"/proc/{process}/status") if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    except (FileNotFoundError, ProcessLookupError, StopIteration):
        return 0


class GoodFeed:
    """A feed that behaves, publishes, and sees when its items are in the log."""

    def __init__(self, log):
        self.log, self.items, self.published, self.seen = log, ["start"], {}, {}

    def answer(self, conn, request):
        etag = f'"{len(self.items)}"'
        if f"If-None-Match: {etag}".encode() in request:
            conn.sendall(f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode())
        else:
            conn.sendall(answer(rss(*reversed(self.items[-30:])), "200 OK", f"ETag: {etag}"))

    def run(self, seconds):
        begin = next_time = time.time()
        while time.time() < begin + seconds + 5:
            if next_time <= time.time() < begin + seconds:
                name = f"planted-{len(self.items)}"
                self.items.append(name)
                self.published[name] = time.time()
                next_time += 1.3
            if os.path.exists(self.log):
                for line in open(self.log):
                    if line.endswith("\n"):
                        self.seen.setdefault(json.loads(line)["guid"], time.time())
            time.sleep(0.01)

    @property
    def waits(self):
        return sorted(self.seen.get(name, 1e9) - moment for name, moment in self.published.items())


def judge(bench, rows, status):
    """Compares what `status` says of each scenario with what it should say."""
    matches = lambda value, wanted: value in wanted if isinstance(wanted, (set, tuple)) else value == wanted
    for number, scenario in rows:
        feed = status[f"s{number}"]
        state, reason = scenario.expect
        fault = None
        if not matches(feed["state"], state) or not matches(feed["reason"], reason):
            fault = f"wanted {state} {reason}"
        elif feed["state"] in ["failing", "blocked", "gone", "not-a-feed"]:
            if not feed["since"] or not feed["message"] or len(feed["message"]) > 300:
                fault = "no time or message"
        if os.environ.get("VERBOSE") or fault:
            print(f"{scenario.name[:44]:44} {feed['state']:10} {feed['reason'] or '-':16} {feed['message'] or ''}")
        bench.expect(fault is None, f"{scenario.name}: {feed['state']} {feed['reason']}, {fault}")


def run_all(bench):
    canary = bench.server.port(bench.server.canary)
    scenarios.define(canary)
    scenarios.define_tls(canary)
    scenarios.define_names(canary)
    scenarios.documents()
    good = GoodFeed(f"{bench.folder}/all/matches.jsonl")
    add("good", OK, good.answer)
    rows = list(enumerate(scenarios.scenarios))
    bench.server.start()
    limits = 'connections = 128\nresponse_time = "10s"\nconnect_time = "4s"\nstall_time = "4s"'
    options = bench.configure("all", rows, limits)
    process = bench.start(options)
    good.run(60)
    status = bench.status(options)
    peak = memory(process.pid)
    bench.end(process)
    judge(bench, rows, status)
    hits = len(bench.server.canary_hits)
    bench.expect(hits == 0, f"{hits} connections to forbidden addresses")
    print(
        f"{len(rows)} scenarios, {hits} connections to forbidden addresses; good feed: "
        f"median {good.waits[len(good.waits) // 2]:.1f} s, most {good.waits[-1]:.1f} s; peak {peak:.0f} MB"
    )


def run_storm(bench):
    for number in range(20):
        add(f"stalled {number}", LATE, script("wait"))
        add(f"dead {number}", fails("name_not_resolved"), None, url=f"http://host-{number}.invalid/")
    for number in range(5):
        add(f"bomb {number}", LARGE, answer(bomb(512), "200 OK", "Content-Encoding: gzip"))
    good = GoodFeed(f"{bench.folder}/storm/matches.jsonl")
    add("good", OK, good.answer)
    rows = list(enumerate(scenarios.scenarios))
    bench.server.start()
    rest = bench.memory_at_rest(rows[-1])
    options = bench.configure("storm", rows, 'response_time = "10s"')
    process = bench.start(options)
    pings = []
    threading.Thread(target=ping, args=(f"{bench.folder}/storm", pings), daemon=True).start()
    good.run(40)
    status = bench.status(options)
    peak = memory(process.pid) - rest
    bench.end(process)
    judge(bench, rows, status)
    slowest = max(pings, default=9) * 1000
    bench.expect(good.waits[-1] < 3, f"an item of the good feed waited {good.waits[-1]:.1f} s")
    bench.expect(peak < MEMORY, f"{peak:.0f} MB more than at rest")
    bench.expect(slowest < 100, f"a ping took {slowest:.0f} ms")
    print(
        f"good feed, asked every second: in the log after {good.waits[len(good.waits) // 2]:.1f} s (median), "
        f"{good.waits[-1]:.1f} s (most); {peak:.0f} MB more than at rest; slowest of {len(pings)} pings {slowest:.0f} ms"
    )


def ping(folder, times):
    """Asks the control socket, whose answer takes the queues of watcher and deliverer, again and again."""
    while True:
        time.sleep(0.05)
        begin = time.time()
        try:
            with socket.socket(socket.AF_UNIX) as control:
                control.connect(next(entry.path for entry in os.scandir(folder) if "sock" in entry.name))
                control.sendall(b"ping\n")
                if control.recv(4096):
                    times.append(time.time() - begin)
        except (OSError, StopIteration):
            pass


def run_documents(bench):
    add("nothing", OK, answer())
    scenarios.documents()
    bench.server.start()
    base = None
    for number, scenario in enumerate(scenarios.scenarios):
        options = bench.configure("one", [(number, scenario)])
        process = bench.start(options, once=True)
        peak, ended = 0, 0
        while not ended:
            peak = max(peak, memory(process.pid))
            ended, _, usage = os.wait4(process.pid, os.WNOHANG)
            time.sleep(0.002)
        cpu = usage.ru_utime + usage.ru_stime
        base = base or (cpu, peak)
        feed = next(iter(bench.status(options).values()))
        cpu, peak = cpu - base[0], peak - base[1]
        print(f"{scenario.name:36} {cpu:6.2f} s {peak:5.0f} MB  {feed['state']:10} {feed['message'] or ''}"[:150])
        bench.expect(cpu < 2, f"{scenario.name}: {cpu:.1f} s of CPU")
        bench.expect(peak < MEMORY, f"{scenario.name}: {peak:.0f} MB")
        judge(bench, [(number, scenario)], {feed["feed"]: feed})
        shutil.rmtree(f"{bench.folder}/one")


def main():
    kinds = {"all": run_all, "storm": run_storm, "documents": run_documents}
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(kinds):
        sys.exit(__doc__)
    if not sys.argv[2:]:
        # Each with a server of its own.
        results = [subprocess.run([sys.executable, __file__, sys.argv[1], kind]).returncode for kind in kinds]
        return max(results)
    bench = Bench(os.path.abspath(sys.argv[1]))
    try:
        kinds[sys.argv[2]](bench)
    finally:
        shutil.rmtree(bench.folder, ignore_errors=True)
    for fault in bench.faults:
        print(f"FAULT: {fault}")
    return int(bool(bench.faults))


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Watches many feeds at a short interval, and sees when what they publish is in the log.

usage: many-feeds.py PROGRAM [FEEDS] [INTERVAL] [SECONDS] [ADDRESSES] [THOUGHT]

FEEDS feeds (5,000) of 30 items on ADDRESSES addresses of loopback (1), each asked every INTERVAL
seconds (10), for SECONDS (600); the server thinks for THOUGHT milliseconds (0) before it answers.
Together the feeds publish 20 items a second at random; noted is when, and when the line stands in
the log. Says how long that took, what was lost or doubled, and what server and daemon cost.
Status 1: an item was lost or told twice, or the 99th percentile lies above one and a half intervals.
"""

import asyncio, json, os, random, resource, shutil, signal, subprocess, sys, tempfile, time

rate = 20
window = 30
port = 18199


class Feed:
    """What one feed shows: the last items, and how often it was asked."""

    __slots__ = ["number", "items", "version", "asked", "answer"]

    def __init__(self, number):
        self.number, self.version, self.asked, self.answer = number, 0, 0, None
        self.items = [self.item(f"old-{number}-{n}", "Nothing new") for n in range(window)]

    @staticmethod
    def item(name, title):
        text = f"{title}: {name} " + "and so the talks went on for another day in the capital " * 8
        return (
            f"<item><guid isPermaLink='false'>{name}</guid><title>{title} {name}</title>"
            f"<link>http://example.org/{name}</link><description>{text}</description></item>"
        )

    def publish(self, name):
        self.items = [self.item(name, "Planted")] + self.items[:-1]
        self.version, self.answer = self.version + 1, None

    def response(self, condition):
        self.asked += 1
        if condition == b'"%d"' % self.version:
            return b'HTTP/1.1 304 Not Modified\r\nETag: "%d"\r\n\r\n' % self.version
        if self.answer is None:
            body = (
                f"<?xml version='1.0'?><rss version='2.0'><channel><title>Feed {self.number}</title>"
                f"{''.join(self.items)}</channel></rss>"
            ).encode()
            self.answer = (
                b'HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: "%d"\r\n'
                b"Content-Length: %d\r\n\r\n" % (self.version, len(body))
            ) + body
        return self.answer


class Connection(asyncio.Protocol):
    """One connection to the server: answers what is asked, one request after the other."""

    feeds = []
    count = 0
    thought = 0

    def connection_made(self, transport):
        self.transport, self.rest = transport, b""
        Connection.count += 1

    def data_received(self, data):
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, self.rest = self.rest.split(b"\r\n\r\n", 1)
            lines = head.split(b"\r\n")
            condition = next(
                (line[15:] for line in lines if line.lower().startswith(b"if-none-match: ")), None
            )
            feed = self.feeds[int(lines[0].split(b" ")[1][1:])]
            if self.thought:
                asyncio.get_running_loop().call_later(self.thought / 1e3, self.answer, feed, condition)
            else:
                self.answer(feed, condition)

    def answer(self, feed, condition):
        self.transport.write(feed.response(condition))


def address(number):
    return f"127.0.{2 + number // 250}.{1 + number % 250}"


def serve(folder, feeds, seconds, thought):
    """The server: publishes once every feed has been asked, writes down what and when, and ends."""

    async def run():
        Connection.feeds = [Feed(n) for n in range(feeds)]
        Connection.thought = thought
        await asyncio.get_running_loop().create_server(Connection, "0.0.0.0", port, backlog=4096)
        open(f"{folder}/ready", "w").close()
        while any(feed.asked == 0 for feed in Connection.feeds):
            await asyncio.sleep(0.1)
        chance = random.Random(1)
        polls = sum(feed.asked for feed in Connection.feeds)
        begin, number = time.time(), 0
        usage = resource.getrusage(resource.RUSAGE_SELF)
        with open(f"{folder}/published", "w") as published:
            moment = begin
            while moment < begin + seconds:
                await asyncio.sleep(max(moment - time.time(), 0))
                name = f"item-{number}"
                chance.choice(Connection.feeds).publish(name)
                published.write(f"{name} {time.time()}\n")
                number += 1
                moment += chance.expovariate(rate)
        end = resource.getrusage(resource.RUSAGE_SELF)
        span = time.time() - begin
        with open(f"{folder}/served", "w") as served:
            json.dump(
                {
                    "polls": (sum(feed.asked for feed in Connection.feeds) - polls) / span,
                    "cpu": (end.ru_utime + end.ru_stime - usage.ru_utime - usage.ru_stime) / span,
                    "connections": Connection.count,
                },
                served,
            )
        await asyncio.sleep(3600)

    resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))
    asyncio.run(run())


def configure(folder, feeds, interval, addresses):
    with open(f"{folder}/feedwatch.toml", "w") as out:
        out.write(f"""[watch]
interval = "{interval}s"
state = "{folder}/state"
log = "{folder}/matches.jsonl"
[limits]
min_interval = "1s"
host_spacing = "0s"
connections_per_host = 32
allow_networks = ["127.0.0.0/8"]
[[topic]]
id = "planted"
query = "planted"
""")
        for n in range(feeds):
            out.write(f'[[feed]]\nid = "f{n}"\nurl = "http://{address(n % addresses)}:{port}/{n}"\n')


def follow(log, seen, rest):
    """Notes the lines that have come to the log, and returns the torn end of what was read."""
    data = rest + log.read()
    lines = data.split(b"\n")
    now = time.time()
    for line in lines[:-1]:
        seen.setdefault(json.loads(line)["guid"], []).append(now)
    return lines[-1]


def status(process):
    """CPU seconds so far, and the peak of memory in MB."""
    fields = open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()
    peak = next(line for line in open(f"/proc/{process}/status") if line.startswith("VmHWM"))
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(peak.split()[1]) / 1024


def watch(program, folder, feeds, interval, seconds, addresses, thought):
    numbers = [str(number) for number in [feeds, seconds, thought]]
    server = subprocess.Popen([sys.executable, __file__, "--serve", folder] + numbers)
    daemon = None
    try:
        while not os.path.exists(f"{folder}/ready"):
            time.sleep(0.05)
        configure(folder, feeds, interval, addresses)
        errors = open(f"{folder}/errors", "w")
        daemon = subprocess.Popen(
            [program, "run", "-c", f"{folder}/feedwatch.toml"], stdout=errors, stderr=errors
        )
        while not os.path.exists(f"{folder}/published"):
            time.sleep(0.02)
            assert daemon.poll() is None, open(f"{folder}/errors").read()[-2000:]
        seen, rest = {}, b""
        start, begin = status(daemon.pid), time.time()
        with open(f"{folder}/matches.jsonl", "rb") as log:
            end = None
            while end is None or time.time() < end:
                rest = follow(log, seen, rest)
                time.sleep(0.02)
                if end is None and os.path.exists(f"{folder}/served"):
                    last, end = status(daemon.pid), time.time() + 3 * interval
        cpu = (last[0] - start[0]) / (end - 3 * interval - begin)
        return seen, json.load(open(f"{folder}/served")), cpu, last[1]
    finally:
        for process in [daemon, server]:
            if process and process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait()


def main():
    if sys.argv[1] == "--serve":
        return serve(sys.argv[2], *[int(word) for word in sys.argv[3:]])
    program = os.path.abspath(sys.argv[1])
    given = [int(word) for word in sys.argv[2:]]
    feeds, interval, seconds, addresses, thought = given + [5000, 10, 600, 1, 0][len(given) :]
    folder = tempfile.mkdtemp(prefix="feedwatch-many-")
    try:
        seen, served, cpu, memory = watch(program, folder, feeds, interval, seconds, addresses, thought)
        published = dict(line.split() for line in open(f"{folder}/published"))
        lost = [name for name in published if name not in seen]
        doubled = [name for name, times in seen.items() if len(times) > 1]
        waits = sorted(seen[name][0] - float(moment) for name, moment in published.items() if name in seen)
        at = lambda share: waits[min(int(len(waits) * share), len(waits) - 1)]
        print(
            f"{feeds} feeds on {addresses} addresses every {interval} s: {served['polls']:.0f} polls a second, "
            f"{served['connections']} connections, {len(published)} items"
        )
        print(
            f"in the log after {at(0.5):.1f} s (median), {at(0.9):.1f} (90 %), {at(0.99):.1f} (99 %), {waits[-1]:.1f} (most)"
        )
        print(
            f"lost {len(lost)}, doubled {len(doubled)}; CPU: daemon {cpu * 100:.0f} % of a core, "
            f"server {served['cpu'] * 100:.0f} %; daemon's peak {memory:.0f} MB"
        )
        return int(bool(lost or doubled or at(0.99) > 1.5 * interval))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


sys.exit(main())

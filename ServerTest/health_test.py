#!/usr/bin/env python3
"""Watches two weeks of virtual time, and judges what is told of feeds.

usage: health_test.py PROGRAM

`run --once` is called for every second hour of these weeks, with the clock of timewarp.c set to it, so that each
poll is also a restart: what was told must not be told again. The servers are on loopback; each has a trouble and
knows when it begins. What `events.jsonl`, `status` and the metrics say is compared with it. Where promtool is
installed (or $PROMTOOL names it), it looks at the metrics.
"""

import collections
import http.server
import json
import os
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

if len(sys.argv) < 2:
    sys.exit(__doc__)
program = os.path.abspath(sys.argv[1])
here = os.path.dirname(os.path.abspath(__file__))
folder = tempfile.mkdtemp(prefix="feedwatch-health-")
subprocess.run(
    ["gcc", "-shared", "-fPIC", "-O2", "-o", f"{folder}/timewarp.so", f"{here}/timewarp.c", "-ldl"], check=True
)
HOUR, DAY = 3600, 86400
start = 1750032000  # a Monday, midnight
step, end = 2 * HOUR, 16 * DAY
now = 0  # virtual seconds since the start
faults = []
rfc3339 = lambda t: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start + t))
network = (9 * DAY, 9 * DAY + 7 * HOUR)  # when our network is down


def fault(text):
    faults.append(text)
    print(f"FAULT at day {now / DAY:.2f}: {text}", flush=True)


def words(name, number):
    """A text like no other."""
    return " ".join(f"{name}{number}w{(number * 7919 + k * 104729) % 99991}" for k in range(30))


def item(name, number, at, guid=None, link=None):
    link = link or f"http://news.example/{name}/{number}"
    return (
        f"<item><guid isPermaLink='false'>{guid or f'{name}-{number}'}</guid><link>{link}</link>"
        f"<title>Kursk {name} {number}</title><description>{words(name, number)}</description>"
        f"<pubDate>{time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime(start + at))}</pubDate></item>"
    )


def rss(items, more=""):
    return f"<rss version='2.0'><channel><title>t</title>{more}{''.join(items)}</channel></rss>".encode()


def daily(name, until=end, window=12, **form):
    """An item a day at eight, the newest first; twelve are there from the first poll on."""
    numbers = [k for k in range(-12, int(end / DAY) + 1) if k * DAY + 8 * HOUR <= min(now, until)]
    return [item(name, k + 20, k * DAY + 8 * HOUR, **{f: v(k) for f, v in form.items()}) for k in numbers[-window:]][::-1]


class Answer:
    def __init__(self, body=b"", status=200, **fields):
        self.status, self.body, self.fields = status, body, fields


def between(first, last):
    return first <= now < last


# --- the servers: by the last number of their address -----------------------------------------------------------

servers, names = {}, {}


def server(name, number, feeds=1):
    def add(function):
        servers[number] = function
        for k in range(feeds):
            names[name if feeds == 1 else f"{name}{k}"] = (number, k)
        return function

    return add


server("fine", 1)(lambda path: Answer(rss(daily("fine"))))
server("falls-silent", 2)(lambda path: Answer(rss(daily("silent", until=8 * DAY if now < 15 * DAY else end))))
server("fails", 3)(lambda path: Answer(status=500) if between(4 * DAY, 13 * DAY) else Answer(rss(daily("fails"))))
server("stumbles", 4)(lambda path: Answer(status=500) if between(5 * DAY, 5 * DAY + HOUR) else Answer(rss(daily("st"))))
server("blocked", 5)(lambda path: Answer(status=403) if now >= 3 * DAY else Answer(rss(daily("bl"))))
server("page", 6)(
    lambda path: Answer(b"<html><title>For sale</title></html>") if now >= 3 * DAY else Answer(rss(daily("pg")))
)
server("gone", 7)(lambda path: Answer(status=410) if now >= 3 * DAY else Answer(rss(daily("gn"))))


@server("moves", 8)
def moves(path):
    if now >= 3 * DAY and path != "/new":
        return Answer(status=301, Location=f"http://{address(8)}/new")
    return Answer(rss(daily("mv")))


@server("lies", 9, feeds=3)
def lies(path):
    # Asked with a condition it always answers 304; without one it shows what is there, under the same tag.
    return Answer(status=304 if conditional() else 200, body=rss(daily("li" + path[1:])), ETag='"always"')


server("host", 10, feeds=3)(
    lambda path: None if between(5 * DAY, 7 * DAY) else Answer(rss(daily("ho" + path[1:])))
)
server("cut", 11)(lambda path: Answer(rss(daily("cut"))[: -40 if now >= 3 * DAY else None]))
server("renames", 12)(
    lambda path: Answer(rss(daily("re", guid=lambda k: f"new{k}" if now >= 4 * DAY else f"old{k}")))
)


# Items under other keys, and edited ones.
plain, safe = "http://news.example/{}/{}", "https://news.example/{}/{}"
server("secures", 17)(
    lambda path: Answer(rss(daily("se", guid=lambda k: place("se", k), link=lambda k: place("se", k))))
)
server("tracks", 18)(
    lambda path: Answer(rss(daily("tr", link=lambda k: f"{plain.format('tr', k)}?utm_source=r{now}&amp;utm_campaign=c")))
)
server("shares", 19)(lambda path: Answer(rss(daily("sh", guid=lambda k: "always-the-same"))))


def place(name, k):
    return (safe if now >= 4 * DAY else plain).format(name, k)


@server("reposts", 20)
def reposts(path):
    items = daily("rp")
    if now >= 6 * DAY:
        again = item("rp", 23, 3 * DAY + 8 * HOUR).replace("rp-23", "rp-again").replace("/rp/23", "/rp/again")
        # In the place of the first: two of one text beside each other are two.
        items = [again] + [i for i in items if "rp-23" not in i]
    return Answer(rss(items))


@server("edits", 21)
def edits(path):
    """An item that comes to meet the topic, and one whose edits change nothing of it."""
    items = daily("ed")
    if now >= 5 * DAY:
        late = item("el", 1, 5 * DAY).replace("Kursk", "Oryol")
        if now >= 5 * DAY + 12 * HOUR:
            late = late.replace("</description>", " Kursk too.</description>")
        if now >= 6 * DAY:
            late = late.replace("Kursk too", "Kursk, too")
        items.insert(0, late)
    if now >= 7 * DAY:
        items = [i.replace("Kursk ed 22", "Kursk  ed 22").replace(" ed22w", "  ed22w") for i in items]
    return Answer(rss(items))


def burst(name, count=30):
    """Thirty items at once on the fourth day, each two minutes older than the one before."""
    items = daily(name)
    if now >= 4 * DAY:
        items = [item(name, 1000 + k, 4 * DAY - 120 * k) for k in range(count)] + daily(name, until=4 * DAY)
    return items


def paged(items, path, more, size=10):
    """A window of the items, or the page that the path names, and how it leads on."""
    page = int(path.split("=")[1]) if "=" in path else 0
    shown = items[page * size : (page + 1) * size]
    return shown, (more(page + 1) if len(items) > (page + 1) * size else "")


server("gap", 13)(lambda path: Answer(rss(burst("ga")[:10])))


@server("gap-pages", 14)
def gap_pages(path):
    shown, link = paged(
        burst("gp"), path, lambda k: f"<link xmlns='http://www.w3.org/2005/Atom' rel='next' href='?page={k}'/>"
    )
    return Answer(rss(shown, link))


@server("gap-links", 15)
def gap_links(path):
    shown, link = paged(burst("gl"), path, lambda k: f'<?page={k}>; rel="next"')
    return Answer(rss(shown), **({"Link": link} if link else {}))


@server("gap-broken", 16)
def gap_broken(path):
    if "=" in path:
        return Answer(status=404)
    shown, link = paged(burst("gb"), path, lambda k: f'<?page={k}>; rel="next"')
    return Answer(rss(shown), Link=link)


# --- the servers' machine ----------------------------------------------------------------------------------------

here_now = threading.local()
conditional = lambda: here_now.conditional
address = lambda number: f"127.70.0.{number}:{port}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        number = int(self.request.getsockname()[0].rsplit(".", 1)[1])
        here_now.conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        answer = None if between(*network) else servers[number](self.path)
        if answer is None:
            self.close_connection = True
            return
        if self.path.startswith("/ping"):
            return
        self.send_response_only(answer.status)
        for name, value in answer.fields.items():
            self.send_header(name, value)
        body = b"" if answer.status == 304 else answer.body
        if answer.status != 304:
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", "text/html" if body.startswith(b"<html") else "application/rss+xml")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads, request_queue_size = True, True, 256


machine = Server(("0.0.0.0", 0), Handler)
port = machine.server_address[1]
threading.Thread(target=machine.serve_forever, daemon=True).start()

config = f"""
[watch]
contact = "mailto:desk@example.org"
state = "{folder}/s"
log = "{folder}/matches.jsonl"
interval = "1h"
[limits]
allow_networks = ["127.70.0.0/16"]
host_spacing = "1ms"
[metrics]
file = "{folder}/feedwatch.prom"
[[topic]]
id = "kursk"
query = "Kursk"
"""
for name, (number, k) in names.items():
    config += f'[[feed]]\nid = "{name}"\nurl = "http://{address(number)}/{k}"\n'
with open(f"{folder}/c.toml", "w") as out:
    out.write(config)


def feedwatch(*arguments):
    environment = dict(os.environ, LD_PRELOAD=f"{folder}/timewarp.so", WARP_FACTOR="1", WARP_BASE="0")
    environment["WARP_SHIFT"] = str(start + now - time.time())
    return subprocess.run(
        [program, *arguments, "-c", f"{folder}/c.toml"], env=environment, capture_output=True, text=True, timeout=120
    )


def lines(name):
    try:
        with open(f"{folder}/{name}.jsonl") as file:
            return [json.loads(line) for line in file]
    except FileNotFoundError:
        return []


def states():
    return {f["feed"]: f for f in json.loads(feedwatch("status", "--json").stdout)["feeds"]}


# --- two weeks ---------------------------------------------------------------------------------------------------

# What has to stand in status, by feed: from when to when, which state.
expected = [
    ("fine", 1 * DAY, 9 * DAY, "ok"),
    ("falls-silent", 1 * DAY, 8 * DAY, "ok"),
    ("falls-silent", 9 * DAY + 18 * HOUR, 11 * DAY, "quiet"),
    ("falls-silent", 13 * DAY + 12 * HOUR, 15 * DAY, "silent"),
    ("falls-silent", 15 * DAY + 8 * HOUR, end, "ok"),
    ("fails", 4 * DAY + 2 * HOUR, 9 * DAY, "failing"),
    ("fails", 13 * DAY + 12 * HOUR, end, "ok"),
    ("blocked", 3 * DAY + 2 * HOUR, 9 * DAY, "blocked"),
    ("page", 3 * DAY + 2 * HOUR, 9 * DAY, "not-a-feed"),
    ("gone", 3 * DAY + 2 * HOUR, 9 * DAY, "gone"),
    ("moves", 4 * DAY + 12 * HOUR, 9 * DAY, "moved"),
    ("lies0", 3 * DAY, 9 * DAY, "stale-304"),
    ("lies2", 3 * DAY, 9 * DAY, "stale-304"),
    ("host1", 5 * DAY + 2 * HOUR, 7 * DAY, "failing"),
    ("cut", 3 * DAY + 2 * HOUR, 9 * DAY, "damaged"),
    ("renames", 4 * DAY + 2 * HOUR, 9 * DAY, "ok"),
]
seen_states = collections.defaultdict(set)
began = time.time()
while now < end:
    result = feedwatch("run", "--once")
    if result.returncode != 0:
        fault(f"run --once ended with {result.returncode}: {result.stderr[-400:]}")
        break
    if now % (6 * HOUR) == 0 or now % DAY == 2 * HOUR:
        status = states()
        for name, feed in status.items():
            seen_states[name].add(feed["state"])
            if feed["state"] != "new" and not feed["since"]:
                fault(f"{name} is {feed['state']} without a since")
        for name, first, last, state in expected:
            if first <= now < last and not between(network[0], network[1] + 6 * HOUR):
                if status[name]["state"] != state:
                    fault(f"{name} is {status[name]['state']} and not {state}: {status[name]['message']}")
    now += step
now -= step

# --- what was told -----------------------------------------------------------------------------------------------

told = collections.defaultdict(list)
for event in lines("events"):
    whom = event.get("feed") or (event.get("host") or "").split(":")[0]
    at = time.mktime(time.strptime(event["time"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone - start
    told[(event["event"], whom)].append((at, event))


def expect(event, whom, *times):
    """The event was told so often, each time within the span, and not else."""
    found = told.pop((event, whom), [])
    if len(found) != len(times):
        fault(f"{event} {whom}: told {len(found)} times, not {len(times)}: {[round(at / DAY, 2) for at, _ in found]}")
    for (at, _), (first, last) in zip(found, times):
        if not first <= at <= last:
            fault(f"{event} {whom}: told at day {at / DAY:.2f}, not between {first / DAY:.2f} and {last / DAY:.2f}")


def span(begin, length=8 * HOUR):
    return (begin, begin + length)


expect("network.failing", "", span(network[0], 3 * HOUR))
expect("network.recovered", "", span(network[1], 7 * HOUR))
expect("feed.silent", "falls-silent", span(11 * DAY, 2.5 * DAY))
expect("feed.recovered", "falls-silent", span(15 * DAY))
expect("feed.failing", "fails", span(4 * DAY + HOUR), span(5 * DAY + HOUR), span(12 * DAY))
expect("feed.recovered", "fails", span(13 * DAY))
for name in ("blocked", "page"):
    expect("feed.failing", name, span(3 * DAY + HOUR), span(4 * DAY + HOUR), span(11 * DAY))
expect("feed.gone", "gone", span(3 * DAY))
told.pop(("feed.failing", "gone"), None)  # reminders, once a week
expect("feed.moved", "moves", span(4 * DAY, 12 * HOUR))
for k in range(3):
    told[("feed.stale_304", "lies")] += told.pop(("feed.stale_304", f"lies{k}"), [])
stale = told.pop(("feed.stale_304", "lies"))
if not 2 <= len(stale) <= 3:
    fault(f"feed.stale_304 of the liars was told {len(stale)} times")
told.pop(("host.stale_304", "127.70.0.9"), None)  # where two were found out before the third
expect("host.failing", "127.70.0.10", span(5 * DAY + HOUR), span(6 * DAY + HOUR))
expect("host.recovered", "127.70.0.10", span(7 * DAY))
expect("feed.flood", "renames", span(4 * DAY))
told.pop(("feed.flood", "secures"), None)  # whether the keys are others is a matter of taste
for name in ("gap", "gap-pages", "gap-links", "gap-broken"):
    expect("feed.gap", name, span(4 * DAY))
for name in ("gap-pages", "gap-links"):
    expect("feed.gap_closed", name, span(4 * DAY))
expect("feed.gap_open", "gap-broken", span(4 * DAY))
for (event, whom), found in told.items():
    fault(f"{event} {whom}: told without cause, {len(found)} times: {found[0][1]['message']}")

# --- items -------------------------------------------------------------------------------------------------------

count = collections.Counter(line["title"] for line in lines("matches"))
for title, times in count.items():
    if times > 1:
        fault(f"{title} was announced {times} times")
for short in ("fine", "re", "se", "tr", "sh", "rp", "ed"):
    missing = [k for k in range(16) if f"Kursk {short} {k + 20}" not in count]
    if missing:
        fault(f"{short}: {len(missing)} of 16 items are missing: {missing}")
revisions = [(line["title"], line["revision"]) for line in lines("matches") if line["revision"] > 0]
if revisions != [("Oryol el 1", 1)]:
    fault(f"edits: these came as revisions: {revisions}")
for name, short in (("gap-pages", "gp"), ("gap-links", "gl")):
    missing = [k for k in range(30) if f"Kursk {short} {1000 + k}" not in count]
    if missing:
        fault(f"{name}: {len(missing)} of 30 items of the burst are missing")
if sum(f"Kursk ga {1000 + k}" in count for k in range(30)) != 10:
    fault("gap: its window was not announced")

# --- metrics and status ------------------------------------------------------------------------------------------

with open(f"{folder}/feedwatch.prom") as file:
    page = file.read()
if os.stat(f"{folder}/feedwatch.prom").st_mode & 0o777 != 0o644:
    fault("the metrics cannot be read by others")
for line in ('feedwatch_feeds{state="gone"} 1', 'feedwatch_feeds{state="blocked"} 1', "feedwatch_network_down 0"):
    if line not in page:
        fault(f"the metrics lack {line}")
promtool = os.environ.get("PROMTOOL") or shutil.which("promtool")
if promtool:
    checked = subprocess.run([promtool, "check", "metrics"], input=page, capture_output=True, text=True)
    if checked.returncode != 0 or checked.stdout or checked.stderr:
        fault(f"promtool: {checked.stdout}{checked.stderr}")
print(feedwatch("status").stdout)
seen = sorted(set().union(*seen_states.values()))
print(f"{len(names)} feeds, {end // DAY} days, {int(time.time() - began)} s; states seen: {', '.join(seen)}")
print(f"{len(lines('events'))} events, {len(lines('matches'))} matches, {len(faults)} faults; promtool: {promtool or 'none'}")
if not faults and not os.environ.get("KEEP"):
    shutil.rmtree(folder, ignore_errors=True)
else:
    print(folder)
sys.exit(int(bool(faults)))

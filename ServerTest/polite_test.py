#!/usr/bin/env python3
"""Watches what the daemon asks for in a day and a half of virtual time, and judges each request.

usage: polite_test.py PROGRAM [FACTOR]

FACTOR seconds of virtual time pass in one (300): the run takes seven minutes. Clocks and timers of the daemon are
those of timewarp.c. A machine that is busy for a second has been so for minutes of that time, so a few waits that
are not as they should be say nothing; the same fault again and again does.
"""

import asyncio
import collections
import email.utils
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

if len(sys.argv) < 2:
    sys.exit(__doc__)
program = os.path.abspath(sys.argv[1])
factor = float(sys.argv[2]) if len(sys.argv) > 2 else 300
days = 1.5
here = os.path.dirname(os.path.abspath(__file__))
folder = tempfile.mkdtemp(prefix="feedwatch-polite-")
warp = ["gcc", "-shared", "-fPIC", "-O2", "-o", f"{folder}/timewarp.so", f"{here}/timewarp.c", "-ldl"]
subprocess.run(warp, check=True)
base = float(int(time.time()))
now = lambda: base + (time.time() - base) * factor
port = 18555
MIN, HOUR, DAY = 60, 3600, 86400
date = lambda t: email.utils.formatdate(t, usegmt=True)


class Request:
    def __init__(self, host, raw, at):
        self.host, self.raw, self.at = host, raw, at
        lines = raw.split(b"\r\n")
        self.path = lines[0].split(b" ")[1].decode("latin-1")
        self.fields = [
            (l.split(b":", 1)[0].decode("latin-1").lower(), l.split(b":", 1)[1].strip(b" "))
            for l in lines[1:]
            if b":" in l
        ]
        self.answer = None

    def all(self, name):
        return [v for n, v in self.fields if n == name]

    def get(self, name):
        return next(iter(self.all(name)), None)


class Case:
    """A host with one feed or several, and what is to hold of the requests it gets."""

    def __init__(self, name, answer, check, feeds=1, options="", slack=None):
        self.name, self.answer, self.check, self.feeds, self.options = name, answer, check, feeds, options
        self.requests, self.faults, self.hits = [], [], 0


cases = []
counter = collections.Counter()


def case(name, check, feeds=1, options="", **more):
    def take(function):
        cases.append(Case(name, function, check, feeds, options))
        return function

    return take


def item(name):
    return f"<item><guid isPermaLink='false'>{name}</guid><title>{name}</title></item>"


def document(*names, head=""):
    return f"<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><title>T</title>{head}{''.join(map(item, names))}</channel></rss>".encode()


def reply(body=b"", status="200 OK", *fields):
    out = [b"HTTP/1.1 " + status.encode()]
    for f in fields:
        out.append(f if isinstance(f, bytes) else f.encode("latin-1"))
    out.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(out) + b"\r\n\r\n" + body


# MARK: checks


def gaps(rs):
    return [b.at - a.at for a, b in zip(rs, rs[1:])]


def first_day(c):
    """After a day without news the daemon looks whether 304 is true, by requests without conditions."""
    return [r for r in c.requests if r.at < base + 23 * HOUR]


def by_feed(rs):
    out = collections.defaultdict(list)
    for r in rs:
        out[r.path].append(r)
    return out


def within(low, high, least=3, after=0):
    """Each wait of each feed lies between two bounds."""

    def check(c):
        for path, rs in by_feed(c.requests if least == 2 else first_day(c)).items():
            rs = rs[after:]
            if len(rs) < least:
                c.faults.append(f"only {len(rs)} requests of {path}")
            for g in gaps(rs):
                if not low - 2 <= g <= high:
                    c.faults.append(f"wait of {g:.0f} s, wanted {low} to {high}")

    return check


def both(*checks):
    def check(c):
        for one in checks:
            one(c)

    return check


def validators(c):
    """What is sent is what the answer before brought, byte for byte."""
    for path, rs in by_feed(first_day(c)).items():
        etag = modified = None
        for r in rs:
            if r.all("if-none-match") != ([etag] if etag else []):
                c.faults.append(f"If-None-Match {r.all('if-none-match')}, wanted {etag}")
            if r.all("if-modified-since") != ([modified] if modified else []):
                c.faults.append(f"If-Modified-Since {r.all('if-modified-since')}, wanted {modified}")
            if (r.get("a-im") == b"feed") != bool(etag):
                c.faults.append(f"A-IM {r.get('a-im')} with {etag}")
            status = r.answer.split(b" ")[1]
            head = r.answer.split(b"\r\n\r\n")[0].split(b"\r\n")[1:]
            found = {l.split(b":", 1)[0].lower(): l.split(b":", 1)[1].strip(b" ") for l in head}
            if status in (b"200", b"226"):
                etag, modified = found.get(b"etag"), found.get(b"last-modified")
            elif status == b"304":
                etag, modified = found.get(b"etag", etag), found.get(b"last-modified", modified)


def always(c):
    """What holds for every request."""
    for r in c.requests:
        for name in ["cookie", "referer", "origin", "dnt", "x-forwarded-for"]:
            if r.all(name):
                c.faults.append(f"{name} is sent")
        agents = r.all("user-agent")
        if len(agents) != 1 or b"feedwatch/" not in agents[0] or b"desk@example.org" not in agents[0]:
            if "user_agent" not in c.options:
                c.faults.append(f"User-Agent {agents}")
        if not r.raw.startswith(b"GET ") or b" HTTP/1.1\r\n" not in r.raw:
            c.faults.append("no GET of HTTP/1.1")
        if len(r.all("host")) != 1:
            c.faults.append("Host")
        if not r.get("accept") or b"atom" not in r.get("accept"):
            c.faults.append(f"Accept {r.get('accept')}")
        if b"gzip" not in (r.get("accept-encoding") or b""):
            c.faults.append("Accept-Encoding")
        if len(r.fields) > 12:
            c.faults.append("many fields")


TEN = 'interval = "10m"'
MINUTES = within(9 * MIN, 13 * MIN)


def changing(c, every=HOUR):
    return int(now() // every)


def conditional(etag, body, r, *fields, modified=None):
    sent = r.get("if-none-match")
    extra = [b"ETag: " + etag] if etag else []
    if modified:
        extra.append(b"Last-Modified: " + modified)
    if etag and sent == etag or not etag and modified and r.get("if-modified-since") == modified:
        return reply(b"", "304 Not Modified", *extra, *fields)
    return reply(body, "200 OK", *extra, *fields)


for name, make in [
    ("strong", lambda n: b'"v%d"' % n),
    ("weak", lambda n: b'W/"v%d"' % n),
    ("unquoted", lambda n: b"v%d" % n),
    ("odd bytes", lambda n: b'"\xe9\xff%d"' % n),
    ("with blanks", lambda n: b'"a b  c%d"' % n),
    ("of gzip", lambda n: b'"v%d-gzip"' % n),
    ("lower-case weak", lambda n: b'w/"v%d"' % n),
    ("list", lambda n: b'"a%d", "b"' % n),
    ("star", lambda n: b"*"),
    ("very long", lambda n: b'"' + b"x" * 3000 + b'%d"' % n),
    ("quotes inside", lambda n: b'"a"b%d"' % n),
    ("backslash", lambda n: b'"a\\%d"' % n),
    ("semicolon at the end", lambda n: b"a%d;" % n),
    ("single quotes", lambda n: b"'v%d'" % n),
]:

    @case(f"ETag, {name}", both(validators, MINUTES), options=TEN)
    def _(c, r, make=make):
        n = changing(c)
        return conditional(make(n), document(f"i{n}"), r)


for name, text in [
    ("right", None),
    ("nonsense", b"yesterday-ish"),
    ("ISO", b"2026-11-25T10:00:00Z"),
    ("other zone", b"Wed, 25 Nov 2026 10:00:00 +0900"),
    ("epoch", b"0"),
]:

    @case(f"Last-Modified, {name}", both(validators, MINUTES), options=TEN)
    def _(c, r, text=text):
        n = changing(c)
        return conditional(None, document(f"i{n}"), r, modified=text or date(n * HOUR).encode())


@case("both validators", both(validators, MINUTES), options=TEN)
def _(c, r):
    n = changing(c)
    return conditional(b'"v%d"' % n, document(f"i{n}"), r, modified=date(n * HOUR).encode())


@case("empty ETag", both(MINUTES), options=TEN)
def _(c, r):
    return reply(document("a"), "200 OK", "ETag: ")


@case("validators that go", both(validators, MINUTES), options=TEN)
def _(c, r):
    c.hits += 1
    return (
        reply(document(f"i{c.hits}"), "200 OK", 'ETag: "x"', "Last-Modified: x")
        if c.hits % 3 == 1
        else reply(document(f"i{c.hits}"))
    )


@case("304 with a new ETag", both(validators, MINUTES), options=TEN)
def _(c, r):
    c.hits += 1
    return (
        reply(document("a"), "200 OK", 'ETag: "0"')
        if c.hits == 1
        else reply(b"", "304 Not Modified", f'ETag: "{c.hits}"')
    )


@case("304 with a new Last-Modified", both(validators, MINUTES), options=TEN)
def _(c, r):
    c.hits += 1
    return (
        reply(document("a"), "200 OK", "Last-Modified: a", 'ETag: "1"')
        if c.hits == 1
        else reply(b"", "304 Not Modified", f"Last-Modified: {date(now())}")
    )


@case(
    "errors between leave validators",
    lambda c: c.faults.extend(
        [f"If-None-Match {r.get('if-none-match')}" for r in first_day(c)[1:] if r.get("if-none-match") != b'"e"']
    ),
    options=TEN,
)
def _(c, r):
    c.hits += 1
    return (
        reply(document("a"), "200 OK", 'ETag: "e"')
        if c.hits == 1
        else reply(b"", "500 Oops") if c.hits % 2 == 0 else reply(b"", "304 Not Modified")
    )


@case(
    "a document that is no feed gives no validator",
    lambda c: c.faults.extend(["validator of a page" for r in c.requests if r.get("if-none-match") == b'"page"']),
    options=TEN,
)
def _(c, r):
    c.hits += 1
    return (
        reply(b"<html><body>busy</body></html>", "200 OK", 'ETag: "page"')
        if c.hits % 2 == 0
        else reply(document("a"), "200 OK", 'ETag: "feed"')
    )


@case("226 with new items only", validators, options=TEN)
def _(c, r):
    n = changing(c)
    if r.get("if-none-match") == b'"%d"' % n:
        return reply(b"", "304 Not Modified", f'ETag: "{n}"')
    if r.get("if-none-match") and r.get("a-im") == b"feed":
        return reply(document(f"i{n}"), "226 IM Used", "IM: feed", f'ETag: "{n}"')
    return reply(document(*[f"i{k}" for k in range(n, n - 5, -1)]), "200 OK", f'ETag: "{n}"')


def never_conditional(c):
    for r in c.requests:
        if r.get("if-none-match") or r.get("if-modified-since") or r.get("a-im"):
            c.faults.append("a condition is sent")


@case("no_conditional", both(never_conditional, MINUTES), options=TEN + "\nno_conditional = true")
def _(c, r):
    return reply(document(f"i{changing(c)}"), "200 OK", 'ETag: "x"')


# Redirects: the target is a host of its own.
def foreign(c):
    for r in c.requests:
        for name in ["authorization", "x-api-key", "cookie"]:
            if r.get(name):
                c.faults.append(f"{name} at another host")
    c.requests, everything = [r for r in c.requests if b"flip" not in r.raw[:20]], c.requests
    validators(c)
    c.requests = everything


@case("target", foreign)
def _(c, r):
    n = changing(c)
    return conditional(b'"t%d"' % n, document(f"i{n}"), r)


target = cases[-1]


def no_validators(c):
    for r in c.requests:
        if r.get("if-none-match") or r.get("if-modified-since"):
            c.faults.append("a validator of the target")


@case("302 to another host", both(no_validators, MINUTES), options=TEN)
def _(c, r):
    return reply(
        b"",
        "302 Found",
        f"Location: http://{host_of(target)}:{port}/found",
        "Set-Cookie: a=b",
        'ETag: "of the redirect"',
    )


@case(
    "302 with basic credentials",
    both(
        no_validators,
        lambda c: c.faults.extend(
            ["no Authorization" for r in c.requests if r.get("authorization") != b"Basic ZGVzazpwdw=="]
        ),
    ),
    options=TEN + '\nauth = { user = "desk", password = { env = "PW" } }',
)
def _(c, r):
    return reply(b"", "302 Found", f"Location: http://{host_of(target)}:{port}/basic")


@case(
    "302 with a bearer token",
    both(
        no_validators,
        lambda c: c.faults.extend(["no Authorization" for r in c.requests if r.get("authorization") != b"Bearer pw"]),
    ),
    options=TEN + '\nauth = { bearer = { env = "PW" } }',
)
def _(c, r):
    return reply(b"", "302 Found", f"Location: http://{host_of(target)}:{port}/bearer")


def moved(kind):
    def check(c):
        rs = c.requests
        # Three polls over a day or more, then never again (for a week).
        span = rs[-1].at - rs[0].at if rs else 0
        if kind == "permanent":
            if not DAY <= span <= DAY + 2 * HOUR:
                c.faults.append(f"asked for {span / HOUR:.1f} h at the old place")
        elif rs and span < (days - 0.2) * DAY:
            c.faults.append(f"a temporary redirect was remembered after {span / HOUR:.1f} h")

    return check


for status, kind in [
    ("301 Moved Permanently", "permanent"),
    ("308 Permanent Redirect", "permanent"),
    ("302 Found", "temporary"),
    ("303 See Other", "temporary"),
    ("307 Temporary Redirect", "temporary"),
]:

    @case(f"{status[:3]} for good", moved(kind), options=TEN)
    def _(c, r, status=status):
        return reply(b"", status, f"Location: http://{host_of(target)}:{port}/{status[:3]}")


@case(
    "301 that changes",
    lambda c: (
        c.faults.append("followed a place that was not stable")
        if c.requests[-1].at - c.requests[0].at < (days - 0.2) * DAY
        else None
    ),
    options=TEN,
)
def _(c, r):
    c.hits += 1
    return reply(b"", "301 Moved", f"Location: http://{host_of(target)}:{port}/flip{c.hits % 2}")


# Retry-After
def quiet_after(seconds, status):
    def check(c):
        held = 0
        for r in c.requests:
            if r.at < held - 3:
                c.faults.append(f"asked {held - r.at:.0f} s too soon")
            if r.answer.split(b" ")[1] == status:
                held = max(held, r.at + seconds)
        if sum(r.answer.split(b" ")[1] == status for r in c.requests) < 2:
            c.faults.append("seldom asked")

    return check


for status in ["429 Too Many", "503 Unavailable"]:
    for form in ["seconds", "date"]:

        @case(
            f"{status[:3]}, Retry-After as {form}, whole host",
            quiet_after(2 * HOUR, status[:3].encode()),
            feeds=4,
            options=TEN,
        )
        def _(c, r, status=status, form=form):
            c.hits += 1
            if c.hits % 12:
                return reply(document("a"), "200 OK")
            return reply(b"", status, f"Retry-After: {2 * HOUR if form == 'seconds' else date(now() + 2 * HOUR + 1)}")


@case("Retry-After of 3 days is obeyed for a day", within(DAY, 1.1 * DAY, least=2), options=TEN)
def _(c, r):
    return reply(b"", "429 Slow", f"Retry-After: {3 * DAY}")


@case("Retry-After with 500", None, options=TEN)
def _(c, r):
    return reply(b"", "500 Oops", "Retry-After: 7200")


cases[-1].check = both(within(9 * MIN, 9 * HOUR))


def growing(ceiling):
    def check(c):
        g = gaps(c.requests)
        if len(g) < 4:
            c.faults.append("seldom asked")
        for k, x in enumerate(g):
            want = min(10 * MIN * 2**k, ceiling)
            if not 0.9 * want <= x <= 1.1 * want + 120:
                c.faults.append(f"wait {k} of {x / MIN:.0f} min, wanted {want / MIN:.0f}")

    return check


for status in ["404 Not Found", "500 Oops", "503 No Word", "403 Forbidden", "400 Bad", "429 No Word"]:

    @case(f"{status} slows down", growing(6 * HOUR), options=TEN)
    def _(c, r, status=status):
        return reply(b"", status)


def gone(c):
    g = gaps(c.requests)
    if len(g) < 2:
        c.faults.append("seldom asked")
    for k, x in enumerate(g):
        want = 10 * MIN if k == 0 else DAY
        if not 0.93 * want <= x <= 1.07 * want + 60:
            c.faults.append(f"wait {k} of {x / MIN:.0f} min")


@case("410 is believed at the second look", gone, options=TEN)
def _(c, r):
    return reply(b"", "410 Gone")


@case(
    "errors and then well",
    lambda c: (c.faults.append(f"{len(c.requests)} requests") if len(c.requests) < days * 100 else None),
    options=TEN,
)
def _(c, r):
    c.hits += 1
    return reply(b"", "500 Oops") if 2 <= c.hits <= 3 else reply(document("a"))


# Freshness, for an automatic feed and for one with an interval of its own
for own in [False, True]:
    o = TEN if own else ""
    label = "own interval" if own else "automatic"
    FRESH = [
        ("max-age less Age", ["Cache-Control: public, max-age=9000", "Age: 1800"], 7200),
        ("max-age", ["Cache-Control: max-age=7200"], 7200),
        ("max-age quoted", ['Cache-Control: max-age="7200"'], 7200),
        ("max-age in capitals", ["cache-control: Max-Age=7200"], 7200),
        ("two fields", ["Cache-Control: public", "Cache-Control: max-age=7200"], 7200),
        ("max-age before Expires", ["Cache-Control: max-age=7200", "Expires: 0"], 7200),
        ("Expires", ["EXPIRES"], 7200),
        ("a year is 6 h", ["Cache-Control: max-age=31536000"], 6 * HOUR),
        ("no-cache, max-age", ["Cache-Control: no-cache, max-age=7200"], 0),
        ("s-maxage only", ["Cache-Control: s-maxage=7200"], 0),
        ("Age above max-age", ["Cache-Control: max-age=60", "Age: 600"], 0),
        ("Expires: 0", ["Expires: 0"], 0),
        ("Pragma", ["Pragma: no-cache"], 0),
    ]
    for name, fields, wait in FRESH:
        check = (
            within(wait, max(1.15 * wait, 7 * HOUR if not own else 12 * MIN), 2)
            if wait
            else within(0.9 * MIN if not own else 9.3 * MIN, 7 * HOUR if not own else 12 * MIN)
        )

        @case(f"{name}, {label}", check, options=o)
        def _(c, r, fields=fields):
            out = [f if f != "EXPIRES" else f"Expires: {date(now() + 7200)}" for f in fields]
            return reply(document("a", f"i{changing(c)}"), "200 OK", f"Date: {date(now())}", *out)


@case("freshness of a 304", within(2 * HOUR, 2.4 * HOUR, after=1), options=TEN)
def _(c, r):
    return (
        reply(b"", "304 Not Modified", "Cache-Control: max-age=7200")
        if r.get("if-none-match")
        else reply(document("a"), "200 OK", 'ETag: "x"')
    )


@case("304 that says nothing keeps max-age", within(2 * HOUR, 2.4 * HOUR), options=TEN)
def _(c, r):
    return (
        reply(b"", "304 Not Modified")
        if r.get("if-none-match")
        else reply(document("a"), "200 OK", 'ETag: "x"', "Cache-Control: max-age=7200")
    )


# Wishes of the document
for name, head, low, high in [
    ("ttl", "<ttl>120</ttl>", 2 * HOUR, 7 * HOUR),
    ("ttl of 0", "<ttl>0</ttl>", MIN, 7 * HOUR),
    ("ttl of a year", "<ttl>525600</ttl>", 6 * HOUR, 7 * HOUR),
    ("negative ttl", "<ttl>-5</ttl>", MIN, 7 * HOUR),
    ("sy daily", "<sy:updatePeriod>daily</sy:updatePeriod>", 6 * HOUR, 7 * HOUR),
    (
        "sy twice daily",
        "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>12</sy:updateFrequency>",
        2 * HOUR,
        7 * HOUR,
    ),
    (
        "sy hourly x 0",
        "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
        MIN,
        7 * HOUR,
    ),
]:

    @case(f"{name}, automatic", within(low, high))
    def _(c, r, head=head):
        return reply(document("a", "b", head=head))

    @case(f"{name}, own interval", MINUTES, options=TEN)
    def _(c, r, head=head):
        return reply(document("a", "b", head=head))


def hours_skipped(hours):
    def check(c):
        for r in c.requests[1:]:
            if time.gmtime(r.at).tm_hour in hours:
                c.faults.append(f"asked at {time.gmtime(r.at).tm_hour}:{time.gmtime(r.at).tm_min:02}")
        if len(c.requests) < 5:
            c.faults.append(f"only {len(c.requests)} requests")

    return check


night = [22, 23, 0, 1, 2, 3, 4, 5]


@case("skipHours, automatic", hours_skipped(night))
def _(c, r):
    return reply(
        document(
            "a", f"i{changing(c)}", head="<skipHours>" + "".join(f"<hour>{h}</hour>" for h in night) + "</skipHours>"
        )
    )


@case("skipHours of 24", hours_skipped([0]))
def _(c, r):
    return reply(document("a", f"i{changing(c)}", head="<skipHours><hour>24</hour></skipHours>"))


def days_skipped(names):
    def check(c):
        for r in c.requests[1:]:
            if time.strftime("%A", time.gmtime(r.at)) in names:
                c.faults.append(f"asked on {time.strftime('%A %H:%M', time.gmtime(r.at))}")

    return check


tomorrow = time.strftime("%A", time.gmtime(base + DAY))


@case("skipDays, automatic", days_skipped([tomorrow]))
def _(c, r):
    return reply(document("a", f"i{changing(c)}", head=f"<skipDays><day>{tomorrow}</day></skipDays>"))


@case(
    "all hours skipped is not obeyed",
    lambda c: (c.faults.append(f"only {len(c.requests)} requests") if len(c.requests) < 5 else None),
)
def _(c, r):
    return reply(
        document(
            "a",
            f"i{changing(c)}",
            head="<skipHours>" + "".join(f"<hour>{h}</hour>" for h in range(24)) + "</skipHours>",
        )
    )


# Hosts
def apart(c):
    if c.most > 2:
        c.faults.append(f"{c.most} connections at once")
    if len(c.requests) < days * 20:
        c.faults.append("seldom asked")


@case("20 feeds of a host", both(apart, MINUTES), feeds=20, options=TEN)
def _(c, r):
    return reply(document("a"))


@case("a page of errors", growing(6 * HOUR), options=TEN)
def _(c, r):
    return reply(b"<html>busy</html>", "200 OK")


@case(
    "own headers",
    lambda c: c.faults.extend(
        ["no X-Api-Key" for r in c.requests if r.get("x-api-key") != b"pw" or r.get("user-agent") != b"special/1"]
    ),
    options=TEN + '\nheaders = { X-Api-Key = { env = "PW" } }\nuser_agent = "special/1"',
)
def _(c, r):
    return reply(document("a"), "200 OK", "Set-Cookie: session=1")


def host_of(c):
    return f"127.60.{cases.index(c) // 250}.{1 + cases.index(c) % 250}"


class Connection(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.rest = transport, b""
        self.host = transport.get_extra_info("sockname")[0]
        self.case = hosts[self.host]
        self.case.open = getattr(self.case, "open", 0) + 1
        self.case.most = max(getattr(self.case, "most", 0), self.case.open)

    def connection_lost(self, error):
        self.case.open -= 1

    def data_received(self, data):
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, self.rest = self.rest.split(b"\r\n\r\n", 1)
            r = Request(self.host, head + b"\r\n", now())
            r.answer = self.case.answer(self.case, r)
            self.case.requests.append(r)
            self.transport.write(r.answer)


hosts = {host_of(c): c for c in cases}
loop = asyncio.new_event_loop()
loop.run_until_complete(loop.create_server(Connection, "0.0.0.0", port, backlog=1024))
threading.Thread(target=loop.run_forever, daemon=True).start()
with open(f"{folder}/c.toml", "w") as out:
    out.write(
        f'[watch]\ncontact = "mailto:desk@example.org"\nstate = "{folder}/s"\n[limits]\nallow_networks = ["127.60.0.0/16"]\n'
    )
    for n, c in enumerate(cases):
        if c is target:
            continue
        for k in range(c.feeds):
            out.write(f'[[feed]]\nid = "c{n}-{k}"\nurl = "http://{host_of(c)}:{port}/{k}.xml"\n{c.options}\n')
env = dict(os.environ, LD_PRELOAD=f"{folder}/timewarp.so", WARP_FACTOR=str(factor), WARP_BASE=str(base), PW="pw")
daemon = subprocess.Popen(
    [program, "run", "-c", f"{folder}/c.toml"], env=env, stdout=open(f"{folder}/err", "w"), stderr=subprocess.STDOUT
)
try:
    end = time.time() + days * DAY / factor
    while time.time() < end:
        time.sleep(0.5)
        assert daemon.poll() is None, open(f"{folder}/err").read()[-2000:]
finally:
    if daemon.poll() is None:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait()
total = bad = 0
for c in cases:
    always(c)
    c.check(c)
    total += len(c.requests)
    # What happens once or twice is the machine's doing; see above.
    counts = [(fault, count) for fault, count in collections.Counter(c.faults).items()]
    if len(c.faults) > max(2, len(c.requests) / 100) or (c.faults and len(c.requests) < 20):
        bad += 1
        shown = "; ".join(f"{fault} ({count} times)" for fault, count in sorted(counts, key=lambda x: -x[1])[:3])
        print(f"FAULT: {c.name}, {len(c.requests)} requests: {shown}")
print(f"{len(cases) - bad} of {len(cases)} kinds of servers treated as they ask; {total} requests in {days} days")
shutil.rmtree(folder, ignore_errors=True)
sys.exit(int(bad > 0))

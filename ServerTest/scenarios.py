"""A server of everything that can go wrong. Each scenario has an address of loopback of its own, and says what
state and reason `status` must show."""

import functools
import gzip
import os
import socket
import ssl
import struct
import subprocess
import threading
import time
import zlib

RSS_ITEM = "<item><guid isPermaLink='false'>{0}</guid><title>{0}</title><link>http://example.org/{0}</link></item>"


def rss(*names, head=""):
    items = "".join(RSS_ITEM.format(name) for name in names or ["one"])
    return f"<?xml version='1.0' encoding='UTF-8'?>{head}<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


GOOD = rss()


def answer(body=GOOD, status="200 OK", *fields, length=True):
    lines = [f"HTTP/1.1 {status}"] + list(fields)
    if length is True:
        lines.append(f"Content-Length: {len(body)}")
    elif length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def read_request(conn):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = conn.recv(65536)
        if not piece:
            return None
        data += piece
    return data


def reset(conn):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()


def wait(conn, seconds=60):
    """Until the other side closes."""
    conn.settimeout(seconds)
    try:
        while conn.recv(65536):
            pass
    except OSError:
        pass


class Scenario:
    def __init__(self, name, expect, play, tls=None, path="/feed", url=None, extra="", name_of_host=None):
        self.host = name_of_host
        self.name, self.expect, self.play, self.tls, self.path, self.url, self.extra = (
            name,
            expect,
            play,
            tls,
            path,
            url,
            extra,
        )
        self.requests = []


scenarios = []


def add(name, expect, play, **more):
    if isinstance(play, (bytes, bytearray)):
        data = bytes(play)
        play = lambda conn, request: conn.sendall(data)
    scenarios.append(Scenario(name, expect, play, **more))


# What must come of it: state and reason.
OK = ("ok", None)
DAMAGED = ("damaged", None)
fails = lambda reason: ("failing", reason)
BROKEN, LATE, LARGE, REDIRECT = (
    fails("transfer_failed"),
    fails("timed_out"),
    fails("too_large"),
    fails("redirect_refused"),
)
BLOCKED = ("blocked", "address_blocked")
NO_FEED = ("not-a-feed", "not_a_feed")


def gz(data, level=9):
    return gzip.compress(data, level)


@functools.cache
def bomb(megabytes, layers=1):
    """So many megabytes of blanks, packed."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = b"".join([pack.compress(b" " * 1048576) for _ in range(megabytes)] + [pack.flush()])
    for _ in range(layers - 1):
        data = gz(data)
    return data


def drip(conn, data, size, pause, limit=90):
    end = time.time() + limit
    for start in range(0, len(data), size):
        conn.sendall(data[start : start + size])
        time.sleep(pause)
        if time.time() > end:
            return


def flood(piece, head=b"", limit=30):
    def play(conn, request):
        conn.sendall(head)
        end = time.time() + limit
        while time.time() < end:
            conn.sendall(piece)

    return play


def script(*steps):
    """Bytes are sent, numbers are waited for; at last the connection waits for the other side."""

    def play(conn, request):
        for step in steps:
            if isinstance(step, (int, float)):
                time.sleep(step)
            elif step == "wait":
                wait(conn)
            elif step == "reset":
                reset(conn)
            else:
                conn.sendall(step)

    return play


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def define(canary_port):
    # Slow
    add("silence", LATE, script("wait"))
    add("slow header", LATE, lambda c, r: drip(c, b"HTTP/1.1 200 OK\r\nX: " + b"a" * 9999, 1, 0.2))
    add(
        "slow body",
        LATE,
        lambda c, r: (c.sendall(HEAD + b"Content-Length: 99999\r\n\r\n"), drip(c, b" " * 99999, 1, 0.2)),
    )
    add(
        "slow body just above the limit",
        LATE,
        lambda c, r: (c.sendall(HEAD + b"Content-Length: 999999\r\n\r\n"), drip(c, b" " * 999999, 100, 0.5)),
    )
    add("stalls in the body", LATE, script(HEAD + b"Content-Length: 999\r\n\r\n<rss>", "wait"))
    add("stalls between header and body", LATE, script(HEAD + b"Content-Length: 999\r\n\r\n", "wait"))
    add("stalls in a chunk size", LATE, script(CHUNKED + b"1", "wait"))
    add("stalls before the last chunk", LATE, script(CHUNKED + chunk(GOOD), "wait"))
    add("keep-alive without length", LATE, script(HEAD + b"Connection: keep-alive\r\n\r\n" + GOOD, "wait"))
    add("slow but whole", OK, script(1, answer()))
    # Endless
    add("endless body, chunked", LARGE, flood(chunk(b" " * 65536), CHUNKED))
    add("endless body, no length", LARGE, flood(b" " * 65536, HEAD + b"\r\n"))
    add("endless body, one-byte chunks", fails({"too_large", "timed_out"}), flood(chunk(b" ") * 8192, CHUNKED))
    add("endless markup", LARGE, flood(b"<item><title>x</title></item>" * 2000, HEAD + b"\r\n<rss><channel>"))
    add("endless header lines", LARGE, flood(b"X-A: b\r\n" * 1000, HEAD))
    add("endless header line", LARGE, flood(b"a" * 65536, HEAD + b"X-A: "))
    add("endless status line", fails({"transfer_failed", "too_large"}), flood(b"a" * 65536, b"HTTP/1.1 200 "))
    add("endless 100 Continue", fails({"transfer_failed", "too_large"}), flood(b"HTTP/1.1 100 Continue\r\n\r\n" * 100))
    add(
        "endless 103 Early Hints",
        fails({"transfer_failed", "too_large"}),
        flood(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100),
    )
    add("endless chunk extension", fails({"too_large", "timed_out"}), flood(b"a" * 65536, CHUNKED + b"6;"))
    add(
        "endless trailers",
        fails({"transfer_failed", "too_large"}),
        flood(b"X-A: b\r\n" * 1000, CHUNKED + chunk(GOOD) + b"0\r\n"),
    )
    add("endless blank lines", fails({"transfer_failed", "too_large", "timed_out"}), flood(b"\r\n" * 10000))
    add("endless NULs", BROKEN, flood(b"\0" * 65536))
    add(
        "endless packed blocks of nothing",
        LARGE,
        flood(b"\0\0\0\xff\xff" * 13000, HEAD + b"Content-Encoding: deflate\r\n\r\n\x78\x9c"),
    )
    add("endless redirect header", LARGE, flood(b"a" * 65536, b"HTTP/1.1 301 Moved\r\nLocation: /"))
    # Bombs
    for coding, data in [("gzip", bomb(512)), ("gzip, gzip", bomb(512, 2)), ("gzip, gzip, gzip", bomb(512, 3))]:
        add(f"bomb: {coding}", LARGE, answer(data, "200 OK", f"Content-Encoding: {coding}"))
    add("bomb: deflate", LARGE, answer(zlib.compress(b" " * (1 << 26), 9), "200 OK", "Content-Encoding: deflate"))
    add(
        "bomb: chunked gzip",
        LARGE,
        CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + chunk(bomb(512)) + b"0\r\n\r\n",
    )
    add("20 codings", BROKEN, answer(gz(GOOD), "200 OK", "Content-Encoding: " + ", ".join(["gzip"] * 20)))
    add("300 codings", BROKEN, answer(gz(GOOD), "200 OK", *["Content-Encoding: gzip"] * 300))
    add(
        "transfer-encoding gzip",
        OK,
        HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + chunk(gz(GOOD)) + b"0\r\n\r\n",
    )
    # Compression
    add("gzip", OK, answer(gz(GOOD), "200 OK", "Content-Encoding: gzip"))
    add(
        "gzip cut, length right",
        (("damaged", "not-a-feed", "failing"), {None, "not_a_feed", "transfer_failed"}),
        answer(gz(rss(*map(str, range(99))))[:-200], "200 OK", "Content-Encoding: gzip"),
    )
    add(
        "gzip cut, length wrong",
        BROKEN,
        answer(gz(GOOD)[:-20], "200 OK", "Content-Encoding: gzip", length=len(gz(GOOD))),
    )
    add("gzip of nothing", NO_FEED, answer(gz(b""), "200 OK", "Content-Encoding: gzip"))
    add("gzip announced, plain sent", BROKEN, answer(GOOD, "200 OK", "Content-Encoding: gzip"))
    add("gzip sent, not announced", (("ok", "not-a-feed"), {None, "not_a_feed"}), answer(gz(GOOD)))
    add(
        "gzip, wrong checksum",
        BROKEN,
        answer(gz(GOOD)[:-8] + b"\1\2\3\4" + gz(GOOD)[-4:], "200 OK", "Content-Encoding: gzip"),
    )
    add("unknown coding", BROKEN, answer(GOOD, "200 OK", "Content-Encoding: rot13"))
    add("coding of nothing", OK, answer(GOOD, "200 OK", "Content-Encoding: "))
    # Lengths
    add("length too long", BROKEN, answer(length=9999))
    add(
        "length too short",
        (("not-a-feed", "damaged", "failing"), {None, "not_a_feed", "transfer_failed"}),
        answer(length=len(GOOD) - 40),
    )
    add("length of 4 GB", LARGE, answer(length=1 << 32))
    add("length of 2^70", LARGE, answer(length=1 << 70))
    add("negative length", BROKEN, answer(length=-1))
    add("two lengths", BROKEN, answer(GOOD, "200 OK", "Content-Length: 11"))
    add(
        "length and chunks",
        (("failing",), {"transfer_failed"}),
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(GOOD) + b"9\r\n",
    )
    # Chunks
    add("chunks", OK, CHUNKED + chunk(GOOD) + b"0\r\n\r\n")
    add("chunk garbage", BROKEN, CHUNKED + b"zz\r\n" + GOOD)
    add("chunk of negative size", BROKEN, CHUNKED + b"-5\r\n" + GOOD)
    add("chunk of huge size", BROKEN, CHUNKED + b"ffffffffffffffff\r\n" + GOOD)
    add("chunk overflow", BROKEN, CHUNKED + b"10000000000000005\r\n" + GOOD)
    add("chunk without the last", BROKEN, CHUNKED + chunk(GOOD))
    add("chunk without line end", BROKEN, CHUNKED + b"%x\r\n%sXX0\r\n\r\n" % (len(GOOD), GOOD))
    # Ends
    add("closes at once", BROKEN, b"")
    add("reset at once", fails({"transfer_failed", "connect_failed"}), script("reset"))
    add("reset in the header", BROKEN, script(b"HTTP/1.1 200 OK\r\nCont", 0.2, "reset"))
    add("reset in the body", BROKEN, script(HEAD + b"Content-Length: 9999\r\n\r\n<rss>", 0.2, "reset"))
    add("reset in the body, no length", BROKEN, script(HEAD + b"\r\n" + GOOD, 0.2, "reset"))
    add("reset in a chunk", BROKEN, script(CHUNKED + b"ff\r\n<rss>", 0.2, "reset"))
    add("no length, closes", OK, HEAD + b"\r\n" + GOOD)
    # Broken HTTP
    for name, data in [
        ("HTTP/0.9", GOOD),
        ("ICY", b"ICY 200 OK\r\n\r\n" + GOOD),
        ("SSH", b"SSH-2.0-OpenSSH_9.2\r\n"),
        ("SMTP", b"220 mail ESMTP\r\n"),
        ("FTP", b"220 ftp\r\n530 login\r\n"),
        ("TLS on http", b"\x15\x03\x01\x00\x02\x02\x28"),
        ("random bytes", os.urandom(4096)),
        ("NUL in a header", HEAD + b"X: a\0b\r\n\r\n" + GOOD),
        ("NUL in the status line", b"HTTP/1.1 200 O\0K\r\n\r\n" + GOOD),
        ("status of letters", b"HTTP/1.1 abc OK\r\n\r\n" + GOOD),
        ("status of four digits", b"HTTP/1.1 2000 OK\r\n\r\n" + GOOD),
        ("status 000", b"HTTP/1.1 000 OK\r\n\r\n" + GOOD),
        ("negative status", b"HTTP/1.1 -200 OK\r\n\r\n" + GOOD),
        ("no status", b"HTTP/1.1\r\n\r\n" + GOOD),
        ("HTTP/9.9", b"HTTP/9.9 200 OK\r\n\r\n" + GOOD),
        ("no colon", HEAD + b"nonsense\r\n\r\n" + GOOD),
        ("HTTP/2 frames unasked", b"\0\0\0\4\0\0\0\0\0" * 3),
        ("100 only", b"HTTP/1.1 100 Continue\r\n\r\n"),
        ("header cut", HEAD + b"Content-Le"),
    ]:
        add(name, BROKEN, data)
    add("line feeds only", OK, b"HTTP/1.1 200 OK\nContent-Length: %d\n\n" % len(GOOD) + GOOD)
    add("HTTP/1.0", OK, b"HTTP/1.0 200 OK\r\n\r\n" + GOOD)
    add(
        "5,000 headers",
        (("ok",), {None}),
        HEAD + b"X-A: b\r\n" * 5000 + b"Content-Length: %d\r\n\r\n" % len(GOOD) + GOOD,
    )
    add("header of 4 MB", LARGE, HEAD + b"X-A: " + b"b" * (4 << 20) + b"\r\n\r\n" + GOOD)
    add("bytes behind the end", OK, answer() + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
    add("folded header", OK, HEAD + b'ETag: "a\r\n b"\r\nContent-Length: %d\r\n\r\n' % len(GOOD) + GOOD)
    # Statuses
    for status, expect in [
        ("201 Created", fails("http_status")),
        ("202 Accepted", fails("http_status")),
        ("203 Other", READ),
        ("204 No Content", fails("http_status")),
        ("205 Reset", fails("http_status")),
        ("206 Partial", fails("http_status")),
        ("226 IM Used", fails("http_status")),
        ("299 Odd", fails("http_status")),
        ("300 Choices", fails("http_status")),
        ("301 Moved", REDIRECT),
        ("302 Found", REDIRECT),
        ("303 See", REDIRECT),
        ("304 Not Modified", fails("http_status")),
        ("305 Proxy", fails("http_status")),
        ("306 Odd", fails("http_status")),
        ("307 Later", REDIRECT),
        ("308 Moved", REDIRECT),
        ("400 Bad", fails("http_status")),
        ("401 No", ("blocked", "forbidden")),
        ("402 Pay", ("blocked", "forbidden")),
        ("403 No", ("blocked", "forbidden")),
        ("404 No", fails("not_found")),
        ("405 No", fails("http_status")),
        ("406 No", fails("http_status")),
        ("407 Proxy", ("blocked", "forbidden")),
        ("408 Slow", fails("http_status")),
        ("410 Gone", ("gone", "gone")),
        ("418 Teapot", fails("http_status")),
        ("421 Misdirected", fails("http_status")),
        ("425 Early", fails("http_status")),
        ("429 Slow", fails("rate_limited")),
        ("431 Large", fails("http_status")),
        ("451 Law", ("blocked", "forbidden")),
        ("500 Oops", fails("server_error")),
        ("501 No", fails("server_error")),
        ("502 Bad", fails("server_error")),
        ("503 Busy", fails("server_error")),
        ("504 Late", fails("server_error")),
        ("511 Portal", fails("server_error")),
        ("520 Odd", fails("server_error")),
        ("600 Odd", fails("http_status")),
        ("999 Odd", fails("http_status")),
    ]:
        add(
            f"status {status}",
            expect,
            answer(
                b"" if status[:3] in ("204", "304") else GOOD,
                status,
                length=None if status[:3] in ("204", "304") else True,
            ),
        )
    add(
        "101 unasked",
        fails({"http_status", "transfer_failed", "timed_out"}),
        b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n" + GOOD,
    )
    add("204 with a body", fails("http_status"), answer(GOOD, "204 No Content"))
    add("206 with a range", fails("http_status"), answer(GOOD[:50], "206 Partial", "Content-Range: bytes 0-49/999"))
    add("226 with IM: feed", OK, answer(GOOD, "226 IM Used", "IM: feed"))
    add("226 with IM: vcdiff", fails("http_status"), answer(GOOD, "226 IM Used", "IM: vcdiff"))
    add("304 at once, with a body", fails("http_status"), answer(GOOD, "304 Not Modified"))
    add("429 with Retry-After", fails("rate_limited"), answer(b"", "429 Slow", "Retry-After: 3"))
    add("429, Retry-After nonsense", fails("rate_limited"), answer(b"", "429 Slow", "Retry-After: soon"))
    add(
        "429, Retry-After of a century",
        fails("rate_limited"),
        answer(b"", "429 Slow", "Retry-After: 99999999999999999999"),
    )
    add("429, Retry-After negative", fails("rate_limited"), answer(b"", "429 Slow", "Retry-After: -5"))
    add(
        "503 with Retry-After, a date",
        fails("rate_limited"),
        answer(b"", "503 Busy", "Retry-After: Wed, 01 Jan 2031 00:00:00 GMT"),
    )
    add(
        "503 with Retry-After, past",
        fails("rate_limited"),
        answer(b"", "503 Busy", "Retry-After: Wed, 01 Jan 2003 00:00:00 GMT"),
    )

    # Redirects
    def to(place, status="302 Found", *fields):
        return answer(b"", status, f"Location: {place}", *fields)

    add("redirect loop", REDIRECT, to("/feed"))
    add("redirect loop of two", REDIRECT, lambda c, r: c.sendall(to("/b" if r.startswith(b"GET /feed") else "/feed")))
    counter = {"n": 0}

    def on(conn, request):
        counter["n"] += 1
        conn.sendall(to(f"/{counter['n']}"))

    add("endless redirects", REDIRECT, on)
    canary = lambda host: f"http://{host}:{canary_port}/"
    for place in [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "file://localhost/etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1:70/_x",
        "dict://127.0.0.1:11211/stats",
        "ldap://127.0.0.1/",
        "smb://127.0.0.1/x",
        "tftp://127.0.0.1/x",
        "telnet://127.0.0.1/",
        "imap://127.0.0.1/",
        "scp://127.0.0.1/x",
        "ws://127.0.0.1/",
        "data:text/xml,<rss/>",
        "javascript:alert(1)",
        "about:blank",
        "mailto:a@b.c",
        "http://",
        "http://[::1",
        "http://user:pass@127.0.0.1/",
        "http://user@127.0.0.1/",
        "//user:pass@127.0.0.1/",
        "http://a b/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:-1/",
        "\x01\x02",
    ]:
        add(f"redirect to {place!r}", REDIRECT, to(place))
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "localhost",
        "LOCALHOST.",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
        "[ff02::1]",
        "[2001:db8::1]",
        "[2001::1]",
        "[100::1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "[::ffff:169.254.169.254]",
        "[fd00:ec2::254]",
        "100.64.0.1",
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.88.99.1",
        "[64:ff9b:1::1]",
        "[5f00::1]",
        "[3fff::1]",
    ]:
        add(
            f"redirect to {host}",
            (("blocked", "failing"), {"address_blocked", "name_not_resolved", "connect_failed"}),
            to(canary(host)),
        )
        add(
            f"{host} itself",
            (("blocked", "failing"), {"address_blocked", "name_not_resolved", "connect_failed"}),
            None,
            url=canary(host),
        )
    add("redirect to an empty place", REDIRECT, to(""))
    add(
        "two places",
        (("failing", "blocked", "ok"), {"redirect_refused", "address_blocked", None}),
        answer(b"", "302 Found", "Location: /x", f"Location: {canary('127.0.0.1')}"),
    )
    add(
        "place of 100 kB",
        fails({"redirect_refused", "too_large", "bad_url", "http_status"}),
        lambda c, r: c.sendall(to("/" + "a" * 100000) if r.startswith(b"GET /feed") else answer(b"", "414 Long")),
    )
    add("Refresh", OK, answer(GOOD, "200 OK", f"Refresh: 0; url={canary('127.0.0.1')}"))
    add(
        "Alt-Svc and HSTS",
        OK,
        answer(GOOD, "200 OK", f'Alt-Svc: h2="127.0.0.1:{canary_port}"', "Strict-Transport-Security: max-age=99"),
    )
    add("Location with 200", OK, answer(GOOD, "200 OK", f"Location: {canary('127.0.0.1')}"))
    add("cookies", OK, answer(GOOD, "200 OK", "Set-Cookie: a=b; Path=/", "Set-Cookie: c=d"))


def define_names(canary_port):
    """Names that resolve as they say (resolver.c)."""
    away = (("blocked", "failing"), {"address_blocked", "connect_failed"})
    here = "127-49-9-1"
    # The second look-up, for the canary's port, answers otherwise: what the first said counts for nothing.
    add(
        "name that turns to loopback",
        BLOCKED,
        answer(b"", "302 Found", f"Location: http://{here}.127-0-0-1.test:{canary_port}/", "Connection: close"),
        name_of_host=f"{here}.127-0-0-1.test",
    )
    add(
        "name that turns to metadata",
        BLOCKED,
        answer(b"", "302 Found", f"Location: http://{here}.169-254-169-254.test:{canary_port}/", "Connection: close"),
        name_of_host=f"{here}.169-254-169-254.test",
    )
    add(
        "name that turns to mapped loopback",
        BLOCKED,
        answer(b"", "302 Found", f"Location: http://{here}.xxffffx127-0-0-1.test:{canary_port}/", "Connection: close"),
        name_of_host=f"{here}.xxffffx127-0-0-1.test",
    )
    add("name with a bad address first", OK, answer(), name_of_host=f"127-0-0-1_{here}.test")
    add("name with a bad address last", OK, answer(), name_of_host=f"{here}_127-0-0-1_xx1.test")
    for addresses in [
        "127-0-0-1",
        "xx1",
        "xxffffx127-0-0-1",
        "10-0-0-1",
        "169-254-169-254",
        "64xff9bxx7f00x1",
        "2002x7f00x1xx",
        "0-0-0-0",
        "xx",
        "fe80xx1",
        "192-168-1-1_10-1-1-1_127-0-0-1",
    ]:
        add(f"name of {addresses}", BLOCKED, None, url=f"http://{addresses}.test:{canary_port}/")
        add(
            f"redirect to the name of {addresses}",
            BLOCKED,
            answer(b"", "302 Found", f"Location: http://{addresses}.test:{canary_port}/"),
        )


def documents():
    add("empty body", NO_FEED, answer(b""))
    add("blanks", NO_FEED, answer(b" \n" * 1000))
    add(
        "HTML page",
        NO_FEED,
        answer(b"<!doctype html><html><body>Not found</body></html>", "200 OK", "Content-Type: text/html"),
    )
    add(
        "HTML page called a feed",
        NO_FEED,
        answer(b"<html><head><title>Parked</title></head></html>", "200 OK", "Content-Type: application/rss+xml"),
    )
    add("JSON that is no feed", NO_FEED, answer(b'{"error": "no"}', "200 OK", "Content-Type: application/json"))
    add("JSON 100,000 deep", NO_FEED, answer(b"[" * 100000 + b"]" * 100000, "200 OK", "Content-Type: application/json"))
    add("PNG", NO_FEED, answer(b"\x89PNG\r\n\x1a\n" + os.urandom(5000), "200 OK", "Content-Type: image/png"))
    add("zeros", NO_FEED, answer(b"\0" * 100000))
    add("random as text/xml", NO_FEED, answer(os.urandom(100000), "200 OK", "Content-Type: text/xml"))
    add("XML that is no feed", NO_FEED, answer(b"<?xml version='1.0'?><note><to>x</to></note>"))
    add("SVG", NO_FEED, answer(b"<svg xmlns='http://www.w3.org/2000/svg'><title>x</title></svg>"))
    add("OPML", NO_FEED, answer(b"<opml version='2.0'><body><outline text='x'/></body></opml>"))
    laughs = (
        b"<!DOCTYPE r [<!ENTITY a0 'ha'>"
        + b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
        + b"]>"
    )
    some = (("ok", "damaged", "not-a-feed"), {None, "not_a_feed"})
    add("billion laughs", some, answer(rss("&a11;", head=laughs.decode())))
    add(
        "quadratic entities", some, answer(rss("&a;" * 20000, head="<!DOCTYPE r [<!ENTITY a '" + "x" * 100000 + "'>]>"))
    )
    add("external entity", some, answer(rss("&x;", head="<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>")))
    add("external DTD", some, answer(rss(head="<!DOCTYPE r SYSTEM 'http://127.0.0.1/x.dtd'>")))
    add(
        "60,000 attributes",
        some,
        answer(
            b"<rss version='2.0'><channel "
            + b" ".join(b"a%d='1'" % n for n in range(60000))
            + b"><title>x</title></channel></rss>"
        ),
    )
    add(
        "15 MB of attributes",
        some,
        answer(
            b"<rss version='2.0'><channel "
            + b" ".join(b"a%d='1'" % n for n in range(1200000))
            + b"><title>x</title></channel></rss>"
        ),
    )
    add(
        "20,000 namespaces",
        some,
        answer(
            b"<rss version='2.0'><channel "
            + b" ".join(b"xmlns:n%d='u'" % n for n in range(20000))
            + b"><title>x</title></channel></rss>"
        ),
    )
    add("depth of 1,000,000", some, answer(b"<rss version='2.0'><channel>" + b"<a>" * 1000000))
    add(
        "depth of 250",
        some,
        answer(b"<rss version='2.0'><channel><title>t</title>" + b"<a>" * 250 + b"</a>" * 250 + b"</channel></rss>"),
    )
    add(
        "300,000 names",
        some,
        answer(b"<rss version='2.0'><channel>" + b"".join(b"<n%d/>" % n for n in range(300000)) + b"</channel></rss>"),
    )
    add("text of 15 MB", some, answer(rss("x" * (5 << 20))))
    add("CDATA of 15 MB", some, answer(rss("<![CDATA[" + "x" * (5 << 20) + "]]>")))
    add("comment of 15 MB", some, answer(rss("<!--" + "x" * (5 << 20) + "-->")))
    add("100,000 items", some, answer(rss(*[str(n) for n in range(100000)])))
    add("markup of 5 MB in a title", some, answer(rss("&lt;b&gt;" * 500000)))
    add("unclosed markup in a title", some, answer(rss("&lt;a href='" * 300000)))
    add("references of 10 MB", some, answer(rss("&#65;" * 900000)))
    add("15 MB of ]]", some, answer(rss("]] " * 1500000)))
    add("15 MB of <", some, answer(b"<" * (15 << 20)))
    add("15 MB of &", some, answer(b"<rss version='2.0'><channel><title>" + b"&" * (15 << 20)))
    add("15 MB of -->", some, answer(b"<rss version='2.0'><channel><!--" + b"--> <!-- " * 1700000))
    add("15 MB of UTF-8 junk", some, answer(b"<rss version='2.0'><channel><title>" + b"\xff\xfe\xc3(" * 4000000))
    add("15 MB of UTF-16", some, answer(rss("x" * (2 << 20)).decode().replace("UTF-8", "UTF-16").encode("utf-16")))
    add(
        "15 MB of UTF-7",
        some,
        answer(b"<?xml version='1.0' encoding='UTF-7'?><rss version='2.0'><channel><title>" + b"+AGE-" * 3000000),
    )
    add(
        "JSON of 15 MB",
        some,
        answer(
            b'{"version":"https://jsonfeed.org/version/1.1","title":"t","items":['
            + b",".join(b'{"id":"%d","content_text":"x"}' % n for n in range(450000))
            + b"]}"
        ),
    )
    add(
        "JSON with 1,000,000 keys",
        some,
        answer(
            b'{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"1",'
            + b",".join(b'"%d":0' % n for n in range(1000000))
            + b"}]}"
        ),
    )
    add(
        "JSON escapes of 15 MB",
        some,
        answer(
            b'{"version":"https://jsonfeed.org/version/1.1","title":"' + b"\\ud83d\\ude00" * 1200000 + b'","items":[]}'
        ),
    )
    for name, head, body in [
        ("Latin-1 called UTF-8", b"", rss("caf\u00e9").decode().encode("latin-1")),
        ("UTF-8 called Latin-1", b"text/xml; charset=iso-8859-1", rss("caf\u00e9")),
        ("unknown charset", b"text/xml; charset=klingon", GOOD),
        ("charset of nonsense", b"text/xml; charset=;;;\xff", GOOD),
        ("UTF-16 without a mark", b"", GOOD.decode().encode("utf-16-le")),
        ("UTF-8 mark twice", b"", b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD),
        ("declared EBCDIC", b"", GOOD.replace(b"UTF-8", b"IBM037")),
        ("UTF-32", b"", GOOD.decode().encode("utf-32")),
        ("control characters", b"", rss("a\x01\x02b")),
        ("NUL in the text", b"", rss("a\0b")),
        ("lone surrogates", b"", rss("a").replace(b"<title>a", b"<title>\xed\xa0\x80a")),
        ("cut off", b"", rss(*map(str, range(50)))[:-700]),
        ("blanks before the declaration", b"", b"\n\n  " + GOOD),
    ]:
        field = [b"Content-Type: ".decode() + head.decode("latin-1")] if head else []
        add(f"text: {name}", some, answer(body, "200 OK", *field))


def certificates(folder):
    """Certificates by name: good, expired, future, self-signed, for another host, of another authority."""

    def run(*words):
        subprocess.run(
            ["openssl"] + list(words), cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    for authority in ["ca", "other"]:
        run(
            "req",
            "-x509",
            *key,
            "-keyout",
            f"{authority}.key",
            "-out",
            f"{authority}.pem",
            "-days",
            "9",
            "-subj",
            f"/CN={authority}",
        )
    names = ",".join(f"IP:127.{40 + n // 250}.{n % 250}.1" for n in range(500))
    for name, days, host, authority in [
        ("good", "2", names, "ca"),
        ("expired", "-1", names, "ca"),
        ("wronghost", "2", "DNS:elsewhere.example", "ca"),
        ("untrusted", "2", names, "other"),
    ]:
        run(
            "req",
            "-new",
            *key,
            "-keyout",
            f"{name}.key",
            "-out",
            f"{name}.csr",
            "-subj",
            "/CN=x",
            "-addext",
            f"subjectAltName={host}",
        )
        run(
            "x509",
            "-req",
            "-in",
            f"{name}.csr",
            "-days",
            days,
            "-copy_extensions",
            "copy",
            "-CA",
            f"{authority}.pem",
            "-CAkey",
            f"{authority}.key",
            "-CAcreateserial",
            "-out",
            f"{name}.pem",
        )
    run(
        "req",
        "-x509",
        *key,
        "-keyout",
        "selfsigned.key",
        "-out",
        "selfsigned.pem",
        "-days",
        "2",
        "-subj",
        "/CN=x",
        "-addext",
        f"subjectAltName={names}",
    )


def define_tls(canary_port):
    TLS = fails("tls_failed")
    add("TLS good", OK, answer(), tls="good")
    for kind in ["expired", "wronghost", "untrusted", "selfsigned"]:
        add(f"TLS {kind}", TLS, answer(), tls=kind)
    add("TLS to http", REDIRECT, answer(b"", "302 Found", f"Location: http://127.40.0.1:{canary_port}/"), tls="good")
    add("TLS body without an end", (("ok", "failing"), {None, "transfer_failed"}), HEAD + b"\r\n" + GOOD, tls="good")
    add("TLS reset in the body", BROKEN, script(HEAD + b"Content-Length: 9999\r\n\r\n<rss>", 0.2, "reset"), tls="good")
    add("TLS silence", LATE, script("wait"), tls="good")
    add("TLS bomb", LARGE, answer(bomb(256), "200 OK", "Content-Encoding: gzip"), tls="good")
    raw = lambda name, expect, play: add(f"TLS answered by {name}", expect, play, tls="raw")
    raw("plain HTTP", TLS, answer())
    raw("garbage", TLS, os.urandom(500))
    raw("an alert", TLS, b"\x15\x03\x03\x00\x02\x02\x28")
    raw("half a hello", TLS, b"\x16\x03\x03\x00\x5a\x02\x00")
    raw("the end", TLS, b"")
    raw("a reset", TLS, script("reset"))
    raw("silence", LATE, script("wait"))
    raw("an endless record", TLS, flood(b"\0" * 4096, b"\x16\x03\x03\xff\xff"))


class Server:
    """Serves all scenarios on two ports of 0.0.0.0, plain and TLS."""

    def __init__(self, folder):
        self.folder = folder
        self.plain, self.secure, self.canary = self.listen(), self.listen(), self.listen()
        self.canary_hits = []
        self.by_host = {}
        self.contexts = {}

    @staticmethod
    def listen():
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("0.0.0.0", 0))
        s.listen(512)
        return s

    def port(self, s):
        return s.getsockname()[1]

    def context(self, kind):
        if kind not in self.contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(f"{self.folder}/{kind}.pem", f"{self.folder}/{kind}.key")
            self.contexts[kind] = context
        return self.contexts[kind]

    def place(self, number, scenario):
        """The address of a scenario."""
        if scenario.url:
            return scenario.url
        host = f"127.{40 + number // 250}.{number % 250}.1"
        if scenario.host:
            host = scenario.host
        self.by_host[host] = scenario
        s = self.secure if scenario.tls else self.plain
        return f"http{'s' if scenario.tls else ''}://{host}:{self.port(s)}{scenario.path}"

    def start(self):
        for s in [self.plain, self.secure, self.canary]:
            threading.Thread(target=self.accept, args=(s,), daemon=True).start()

    def accept(self, s):
        while True:
            conn, peer = s.accept()
            if s is self.canary:
                self.canary_hits.append(conn.getsockname())
                conn.close()
                continue
            threading.Thread(target=self.serve, args=(conn,), daemon=True).start()

    def serve(self, conn):
        scenario = self.by_host.get(conn.getsockname()[0])
        try:
            conn.settimeout(90)
            if scenario and scenario.tls == "raw":
                conn.recv(65536)
                scenario.requests.append((time.time(), b""))
                scenario.play(conn, b"")
            else:
                if scenario and scenario.tls:
                    conn = self.context(scenario.tls).wrap_socket(conn, server_side=True)
                request = read_request(conn)
                if request is None:
                    return
                if scenario is None:
                    scenario = self.by_host[
                        next(
                            l[6:].split(b":")[0].decode()
                            for l in request.split(b"\r\n")
                            if l.lower().startswith(b"host: ")
                        )
                    ]
                scenario.requests.append((time.time(), request))
                scenario.play(conn, request)
                conn.shutdown(socket.SHUT_WR)
                wait(conn, 5)
        except (OSError, ValueError, KeyError, StopIteration):
            pass
        finally:
            try:
                conn.close()
            except OSError:
                pass

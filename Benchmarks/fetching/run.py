#!/usr/bin/env python3
"""Measures what the daemon costs beside a bare C program that does the same work (floor.c).

usage: run.py PROGRAM [FEEDS]

Needs gcc, nginx and openssl. Everything happens on loopback addresses and in a temporary folder:
FEEDS feeds (1,000) of 50 KB on 100 addresses, 1,000 keywords, first poll and second poll without
news, plain and over TLS; then ten times as many feeds in one process, and the daemon at rest.
"""
import os, re, resource, shutil, signal, subprocess, sys, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
program = os.path.abspath(sys.argv[1])
feeds = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
hosts = 100
folder = tempfile.mkdtemp(prefix="feedwatch-bench-")
quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def address(number):
    return f"127.0.1.{1 + number % hosts}"


def run(command, **more):
    """CPU milliseconds (all), peak memory in MB, output."""
    out = open(f"{folder}/out", "w+")
    process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=folder, **more)
    _, status, usage = os.wait4(process.pid, 0)
    out.seek(0)
    text = out.read()
    if status:
        sys.exit(f"{' '.join(command)}: status {status}\n{text[-2000:]}")
    return (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss / 1024, text


def certificates():
    names = ",".join(["IP:127.0.0.1"] + [f"IP:{address(n)}" for n in range(hosts)])
    for command in [
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 9 -subj /CN=bench",
        f"req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out a.csr -subj /CN=localhost -addext subjectAltName={names}",
        "x509 -req -in a.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 9 -copy_extensions copy -out cert.pem",
    ]:
        subprocess.run(["openssl"] + command.split(), cwd=folder, check=True, **quiet)
    # As large as a real one.
    bundle = "/etc/ssl/certs/ca-certificates.crt"
    with open(f"{folder}/bundle.pem", "w") as out:
        for path in [bundle, f"{folder}/ca.pem"]:
            out.write(open(path).read() if os.path.exists(path) else "")


def server(port, tls_port):
    listen = "".join(f"listen {address(n)}:{port}; listen {address(n)}:{tls_port} ssl;\n" for n in range(hosts))
    temporary = " ".join(f"{name}_temp_path {folder}/tmp;" for name in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
    with open(f"{folder}/nginx.conf", "w") as out:
        out.write(f"""worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
{'user root;' if os.getuid() == 0 else ''} worker_rlimit_nofile 8192; events {{ worker_connections 4096; }}
http {{ access_log off; {temporary} keepalive_requests 1000000; gzip_static on; types {{ application/rss+xml xml; }}
open_file_cache max=20000; ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
server {{ {listen} root {folder}/corpus/www; }} }}""")
    process = subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf"], **quiet)
    time.sleep(0.5)
    if process.poll() is not None:
        sys.exit("nginx does not start: " + open(f"{folder}/error.log").read()[-500:])
    return process


def configure(name, urls, interval="1h"):
    state = f"{folder}/{name}"
    shutil.rmtree(state, ignore_errors=True)
    keywords = open(f"{folder}/corpus/keywords.txt").read().split()
    with open(f"{folder}/{name}.toml", "w") as out:
        out.write(f"""[watch]
interval = "{interval}"
baseline = "match"
state = "{state}"
[limits]
min_interval = "10ms"
host_spacing = "0s"
allow_networks = ["127.0.0.0/8"]
ca_file = "{folder}/bundle.pem"
[[topic]]
id = "bench"
query = '''{' OR '.join(keywords)}'''
""")
        out.writelines(f'[[feed]]\nid = "f{n}"\nurl = "{url}"\n' for n, url in enumerate(urls))
    return ["-c", f"{folder}/{name}.toml"]


def compare(name, urls, most_first, most_second, tls=False):
    with open(f"{folder}/urls", "w") as out:
        out.writelines(url + "\n" for url in urls)
    for old in ["floor.db", "floor.db-wal", "floor.db-shm"]:
        if os.path.exists(f"{folder}/{old}"):
            os.remove(f"{folder}/{old}")
    floor = [f"{folder}/floor", "urls", "corpus/keywords.txt", "floor.db", "floor.jsonl", "2"]
    rounds = [line.split() for line in run(floor + [f"{folder}/bundle.pem"] * tls)[2].splitlines()]
    assert int(rounds[0][1]) == len(urls) and int(rounds[1][2]) == len(urls), rounds
    # What starting and ending cost is no part of a poll.
    start = run([program, "run", "--once"] + configure("empty", []))[0]
    options = configure(name, urls, interval="10ms")
    first, memory, _ = run([program, "run", "--once"] + options)
    time.sleep(0.1)
    second, _, _ = run([program, "run", "--once"] + options)
    lines = sum(1 for _ in open(f"{folder}/{name}/matches.jsonl"))
    loading = run([program, "check"] + options)[0]
    for what, ours, least, most in [
        ("first poll", first - loading, float(rounds[0][0]), most_first),
        ("nothing new", second - loading, float(rounds[1][0]), most_second),
    ]:
        ratio = ours / least
        mark = "" if most is None else f" (at most {most}{'' if ratio <= most else ', NOT HELD'})"
        print(f"{name}, {what}: {ours / len(urls):.3f} ms a feed, floor {least / len(urls):.3f}, ratio {ratio:.2f}{mark}")
    print(f"  start and end {start:.0f} ms, reading the configuration {loading:.0f} ms (left out);"
          f" {lines} lines, floor {rounds[0][5]}; peak {memory:.0f} MB")


def rest(options, seconds=10):
    """Wake-ups a second of the daemon between polls."""
    process = subprocess.Popen([program, "run"] + options, cwd=folder, **quiet)
    try:
        for _ in range(120):
            before = switches(process.pid)
            time.sleep(1)
            if since(before, switches(process.pid)) < 20:
                break
        start = switches(process.pid)
        time.sleep(seconds)
        return since(start, switches(process.pid)) / seconds
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def switches(process):
    """How often each thread has waited."""
    found = {}
    for thread in os.listdir(f"/proc/{process}/task"):
        try:
            text = open(f"/proc/{process}/task/{thread}/status").read()
        except FileNotFoundError:
            continue
        found[thread] = int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", text, re.M).group(1))
    return found


def since(before, after):
    return sum(count - before.get(thread, 0) for thread, count in after.items())


def main():
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libcurl", "libxml-2.0", "sqlite3"],
                           capture_output=True, text=True, check=True).stdout.split()
    subprocess.run(["gcc", "-O2", "-o", f"{folder}/floor", f"{here}/floor.c"] + flags, check=True)
    subprocess.run([f"{here}/make-corpus.py", f"{folder}/corpus", str(feeds)], check=True)
    certificates()
    port, tls_port = 18099, 18443
    nginx = server(port, tls_port)
    try:
        plain = [f"http://{address(n)}:{port}/{n}.xml" for n in range(feeds)]
        secure = [f"https://{address(n)}:{tls_port}/{n}.xml" for n in range(feeds)]
        compare("plain", plain, 1.5, 1.5)
        compare("TLS", secure, None, 1.25, tls=True)
        many = [f"http://{address(n)}:{port}/{n % feeds}.xml?{n}" for n in range(10 * feeds)]
        options = configure("many", many)
        _, memory, _ = run([program, "run", "--once"] + options)
        print(f"{len(many)} feeds: peak {memory:.0f} MB (at most 80)")
        print(f"at rest with {len(many)} feeds: {rest(options):.1f} wake-ups a second (at most 1.2)")
    finally:
        nginx.terminate()
        nginx.wait()
        shutil.rmtree(folder, ignore_errors=True)


main()

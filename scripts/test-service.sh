#!/bin/bash
# Tests feedwatch as a service: the real binary and the real unit under a real systemd.
#
# usage: test-service.sh [BINARY [CONFIGDIR]]
#
# BINARY     default: .build/release/feedwatch
# CONFIGDIR  becomes /etc/feedwatch; default: one feed that cannot be reached and one topic
#
# Needs root and the tool with-systemd, which boots a throw-away systemd on a copy of this file
# system: its path is $WITH_SYSTEMD, or ../shared/tools/with-systemd beside the checkout. Without
# the tool nothing is tested, and the exit status is 0. SERVICE_TEST_VERBOSE=1 shows the journal.
set -uo pipefail

# --- outside: what must be in the copy, and the call of with-systemd -----------------------------

outside() {
    local root tool binary config stage extra=()
    root=$(cd "$(dirname "$0")/.." && pwd)
    tool=${WITH_SYSTEMD:-$root/../shared/tools/with-systemd}
    if [ ! -x "$tool" ]; then
        echo "test-service: skipped: there is no $tool (set WITH_SYSTEMD to the tool's path)"
        exit 0
    fi
    [ "$(id -u)" = 0 ] || { echo "test-service: skipped: with-systemd needs root"; exit 0; }
    binary=$(realpath "${1:-$root/.build/release/feedwatch}")
    [ -x "$binary" ] || { echo "test-service: $binary is not there: make build" >&2; exit 2; }
    stage=$(mktemp -d)
    trap 'rm -rf "$stage"' EXIT
    if [ -n "${2:-}" ]; then cp -r "$2" "$stage/config"; else default_config "$stage/config"; fi
    mkdir -p "$stage/config/credentials"
    cp "$0" "$stage/test-service.sh"
    [ -z "${SERVICE_TEST_VERBOSE:-}" ] || extra=(--verbose)
    "$tool" --timeout 240 --journal "$stage/journal" "${extra[@]}" \
        --unit "$root/systemd/feedwatch.service" \
        --copy "$binary:/usr/bin/feedwatch" \
        --copy "$root/systemd/feedwatch.sysusers:/usr/lib/sysusers.d/feedwatch.conf" \
        --copy "$root/systemd/feedwatch.tmpfiles:/usr/lib/tmpfiles.d/feedwatch.conf" \
        --copy "$root/packaging/feedwatch.logrotate:/etc/logrotate.d/feedwatch" \
        --copy "$stage/config:/etc/feedwatch" \
        --copy "$stage/test-service.sh:/root/test-service.sh" \
        --chdir / -- bash /root/test-service.sh --inside
    local status=$?
    [ -z "${SERVICE_TEST_VERBOSE:-}" ] || cat "$stage/journal"
    exit "$status"
}

default_config() {
    mkdir -p "$1"
    cat >"$1/feedwatch.toml" <<'END'
[watch]
contact  = "mailto:service-test@example.org"
interval = "1m"

[limits]
allow_networks = ["127.0.0.1/32"]

[metrics]
file   = "/var/lib/feedwatch/feedwatch.prom"
listen = "unix:/run/feedwatch/metrics.sock"

[health]
heartbeat = "1h"

[[feed]]
id  = "nobody-there"
url = "http://127.0.0.1:9/feed.xml"

[[topic]]
id    = "solar"
title = "Solar power"
query = "solar"

[[topic.test]]
text  = "A solar farm opened"
match = true
END
}

# --- inside: the tests ---------------------------------------------------------------------------

passed=0 failed=0
config=/etc/feedwatch/feedwatch.toml

# expect SENTENCE COMMAND…: the sentence holds if the command succeeds.
expect() {
    local sentence=$1
    shift
    if "$@" >/tmp/said 2>&1; then
        passed=$((passed + 1))
        echo "ok    $sentence"
    else
        failed=$((failed + 1))
        echo "FAIL  $sentence"
        sed 's/^/        /' /tmp/said | head -n 20
    fi
}

# within SECONDS COMMAND…: waits until the command succeeds.
within() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || { echo "not within the time: $*"; return 1; }
        sleep 0.1
    done
}

property() { systemctl show --property="$1" --value feedwatch.service; }
is() { local now; now=$(property "$1"); [ "$now" = "$2" ] || { echo "$1 is $now, not $2"; return 1; }; }
says() { journalctl -q --no-pager -o cat -u feedwatch.service "${@:2}" | grep -aE -- "$1"; }
not() { ! "$@"; }
as_feedwatch() { setpriv --reuid=feedwatch --regid=feedwatch --init-groups -- "$@"; }
# The journal since the mark that `mark` left.
mark() { since=$(date '+%Y-%m-%d %H:%M:%S.%6N'); }
said_since() { says "$1" --since "$since"; }

starts() {
    systemctl daemon-reload
    mark
    systemctl start feedwatch.service && is ActiveState active && is Type notify && is SubState running
}

test_start() {
    expect "the unit names nothing that systemd does not know" \
        systemd-analyze verify --man=no /etc/systemd/system/feedwatch.service
    expect "its exposure is at most 1.1" \
        systemd-analyze security --offline=true --threshold=11 \
        /etc/systemd/system/feedwatch.service
    expect "it starts, and says itself that it is ready" starts
    expect "it shows a status" test -n "$(property StatusText)"
    expect "it runs as its own user" \
        test "$(stat -c %U "/proc/$(property MainPID)")" = feedwatch
    expect "its state is its user's, and nobody else's to read" \
        test "$(stat -c '%U %a' /var/lib/feedwatch)" = "feedwatch 750"
    expect "its control socket is its group's" \
        test "$(stat -c '%U %G %a' /run/feedwatch/control.sock)" = "feedwatch feedwatch 660"
    expect "its log entries have priorities" \
        bash -c 'journalctl -q -o json -u feedwatch.service _COMM=feedwatch | grep -q "\"PRIORITY\":\"[456]\""'
    expect "no entry shows the prefix of its priority" not said_since '^<[0-7]>'
    expect "Dispatch does not complain" not said_since 'thread priority'
}

# asks PATH: prints the answer of the endpoint; fails unless the status is 200.
asks() {
    /usr/bin/python3 - "$1" /run/feedwatch/metrics.sock <<'END'
import socket, sys
client = socket.socket(socket.AF_UNIX)
client.settimeout(5)
client.connect(sys.argv[2])
client.sendall(f"GET {sys.argv[1]} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
answer = b""
while chunk := client.recv(65536):
    answer += chunk
print(answer.decode())
sys.exit(not answer.startswith(b"HTTP/1.1 200 "))
END
}

test_endpoint() {
    local prom=/var/lib/feedwatch/feedwatch.prom
    grep -q 'unix:/run/feedwatch/metrics.sock' "$config" || return
    expect "the endpoint is the owner's and the group's" \
        test "$(stat -c '%U %G %a' /run/feedwatch/metrics.sock)" = "feedwatch feedwatch 660"
    expect "it says that the process lives" asks /healthz
    expect "and that it is ready" within 10 asks /readyz
    expect "and how the feeds are" bash -c "$(declare -f asks); asks /metrics | grep '^feedwatch_feeds{state='"
    expect "a member of the group may ask" bash -c "$(declare -f asks as_feedwatch); as_feedwatch /usr/bin/python3 -c '
import socket; socket.socket(socket.AF_UNIX).connect(\"/run/feedwatch/metrics.sock\")'"
    expect "a stranger may not" not setpriv --reuid=nobody --regid=nogroup --clear-groups -- /usr/bin/python3 -c '
import socket; socket.socket(socket.AF_UNIX).connect("/run/feedwatch/metrics.sock")'
    expect "the metrics are written to their file, too" within 20 grep -q '^feedwatch_feeds{' "$prom"
    expect "which others may read" test "$(stat -c %a "$prom")" = 644
    sed -i.before 's/^heartbeat = .*/heartbeat = "1s"/' "$config"
    systemctl reload feedwatch.service
    expect "a heartbeat is recorded" \
        within 20 grep -q '"event":"heartbeat"' /var/log/feedwatch/events.jsonl
    mv "$config.before" "$config"
    systemctl reload feedwatch.service
}

reload_refused() {
    systemctl reload feedwatch.service && { echo "the reload succeeded"; return 1; }
    is ActiveState active && is MainPID "$pid"
}

test_reload() {
    pid=$(property MainPID)
    cp "$config" /tmp/good.toml
    printf '\n[[feed]]\nid = "added"\nurl = "http://127.0.0.1:9/added.xml"\n' >>"$config"
    mark
    expect "a good configuration is reloaded" systemctl reload feedwatch.service
    expect "by the same process" is MainPID "$pid"
    expect "the status of reload is in the journal" said_since 'reload|feed|added'
    printf '\nnonsense = [\n' >>"$config"
    mark
    expect "a broken one makes systemctl reload fail, and the daemon goes on" reload_refused
    expect "the journal has the place of the error" said_since "feedwatch.toml:[0-9]+:[0-9]+"
    mark
    kill -HUP "$pid"
    expect "SIGHUP with a broken one is reported" within 10 said_since "feedwatch.toml:[0-9]+:[0-9]+"
    expect "and the daemon goes on" is ActiveState active
    cp /tmp/good.toml "$config"
    mark
    kill -HUP "$pid"
    expect "SIGHUP reloads a good one" within 10 said_since .
    expect "the unit does not stay in reload" within 10 is SubState running
    expect "an administrator can reload from a shell" feedwatch reload
    expect "a stranger cannot" not setpriv --reuid=nobody --regid=nogroup --clear-groups -- feedwatch reload
}

test_rotation() {
    local log=/var/log/feedwatch/matches.jsonl
    pid=$(property MainPID)
    [ -e "$log" ] || as_feedwatch touch "$log"
    mv "$log" "$log.1"
    kill -HUP "$pid"
    expect "after a rename and SIGHUP there is a new log" within 10 test -e "$log"
    expect "the old one is closed" \
        within 10 bash -c "! ls -l /proc/$pid/fd | grep -q 'matches.jsonl.1'"
    expect "feedwatch rotate is answered" feedwatch rotate
    if command -v logrotate >/dev/null; then test_logrotate; fi
}

rotated() { find /var/log/feedwatch -name "events.jsonl.2*Z*" "$@" | wc -l; }

# logrotate asks the daemon, which renames; of the logs only that of events has lines here.
test_logrotate() {
    local log=/var/log/feedwatch/events.jsonl before
    expect "logrotate understands its configuration" logrotate -d /etc/logrotate.d/feedwatch
    feedwatch reload >/dev/null
    expect "there is something to rotate" within 10 test -s "$log"
    before=$(rotated)
    expect "logrotate does what it says" logrotate --force /etc/logrotate.d/feedwatch
    expect "the daemon has rotated" test "$(rotated)" -gt "$before"
    expect "and goes on with an empty log of its own" \
        test "$(stat -c '%s %U' "$log")" = "0 feedwatch"
    feedwatch reload >/dev/null
    within 10 test -s "$log"
    expect "logrotate does so again" logrotate --force /etc/logrotate.d/feedwatch
    expect "all rotated files but the newest are compressed, and still the daemon's" \
        test "$(rotated ! -name '*.gz') $(rotated -name '*.gz' -user feedwatch)" \
        = "1 $(($(rotated) - 1))"
}

second_is_refused() {
    local status
    as_feedwatch env STATE_DIRECTORY=/var/lib/feedwatch LOGS_DIRECTORY=/var/log/feedwatch \
        timeout 10 feedwatch run --config "$config"
    status=$?
    [ "$status" = 3 ] || { echo "exit status $status"; return 1; }
}

test_second() {
    expect "a second daemon on the same state refuses to start" second_is_refused
    expect "the first goes on" is MainPID "$pid"
    expect "and is still to be asked" feedwatch reload
}

restarted() { [ "$(property NRestarts)" -gt 0 ] && [ "$(property ActiveState)" = active ]; }
stays_up() { sleep 5; is NRestarts 0; }

test_watchdog() {
    mkdir -p /etc/systemd/system/feedwatch.service.d
    printf '[Service]\nWatchdogSec=2s\nTimeoutAbortSec=2s\nRestartSec=100ms\n' \
        >/etc/systemd/system/feedwatch.service.d/test.conf
    systemctl stop feedwatch.service
    expect "it starts with a short watchdog" starts
    expect "and feeds it" stays_up
    kill -STOP "$(property MainPID)"
    expect "a daemon that stands still is restarted" within 20 restarted
    kill -KILL "$(property MainPID)"
    expect "and one that was killed, over its stale socket" within 20 bash -c '
        [ "$(systemctl show -p NRestarts --value feedwatch)" -gt 1 ] &&
        [ "$(systemctl show -p ActiveState --value feedwatch)" = active ]'
    expect "it can be asked again" within 10 feedwatch reload
    rm -r /etc/systemd/system/feedwatch.service.d
    systemctl daemon-reload
}

test_stop() {
    local began=${EPOCHREALTIME/[.,]/}
    systemctl stop feedwatch.service
    local took=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
    expect "it stops within 5 s (took $took ms)" test "$took" -lt 5000
    expect "with exit status 0" is ExecMainStatus 0
    expect "and success" is Result success
    expect "its control socket has gone" test ! -e /run/feedwatch/control.sock
    expect "and its endpoint" test ! -e /run/feedwatch/metrics.sock
}

gives_up() {
    systemctl start feedwatch.service && { echo "it started"; return 1; }
    sleep 7     # RestartSec is 5 s
    is ExecMainStatus 78 && is NRestarts 0 && is ActiveState failed
}

test_broken_configuration() {
    printf '\nnonsense = [\n' >>"$config"
    mark
    expect "with a broken configuration it ends with 78 and is not started again" gives_up
    expect "the journal has the place of the error" said_since "feedwatch.toml:[0-9]+:[0-9]+"
    cp /tmp/good.toml "$config"
    systemctl reset-failed feedwatch.service
    expect "with a good one it starts" starts
    systemctl stop feedwatch.service
}

test_credentials() {
    printf 'hunter2' >/etc/feedwatch/credentials/key
    chmod 600 /etc/feedwatch/credentials/key
    expect "it starts with a secret" starts
    expect "the secret is at its place" test -e /run/credentials/feedwatch.service/secret_key
    systemctl stop feedwatch.service
}

inside() {
    systemd-sysusers feedwatch.conf 2>/dev/null
    systemd-tmpfiles --create feedwatch.conf
    chmod 755 /usr/bin/feedwatch
    local part
    for part in start endpoint reload rotation second watchdog stop broken_configuration credentials; do
        "test_$part"
    done
    if [ "$failed" -gt 0 ]; then
        echo "the journal's last lines:"
        journalctl -q --no-pager -o short-monotonic -u feedwatch.service | tail -n 60
    fi
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}

if [ "${1:-}" = --inside ]; then inside; else outside "$@"; fi

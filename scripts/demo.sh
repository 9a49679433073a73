#!/bin/bash
# The demo: feedwatch against the repository's own sample feeds on loopback, start to end.
#
# usage: demo.sh [FEEDWATCH [FEEDLAB_SERVER]]    (default: the debug build's)
#
# Shows matches arriving as a person reads them, publishes new items while the daemon runs, shows
# the exec hook being called and the broken feeds being named, stops all it started, and holds the
# match log against what the sample feeds are known to contain. Exit 0 only if all is as expected.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
feedwatch=$(realpath "${1:-$root/.build/debug/feedwatch}")
server=$(realpath "${2:-$(dirname "$feedwatch")/feedlab-server}")
work=$(mktemp -d "${TMPDIR:-/tmp}/feedwatch-demo.XXXXXX")
log=$work/log/matches.jsonl
hook_file=$work/hook.log
broken="portal babble torrent mute laughter"
server_pid='' daemon_pid='' tail_pid=''

say() { printf '\n== %s\n' "$*"; }
fail() {
    printf '\ndemo: %s\n' "$*" >&2
    if [ -s "$work/daemon.log" ]; then
        printf 'the last lines of %s:\n' "$work/daemon.log" >&2
        tail -n 15 "$work/daemon.log" >&2
    fi
    exit 1
}

# Ends what was started and is still there, and only that.
end_all() {
    for pid in $tail_pid $daemon_pid $server_pid; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
}
interrupted() {
    trap - INT TERM HUP EXIT
    end_all
    rm -rf "$work"
    exit 130
}
trap interrupted INT TERM HUP
trap end_all EXIT

# until_true SECONDS COMMAND…: waits until the command succeeds; fails when the time is over.
until_true() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.1
    done
}

# lab METHOD PATH: one request to the feed server. No client program is needed: bash speaks TCP.
lab() {
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    printf '%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n' \
        "$1" "$2" >&3
    sed '1,/^\r$/d' <&3
    exec 3>&-
}

# What the log holds and what it is to hold: a line for each match, topic, feed and link.
logged() {
    [ -f "$log" ] || return 0
    sed -n 's/^.*"topic":"\([^"]*\)".*"feed":"\([^"]*\)".*"url":"\([^"]*\)".*$/\1\t\2\t\3/p' "$log" |
        LC_ALL=C sort
}
lines() { if [ -f "$1" ]; then wc -l <"$1"; else echo 0; fi; }
is_wanted_there() { lab GET /lab/wanted | LC_ALL=C sort >"$work/wanted" && [ -s "$work/wanted" ] &&
    [ -z "$(LC_ALL=C comm -23 "$work/wanted" <(logged))" ]; }
is_hook_done() { [ "$(lines "$hook_file")" -ge "$(lines "$log")" ]; }
is_listening() { port=$(sed -n 's/^listening on http:.*:\([0-9]*\)$/\1/p' "$work/server.log") &&
    [ -n "$port" ]; }
status() { "$feedwatch" status -c "$work/demo.toml" 2>&1 || [ $? -eq 1 ]; }
are_broken_named() {
    local report feed
    report=$(status)
    for feed in $broken; do
        grep -Eq "^(failing|not-a-feed|damaged) +$feed " <<<"$report" || return 1
    done
}

# stopped NAME PID: asks a process to end and wants exit status 0 within five seconds.
stopped() {
    local name=$1 pid=$2 started=$SECONDS code=0
    kill -TERM "$pid"
    wait "$pid" || code=$?
    [ "$code" -eq 0 ] || fail "$name ended with status $code"
    [ $((SECONDS - started)) -le 5 ] || fail "$name took more than five seconds to end"
}

start_server() {
    "$server" --site "$root/config/lab" >"$work/server.log" 2>&1 &
    server_pid=$!
    until_true 10 is_listening || fail "the feed server does not listen: $(cat "$work/server.log")"
    say "sample feeds on http://127.0.0.1:$port"
}

start_daemon() {
    # A copy of the configuration with this run's port and paths; its topics are the real ones.
    sed -e "s|127\.0\.0\.1:18080|127.0.0.1:$port|" \
        -e "s|\"\.\./scripts/hook-demo\.sh\"|\"$root/scripts/hook-demo.sh\"|" \
        -e "s|/tmp/feedwatch-demo-hook\.log|$hook_file|" \
        "$root/config/demo.toml" >"$work/demo.toml"
    ln -s "$root/config/topics.d" "$work/topics.d"
    mkdir "$work/state" "$work/log"
    export STATE_DIRECTORY=$work/state LOGS_DIRECTORY=$work/log
    unset NOTIFY_SOCKET JOURNAL_STREAM
    "$feedwatch" check -c "$work/demo.toml" >"$work/check.log" 2>&1 || {
        cat "$work/check.log" >&2
        fail "the configuration is refused"
    }
    "$feedwatch" run -c "$work/demo.toml" 2>"$work/daemon.log" &
    daemon_pid=$!
    say "feedwatch runs; its matches, as 'feedwatch tail -f' shows them:"
    "$feedwatch" tail -f -n 1000 -c "$work/demo.toml" &
    tail_pid=$!
}

# Everything in the log that is wanted, nothing else, each line once, seq without a gap.
check_log() {
    local extra missing seqs
    missing=$(LC_ALL=C comm -23 "$work/wanted" <(logged))
    extra=$(LC_ALL=C comm -13 "$work/wanted" <(logged))
    [ -z "$missing" ] || fail "missing in the log: $missing"
    [ -z "$extra" ] || fail "in the log and not wanted, or twice: $extra"
    [ "$(lines "$log")" -eq "$(logged | wc -l)" ] || fail "a line of the log is no match record"
    seqs=$(sed -n 's/^{"schema":1,"seq":\([0-9]*\),.*$/\1/p' "$log")
    [ "$seqs" = "$(seq "$(lines "$log")")" ] || fail "seq has a gap or a repeat"
}

summary() {
    local topic
    say "counted"
    printf '%6d matches in the log, all expected ones and no other:\n' "$(lines "$log")"
    for topic in $(logged | cut -f 1 | sort -u); do
        printf '%6d   %s\n' "$(logged | grep -c "^$topic	")" "$topic"
    done
    printf '%6d items stayed out, the near misses among them\n' "$out_count"
    printf '%6d calls of the exec hook\n' "$(lines "$hook_file")"
    printf '%6d requests, %d of them answered 304 Not Modified\n' "$request_count" "$known_count"
    say "the match log is $log"
    printf '   state, the daemon'"'"'s own log and the hook'"'"'s file lie in %s\n' "$work"
}

start_server
start_daemon
until_true 30 is_wanted_there || fail "not all expected matches arrived:
$(LC_ALL=C comm -23 "$work/wanted" <(logged))"
first_count=$(lines "$log")

say "$first_count matches so far; now new items are published: $(lab POST '/lab/publish?step=evening')"
until_true 30 is_wanted_there || fail "not all new matches arrived:
$(LC_ALL=C comm -23 "$work/wanted" <(logged))"
[ "$(lines "$log")" -gt "$first_count" ] || fail "the new items brought no match"

until_true 30 is_hook_done || fail "the hook was called $(lines "$hook_file") times only"
# The tail looks every 100 ms; let it show the last ones before anything else is printed.
sleep 0.3
say "the exec hook noted, last of $(lines "$hook_file"):"
tail -n 1 "$hook_file"

until_true 30 are_broken_named || fail "status does not name all broken feeds:
$(status)"
say "the feeds as 'feedwatch status' shows them, the broken ones by name:"
status

requests=$(lab GET /lab/requests)
request_count=$(grep -o '"path":' <<<"$requests" | wc -l)
known_count=$(grep -o '"status":304' <<<"$requests" | wc -l || true)
out_count=$(lab GET /lab/unwanted | wc -l)
is_wanted_there || fail "the log lost a match"

kill "$tail_pid"
wait "$tail_pid" 2>/dev/null || true
tail_pid=''
stopped feedwatch "$daemon_pid"
daemon_pid=''
stopped feedlab-server "$server_pid"
server_pid=''
check_log
summary

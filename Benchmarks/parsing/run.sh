#!/bin/bash
# What reading feeds costs, beside a bare SAX2 pass of libxml2: run.sh [DOCUMENTS]
#
# Instructions are counted (valgrind, else perf), which a busy machine does not change: those of
# two rounds less those of one, so that starting does not count. Without either, CPU time.
set -euo pipefail
cd "$(dirname "$0")"
count=${1:-300}
work=${WORK:-$(mktemp -d)}
[ -n "${WORK:-}" ] || trap 'rm -rf "$work"' EXIT
python3 make-corpus.py "$work" "$count"
# shellcheck disable=SC2046
gcc -O2 -o "$work/floor" floor.c $(pkg-config --cflags --libs libxml-2.0)
"${SWIFT:-swift}" build -c release --product parse-bench >"$work/build.log" 2>&1 || {
    cat "$work/build.log"
    exit 1
}
bench=.build/release/parse-bench
export SWIFT_BACKTRACE=enable=no

if command -v valgrind >/dev/null; then
    unit="instructions (callgrind)"
    instructions() {
        valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
            sed -n 's/.*Collected : //p'
    }
elif perf stat -x, -e instructions:u true >/dev/null 2>&1; then
    unit="instructions (perf)"
    instructions() {
        perf stat -x, -e instructions:u "$@" 2>&1 >/dev/null | sed -n 's/^\([0-9]*\),.*/\1/p'
    }
else
    unit="microseconds of CPU (neither valgrind nor perf)"
    instructions() {
        local TIMEFORMAT='%U'
        { time "$@" >/dev/null; } 2>&1 | tr -d . | sed 's/^0*//;s/$/000/'
    }
fi

# cost PROGRAM... -- FILE...: of one round, start not counted
cost() {
    local program=()
    while [ "$1" != -- ]; do
        program+=("$1")
        shift
    done
    shift
    local once twice
    once=$(instructions "${program[@]}" 1 "$@")
    twice=$(instructions "${program[@]}" 2 "$@")
    echo $((twice - once))
}

xml=("$work"/xml/*.xml)
json=("$work"/json/*.json)
"$work/floor" 1 "${xml[@]}"
"$bench" read 1 "${xml[@]}"
size=$(cat "${xml[@]}" | wc -c)
floor=$(cost "$work/floor" -- "${xml[@]}")
read=$(cost "$bench" read -- "${xml[@]}")
plain=$(cost "$bench" plain -- "${xml[@]}")
awk -v unit="$unit" -v n="${#xml[@]}" -v size="$size" -v a="$floor" -v b="$read" -v c="$plain" '
    BEGIN {
        printf "%d documents, %.1f MB; %s\n", n, size / 1e6, unit
        printf "%-34s %14d  %6.2f a byte\n", "libxml2 SAX2, the same texts", a, a / size
        printf "%-34s %14d  %6.2f a byte   ratio %.2f\n", "feedwatch", b, b / size, b / a
        printf "%-34s %14d  %6.2f a byte   ratio %.2f\n", "feedwatch, all texts made plain", c, c / size, c / a
    }'
size=$(cat "${json[@]}" | wc -c)
read=$(cost "$bench" read -- "${json[@]}")
awk -v n="${#json[@]}" -v size="$size" -v b="$read" 'BEGIN {
    printf "%-34s %14d  %6.2f a byte\n", "feedwatch, " n " JSON Feeds", b, b / size }'

#!/bin/bash
# The checks of style, layering and size. CONTRIBUTING.md explains them; each prints what it found.
#
# usage: lint.sh [NAME…]     runs the named checks only (a name is what stands behind `lint_`)
#
# SWIFT names the swift command; checks whose tools are not installed say so and pass.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
swift=${SWIFT:-swift}

swift_files() { find "$@" -name '*.swift' -not -path '*/.build*' | sort; }

# --- the checks: each prints its findings, or nothing ------------------------------------------

# Layout and the rules of .swift-format.
lint_format() {
    $swift format lint --strict --recursive --parallel Package.swift Sources Tests 2>&1
}

# An import that Package.swift does not declare. Builds what the tests need, too.
lint_build() {
    local log
    build() { $swift build --build-tests --explicit-target-dependency-import-check error 2>&1; }
    log=$(build) || {
        # Now and then Swift 6.3 loads its own ICU and the system's in one go; the next is whole.
        grep -q "different definitions in different modules" <<<"$log" && log=$(build)
    } || {
        grep -aE "^(/[^ ]*: )?error: " <<<"$log" | sort -u | head -n 30
        echo "swift build failed"
    }
}

# What each module may import (docs/design.md, section 3). "C" stands for Glibc and CPosix.
layers() {
    cat <<'END'
FeedModel
TopicQuery      CICU
TermPacks
WatchCore       FeedModel TopicQuery HeapModule
FeedParsing     FeedModel CLibXML2 CICU CUchardet C
QueueExecution  Dispatch C
CurlTransport   FeedModel WatchCore QueueExecution CCurl CDeflate CZlib Dispatch C
SQLiteStore     FeedModel WatchCore QueueExecution CSQLite CCrypto Dispatch C
Delivery        FeedModel WatchCore QueueExecution CCrypto Dispatch C
ServiceHost     FeedModel WatchCore QueueExecution Logging Dispatch C
OPML            C
ConfigFile      FeedModel WatchCore TopicQuery TermPacks OPML CToml C
Daemon          FeedModel TopicQuery WatchCore FeedParsing QueueExecution CurlTransport SQLiteStore Delivery ServiceHost ConfigFile Logging Dispatch C
feedwatch       FeedModel TopicQuery TermPacks WatchCore OPML FeedParsing SQLiteStore Delivery ServiceHost ConfigFile Daemon CCrypto CZlib ArgumentParser Logging FoundationEssentials Dispatch C
FeedLab         CZlib FlyingFox FlyingSocks FoundationEssentials Dispatch C
feedlab-server  FeedLab ArgumentParser Dispatch C
WatchTesting    FeedModel TopicQuery WatchCore C
polling-simulation WatchTesting C
health-simulation WatchTesting C
END
}
lint_layers() {
    local folder module allowed name
    for folder in Sources/*/; do
        module=$(basename "$folder")
        compgen -G "$folder*.swift" >/dev/null || continue
        allowed=$(layers | awk -v m="$module" '$1 == m { $1 = ""; print $0 " "; found = 1 }
            END { if (!found) print "?" }')
        [ "$allowed" != '?' ] || { echo "$folder: the module is not in the table of layers"; continue; }
        allowed=" ${allowed/ C / Glibc CPosix } Synchronization "
        # `import struct Foo.Bar` and `import Foo.Bar` import Foo.
        swift_files "$folder" | xargs grep -HnoE '^ *(@[a-z]+ +)*([a-z]+ +)?import +((struct|class|enum|func|protocol|let|var) +)?[A-Za-z0-9_]+' |
            sed -E 's/^([^:]+:[0-9]+):.* ([A-Za-z0-9_]+)$/\1 \2/' |
            while read -r place name; do
                [[ $allowed == *" $name "* ]] || echo "$place: $module may not import $name"
            done
    done
}

# Full Foundation brings 44 MB of ICU data along.
lint_foundation() {
    swift_files Sources | xargs grep -nE '^[^/]*import +(Foundation|FoundationNetworking|FoundationXML)$' |
        sed 's/$/   (FoundationEssentials at most)/'
    local binary
    for binary in .build/release/feedwatch .build/debug/feedwatch; do
        [ -x "$binary" ] || continue
        ldd "$binary" | grep -E '_FoundationICU|libFoundation\.so' | sed "s|^|$binary links|"
    done
}

# Decisions are told the time; one file asks for it. (FeedLab is a server of its own.)
lint_clock() {
    swift_files Sources | grep -vE 'SystemClock\.swift$|^Sources/(FeedLab|feedlab-server)/' |
        xargs grep -nE '^[^/]*(clock_gettime|gettimeofday|[^A-Za-z_.]time\(nil\)|[^A-Za-z]Date\(\)|Date\.now|DispatchWallTime|ContinuousClock|SuspendingClock)' |
        sed 's/$/   (only SystemClock.swift reads a clock)/'
}

# Everything else arrives by initializer.
lint_environment() {
    swift_files Sources |
        grep -vE '^Sources/(feedwatch|feedlab-server|health-simulation|ServiceHost)/' |
        xargs grep -nE '^[^/"]*\b(getenv|setenv|unsetenv|environ|CommandLine|ProcessInfo)\b' |
        sed 's/$/   (only feedwatch and ServiceHost see environment and arguments)/'
}

# Whoever steps outside what the compiler checks says why that holds.
lint_safety() {
    swift_files Sources | xargs awk '
        FNR == 1 { last = -10 }
        /\/\/ SAFETY:/ { last = FNR }
        # A SAFETY comment may have several lines: it counts from its end.
        /^ *\/\// && last == FNR - 1 { last = FNR }
        /^ *\/\// { next }
        /[^A-Za-z_](Unmanaged|unowned|unsafe[A-Z][A-Za-z]*)[^A-Za-z_]|@unchecked|nonisolated\(unsafe\)/ {
            if (FNR - last > 3)
                print FILENAME ":" FNR ": no // SAFETY: comment in the three lines above"
        }'
}

# Members that a protocol asks for are documented there.
lint_documented() {
    local witnesses
    witnesses=$(swift_files Sources | xargs awk '
        /^(package |public |private |fileprivate )?protocol / { inside = 1 }
        inside && match($0, /(func|var) +`?[A-Za-z]+/) {
            name = substr($0, RSTART, RLENGTH); sub(/.* `?/, "", name); print name }
        /^}/ { inside = 0 }' | sort -u | paste -sd '|')
    # Of the standard library and swift-log.
    witnesses="$witnesses|description|hash|enqueue|checkIsolated|executor|unownedExecutor"
    witnesses="$witnesses|logLevel|metadata|metadataProvider|log"
    swift_files Sources | xargs awk -v witnesses="$witnesses" '
        FNR == 1 { documented = 0 }
        /^ *\/\/\// { documented = 1; next }
        /^ *\/\// || (/^ *@/ && !/package /) { next }
        /^ *(@[a-zA-Z()]+ +)*package / && !/package import/ && !documented {
            if ($0 !~ "(func|var|let) (" witnesses ")[^A-Za-z]" && $0 !~ /func (<|==) / &&
                $0 !~ /subscript\(metadataKey/)
                print FILENAME ":" FNR ": a package declaration without ///"
        }
        { documented = 0 }'
}

# Only the command line talks to people; a daemon logs.
lint_print() {
    swift_files Sources | grep -v '^Sources/feedwatch/' |
        xargs grep -nE '(^|[^A-Za-z_.])(print|debugPrint|dump)\(' | grep -vE ':[0-9]+: *//|func print\(' |
        sed 's/$/   (print stands in feedwatch only)/'
}

# Each C library behind one adapter.
lint_borders() {
    swift_files Sources | grep -v '^Sources/SQLiteStore/' |
        xargs grep -nE '"(SELECT|INSERT|UPDATE|DELETE FROM|CREATE TABLE|PRAGMA|BEGIN IMMEDIATE|COMMIT) ?' |
        sed 's/$/   (SQL stands in SQLiteStore only)/'
    swift_files Sources | grep -vE '/SAXParser(\+[A-Za-z]+)?\.swift$' |
        xargs grep -nE '^[^/]*import +CLibXML2' |
        sed 's/$/   (CLibXML2 is used by SAXParser.swift only)/'
}

# What stops the process without a sentence, and marks that want an issue instead.
lint_habits() {
    swift_files Sources | xargs grep -nE '^[^/"]*(\btry!|\bas!|\bfatalError\()' |
        sed 's/$/   (precondition with a sentence, or an error)/'
    swift_files Sources Tests | xargs grep -nE '\b(TODO|FIXME|XXX|HACK)\b' | sed 's/$/   (file an issue)/'
    git grep -nIE '(^|[^A-Za-z0-9._-])/(work|farm)/' -- . ':!scripts/lint.sh' 2>/dev/null |
        cut -c1-120 | sed 's/$/   (a path of one machine)/'
}

# Lengths of functions, one a line: "LINES FILE:LINE". Relies on the layout of swift format.
function_lengths() {
    swift_files Sources Tests | xargs awk '
        FNR == 1 { open = 0 }
        match($0, /^ *((@[A-Za-z()]+|package|private|fileprivate|static|mutating|nonisolated|override|final|convenience|consuming|borrowing) +)*(func |init[?]?[(<]|deinit[ {])/) {
            indent = match($0, /[^ ]/) - 1; start = FNR; open = 1
            if ($0 ~ /}$/ && $0 ~ /{/) { print 1, FILENAME ":" FNR; open = 0 }
            next
        }
        open && match($0, /[^ ]/) - 1 == indent && /^ *}/ {
            print FNR - start + 1, FILENAME ":" start; open = 0
        }
        open && /^ *}/ && match($0, /[^ ]/) - 1 < indent { open = 0 }'
}

lint_size() {
    swift_files Sources Tests | xargs wc -l |
        awk '$2 != "total" && $1 > 400 { print $2 ": " $1 " lines; at most 400" }'
    function_lengths | awk '$1 > 60 { print $2 ": a function of " $1 " lines; at most 60" }'
}

# For information: aim at 120 and 300 lines a file, 10 and 35 a function.
size_summary() {
    spread() { sort -n | awk '{ v[NR] = $1 } END { if (NR) print v[int((NR + 1) / 2)] " / " v[int(NR * 0.9 + 0.5)] }'; }
    echo "sizes, median / p90: files $(swift_files Sources | xargs wc -l | awk '$2 != "total"' | spread)," \
        "functions $(function_lengths | grep ' Sources/' | spread)"
}

lint_scripts() {
    local file
    for file in scripts/*.sh .ci/run; do bash -n "$file" 2>&1 || echo "$file: bash cannot read it"; done
    if command -v shellcheck >/dev/null; then shellcheck --severity=warning scripts/*.sh .ci/run; fi
}

# The unit keeps its exposure of 1.1, and has no line that systemd does not know.
lint_unit() {
    command -v systemd-analyze >/dev/null || { skip "systemd-analyze is not installed"; return; }
    systemd-analyze security --offline=true --threshold=11 systemd/feedwatch.service >/dev/null 2>&1 ||
        systemd-analyze security --offline=true --threshold=11 systemd/feedwatch.service 2>&1 | tail -n 2
    # That the binary is not at its place is no fault of the unit.
    systemd-analyze verify --man=no systemd/feedwatch.service 2>&1 |
        grep -F feedwatch.service | grep -v 'is not executable: No such file'
}

lint_examples() {
    local binary file
    for binary in .build/debug/feedwatch .build/release/feedwatch ''; do
        [ -z "$binary" ] || [ ! -x "$binary" ] || break
    done
    [ -n "$binary" ] || { skip "feedwatch is not built"; return; }
    for file in config/*.toml; do
        "$binary" check --config "$file" >/dev/null 2>"$scratch" ||
            { echo "feedwatch check --config $file:"; cat "$scratch"; }
        "$binary" test --config "$file" >"$scratch" 2>&1 ||
            { echo "feedwatch test --config $file:"; tail -n 20 "$scratch"; }
    done
}

# --- running them --------------------------------------------------------------------------------

skip() { echo "lint: $1: not checked" >&2; }
scratch=$(mktemp)
trap 'rm -f "$scratch"' EXIT

checks=("$@")
[ ${#checks[@]} -gt 0 ] || checks=(format layers foundation clock environment safety documented print
    borders habits size scripts unit build examples)
failed=()
for check in "${checks[@]}"; do
    declare -F "lint_$check" >/dev/null || { echo "lint: no check is called $check" >&2; exit 2; }
    found=$("lint_$check")
    [ -z "$found" ] || { printf '\nlint %s:\n%s\n' "$check" "$found"; failed+=("$check"); }
done
[ $# -gt 0 ] || size_summary
if [ ${#failed[@]} -gt 0 ]; then
    echo "lint: failed: ${failed[*]}"
    exit 1
fi
echo "lint: ${#checks[@]} checks passed"

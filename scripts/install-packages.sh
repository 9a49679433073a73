#!/bin/bash
# Installs the Debian packages that building and testing need, if any are missing.
#
# usage: install-packages.sh [--runtime]     (--runtime: only what an installed feedwatch needs)
#
# Asks nothing, and touches nothing when all are there. A Swift toolchain is not a Debian package:
# it must be there already.
set -euo pipefail

# What `swift build` needs on a bare Debian 12: headers and pkg-config files of the C libraries, and
# the C++ standard library for the TOML reader and for Swift itself. openssl makes certificates for
# the tests of TLS; the CA bundle is what feedwatch trusts.
packages=(
    ca-certificates g++ libcurl4-openssl-dev libdeflate-dev libicu-dev libsqlite3-dev libssl-dev
    libtomlplusplus-dev libuchardet-dev libxml2-dev make openssl pkg-config python3
    zlib1g-dev
)
if [ "${1:-}" = --runtime ]; then
    packages=(ca-certificates libcurl4 libdeflate0 libicu72 libsqlite3-0 libssl3 libuchardet0 libxml2)
fi

missing=()
for package in "${packages[@]}"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
        echo "missing packages: ${missing[*]}; be root, or install sudo" >&2
        exit 1
    }
    as_root=(sudo)
fi
run() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" </dev/null; }

echo "installing: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Another apt-get (unattended upgrades, say) may hold the lock for a while.
{ run update && run -o DPkg::Lock::Timeout=300 install --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1 || {
    tail -n 30 "$log" >&2
    echo "could not install: ${missing[*]}" >&2
    exit 1
}

#!/bin/sh
# Writes Sources/TopicQuery/Text/HanVariants.swift from ICU's Hant-Hans. Needs libicu-dev and a C compiler.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -O1 -o "$work/han" scripts/han-variants.c $(pkg-config --cflags --libs icu-i18n icu-uc)
{
    cat <<'HEAD'
/// Traditional ideographs, each with the simplified one it is folded to.
///
/// Written by scripts/generate-han-variants.sh from ICU's Hant-Hans; not to be edited.
enum HanVariants {
    /// Pairs, traditional before simplified; line breaks mean nothing.
    static let pairs = """
HEAD
    "$work/han"
    cat <<'TAIL'
        """
}
TAIL
} > Sources/TopicQuery/Text/HanVariants.swift

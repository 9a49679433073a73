#!/usr/bin/env python3
"""Writes Sources/FeedParsing/Markup/HTMLEntityNames.swift from Python's copy of the HTML standard's list.

Each entry is `name=hex` or `name=hex+hex`; `!` behind it: HTML also takes it without semicolon.
"""
import html.entities
import pathlib

names = {}
for name, text in html.entities.html5.items():
    bare = name.rstrip(";")
    known = names.setdefault(bare, [text, False])
    if not name.endswith(";"):
        known[1] = True

words = []
for name in sorted(names):
    text, legacy = names[name]
    words.append(f"{name}={'+'.join(f'{ord(c):X}' for c in text)}{'!' if legacy else ''}")

lines, line = [], ""
for word in words:
    if len(line) + 1 + len(word) > 92:
        lines.append(line)
        line = ""
    line = f"{line} {word}" if line else word
lines.append(line)

target = pathlib.Path(__file__).parent.parent / "Sources/FeedParsing/Markup/HTMLEntityNames.swift"
with target.open("w") as out:
    out.write("// Written by scripts/make-entity-table.py; do not edit.\n\n")
    out.write("/// The character references of the HTML standard, section 13.5.\n")
    out.write("enum HTMLEntityNames {\n")
    out.write("    /// Entries parted by white space: `name=hex`, `name=hex+hex`; `!`: also without `;`.\n")
    out.write('    static let list: StaticString = """\n')
    for line in lines:
        out.write(f"        {line}\n")
    out.write('        """\n}\n')
print(len(words), "names,", len(lines), "lines")

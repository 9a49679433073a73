#!/usr/bin/env python3
"""Writes Sources/FeedParsing/Dates/ZoneRules.swift from the IANA time zone data of this machine.

Each entry is `name=minutes` east of Greenwich in winter, with the letter of a summer time rule:
E European Union, U United States, A Australia, N New Zealand. The few other rules are left out.
"""
import datetime
import pathlib
import zoneinfo

YEAR = 2025
utc = datetime.timezone.utc


def changes(zone):
    found = []
    at = datetime.datetime(YEAR, 1, 1, tzinfo=utc)
    last = at.astimezone(zone).utcoffset()
    for _ in range(366 * 24):
        at += datetime.timedelta(hours=1)
        offset = at.astimezone(zone).utcoffset()
        if offset != last:
            found.append((at.strftime("%m-%d"), offset - last))
            last = offset
    return found


def rule(found):
    days = [day for day, _ in found]
    if len(days) != 2:
        return ""
    if days == ["03-30", "10-26"]:
        return "E"
    if days[0] == "03-09" and days[1] == "11-02":
        return "U"
    if days[0] == "04-05" and days[1] in ("10-04", "10-05"):
        return "A"
    if days == ["04-05", "09-27"]:
        return "N"
    return ""


words = []
for name in sorted(zoneinfo.available_timezones()):
    zone = zoneinfo.ZoneInfo(name)
    if "/" not in name and name.upper() != name and name not in ("Egypt", "Iran", "Israel",
                                                                 "Japan", "Turkey", "Poland"):
        continue
    offsets = [datetime.datetime(YEAR, month, 15, tzinfo=utc).astimezone(zone).utcoffset()
               for month in (1, 7)]
    winter = int(min(offsets).total_seconds() // 60)
    words.append(f"{name.lower()}={winter}{rule(changes(zone))}")

lines, line = [], ""
for word in words:
    if len(line) + 1 + len(word) > 92:
        lines.append(line)
        line = ""
    line = f"{line} {word}" if line else word
lines.append(line)

target = pathlib.Path(__file__).parent.parent / "Sources/FeedParsing/Dates/ZoneRules.swift"
with target.open("w") as out:
    out.write("// Written by scripts/make-zone-table.py; do not edit.\n\n")
    out.write("/// The zones of the IANA database as they are now.\n")
    out.write("enum ZoneRules {\n")
    out.write("    /// Entries `name=minutes`, with E, U, A or N for the rule of summer time.\n")
    out.write('    static let list: StaticString = """\n')
    for line in lines:
        out.write(f"        {line}\n")
    out.write('        """\n}\n')
print(len(words), "zones,", len(lines), "lines")

#!/usr/bin/env python3
"""Writes Sources/TermPacks/CountryData.swift: the terms of pack:countries.

Names come from CLDR, as the installed ICU has them (scripts/territory-names.c, built here); what
CLDR lacks (adjectives, inhabitants, capitals that no time zone is named for, traps) comes from the
files in scripts/country-pack. A name that stands inside a name of another country goes into the
`not_in` of the first by itself. Needs libicu-dev and a C compiler; reaches no network.
"""

import csv
import pathlib
import re
import subprocess
import tempfile
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
LANGUAGES = ["en", "ru", "uk", "ko", "zh", "ja", "de", "fr", "es", "it", "pl", "pt"]
CAPITAL_LANGUAGES = ["en", "ru", "uk", "ko", "zh", "ja", "de", "fr"]
# Regions that are no country or territory, or that nobody lives in.
LEFT_OUT = "AQ BQ BV CC CP CQ DG EA EU EZ GS HM IC IO NF PN QO SJ TA TF UM UN XA XB ZZ".split()
EXTRA_LANGUAGES = ["es", "it", "pl", "pt"]


def read_rows(name):
    for line in (HERE / "country-pack" / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def split_terms(text):
    """Terms parted by commas; one that holds a comma stands in quotation marks."""
    row = next(csv.reader([text], skipinitialspace=True), [])
    return [term.strip() for term in row if term.strip()]


def read_cldr():
    with tempfile.TemporaryDirectory() as folder:
        program = f"{folder}/territory-names"
        flags = subprocess.check_output(["pkg-config", "--cflags", "--libs", "icu-uc"], text=True)
        subprocess.check_call(
            ["cc", "-O1", "-o", program, str(HERE / "territory-names.c"), *flags.split()]
        )
        locales = LANGUAGES + ["zh_Hant"]
        output = subprocess.check_output([program, *locales], text=True)
    names, cities = {}, {}
    for line in output.splitlines():
        locale, kind, code, name = line.split("\t")
        if kind == "city":
            cities.setdefault(code.split(":")[-1], {})[locale] = name
        else:
            names.setdefault(code, {}).setdefault(locale, {})[kind] = name
    return names, cities


def han_variants():
    text = (ROOT / "Sources/TopicQuery/Text/HanVariants.swift").read_text(encoding="utf-8")
    pairs = "".join(re.findall(r'"""\n(.*)"""', text, re.S)[0].split())
    return {pairs[i]: pairs[i + 1] for i in range(0, len(pairs) - 1, 2)}


VARIANTS = han_variants()


def fold(text):
    """The text as it is compared, much as the program folds it."""
    text = unicodedata.normalize("NFKC", text).lower().replace("ё", "е").replace("ґ", "г")
    text = re.sub("[ʼ’'ʻ]", "", text)
    if re.search("[a-z]", text):
        decomposed = unicodedata.normalize("NFD", text)
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    text = "".join(VARIANTS.get(c, c) for c in text)
    return re.sub(r"[\s\-–—·・,.&/()]+", " ", text).strip()


def tidy(language, names):
    """CLDR's names of a territory as terms."""
    terms = []
    for kind in ["name", "short", "variant"]:
        text = names.get(kind)
        if not text or kind == "variant" and re.search(r"[(（]", text):
            continue
        # Short names of other languages are abbreviations: É.-U., EE. UU.
        if kind == "short" and language not in CAPITAL_LANGUAGES[:6]:
            continue
        if re.search(r"[(（]", text):
            # A remark, as in "Hong Kong (SAR)": the short name says it without one.
            text = re.sub(r"\s*[(（].*?[)）]", "", text).strip()
        text = text.replace("о-ва ", "острова ").replace("о-в ", "остров ")
        text = re.sub(" о-ва$", " острова", text).replace("ʼ", "’")
        text = text.replace(" – ", "-").replace(" - ", "-").replace(" — ", "-")
        if language == "en":
            text = text.replace(" & ", " and ")
            if text.startswith("St. "):
                terms.append("Saint " + text[4:])
        terms.append(text)
    return terms


def settled(language, term):
    """A term that may not be declined is looked for as it stands, also in capitals."""
    if language not in ("ru", "uk") or term.startswith("=") or " " in term or "-" in term:
        return [term]
    if term[0].isupper() and term[-1] in "иоеуюі" and term not in ("Косово",):
        if language == "uk" and term[-1] == "и" or term.isupper():
            return [term]
        return ["=" + term, "=" + term.upper()]
    return [term]


class Country:
    """The terms of one country: by language, of names and of the capital, and its traps."""

    def __init__(self, code, title):
        self.code, self.title = code, title
        self.names = {language: [] for language in LANGUAGES}
        self.capital = {language: [] for language in LANGUAGES}
        self.traps, self.capital_traps = [], []

    def add(self, table, language, terms):
        known = {(t.startswith("="), fold(t)) for t in table[language]}
        for term in terms:
            for settled_term in settled(language, term):
                key = (settled_term.startswith("="), fold(settled_term))
                if settled_term.startswith("="):
                    key = (True, settled_term)
                if key not in known and fold(settled_term.lstrip("=")):
                    known.add(key)
                    table[language].append(settled_term)

    def all(self, table):
        return [(language, term) for language in LANGUAGES for term in table[language]]

    def settle(self):
        """What is looked for exactly in one language is so in all; nothing stands twice."""
        exact = {fold(t[1:]) for _, t in self.all(self.names) if t.startswith("=")}
        for language in EXTRA_LANGUAGES + ["de", "fr"]:
            self.names[language] = [
                "=" + t if not t.startswith("=") and fold(t) in exact else t
                for t in self.names[language]
            ]
        for table, above in ((self.names, []), (self.capital, [self.names])):
            seen = set()
            for other in above:
                seen |= {self.key(l, t) for l, t in self.all(other)}
            for language in LANGUAGES:
                kept = []
                for term in table[language]:
                    if self.key(language, term) not in seen:
                        seen.add(self.key(language, term))
                        kept.append(term)
                table[language] = kept

    @staticmethod
    def key(language, term):
        if term.startswith("="):
            return term
        # Elsewhere the same word is found all the same.
        own = language if language in ("ru", "uk", "zh", "ja") else ""
        return (own, fold(term))


def build():
    cldr, cities = read_cldr()
    countries = {}
    for code in sorted(cldr):
        if code in LEFT_OUT:
            continue
        title = cldr[code]["en"]["name"]
        if re.search(r"\(|SAR|Territories", title):
            title = cldr[code]["en"]["short"]
        country = Country(code, title)
        countries[code] = country
        for language in LANGUAGES:
            country.add(country.names, language, tidy(language, cldr[code][language]))
        country.add(country.names, "zh", tidy("zh", cldr[code]["zh_Hant"]))
    capitals = {}
    for row in read_rows("capitals.txt"):
        cells = [cell.strip() for cell in row.split("|")]
        capitals[cells[0]] = dict(zip(CAPITAL_LANGUAGES, cells[1:], strict=True))
    sovereign = set()
    for row in read_rows("words.txt"):
        code, en, ru, uk, de, fr, capital = [cell.strip() for cell in row.split("|")]
        sovereign.add(code)
        country = countries[code]
        for language, cell in (("en", en), ("ru", ru), ("uk", uk), ("de", de), ("fr", fr)):
            country.add(country.names, language, split_terms(cell))
        if not capital:
            continue
        if capital not in capitals and capital not in cities:
            raise SystemExit(f"{code}: no names of the capital {capital}")
        city = cities.get(capital, {})
        given = capitals.get(capital)
        for language in LANGUAGES:
            if given and language in given:
                terms = split_terms(given[language])
            elif given and not any(given.values()):
                terms = []
            else:
                name = city.get(language)
                if name is None and language == "en":
                    name = capital.replace("_", " ")
                terms = [re.sub(r" \(.*\)", "", name)] if name else []
            country.add(country.capital, language, terms)
        if city.get("zh_Hant") and not (given and not given["zh"]):
            country.add(country.capital, "zh", [city["zh_Hant"]])
    for code, country in countries.items():
        # Names of small places are names of many places in Romance languages.
        if code not in sovereign:
            for language in EXTRA_LANGUAGES:
                country.names[language] = []
    for row in read_rows("extras.txt"):
        match = re.fullmatch(r"([A-Z]{2}) ([a-z-]+)\s*([:=])\s*(.*)", row)
        if not match:
            raise SystemExit(f"extras.txt: {row}")
        code, key, sign, text = match.groups()
        country = countries[code]
        if key == "not":
            country.traps += split_terms(text)
        elif key == "capital-not":
            country.capital_traps += split_terms(text)
        else:
            if sign == "=":
                country.names[key] = []
            country.add(country.names, key, split_terms(text))
    for country in countries.values():
        country.settle()
    add_traps(countries)
    return countries


def script(text):
    for character in text:
        name = unicodedata.name(character, "")
        if "HANGUL" in name:
            return "hangul"
        if "CJK" in name or "KATAKANA" in name or "HIRAGANA" in name:
            return "han"
    return "alphabet"


def holds(outer, inner):
    """Whether a place of the first term, folded, holds one of the second."""
    if outer == inner or len(inner) >= len(outer):
        return False
    kind = script(inner)
    if kind == "han":
        return inner.replace(" ", "") in outer.replace(" ", "")
    if kind == "hangul":
        return any(word.startswith(inner) for word in outer.split()) and len(inner) > 1
    return f" {inner} " in f" {outer} "


def add_traps(countries):
    terms = []
    for country in countries.values():
        for table in (country.names, country.capital):
            terms += [(fold(t.lstrip("=")), t.lstrip("="), country) for _, t in country.all(table)]
    for country in countries.values():
        own = {fold(t.lstrip("=")) for table in (country.names, country.capital)
               for _, t in country.all(table)}
        for table, traps in ((country.names, country.traps),
                             (country.capital, country.capital_traps)):
            inner = {fold(t.lstrip("=")) for _, t in country.all(table)}
            known = {fold(t) for t in traps}
            for folded, term, other in terms:
                if other is country or folded in known or folded in own:
                    continue
                if not any(holds(folded, i) for i in inner):
                    continue
                known.add(folded)
                if any(holds(mine, folded) for mine in own):
                    # The trap is part of a name of ours: the other's own traps spare that.
                    reference = f"@name-{other.code.lower()}"
                    if reference not in traps:
                        traps.append(reference)
                else:
                    traps.append(term)
            seen = set()
            traps[:] = [t for t in traps if not (fold(t) in seen or seen.add(fold(t)))]


def read_covered():
    """What another entry of the country finds already (check's W205): suggestions do without."""
    covered = {}
    for row in read_rows("covered.txt"):
        code, term = row.split("\t")
        covered.setdefault(code, []).append(term)
    return covered


HEAD = '''// swift-format-ignore-file

/// The terms of `pack:countries`, a line a country.
///
/// Written by scripts/generate-country-pack.py; not to be edited. Fields are parted by tabs: the
/// code, the name, then lists parted by `|` behind their key and a blank. A language is the key
/// of names; `*` before it makes it that of the capital; `-` and `*-` are what neither may be part
/// of; `~` is what other terms find as well.
enum CountryData {
    /// The lines.
    static let lines = """
'''


def field(key, terms):
    for term in terms:
        if set(term) & set('|\t"\\'):
            raise SystemExit(f"a term may not hold | or quotation marks: {term}")
    return f"{key} {'|'.join(terms)}" if terms else ""


def main():
    countries = build()
    covered = read_covered()
    lines = []
    for code, country in sorted(countries.items()):
        fields = [code, country.title]
        fields += [field(l, country.names[l]) for l in LANGUAGES]
        fields += [field("*" + l, country.capital[l]) for l in LANGUAGES]
        fields += [field("-", country.traps), field("*-", country.capital_traps)]
        known = {t for table in (country.names, country.capital) for _, t in country.all(table)}
        fields.append(field("~", [t for t in covered.get(code, []) if t in known]))
        lines.append("\t".join(f for f in fields if f))
    target = ROOT / "Sources/TermPacks/CountryData.swift"
    target.parent.mkdir(exist_ok=True)
    body = "".join(f"        {line}\n" for line in lines)
    target.write_text(HEAD + body + '        """\n}\n', encoding="utf-8")
    print(f"{len(lines)} countries and territories, {len(body.encode()) >> 10} KiB")


main()

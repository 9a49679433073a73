#!/usr/bin/env python3
"""Writes feeds to measure the parser with: make-corpus.py FOLDER COUNT

Every document is a function of its number, so two runs write the same bytes. The sizes are
log-normal around 30 KB; formats, encodings and ways to write HTML in the mix that feeds have.
Documents of JSON go to FOLDER/json, all others to FOLDER/xml.
"""
import html
import math
import os
import random
import sys

WORDS = {
    "en": """the of and to in a is that for it was on are with as at be this from or by had one
        harbour bridge council price report market energy winter river school theatre library
        engine battery village doctor climate election budget railway satellite bakery orchard
        announced repaired opened measured published delayed promised visited new old large quiet
        yesterday tomorrow again never often near behind across cafe naive resume""",
    "ru": """и в не на что с по это как но из у за от так о для до мост гавань совет цена отчёт
        рынок энергия зима река школа театр двигатель деревня врач выборы бюджет поезд спутник
        объявил починили открыли измерили обещал новый старый большой тихий вчера завтра снова
        никогда часто возле через правительство исследование решение безопасность""",
    "ko": """다리 항구 의회 가격 보고서 시장 에너지 겨울 강 학교 극장 도서관 엔진 배터리 마을 의사
        기후 선거 예산 철도 위성 빵집 과수원 발표했다 수리했다 열었다 측정했다 약속했다 새로운 오래된
        어제 내일 다시 자주 근처 정부는 연구 결과 보안 대책을 마련했다""",
    "zh": """桥 港口 议会 价格 报告 市场 能源 冬天 河流 学校 剧院 图书馆 发动机 电池 村庄 医生 气候
        选举 预算 铁路 卫星 面包店 果园 宣布 修理 开放 测量 承诺 新的 旧的 昨天 明天 再次 经常 附近
        政府 研究 结果 安全 措施""",
}
ENCODINGS = {
    "en": ["utf-8"] * 8 + ["iso-8859-1"],
    "ru": ["utf-8"] * 6 + ["windows-1251"] * 2 + ["koi8-r"],
    "ko": ["utf-8"] * 5 + ["euc-kr"],
    "zh": ["utf-8"] * 5 + ["gbk", "big5"],
}
CODECS = {"euc-kr": "cp949", "iso-8859-1": "cp1252"}
TOPICS = ["roads", "weather", "music", "health", "science", "sport", "books", "trade"]


class Writer:
    """The texts of one document."""

    def __init__(self, number):
        self.random = random.Random(f"document {number}")
        self.language = self.random.choice(["en"] * 5 + ["ru"] * 3 + ["ko"] * 2 + ["zh"] * 2)
        self.words = WORDS[self.language].split()
        self.gap = "" if self.language == "zh" else " "

    def text(self, low, high):
        """A sentence as XML has it."""
        return html.escape(self.sentence(low, high), quote=False)

    def sentence(self, low=6, high=22):
        words = [self.random.choice(self.words) for _ in range(self.random.randint(low, high))]
        text = self.gap.join(words)
        if self.random.random() < 0.1:
            text += self.random.choice([" R&D", " AT&T", " “so”", " — 12 %", " 3 < 4"])
        return text[:1].upper() + text[1:]

    def markup(self, size):
        """HTML of about `size` bytes."""
        parts = []
        length = 0
        while length < size:
            kind = self.random.random()
            text = self.text(6, 22)
            number = self.random.randint(1, 9999)
            if kind < 0.5:
                more = self.text(6, 22)
                part = f"<p>{text}, <b>{self.text(2, 5)}</b>. {more}.</p>\n"
            elif kind < 0.65:
                part = f'<p><a href="https://{self.language}.example/{number}?a=1&amp;b=2">{text}</a></p>\n'
            elif kind < 0.75:
                part = f'<div class="figure"><img src="/images/{number}.jpg" alt="" width="640"/><br/>{text}</div>\n'
            elif kind < 0.85:
                part = f"<ul><li>{text}</li><li>{self.text(6, 22)}</li></ul>\n"
            else:
                part = f"<blockquote>{text}&nbsp;&mdash;&hellip;&rsquo;</blockquote>\n"
            parts.append(part)
            length += len(part.encode())
        return "".join(parts)


def date(number, iso):
    day, hour, minute = number % 28 + 1, number % 24, number * 7 % 60
    if iso:
        return f"2025-06-{day:02}T{hour:02}:{minute:02}:00Z"
    name = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][day % 7]
    return f"{name}, {day:02} Jun 2025 {hour:02}:{minute:02}:00 +0000"


def rss(number, writer, sizes, encoding):
    style = writer.random.choice(["cdata", "cdata", "escaped", "plain", "encoded"])
    items = []
    for index, size in enumerate(sizes):
        title = writer.text(4, 12)
        address = f"https://{writer.language}.example/{number}/{index}?x=1&amp;y=2"
        if style == "plain":
            body = f"<description>{writer.text(20, 60)}</description>"
        elif style == "escaped":
            body = f"<description>{html.escape(writer.markup(size), quote=False)}</description>"
        elif style == "encoded":
            body = (
                f"<description>{writer.text(20, 40)}</description>\n"
                f"<content:encoded><![CDATA[{writer.markup(size)}]]></content:encoded>"
            )
        else:
            body = f"<description><![CDATA[{writer.markup(size)}]]></description>"
        items.append(
            f"<item>\n<title>{title}</title>\n<link>{address}</link>\n{body}\n"
            f'<guid isPermaLink="false">tag:{writer.language}.example:{number}:{index}</guid>\n'
            f"<pubDate>{date(index, False)}</pubDate>\n<dc:creator>{writer.text(2, 2)}</dc:creator>\n"
            f"<category>{writer.random.choice(TOPICS)}</category>\n"
            f"<category>{writer.random.choice(TOPICS)}</category>\n</item>"
        )
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">\n'
        f"<channel>\n<title>{writer.text(2, 4)}</title>\n<link>https://{writer.language}.example/</link>\n"
        f'<atom:link rel="self" href="https://{writer.language}.example/{number}.xml"/>\n'
        f"<description>{writer.text(6, 22)}</description>\n"
        f"<language>{writer.language}</language>\n<ttl>60</ttl>\n" + "\n".join(items) + "\n</channel>\n</rss>\n"
    )


def atom(number, writer, sizes, encoding):
    is_xhtml = writer.random.random() < 0.4
    entries = []
    for index, size in enumerate(sizes):
        markup = writer.markup(size)
        if is_xhtml:
            for name, sign in [("&nbsp;", "\u00a0"), ("&mdash;", "-"), ("&hellip;", "..."), ("&rsquo;", "'")]:
                markup = markup.replace(name, html.escape(sign))
            content = (
                '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">' + markup + "</div></content>"
            )
        else:
            content = f'<content type="html">{html.escape(markup, quote=False)}</content>'
        entries.append(
            f"<entry>\n<title>{writer.text(4, 12)}</title>\n"
            f'<link rel="alternate" type="text/html" href="https://{writer.language}.example/{number}/{index}"/>\n'
            f"<id>tag:{writer.language}.example,2025:{number}/{index}</id>\n"
            f"<published>{date(index, True)}</published>\n<updated>{date(index, True)}</updated>\n"
            f"<author><name>{writer.text(2, 2)}</name></author>\n"
            f'<category term="{writer.random.choice(TOPICS)}"/>\n{content}\n</entry>'
        )
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xml:lang="{writer.language}">\n<title>{writer.text(2, 4)}</title>\n'
        f'<link href="https://{writer.language}.example/"/>\n<id>urn:feed:{number}</id>\n'
        f"<updated>{date(number, True)}</updated>\n" + "\n".join(entries) + "\n</feed>\n"
    )


def json_feed(number, writer, sizes):
    import json

    items = [
        {
            "id": f"{number}/{index}",
            "url": f"https://{writer.language}.example/{number}/{index}",
            "title": writer.sentence(4, 12),
            "content_html": writer.markup(size),
            "date_published": date(index, True),
            "tags": [writer.random.choice(TOPICS)],
        }
        for index, size in enumerate(sizes)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": writer.sentence(2, 4), "items": items}
    return json.dumps(feed, ensure_ascii=number % 3 == 0, indent=1 if number % 2 else None)


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    for kind in ["xml", "json"]:
        os.makedirs(f"{folder}/{kind}", exist_ok=True)
    for number in range(count):
        writer = Writer(number)
        total = min(1_000_000, max(4_000, int(math.exp(writer.random.gauss(math.log(30_000), 0.9)))))
        amount = writer.random.randint(10, 40)
        sizes = [max(100, total // amount - 500)] * amount
        if number % 20 == 19:
            with open(f"{folder}/json/{number}.json", "w", encoding="utf-8") as file:
                file.write(json_feed(number, writer, sizes))
            continue
        encoding = writer.random.choice(ENCODINGS[writer.language])
        make = atom if writer.random.random() < 0.3 else rss
        text = make(number, writer, sizes, encoding)
        with open(f"{folder}/xml/{number}.xml", "wb") as file:
            file.write(text.encode(CODECS.get(encoding, encoding), "xmlcharrefreplace"))


if __name__ == "__main__":
    main()

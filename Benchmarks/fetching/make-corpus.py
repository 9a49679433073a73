#!/usr/bin/env python3
"""Writes a corpus of feeds, plain and gzip, and the keywords to look for: the same for the same numbers.

usage: make-corpus.py DIRECTORY FEEDS
"""
import gzip, os, random, sys

directory, feeds = sys.argv[1], int(sys.argv[2])
os.makedirs(f"{directory}/www", exist_ok=True)
rng = random.Random(7)
syllables = [a + b for a in "bcdfghklmnprstvz" for b in "aeiou"]
words = sorted({"".join(rng.choice(syllables) for _ in range(rng.randint(2, 4))) for _ in range(9000)})
rng.shuffle(words)
# Words of the tail, which a text rarely has: about one item in fifty meets one of them.
keywords = ["zq" + w for w in words[:1000]]
with open(f"{directory}/keywords.txt", "w") as f:
    f.write("\n".join(keywords) + "\n")


def sentence():
    text = [words[min(int(rng.paretovariate(0.7)) % len(words), len(words) - 1)] for _ in range(rng.randint(8, 22))]
    return " ".join(text).capitalize() + "."


def item(feed, number):
    title = sentence()[:90]
    if rng.random() < 0.02:
        title += " " + rng.choice(keywords)
    body = " ".join(f"&lt;p&gt;{sentence()} {sentence()} &lt;a href=\"http://x.example/{number}\"&gt;{sentence()}&lt;/a&gt;&lt;/p&gt;" for _ in range(rng.randint(2, 5)))
    return (f"<item><title>{title}</title><link>http://site{feed}.example/{number}</link><guid>tag:site{feed},{number}</guid>"
            f"<pubDate>Wed, 25 Nov 2026 {number % 24:02}:00:00 GMT</pubDate><description>{body}</description></item>\n")


for feed in range(feeds):
    items = "".join(item(feed, n) for n in range(30))
    text = f"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>Site {feed}</title><link>http://site{feed}.example/</link>\n{items}</channel></rss>\n"
    data = text.encode()
    with open(f"{directory}/www/{feed}.xml", "wb") as f:
        f.write(data)
    with gzip.GzipFile(f"{directory}/www/{feed}.xml.gz", "wb", mtime=0) as f:
        f.write(data)

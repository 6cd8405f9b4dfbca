"""The answers of `pinwheel bench --json` as a table and a chart.

    scripts/figures.py CHART.svg NAME=FILE.json ...

Prints the table as Markdown and draws how many answers a second each came to.
"""

import html
import json
import sys

ROWS = [
    ("sold, or placed", lambda f: f"{f['orders']:,}"),
    ("told that it is sold out", lambda f: f"{f['sold_out']:,}"),
    ("any other answer, or none", lambda f: f"{f['other']:,}"),
    ("done a second", lambda f: f"**{f['per_second']:,}**"),
    ("wait: half of them", lambda f: f"{f['p50_us'] / 1000:.0f} ms"),
    ("wait: 99 of 100", lambda f: f"{f['p99_us'] / 1000:.0f} ms"),
    ("wait: 999 of 1,000", lambda f: f"{f['p999_us'] / 1000:.0f} ms"),
    ("processor time of the shop, each", lambda f: f"{f['cpu_us_each']:,} µs"),
    ("memory of a node at most", lambda f: f"{f['memory_mb']} MB"),
    ("rules that do not hold", lambda f: f"{f['broken']}"),
]


def table(figures):
    yield "| | " + " | ".join(name for name, _ in figures) + " |"
    yield "| --- | " + " | ".join("---:" for _ in figures) + " |"
    for title, said in ROWS:
        yield f"| {title} | " + " | ".join(said(found) for _, found in figures) + " |"


def chart(figures):
    """Bars of one colour, each with its figure; legible on light and on dark ground."""
    high, left, wide = 34, 170, 520
    most = max(found["per_second"] for _, found in figures)
    height = high * len(figures) + 30
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 {height}" '
        f'width="800" height="{height}" role="img" font-family="sans-serif" font-size="14">'
    )
    yield "<title>Done in a second, on two cores that also play the crowd</title>"
    yield '<text x="0" y="16" fill="#7a746a">Done in a second, two cores, crowd included</text>'
    for place, (name, found) in enumerate(figures):
        y = 30 + place * high
        length = max(2, round(wide * found["per_second"] / most))
        yield f'<text x="0" y="{y + 19}" fill="#7a746a">{html.escape(name)}</text>'
        yield f'<rect x="{left}" y="{y + 4}" width="{length}" height="22" rx="4" fill="#d8452e"/>'
        yield (
            f'<text x="{left + length + 8}" y="{y + 20}" fill="#7a746a" font-weight="600">'
            f"{found['per_second']:,}</text>"
        )
    yield "</svg>"


def main():
    to, *named = sys.argv[1:]
    figures = []
    for one in named:
        name, file = one.split("=", 1)
        with open(file, encoding="utf-8") as text:
            figures.append((name, json.load(text)))
    print("\n".join(table(figures)))
    with open(to, "w", encoding="utf-8") as svg:
        svg.write("\n".join(chart(figures)) + "\n")


main()

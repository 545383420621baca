"""The picture of a run: bars in SVG, each block on a scale of its own."""

from xml.sax.saxutils import escape

WIDTH = 760
LABELS = 190
BAR = 16
GAP = 5
COLORS = ("#c2410c", "#2563eb", "#60a5fa", "#ca8a04", "#64748b")


def draw(panels):
    """SVG of [(title, unit, [(block's title, [(label, value)])])]."""
    parts = []
    y = 10
    for heading, unit, blocks in panels:
        y += 24
        parts.append(f'<text x="10" y="{y}" class="heading">{escape(heading)}, {escape(unit)}</text>')
        for title, bars in blocks:
            y += 22
            parts.append(f'<text x="10" y="{y}" class="title">{escape(title)}</text>')
            y += 6
            longest = max((value for _, value in bars), default=0) or 1
            for number, (label, value) in enumerate(bars):
                width = max(1.0, value / longest * (WIDTH - LABELS - 110))
                parts.append(
                    f'<text x="{LABELS - 8}" y="{y + BAR - 4}" class="label">{escape(label)}</text>'
                    f'<rect x="{LABELS}" y="{y}" width="{width:.1f}" height="{BAR}" rx="2" '
                    f'fill="{COLORS[number % len(COLORS)]}"/>'
                    f'<text x="{LABELS + width + 6:.1f}" y="{y + BAR - 4}">{_text(value)}</text>')
                y += BAR + GAP
        y += 10
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}">'
        "<style>text{font:12px sans-serif;fill:#222}.heading{font-size:16px;font-weight:bold}"
        ".title{fill:#555}.label{text-anchor:end}</style>"
        f'<rect width="{WIDTH}" height="{y}" fill="#fff"/>{"".join(parts)}</svg>\n')


def _text(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"

"""Builds static/icons.svg from the names in static/icons.txt and an unpacked @tabler/icons package.

npm pack @tabler/icons@3.51.0 && tar xzf tabler-icons-3.51.0.tgz
.venv/bin/python bin/build_icons.py package
"""

import re
import sys
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"


def symbol(package, name):
    style, base = ("filled", name.removesuffix("-filled")) if name.endswith("-filled") else ("outline", name)
    text = (package / "icons" / style / f"{base}.svg").read_text()
    inner = re.search(r"<svg[^>]*>(.*)</svg>", text, re.S).group(1)
    inner = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", inner)
    paint = 'fill="currentColor" stroke="none"' if style == "filled" else 'fill="none"'
    return f'<symbol id="{name}" viewBox="0 0 24 24" {paint}>{" ".join(inner.split())}</symbol>'


def main(package):
    names = (STATIC / "icons.txt").read_text().split()
    symbols = "\n".join(symbol(package, name) for name in sorted(set(names)))
    (STATIC / "icons.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n')
    print(f"{len(set(names))} icons")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Prints the checksum table of static/vendor/README.md and fonts/ anew."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("static/vendor", "fonts")


def vendored():
    """Path below the project and sha256 of every vendored file."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.name != "README.md":
                yield str(path.relative_to(ROOT)), hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    for name, digest in vendored():
        print(f"| {name} | `{digest}` |")

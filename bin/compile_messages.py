"""Compiles every .po catalogue that is newer than its .mo file. Needs no gettext tools."""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def catalogues():
    """All .po files of the project."""
    return sorted(
        path
        for pattern in ("locale/*/LC_MESSAGES/*.po", "*/locale/*/LC_MESSAGES/*.po")
        for path in ROOT.glob(pattern)
        if path.relative_to(ROOT).parts[0] not in {".venv", "var", "staticfiles"}
    )


def compile_all():
    for source in catalogues():
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))


if __name__ == "__main__":
    compile_all()

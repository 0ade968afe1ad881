"""Lists the requirements that no test names, and ids in tests that are no requirements (those fail)."""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def requirements():
    lines = (ROOT / "docs/requirements-index.txt").read_text().splitlines()
    return dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))


def named_ids():
    """Every id inside a `mark.req(…)` of the tests, with the files that name it."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "req":
                for argument in node.args:
                    found.setdefault(ast.literal_eval(argument), set()).add(str(path.relative_to(ROOT)))
    return found


def main():
    known, named = requirements(), named_ids()
    missing = [name for name in known if name not in named]
    unknown = sorted(name for name in named if name not in known)
    for name in [] if "--unknown" in sys.argv else missing:
        print(f"no test: {name} {known[name]}")
    for name in unknown:
        print(f"unknown id: {name} in {', '.join(sorted(named[name]))}")
    print(f"{len(known) - len(missing)} of {len(known)} requirements have a test.")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())

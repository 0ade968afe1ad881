"""Fails when a text of code or templates has no Chinese, or when a catalogue holds empty, fuzzy or unused entries.

Texts are collected from Python by its syntax tree and from templates by Django's own extraction.
"""

import ast
import os
import re
import sys
from pathlib import Path

import polib
from compile_messages import catalogues

ROOT = Path(__file__).resolve().parent.parent
SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}
OUTSIDE = {".venv", "var", "staticfiles", "tests", "bin", "static", "deploy", "docs"}


def sources(suffix):
    for path in sorted(ROOT.rglob(f"*{suffix}")):
        if path.relative_to(ROOT).parts[0] not in OUTSIDE and "migrations" not in path.parts:
            yield path


def texts_of_python(source):
    """(context, msgid) of every translation call whose text is written out."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", None)
        words = [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None for a in node.args]
        if name in SINGLE | PLURAL and words and words[0]:
            yield None, words[0], node.lineno
        elif name in CONTEXT | CONTEXT_PLURAL and len(words) > 1 and words[1]:
            yield words[0], words[1], node.lineno


def texts_of_template(path):
    """(context, msgid) of every translated text of a template."""
    from django.utils.translation.template import templatize

    yield from _calls_in_templatized(templatize(path.read_text(), origin=str(path)))


def _calls_in_templatized(text):
    pattern = re.compile(
        r"""\b(gettext|ngettext|pgettext|npgettext|_)\(\s*((?:u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|'''.*?'''|\"\"\".*?\"\"\"))"""
        r"""(?:\s*,\s*u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))*)""",
        re.S,
    )
    for match in pattern.finditer(text):
        name, arguments = match.groups()
        line = text.count("\n", 0, match.start()) + 1
        values = ast.literal_eval(f"({arguments},)")
        if name in {"pgettext", "npgettext"}:
            yield values[0], values[1], line
        else:
            yield None, values[0], line


def translations():
    """All translated entries of our catalogues, and what is wrong with them."""
    known, faults = {}, []
    for path in catalogues():
        if "zh_Hans" not in path.parts:
            continue
        for entry in polib.pofile(str(path)):
            if entry.obsolete:
                continue
            where = f"{path.relative_to(ROOT)}:{entry.linenum}"
            if entry.fuzzy:
                faults.append(f"{where}: fuzzy: {entry.msgid!r}")
            texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
            if not texts or not all(texts):
                faults.append(f"{where}: empty: {entry.msgid!r}")
            elif not entry.msgid_plural and set(fields(entry.msgid)) != set(fields(entry.msgstr)):
                faults.append(f"{where}: other placeholders: {entry.msgid!r} → {entry.msgstr!r}")
            known.setdefault((entry.msgctxt, entry.msgid), []).append((where, tuple(texts)))
    for (context, msgid), places in known.items():
        if len({texts for _, texts in places}) > 1:
            faults.append(f"{msgid!r} ({context}) differs: {', '.join(w + ' ' + '/'.join(t) for w, t in places)}")
    return known, faults


def fields(text):
    return [match[0] for match in re.finditer(r"%\(\w+\)[sdrf]|\{\w+[^{}]*\}|%[sd]", text)]


def used_texts():
    for path in sources(".py"):
        for context, msgid, line in texts_of_python(path.read_text()):
            yield context, msgid, f"{path.relative_to(ROOT)}:{line}"
    for suffix in (".html", ".txt"):
        for path in sources(suffix):
            if "templates" in path.parts:
                for context, msgid, line in texts_of_template(path):
                    yield context, msgid, f"{path.relative_to(ROOT)}:{line}"


def django_knows(context, msgid):
    from django.utils import translation

    with translation.override("zh-hans"):
        text = translation.pgettext(context, msgid) if context else translation.gettext(msgid)
    return text != msgid


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    known, faults = translations()
    seen = set()
    for context, msgid, where in used_texts():
        key = (context, msgid)
        if key not in seen and key not in known and not django_knows(context, msgid):
            faults.append(f"{where}: no Chinese for {msgid!r}" + (f" ({context})" if context else ""))
        seen.add(key)
    print("\n".join(faults))
    print(f"{len(seen)} texts, {len(faults)} faults in translations.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

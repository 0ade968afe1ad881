"""Loads the shipped fault types, grading questions and fault cases; rows that exist stay as they are."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from core import search
from staff.models import ProductLine
from tickets.models import FaultCase, FaultType, GradeQuestion

HERE = Path(__file__).parent


@transaction.atomic
def load() -> None:
    """Add what is missing; running it again changes nothing."""
    lines = {line.code: line for line in ProductLine.objects.all()}
    questions = list(_read("grading.toml")["question"])
    shipped = _read("fault_types.toml")["fault_type"]
    for row in shipped:
        questions += [{**question, "fault_type": row["code"]} for question in row.pop("question", [])]
    _add_types(shipped, lines)
    types = {one.code: one for one in FaultType.objects.all()}
    _add_questions(questions, types)
    _add_cases(_read("cases.toml")["case"], lines, types)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def _add_types(rows: list[dict[str, Any]], lines: dict[str, ProductLine]) -> None:
    known = set(FaultType.objects.values_list("code", flat=True))
    FaultType.objects.bulk_create(
        FaultType(**{**row, "product_line": lines.get(row.get("product_line", ""))})
        for row in rows
        if row["code"] not in known
    )


def _add_questions(rows: list[dict[str, Any]], types: dict[str, FaultType]) -> None:
    known = set(GradeQuestion.objects.values_list("code", flat=True))
    GradeQuestion.objects.bulk_create(
        GradeQuestion(**{**row, "fault_type": types.get(row.get("fault_type", ""))})
        for row in rows
        if row["code"] not in known
    )


def _add_cases(rows: list[dict[str, Any]], lines: dict[str, ProductLine], types: dict[str, FaultType]) -> None:
    known = set(FaultCase.objects.values_list("title", flat=True))
    FaultCase.objects.bulk_create(
        FaultCase(
            **{**row, "product_line": lines[row["product_line"]], "fault_type": types[row["fault_type"]]},
            search=case_pieces(row["title"], row["symptom"], row.get("cause", "")),
        )
        for row in rows
        if row["title"] not in known and row["product_line"] in lines
    )


def case_pieces(title: str, symptom: str, cause: str = "") -> list[str]:
    """What a fault case is found by."""
    return search.pieces(title, symptom, cause)

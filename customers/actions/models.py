"""The list of product models."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core import history
from customers import permissions
from customers.actions import changing
from customers.models import ProductModel
from staff.models import ProductLine

FIELDS = ("code", "name_zh", "name_en", "product_line")


@transaction.atomic
def add_product_model(
    *, by: Any, code: str, product_line: ProductLine, at: datetime | None = None, **names: str
) -> ProductModel:
    """Add a model of a product line; without a name it is called by its code."""
    permissions.demand(permissions.can_edit_models(by))
    model = ProductModel()
    changing.apply(model, {"code": code, "name_zh": code, "product_line": product_line, **names}, FIELDS)
    changing.check(model)
    model.save()
    history.record("model.added", model, by=by, at=at, data={"code": model.code})
    return model


@transaction.atomic
def change_product_model(
    model: ProductModel, *, by: Any, at: datetime | None = None, why: str = "", **changes: Any
) -> ProductModel:
    """Change a product model; its machines are found by the new names."""
    permissions.demand(permissions.can_edit_models(by))
    model = ProductModel.objects.select_for_update().get(pk=model.pk)
    different = changing.apply(model, changes, FIELDS)
    if not different:
        return model
    changing.check(model)
    model.save()
    changing.reindex_machines(changing.machines_of(model=model))
    data = changing.data_of(different, code=model.code)
    history.record("model.changed", model, by=by, at=at, why=why, data=data)
    return model

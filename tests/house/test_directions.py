"""Knowledge points downwards: foreign keys, and the contract of imports."""

import tomllib
from pathlib import Path

from django.apps import apps
from django.conf import settings

CONTRACTS = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())["tool"]["importlinter"]
FLOORS = [[name.strip() for name in layer.split("|")] for layer in CONTRACTS["contracts"][0]["layers"]]
HEIGHT = {app: len(FLOORS) - index for index, floor in enumerate(FLOORS) for app in floor}


def test_every_app_stands_on_a_floor_of_the_contract():
    assert {*settings.OUR_APPS, "aftersales"} == set(HEIGHT) == set(CONTRACTS["root_packages"])


def test_apps_are_installed_from_the_lowest_floor_upwards():
    heights = [HEIGHT[app] for app in settings.OUR_APPS]
    assert heights == sorted(heights)


def test_relations_point_to_floors_below():
    """A row of a lower app never refers to one of an upper app or a sibling; all may refer to a user."""
    upwards = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in HEIGHT
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
        if field.related_model._meta.label != settings.AUTH_USER_MODEL
        if field.related_model._meta.app_label in HEIGHT
        if field.related_model._meta.app_label != model._meta.app_label
        if HEIGHT[field.related_model._meta.app_label] >= HEIGHT[model._meta.app_label]
    ]
    assert upwards == []

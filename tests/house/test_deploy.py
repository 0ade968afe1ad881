"""What is shipped for operators says what is so."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
READERS = ("aftersales/settings.py", "deploy/gunicorn.conf.py", "aftersales/supervise.py", "aftersales/environment.py")


def test_every_setting_read_from_the_environment_is_explained():
    source = "\n".join((ROOT / name).read_text() for name in READERS)
    read = set(re.findall(r"""(?:environ(?:\.get|\.setdefault)?[\[(]|flag\(|words\()"([A-Z_]+)\"""", source))
    read -= {"DJANGO_SETTINGS_MODULE"} | {name for name in read if name.startswith("PYPINYIN")}
    explained = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs/administrator.md").read_text()))
    assert sorted(read - explained) == []


def test_the_example_names_only_settings_that_are_explained():
    named = set(re.findall(r"^([A-Z_]+)=", (ROOT / "deploy/environment.example").read_text(), re.M))
    explained = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs/administrator.md").read_text()))
    assert sorted(named - explained - {"POSTGRES_PASSWORD"}) == []


@pytest.mark.req("SEC-01")
def test_the_containers_keep_what_was_accepted():
    services = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]
    assert {"web", "worker", "beat", "database", "broker"} <= set(services)
    broker = services["broker"]["command"]
    assert broker[broker.index("--appendonly") + 1] == "yes"
    assert broker[broker.index("--maxmemory-policy") + 1] == "noeviction"
    assert services["database"]["volumes"]
    assert services["broker"]["volumes"]


def test_every_requirement_is_pinned():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text().splitlines():
            assert not line or line.startswith(("#", "-r ")) or re.fullmatch(r"[\w.-]+==[\w.]+", line), line

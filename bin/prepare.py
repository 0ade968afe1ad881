"""Makes database and files ready to serve: tables, shipped policy, static files, and the demo in an empty system."""

import hashlib
import io
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main(*, demo):
    from compile_messages import compile_all

    compile_all()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    call_command("load_defaults", stdout=io.StringIO())
    collect_static()
    if demo:
        load_demo_when_empty()


def collect_static():
    """Collect static files when any of them changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    state = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name))
            state.update(f"{name} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if not stamp.exists() or stamp.read_text() != state.hexdigest():
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(state.hexdigest())


def load_demo_when_empty():
    from django.core.management import call_command, get_commands

    from customers.models import Customer

    if "load_demo" in get_commands() and not Customer.objects.exists():
        print("Loading the demo (once, a minute or two) …", flush=True)
        call_command("load_demo")


if __name__ == "__main__":
    try:
        main(demo="--demo" in sys.argv)
    except KeyboardInterrupt:
        sys.exit("Interrupted; what was not finished is done at the next start.")

"""Reads the process environment for the settings: plain values, the database URL, the secret key."""

import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

SOCKET_PATH_LIMIT = 90


def flag(name: str, default: bool = False) -> bool:
    """True when the variable holds a word for yes."""
    value = os.environ.get(name, "")
    return default if value == "" else value.strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """The comma separated parts of the variable."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def secret_key(var_dir: Path) -> str:
    """SECRET_KEY from the environment, else the one kept in var/secret_key (made on first use)."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    path = var_dir / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(60)
        file.write(key)
    return key


def database(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?host=/socket/dir&sslmode=…`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = options.pop("host", unquote(parts.hostname or ""))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def embedded_database_url(data_dir: Path) -> str:
    """The URL under which the embedded server with this data directory listens, whether or not it runs."""
    return f"postgresql://postgres@/aftersales?host={socket_dir(data_dir)}"


def socket_dir(data_dir: Path) -> Path:
    """Where the embedded server's socket lies: the data directory, or a short one when its path is too long."""
    resolved = data_dir.resolve()
    if len(str(resolved)) <= SOCKET_PATH_LIMIT:
        return resolved
    return Path(tempfile.gettempdir()) / f"aftersales-{hashlib.sha256(str(resolved).encode()).hexdigest()[:12]}"

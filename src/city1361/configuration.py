"""Every setting of an installation: its name, where its value came from, and what it means.

A value is looked up in the environment, then in `<data>/city1361.env` (written by `city1361 run`, mode 0600), then
the default below. A secret may also be named by file: `SECRET_KEY_FILE=/run/credentials/...`. Needs no Django.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `secret` values are never printed."""

    name: str
    default: str
    meaning: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a setting and its source: environment, file (its path) or default."""

    setting: Setting
    text: str
    source: str


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting("CITY1361_DATA", "data", "folder of this installation: database, files, keys, secrets"),
        Setting("CITY1361_INSTANCE", "chongqing", "instance folder: a path, or the name of one that is shipped"),
        Setting("DATABASE_URL", "", "PostgreSQL URL of the application role; empty: embedded server", secret=True),
        Setting("DATABASE_OWNER_URL", "", "PostgreSQL URL of the owner role, for migrations", secret=True),
        Setting(
            "DATABASE_FOLLOW_URL", "", "PostgreSQL URL of a role that may replicate, for `database follow`", secret=True
        ),
        Setting("CITY1361_DATABASE_ROLE", "app", "which of the two URLs this process uses: app or owner"),
        Setting("SECRET_KEY", "", "signs sessions and tokens", secret=True),
        Setting("PERSONAL_DATA_KEY", "", "encrypts personal data (32 bytes, hexadecimal)", secret=True),
        Setting("LIVE_KEY", "", "signs tickets of live streams", secret=True),
        Setting("CITY1361_HOSTS", "localhost,127.0.0.1,[::1]", "host names served, separated by commas"),
        Setting("CITY1361_ORIGINS", "", "trusted origins behind a proxy, e.g. https://city.example"),
        Setting("CITY1361_PROXIES", "0", "how many reverse proxies stand in front; their X-Forwarded-For is believed"),
        Setting("CITY1361_LIVE_URL", "", "address of the live process as browsers see it"),
        Setting("CITY1361_TLS", "off", "on: served through TLS; cookies become secure, HSTS is sent"),
        Setting("CITY1361_DEMONSTRATION", "off", "on: the demonstration cast may sign in, pages say so"),
        Setting("CITY1361_DAY", "on", "off: no day of the demonstration plays by itself"),
        Setting(
            "CITY1361_MFA_REQUIRED",
            "",
            "roles that must use a second factor; empty: all staff, or none in a demonstration",
        ),
        Setting("CITY1361_SESSION_IDLE_MINUTES", "30", "a session ends after so long without a request"),
        Setting("CITY1361_SESSION_HOURS", "12", "a session ends after so long whatever happens"),
        Setting("CITY1361_UPLOAD_MEGABYTES", "15", "largest file that may be uploaded, in millions of bytes"),
        Setting("CITY1361_IMAGE_MEGAPIXELS", "24", "largest image that may be uploaded, in millions of pixels"),
        Setting("CITY1361_EXPORT_ROWS", "50000", "most rows of one exported list of matters"),
        Setting("CITY1361_ARCHIVE", "", "folder of archived months; empty: archive in CITY1361_DATA"),
        Setting(
            "CITY1361_ARCHIVE_MONTHS", "24", "months without any event after which history may be archived (an example)"
        ),
        Setting("CITY1361_WEBHOOK_HOSTS", "", "private hosts that ticket systems may be called at, e.g. 10.0.0.8:8443"),
        Setting(
            "CITY1361_ROOT_BASE", "/var/lib/city1361", "where the embedded database is kept when this runs as root"
        ),
        Setting("CITY1361_DEBUG", "off", "on: tracebacks in the browser; never in service"),
        Setting(
            "CITY1361_METRICS", "", "where the worker serves Prometheus metrics, e.g. 127.0.0.1:8363; empty: nowhere"
        ),
        Setting("CITY1361_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR"),
    )
}


@cache
def _file_values(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def data_folder() -> Path:
    """The folder of this installation, absolute and without links: the server's account must reach it too."""
    return Path(os.environ.get("CITY1361_DATA") or SETTINGS["CITY1361_DATA"].default).resolve()


def settings_file() -> Path:
    return data_folder() / "city1361.env"


def value(name: str) -> Value:
    """The value of a declared setting. Raises KeyError for an undeclared name: declare it first."""
    setting = SETTINGS[name]
    if name in os.environ:
        return Value(setting, os.environ[name], "environment")
    named_file = os.environ.get(f"{name}_FILE")
    if named_file:
        return Value(setting, Path(named_file).read_text().strip(), named_file)
    written = _file_values(settings_file())
    if name in written:
        return Value(setting, written[name], str(settings_file()))
    return Value(setting, setting.default, "default")


def text(name: str) -> str:
    return value(name).text


def flag(name: str) -> bool:
    return is_on(text(name))


def is_on(text: str) -> bool:
    """How a setting that is on or off is read."""
    return text.lower() in ("on", "true", "1", "yes")


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def shipped(folder: str) -> Path:
    """A folder shipped with the product (instances, demo): inside the wheel, or beside `src` in a checkout."""
    package = Path(__file__).parent
    inside = package / folder
    return inside if inside.is_dir() else package.parents[1] / folder


def instance_folder() -> Path:
    named = Path(text("CITY1361_INSTANCE"))
    return named if named.is_dir() else shipped("instances") / named

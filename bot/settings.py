"""The settings of the process: one frozen value, read from a mapping such as the environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from bot.domain.workspace_settings import whole_number
from bot.first_settings import FirstSettings
from bot.setting_values import TOKEN, Problem, SettingsError, read_fields, reads
from bot.storage.urls import DEFAULT_URL, normal_url

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_TAKES_BOT_TOKEN = (
    "It takes the Bot User OAuth Token of the app, which begins with xoxb- "
    "(app settings, OAuth & Permissions)."
)
_TAKES_SIGNING_SECRET = (
    "It takes the Signing Secret of the app (app settings, Basic Information). "
    "It is needed unless SLACK_APP_TOKEN is set, which selects Socket Mode."
)


def _bot_token(text: str) -> str:
    if not re.fullmatch(r"xoxb-\S+", text):
        raise ValueError(_TAKES_BOT_TOKEN)
    return text


def _app_token(text: str) -> str:
    if not re.fullmatch(r"xapp-\S+", text):
        raise ValueError(
            "It takes an app-level token with the scope connections:write, which begins with "
            "xapp- (app settings, Basic Information). Leave it empty for HTTP."
        )
    return text


def _signing_secret(text: str) -> str:
    if TOKEN.match(text) or re.search(r"\s", text):
        raise ValueError(_TAKES_SIGNING_SECRET)
    return text


def _config_token(text: str) -> str:
    if not re.fullmatch(r"xoxe\.xox[bp]-\S+", text):
        raise ValueError(
            "It takes an app configuration token, which begins with xoxe.xoxp- "
            "(api.slack.com/apps, Your App Configuration Tokens). Only `doctor --views` uses it."
        )
    return text


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.upper() not in allowed:
            raise ValueError(f"It takes one of {', '.join(allowed)}.")
        return text.upper()

    return parse


def _api_url(text: str) -> str:
    takes = (
        "It takes an address beginning with https://, such as https://slack.com/api/; "
        "http:// only for this machine itself, such as http://127.0.0.1:3000/api/."
    )
    try:
        parts = urlsplit(text)
        private = parts.scheme == "https" or _is_loopback(parts.hostname)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        usable = known and private
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s?#@]", text):
        raise ValueError(takes)
    return text.rstrip("/") + "/"


def _is_loopback(host: str | None) -> bool:
    """Whether the tokens stay on this machine, where nobody listens in."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def _own_address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError(
            "It takes an IP address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them."
        ) from None


def _folder(text: str) -> Path:
    folder = Path(text).expanduser()
    if not folder.is_dir():
        raise ValueError(
            "It takes the folder of your own lessons, which has to exist. "
            "Leave it empty for those that come with the bot."
        )
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator chooses; each field is the environment variable of the same name.

    `repr` leaves out the tokens, the signing secret and the database's address. `environ` is what
    all was read from.
    """

    slack_bot_token: str = field(repr=False, metadata=reads(_bot_token, takes=_TAKES_BOT_TOKEN))
    slack_app_token: str | None = field(repr=False, metadata=reads(_app_token))
    slack_signing_secret: str | None = field(repr=False, metadata=reads(_signing_secret))
    slack_config_token: str | None = field(repr=False, metadata=reads(_config_token))
    slack_api_url: str = field(metadata=reads(_api_url, default="https://slack.com/api/"))
    port: int = field(metadata=reads(whole_number(0, 65_535), default="3000"))
    database_url: str = field(repr=False, metadata=reads(normal_url, default=DEFAULT_URL))
    processes: int = field(metadata=reads(whole_number(1, 100), default="1"))
    lessons_dir: Path | None = field(metadata=reads(_folder))
    tick_seconds: int = field(metadata=reads(whole_number(1, 300), default="30"))
    health_host: str = field(metadata=reads(_own_address, default="127.0.0.1"))
    health_port: int | None = field(metadata=reads(whole_number(0, 65_535)))
    log_level: str = field(metadata=reads(_one_of(*LOG_LEVELS), default="INFO"))
    environ: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached by Socket Mode, so that no public address is needed."""
        return self.slack_app_token is not None

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """The settings in a mapping; an empty value counts as not set.

        Raises:
            SettingsError: holding every problem found.
        """
        values, problems = read_each(environ)
        if problems:
            raise SettingsError(problems)
        return cls(**values, environ=environ)

    def read_first(self) -> FirstSettings:
        """What a workspace without a row begins with; raises SettingsError."""
        return FirstSettings.read(self.environ)


def read_each(environ: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Every field that can be read, by its name, and the problems of the others.

    The doctor goes on with what there is; everything else uses `Settings.read`.
    """
    values, problems = read_fields(Settings, environ)
    wants_sockets = any(
        environ.get(each, "").strip() for each in ("SLACK_APP_TOKEN", "SLACK_APP_TOKEN_FILE")
    )
    if not wants_sockets and values.get("slack_signing_secret", "") is None:
        problems.append(Problem("SLACK_SIGNING_SECRET", None, _TAKES_SIGNING_SECRET))
    return values, tuple(problems)

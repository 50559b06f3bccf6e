"""The settings: one frozen value, read from a mapping such as the environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.domain import avoided_terms, drafting, networks
from bot.domain import link_tags as link_tags_rules
from bot.domain.disclosure import check_disclosure
from bot.domain.durations import parse_duration
from bot.domain.hours import parse_hours, parse_workdays
from bot.domain.model import Hours
from bot.domain.post import Network
from bot.domain.retention import DEFAULT_EVIDENCE_YEARS, DEFAULT_POST_DAYS, MOST_POST_DAYS
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

# Long enough for anybody, and short enough for any calendar.
_LONGEST_GAP = timedelta(days=366)

_TOKEN = re.compile(r"(?:xox[a-z]|xoxe\.xox[a-z]|xapp)-")
_SCHEME = re.compile(r"[a-z0-9+_]+://")


@dataclass(frozen=True, slots=True)
class Problem:
    """One setting that cannot be used: what it got (None: nothing) and what it takes.

    `got` never holds a secret; `takes` is a whole sentence.
    """

    variable: str
    got: str | None
    takes: str

    def __str__(self) -> str:
        state = "is not set" if self.got is None else f"is {self.got}"
        return f"{self.variable} {state}. {self.takes}"


class SettingsError(Exception):
    """The settings cannot be used; holds every problem found, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def shown(variable: str, text: str) -> str:
    """A value as people may read it, on one line: of a secret only its kind and its length."""
    if variable == "DATABASE_URL":
        kind = _SCHEME.match(text)
        secret = not text.startswith("sqlite")
    else:
        # Searched for everywhere: a token may have got into the wrong variable.
        kind = _TOKEN.search(text)
        secret = kind is not None or variable in SECRETS
    if secret:
        return f"{kind[0] if kind else ''}… ({len(text)} characters)"
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= 60 else f'"{line[:59]}…"'


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
    if _TOKEN.match(text) or re.search(r"\s", text):
        raise ValueError(_TAKES_SIGNING_SECRET)
    return text


def _whole_number(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"It takes a whole number from {low} to {high}.")
        return int(text)

    return parse


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.upper() not in allowed:
            raise ValueError(f"It takes one of {', '.join(allowed)}.")
        return text.upper()

    return parse


def _switch(text: str) -> bool:
    if text.lower() not in ("on", "off"):
        raise ValueError("It takes on or off.")
    return text.lower() == "on"


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


def _channel(text: str) -> str:
    name = text.removeprefix("#")
    if not re.fullmatch(r"[^\s#@/<>,.]{1,80}", name) or _TOKEN.match(name):
        raise ValueError("It takes the name or the id of one channel, such as news or C0123456789.")
    return name


def _gap(text: str) -> timedelta:
    gap = parse_duration(text)
    if gap > _LONGEST_GAP:
        raise ValueError(f"It takes {_LONGEST_GAP.days}d at most.")
    return gap


def _time_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            "It takes a time zone's IANA name, such as Europe/Berlin. "
            "Leave it empty for the one that most people in comms have."
        ) from None
    return text


def _phrases(text: str) -> tuple[str, ...]:
    """Phrases separated by semicolons or commas; each has to name the employer."""
    phrases = [check_disclosure(each) for each in re.split(r"[;,]", text) if each.strip()]
    return tuple(dict.fromkeys(phrases))


def _topics(text: str) -> tuple[str, ...]:
    topics = drafting.split_topics(text)
    if len(topics) > drafting.MAX_OFFERED or max(map(len, topics), default=0) > drafting.MAX_TOPIC:
        raise ValueError(
            f"It takes up to {drafting.MAX_OFFERED} topics of {drafting.MAX_TOPIC} characters at "
            "most, separated by commas, such as releases, open source."
        )
    return topics


def _rate(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,2})?", text) or not 0 < float(text) <= 3:
        raise ValueError("It takes a number above 0 and up to 3, such as 1 or 0.5.")
    return float(text)


def _folder(text: str) -> Path:
    folder = Path(text).expanduser()
    if not folder.is_dir():
        raise ValueError(
            "It takes the folder of your own lessons, which has to exist. "
            "Leave it empty for those that come with the bot."
        )
    return folder


def _reads(
    parse: Callable[[str], object], *, default: str | None = None, takes: str | None = None
) -> dict[str, Any]:
    """How a field is read: by `parse`, from `default` when empty; required if `takes` is given."""
    return {"parse": parse, "default": default, "takes": takes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator chooses; each field is the environment variable of the same name.

    `repr` leaves out the tokens, the signing secret and the database's address.
    """

    slack_bot_token: str = field(repr=False, metadata=_reads(_bot_token, takes=_TAKES_BOT_TOKEN))
    slack_app_token: str | None = field(repr=False, metadata=_reads(_app_token))
    slack_signing_secret: str | None = field(repr=False, metadata=_reads(_signing_secret))
    slack_api_url: str = field(metadata=_reads(_api_url, default="https://slack.com/api/"))
    port: int = field(metadata=_reads(_whole_number(0, 65_535), default="3000"))
    database_url: str = field(repr=False, metadata=_reads(normal_url, default=DEFAULT_URL))
    processes: int = field(metadata=_reads(_whole_number(1, 100), default="1"))
    advocacy_channel: str = field(
        metadata=_reads(_channel, takes="It takes the name or the id of the opt-in channel.")
    )
    comms_channel: str = field(
        metadata=_reads(_channel, takes="It takes the name or the id of the private comms channel.")
    )
    channel_min_gap: timedelta = field(metadata=_reads(_gap, default="2d"))
    channel_weekly_cap: int = field(metadata=_reads(_whole_number(1, 50), default="2"))
    channel_hours: Hours = field(metadata=_reads(parse_hours, default="09:30-16:30"))
    workdays: frozenset[int] = field(metadata=_reads(parse_workdays, default="Mon-Fri"))
    time_zone: str | None = field(metadata=_reads(_time_zone))
    disclosure: str = field(
        metadata=_reads(
            check_disclosure,
            takes="It takes the phrase that names the employer in every post, "
            "such as #AcmeEmployee or I work at Acme.",
        )
    )
    disclosure_phrases: tuple[str, ...] | None = field(metadata=_reads(_phrases))
    networks: tuple[Network, ...] = field(
        metadata=_reads(networks.parse, default=",".join(networks.DEFAULT_NETWORKS))
    )
    avoid_terms: tuple[str, ...] | None = field(metadata=_reads(avoided_terms.parse))
    link_tags: link_tags_rules.TagNames | None = field(
        metadata=_reads(link_tags_rules.parse, default="utm_source,utm_medium,utm_campaign")
    )
    approvals: int = field(metadata=_reads(_whole_number(1, 2), default="2"))
    topics: tuple[str, ...] | None = field(metadata=_reads(_topics))
    consent_months: int = field(metadata=_reads(_whole_number(1, 24), default="6"))
    post_days: int = field(
        metadata=_reads(_whole_number(7, MOST_POST_DAYS), default=str(DEFAULT_POST_DAYS))
    )
    evidence_years: int = field(
        metadata=_reads(_whole_number(1, 10), default=str(DEFAULT_EVIDENCE_YEARS))
    )
    guests_may_join: bool = field(metadata=_reads(_switch, default="off"))
    asks_per_week: float = field(metadata=_reads(_rate, default="1"))
    lessons_dir: Path | None = field(metadata=_reads(_folder))
    previews: bool = field(metadata=_reads(_switch, default="on"))
    tick_seconds: int = field(metadata=_reads(_whole_number(1, 3600), default="30"))
    log_level: str = field(metadata=_reads(_one_of(*LOG_LEVELS), default="INFO"))

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
        return cls(**values)


SECRETS = frozenset(each.name.upper() for each in fields(Settings) if not each.repr)


def read_each(environ: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Every field that can be read, by its name, and the problems of the others.

    The doctor goes on with what there is; everything else uses `Settings.read`.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for each in fields(Settings):
        variable = each.name.upper()
        text = environ.get(variable, "").strip()
        try:
            values[each.name] = _value(text, **each.metadata)
        except ValueError as error:
            problems.append(Problem(variable, shown(variable, text) if text else None, str(error)))
    problems.extend(_together(environ, values))
    return values, tuple(problems)


def _value(
    text: str, *, parse: Callable[[str], object], default: str | None, takes: str | None
) -> object:
    if text:
        return parse(text)
    if takes is not None:
        raise ValueError(takes)
    return None if default is None else parse(default)


def _together(environ: Mapping[str, str], values: dict[str, Any]) -> list[Problem]:
    """Problems of values that are fine alone."""
    problems = []
    app_token = environ.get("SLACK_APP_TOKEN", "").strip()
    if not app_token and values.get("slack_signing_secret", "") is None:
        problems.append(Problem("SLACK_SIGNING_SECRET", None, _TAKES_SIGNING_SECRET))
    comms, advocacy = values.get("comms_channel"), values.get("advocacy_channel")
    if comms is not None and advocacy is not None and comms.lower() == advocacy.lower():
        problems.append(
            Problem(
                "COMMS_CHANNEL",
                shown("COMMS_CHANNEL", comms),
                "It takes a channel other than ADVOCACY_CHANNEL.",
            )
        )
    return problems

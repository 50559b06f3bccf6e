"""The privacy page, made of the table of what is stored: `python -m bot privacy` prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from bot.domain.my_data import OWN, life_of, tables
from bot.domain.retention import BACKUPS_LIVE, COLUMNS, KEPT_FOR, MOST_POST_DAYS, Kind, Life
from bot.domain.snapshot import GATE_ON, LEAST_PEOPLE
from bot.first_settings import FirstSettings
from bot.setting_values import variables
from bot.slack import permissions

_DEFAULTS: Final[dict[str, Any]] = {
    each.name: each.metadata["default"] for each in variables(FirstSettings)
}

TITLES: Final = {
    "workspace": "The workspace and its settings",
    "rest": "What is left alone in Slack for a while",
    "rule_value": "The rules, and since when they hold",
    "snapshot": "The figures of a day",
    "member": "People who joined",
    "lesson_seen": "Lessons that members saw",
    "direct_message": "Direct messages that are no asks",
    "removal": "Messages that are being deleted from Slack",
    "post": "Posts",
    "revision": "Texts of posts, and who wrote them",
    "wording": "Suggested texts",
    "decision": "Decisions of comms",
    "act": "The record of what comms did",
    "act_release": "Until when the record is kept",
    "announcement": "Posts in the channel",
    "ask": "Posts that were proposed to a member",
    "response": "Answers to posts",
    "response_event": "The history of an answer",
    "post_figures": "Figures of a post",
    "span_figures": "Figures of months",
    "member_figures": "The number of members once a quarter",
    "notice": "Lines for the comms channel, and notes on their way",
    "feed": "Feeds that comms added",
    "feed_entry": "Entries of feeds",
    "suggestion": "Suggestions on their way",
    "share_note": "Notes of people who shared a post",
    "preview": "Previews of linked pages",
}
KINDS: Final = {
    Kind.PERSON: "a person",
    Kind.LINK: "a person with a post",
}
ENDED_BY: Final = {
    Life.MEMBERSHIP: "the daily work deletes the member with everything of theirs; so does "
    "`/advocacy forget-me`, at once",
    Life.POST: "the daily work deletes answers and asks, with the bot's direct messages about the "
    "post",
    Life.SENT: "sending it: a note is deleted with that",
    Life.NOTICE: "the daily work",
    Life.REMOVED: "Slack's word that the message is gone",
    Life.EVIDENCE: "the daily work deletes the record of what comms did, and takes the person and "
    "the reason in their own words out of posts; what was decided stays",
    Life.NEXT_DAY: "the next snapshot",
    Life.FEED: "removing the feed, with `/advocacy feed remove`",
    Life.SHARE_NOTE: "telling comms, thanking, taking the share back, leaving, and the daily work",
    Life.SUGGESTION: "deciding: nothing of it stays but the draft that comms make; so does the "
    "daily work",
    Life.ANSWER: "showing it to comms, or the answer that was asked for; so do `/advocacy "
    "forget-me` and leaving, at once",
    Life.DRAFT: "making the draft, or dropping it as no news any more",
    Life.MONTH: "publishing the figures; so does turning figures off",
    Life.FREEZE: "unfreezing",
    Life.WORKSPACE: "whoever runs the bot, with the database",
}
_PLACEHOLDERS: Final = {
    "Controller": "[name and address of the company]",
    "Contact for data protection": "[name, address]",
    "Who runs the bot and the database": "[team or provider, place]",
    "Purpose": "to propose company posts to employees who chose that, and to ask them only now and "
    "then",
    "People concerned": "employees who joined; members of the comms channel",
    "Kinds of data": "those of the tables above",
    "Legal basis": "[such as consent, which ends by itself and can be withdrawn at any time; "
    "evidence of comms' decisions: legitimate interest]",
    "Recipients": "nobody but Slack, in which the bot shows what it shows",
    "Transfers": "[those of the company's own contract with Slack]",
    "Deletion": "as said above under “How long”",
    "Backups": f"[how they are made; none is kept longer than {BACKUPS_LIVE.days} days]",
    "Safeguards": "the database's file is its owner's alone, deleted values are overwritten, the "
    "log names nobody; [the company's own]",
}


def default(setting: str) -> str:
    """What a setting is where the operator says nothing."""
    return str(_DEFAULTS[setting])


def page() -> str:
    """The page in Markdown, with the settings' defaults."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_lines()) + "\n")


def _lines() -> Iterator[str]:
    yield "# Privacy"
    yield ""
    yield (
        "`python -m bot privacy` prints this page, from the table by which the bot also deletes: "
        "`bot/domain/retention.py`. Values of settings are those by default."
    )
    yield from _who_sees()
    yield from _about_people()
    yield from _how_long()
    yield from _about_no_person()
    yield from _rights()
    yield from _slack()
    yield from _processing()


def _who_sees() -> Iterator[str]:
    yield from _heading("Who can see what")
    yield "- **The person**: everything that is stored about them, with `/advocacy my-data`."
    yield "- **Other members, managers, authors of posts**: nothing. There is no list of members."
    yield (
        "- **Comms** (whoever is in the comms channel): posts, and who in comms wrote and decided "
        "what, with the record that `/advocacy audit` shows. Of members, figures of a day; and, "
        "where an admin turned them on, rounded figures of posts and months that have closed. Both "
        f"only where at least {LEAST_PEOPLE} people stand behind a figure and behind the rest, "
        f"from about {GATE_ON[0]} members on. And what a person sends them, such as a note. One "
        "that they sign stays in the channel with its name, as Slack's messages do."
    )
    yield (
        "- **Whoever runs the database**: single answers, as long as they exist. No command, "
        "report or log line of the bot shows one person's choices."
    )
    yield (
        "- **The company, in Slack**: messages of the bot, where the company can export direct "
        "messages."
    )


def _about_people() -> Iterator[str]:
    yield from _heading("What is stored about people")
    for table in tables():
        yield from _heading(TITLES[table], "###")
        own = {name: each for name, each in COLUMNS[table].items() if each.kind in OWN}
        says = " and ".join(dict.fromkeys(KINDS[column.kind] for column in own.values()))
        yield f"Says something of {says}. Kept {lasts(life_of(table))}."
        yield ""
        yield f"| `{table}` | what it is, and what for |"
        yield "|---|---|"
        for name, column in own.items():
            kept = "" if column.life is life_of(table) else f" (kept {lasts(column.life)})"
            yield f"| `{name}` | {column.purpose}{kept} |"


def _how_long() -> Iterator[str]:
    yield from _heading("How long, and what ends it")
    yield "| kept | ended by |"
    yield "|---|---|"
    for life in Life:
        yield f"| {lasts(life)} | {ENDED_BY[life]} |"
    yield ""
    yield (
        f"Consent ends by itself after {_DEFAULTS['consent_months']} months (`CONSENT_MONTHS`), "
        "unless a member renews it, and at once when they leave or their account is closed. A post "
        f"ends after {_DEFAULTS['post_days']} days (`POST_DAYS`), and never later than after "
        f"{MOST_POST_DAYS}. `python -m bot doctor` says whether erasing is on time."
    )


def _about_no_person() -> Iterator[str]:
    yield from _heading("What is stored about no person")
    for table, columns in COLUMNS.items():
        rest = [column for column in columns.values() if column.kind not in OWN]
        if rest:
            said = "; ".join(dict.fromkeys(column.purpose for column in rest))
            yield f"- **{TITLES[table]}**: {said}."


def _rights() -> Iterator[str]:
    yield from _heading("Seeing and deleting it")
    yield (
        "- `/advocacy my-data` shows a person every value, in a dialog that nobody else sees. "
        f"Where the company granted the optional permission `{permissions.FILES}`, the bot sends "
        "members the same as a JSON file, after a warning that direct messages can be exported."
    )
    yield (
        "- `/advocacy forget-me` deletes everything at once, and the bot's messages to the person "
        "in the minutes after it. It works for people who left, and for comms."
    )
    yield (
        "- One thing stays after it: the record of what somebody did as one of comms, with their "
        f"Slack ID, {lasts(Life.EVIDENCE)}. Approval is evidence: a company has to know later who "
        "approved what it proposed. What somebody did as a member is never in it. "
        "`/advocacy my-data` shows people their own entries, also after `forget-me`."
    )
    yield (
        f"- `/advocacy leave` ends consent at once. Everything is deleted {KEPT_FOR.days} days "
        "later. Whoever joins again while a post lives may see it once more."
    )
    yield (
        "- `python -m bot forget USER` deletes everything of a person whose account is closed. It "
        "shows nothing. No command shows what is stored of a member to somebody else: who wants to "
        "see it asks with `/advocacy my-data` before their account is closed; later, the company's "
        "data protection officer reads the database under the company's own rules."
    )
    yield ""
    yield "Out of reach are:"
    yield ""
    days = BACKUPS_LIVE.days
    yield f"- backups of the database, which whoever runs the bot deletes within {days} days;"
    yield "- what people posted on networks;"
    yield "- what the company exported from Slack."


def _slack() -> Iterator[str]:
    yield from _heading("Permissions in Slack, and why")
    yield "| permission | why |"
    yield "|---|---|"
    for scope, why in permissions.REASONS.items():
        yield f"| `{scope}` | {why} |"
    for scope, why in permissions.OPTIONAL.items():
        yield f"| `{scope}`, optional | {why} |"
    yield ""
    yield "The bot cannot see:"
    yield ""
    for each in permissions.CANNOT_SEE:
        yield f"- {each}"
    yield from _heading("Subprocessors")
    yield (
        "None. The bot talks to Slack, in which the company works already, and to nobody else; for "
        "a post it opens the linked page, and it reads the feeds that comms added, without saying "
        "who asks. An admin ends both in `/advocacy setup`, *More settings*."
    )


def _processing() -> Iterator[str]:
    yield from _heading("Record of processing")
    yield "To be completed by the company; what stands in brackets is its own."
    yield ""
    yield "| | |"
    yield "|---|---|"
    for what, says in _PLACEHOLDERS.items():
        yield f"| {what} | {says} |"


def lasts(life: Life) -> str:
    """How long a value lives, as a sentence's end, with the settings' defaults."""
    if life is not Life.EVIDENCE:
        return life.value
    return f"for {_DEFAULTS['evidence_years']} years by default (`EVIDENCE_YEARS`)"


def _heading(title: str, mark: str = "##") -> Iterator[str]:
    yield ""
    yield f"{mark} {title}"
    yield ""

"""Whether what somebody typed asks to leave: in any of many ways, or perhaps."""

from __future__ import annotations

from enum import Enum, auto
from functools import cache
from typing import Final

import regex

from bot.domain.typed_text import plain


class Stopping(Enum):
    """What typed words ask for: LEAVE surely, PERHAPS to leave or to change something."""

    LEAVE = auto()
    PERHAPS = auto()


# Words of courtesy and haste, which change nothing about what is asked for.
_COURTESY: Final = regex.compile(
    r"\b(?:please|pls|plz|kindly|just|simply|now|right now|right away|at once|immediately|asap"
    r"|many thanks|thanks|thank you|thank u|thx|ty|cheers|hi|hello|hey|bot|dear|sorry|ok|okay"
    r"|already|then|so|and|yes)\b"
    r"|\bno\b(?! (?:more|longer|further))"
)
_WISH: Final = (
    r"(?:(?:(?:i|we) (?:really )?(?:want|wish|need|have|am going|would like|would love)"
    r"(?: you| this| it)? to"
    r"|(?:can|could|may|might) i|(?:can|could|will|would) you|you (?:should|must|can)"
    r"|i (?:will|am)|let me|let us|go ahead) )?"
)
_ME: Final = r"(?:me|myself|us|my name|my account)"
_ALL: Final = r"(?:it|this|that|these|them|all|everything|all (?:of )?(?:it|this|that|these|them))"
_WHEN: Final = (
    r"(?: (?:for good|for ?ever|completely|entirely|altogether|totally|permanently|again|any more"
    r"|any longer|ever|ever again|from now on))*"
)
_PLACE: Final = (
    r"(?: (?:from|of|off|out of|out|with|in|on|for))*(?: (?:the|this|these|your|our|all|any|my"
    r"|employee|company|mailing|distribution))*"
    r" (?:advocacy|programme|program|list|lists|app|bot|service|scheme|thing|it|this|that|here|all"
    r"|everything|everything else|group|messages|emails|asks|mailing list)"
)
_THINGS: Final = (
    r"(?:(?:all|any|the|these|those|your|my|such|more|further|of) )*"
    r"(?:messages?|asks?|asking|notifications?|requests?|reminders?|e-?mails?|mails?|stuff|spam"
    r"|things?|anything|everything|pings?|suggestions?|this|these)"
)
_ASKING: Final = (
    r"(?:asking|messaging|contacting|bothering|pinging|writing|writing to|texting|emailing|spamming"
    r"|pestering|notifying|nagging|disturbing|annoying|sending|suggesting|talking to)"
)
_ASK: Final = (
    r"(?:ask|message|contact|bother|ping|write|write to|text|email|spam|pester|notify|disturb"
    r"|send|suggest|talk to|use)"
)
_STOP: Final = (
    r"(?:stop|stopall|quit|leave|exit|end|out|cancel|revoke|terminate|halt|cease|desist|opt"
    r" out|optout|unsubscribe|unsub|unenrol|unenroll|disenroll|unregister|deregister"
    r"|sign out|sign off|signoff|drop out|pull out|back out|get out|resign|unjoin)"
)
_ENOUGH: Final = (
    r"enough|that is enough|no more|no longer|go away|leave me alone|leave me be|bye|goodbye"
    r"|good bye|i quit|i resign|not any more|no further"
)
_CONSENT: Final = (
    r"(?:consent|membership|subscription|participation|permission|opt in|enrolment|enrollment"
    r"|registration|sign up|agreement)"
)
# Each alone says that somebody wants out of all of it. Whatever names a part of it (a day, a
# channel, a topic, a while) matches none of them.
_PHRASES: Final = (
    rf"{_STOP}(?: {_ME})?(?:{_PLACE})?",
    rf"(?:stop|quit|end|leave) {_ALL}",
    rf"(?:stop|quit|cease) {_ASKING}(?: to)?(?: {_ME})?(?: {_THINGS}| posts)?",
    rf"(?:stop|end|cancel|no more|no further) {_THINGS}(?: to me| for me)?",
    rf"opt(?:ing|ed)? (?:{_ME} )?out(?:{_PLACE})?",
    rf"(?:leaving|quitting|stopping|unsubscribing|exiting)(?: {_ALL})?(?:{_PLACE})?",
    rf"remove(?: {_ME}(?:{_PLACE})?)?",
    rf"(?:withdraw|exclude) {_ME}(?:{_PLACE})?",
    rf"(?:take|get|count|sign|strike|drop|leave|let|kick|cut|keep|cross|write) {_ME}"
    rf"(?: off| out| from)(?:{_PLACE})?",
    rf"(?:end|stop|cancel|withdraw|revoke|terminate|remove|rescind|take back) (?:my |the |all )*"
    rf"{_CONSENT}",
    rf"(?:do not|never|no longer|not)(?: ever)? {_ASK} {_ME}(?: {_THINGS}| posts)?",
    rf"i am (?:out|done|finished|leaving|quitting)(?:{_PLACE})?",
    rf"i (?:want|would like|wish|need|demand)(?: to be)? (?:out|off|removed|unsubscribed|left alone"
    rf"|taken off)(?:{_PLACE})?",
    r"i (?:do not want|no longer want|do not wish|no longer wish|do not like)"
    r" (?:(?:any of )?(?:this|it|these|anything)|to (?:take part|participate|be asked|be contacted"
    r"|be messaged|be in this|be part of (?:this|it)|get these|receive (?:this|these|messages)))",
    rf"i (?:withdraw|revoke|cancel|end|rescind) (?:my |the )*{_CONSENT}",
    _ENOUGH,
)
_LEAVE: Final = "|".join(f"(?:{_WISH}(?:{phrase}){_WHEN})" for phrase in _PHRASES)
_REPEATED: Final = regex.compile(r"\b(\w+)(?: \1\b)+")
# Somebody who uses one of these may want out; they are asked.
_PERHAPS: Final = regex.compile(
    r"\b(?:stopp?(?:s|ed|ing)?|quit\w*|leav(?:e|es|ing)|left|exit\w*|end|ends|ended|ending|cancel\w*|out"
    r"|opt|opting|optout|unsub\w*|remov\w*|revok\w*|terminat\w*|delet\w*|eras\w*|forget|halt|cease|never"
    r"|do not|not|no more|no longer|less|fewer|enough|off|mute|disable\w*|deactivat\w*|unenrol\w*"
    r"|disenrol\w*|unregister\w*|deregister\w*|resign\w*|withdraw\w*|goodbye|bye|annoying|spam"
    r"|consent|without)\b"
)
_ERASING: Final = regex.compile(r"\b(?:delet\w*|eras\w*|forget|wipe|destroy|gdpr)\b")
_CONTRACTIONS: Final = (
    (regex.compile(r"\b(do|does|ca|wo|is|are|should|must|did)n'?t\b"), r"\1 not"),
    (regex.compile(r"\bi'?m\b"), "i am"),
    (regex.compile(r"\bi'd\b|\bid (?=like)"), "i would "),
    (regex.compile(r"\bi'll\b"), "i will"),
    (regex.compile(r"\blet's\b"), "let us"),
    (regex.compile(r"\bthat's\b"), "that is"),
    (regex.compile(r"\banymore\b"), "any more"),
    (regex.compile(r"\bwanna\b"), "want to"),
    (regex.compile(r"\bu\b"), "you"),
)


@cache
def _leaves() -> regex.Pattern[str]:
    """To compile it takes longer than all others of the program together."""
    return regex.compile(rf"(?:(?:{_LEAVE})(?: |$)){{1,3}}")


def read_stopping(typed: str) -> Stopping | None:
    """Whether words typed after the command ask to leave; None where nothing in them does.

    Alone, "stop", "quit", "end", "revoke", "opt out", "cancel" and "unsubscribe" always end it, as
    47 CFR 64.1200(a)(10) lists them for messages to telephones. "Stop asking me on Fridays" may
    mean to leave or to change a setting, and is for a question.
    """
    words = _words(typed)
    asked = _REPEATED.sub(r"\1", " ".join(_COURTESY.sub(" ", words).split()))
    if _leaves().fullmatch(asked):
        return Stopping.LEAVE
    perhaps = _leaves().match(asked) or _PERHAPS.search(words)
    return Stopping.PERHAPS if perhaps else None


def names_erasing(typed: str) -> bool:
    """Whether typed words speak of deleting."""
    return _ERASING.search(_words(typed)) is not None


def _words(typed: str) -> str:
    """The words alone, in small letters, contractions written out."""
    text = plain(typed)
    for contraction, written_out in _CONTRACTIONS:
        text = contraction.sub(written_out, text)
    return " ".join(regex.findall(r"[\p{L}\p{N}]+", text))

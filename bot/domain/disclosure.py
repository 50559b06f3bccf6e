"""The phrase that tells readers who the writer works for, and whether a text has said it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

import regex

MAX_DISCLOSURE: Final = 60

# A name made only of these (there are a few) cannot be told from a generic tag; such a company
# adds its legal form: "WeWork Inc employee".
_GENERIC_WORDS: Final = """
    a ad ads advert advertisement advocacy advocate advocates am ambassador ambassadors an and are
    at being brand by colleague colleagues collab company disclaimer disclosure ee ees emp employed
    employee employees employer employment firm for from gifted happy here i in insider insiders is
    job life member me mine my of official on opinion opinions our own paid partner partners
    partnership post promo promoted promotion proud proudly spon sponsor sponsored sponsorship
    staff staffer tag team teammate the they this thoughts to us views we with work worker workers
    working workplace works
    angestellte angestellter anzeige arbeite arbeiten bei bin firma für ich mitarbeiter
    mitarbeiterin mitarbeitende mitarbeitender werbung wir
    chez collaborateur collaboratrice de employé employée entreprise je pour pub salarié salariée
    travaille
    empleada empleado empresa en para publicidad soy trabajo
"""
# What makes the job past, wished for or somebody else's: a statement with one of these is none.
_NOT_NOW: Final = (
    "not|never|no|neither|nor|hardly|barely|former|formerly|ex|once|with|previous|previously|old|past"
    "|last|first|next|future|dream|retired|aspiring|any|every|each|some|another|other|dating|married"
    "|looking|compet\\w*|rivals?|customers?|clients?|suppliers?|people|friends?"
)
_OTHERS: Final = "customers?|clients?|competitors?|rivals?|suppliers?|partners?|users?|alumni|fans?"
_HYPOTHESES: Final = """
    if only wish should could would do did that until
"""
_GENERIC: Final = frozenset(_GENERIC_WORDS.split())
_LEGAL_WORDS: Final = """
    ab ag bv co corp corporation gmbh group inc incorporated limited llc ltd nv oy plc sa se srl
"""
_LEGAL_FORMS: Final = frozenset(_LEGAL_WORDS.split())
_CONTRACTION: Final = regex.compile(r"(?<=\p{L})['\u2019](?:m|re|s)\b", regex.IGNORECASE)
_WORD: Final = regex.compile(
    r"GmbH|\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{Lt}\p{M}]+|\p{N}+"
)
# Tags are often written in one case, or in a script without cases, where nothing parts the words.
_RUN_ON: Final = regex.compile(
    r"^(?:iworkat|iworkfor|workingat|workat)"
    r"|(?:employees?|mitarbeiter(?:in)?|\u793e\u54e1|\u5458\u5de5|\u54e1\u5de5|\uc9c1\uc6d0)$"
)


def employer_words(disclosure: str) -> tuple[str, ...]:
    """The words of a disclosure that name somebody, casefolded: "acme" of "#AcmeEmployee".

    Words part at anything that is no letter or digit, between letters and digits, and where small
    letters turn into capitals. What remains after dropping the words that any employee could use
    is taken for the employer's name.
    """
    words = []
    disclosure = _CONTRACTION.sub("", unicodedata.normalize("NFKC", disclosure))
    for found in _WORD.findall(disclosure):
        word = found.casefold()
        while word not in _GENERIC and (shorter := _RUN_ON.sub("", word)) != word:
            word = shorter
        if word and word not in _GENERIC and word not in words:
            words.append(word)
    return tuple(words)


def check_disclosure(text: str) -> str:
    """The phrase without stray spaces, if it can serve as a workspace's disclosure.

    The employer must be named: a tag such as #employee, #ee or #spon tells a reader nothing (US
    16 CFR 255.5 and the Federal Trade Commission's questions and answers on it).

    Raises:
        ValueError: With one sentence for people, if it is empty, has more than one line or more
            than 60 characters, or names no employer.
    """
    phrase = text.strip()
    if len(phrase.splitlines()) > 1:
        raise ValueError("Please keep the disclosure on one line.")
    phrase = " ".join(regex.sub(r"\p{Cc}|[\u200b\u2060\ufeff]", " ", phrase).split())
    if not phrase:
        raise ValueError("Please write a disclosure that names the employer, like #AcmeEmployee.")
    if len(phrase) > MAX_DISCLOSURE:
        raise ValueError(
            f"Please keep the disclosure to {MAX_DISCLOSURE} characters. This one has"
            f" {len(phrase)}."
        )
    if not any(regex.search(r"\p{L}", word) for word in employer_words(phrase)):
        raise ValueError(
            "Please name the employer, like #AcmeEmployee. Readers can't tell it from a tag such"
            " as #employee, #ee or #spon."
        )
    return phrase


def discloses(text: str, disclosure: str) -> bool:
    """Whether a reader of `text` learns that the writer works for the employer in `disclosure`.

    True if the disclosure itself occurs, as a whole tag or phrase in any case, or if an English
    sentence or tag says as much: "I work at Acme", "we at Acme", "my employer, Acme", "proud Acme
    employee", "#AcmeStaff". The employer must be named in full, legal form aside. In doubt the
    answer is no: saying it twice does less harm than not saying it.
    """
    text, phrase = _plain(text), _plain(disclosure).split()
    if not phrase:
        return False
    literal = r"\s+".join(regex.escape(word) for word in phrase)
    if regex.search(rf"(?<![\w#/&=?]){literal}(?!\w)", text):
        return True
    words = employer_words(disclosure)
    name = tuple(word for word in words if word not in _LEGAL_FORMS) or words
    # Every statement has the name in it. To look for them takes long, and for a name it does not.
    named = bool(name) and name[0] in text
    return named and any(statement.search(text) for statement in _statements(name))


def _plain(text: str) -> str:
    """The text as statements are looked for: casefolded, with straight apostrophes."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return regex.sub(r"[^\S\n]+", " ", text)


@lru_cache(maxsize=256)
def _statements(name: tuple[str, ...]) -> tuple[regex.Pattern[str], ...]:
    """What says "I work there" about the employer of this name; each is kept narrow on purpose.

    Somebody else's employment ("Acme employees", "my friend at Acme"), a former or wished-for one
    ("I used to work at Acme") and a denial must not pass.
    """
    joined = r"[\s_.&+'-]{0,3}".join(regex.escape(word) for word in name)
    there = rf"(?:the )?(?<!\w)[#@]?{joined}(?![\w-]|'s| (?:{_OTHERS})\b)"
    word = rf"(?:(?!(?:{_NOT_NOW})\b)[\w-]+ )"
    i_am = r"(?:i am|i'm|we are|we're|am)"
    now = r"(?:(?:also|still|now|currently|proudly|happily|actually|am|are) )"
    mine = r"(?:my|our) (?:(?:current|own|present|dear|great|wonderful|lovely|new) )?"
    employer = r"(?:employer|company|workplace|firm)"
    employee = r"(?:employee|staffer|staff member|team member)"
    opening = rf"\b(?:{i_am}|as|being|proud|happy) (?:an? |the )?{word}{{0,2}}"
    alone = r"(?:^|[.!?(\[\u2013\u2014|\n]) ?"
    unless = "".join(rf"(?<!\b{hypothesis} )" for hypothesis in _HYPOTHESES.split())
    sources = (
        rf"{unless}\b(?:i|we|i'm|we're|my|our) {now}{{0,2}}work(?:ing)? "
        rf"{word}{{0,4}}?(?:at|for) {there}",
        rf"\bas (?:someone|one|a person) who {now}?works (?:at|for) {there}"
        r"(?! (?:told|tells|said|says|put|puts|wrote|writes|explained|explains)\b)",
        rf"\bwe at {there}",
        rf"\bhere at {there},? (?:we|i)\b",
        rf"\b(?:my|our) {word}{{0,2}}(?:team|job|role|colleagues|teammates|co-?workers) at {there}",
        rf"\b{mine}{employer}(?: is)?[ ,:(\u2013\u2014-]+{there}",
        rf"{there}[ ,(\u2013\u2014-]+(?:is )?{mine}{employer}\b",
        rf"\b{i_am} {now}?employed (?:by|at|with) {there}",
        rf"{opening}{there} {employee}\b",
        rf"{opening}{employee} (?:of|at) {there}",
        # "Acme employee here", but not "Acme employee discounts".
        rf"{alone}{there} {employee}(?= here\b|[.!)\]]*\s*(?:$|\n))",
        rf"(?<![\w#/&=?])#{joined}_?(?:employee|staff|staffer)(?!\w)",
        rf"(?<![\w#/&=?])#iwork_?(?:at|for)_?{joined}(?!\w)",
    )
    return tuple(regex.compile(source) for source in sources)

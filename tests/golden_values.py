"""The fixed values that the golden files are built from: posts, people, moments, hostile texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import lesson_files
from bot.domain import lessons, local_disclosures, wording_order
from bot.domain.channel_queue import TooLate
from bot.domain.delivery import Delivery
from bot.domain.freeze import ENDLESS, Freeze
from bot.domain.ids import MemberId, PostId, UserId, WordingId, WorkspaceId
from bot.domain.lessons import Bullets, Lesson, LessonCatalog, Paragraph, TextRun
from bot.domain.model import (
    ChannelPolicy,
    DispatchState,
    Hours,
    Member,
    NoticeKind,
    Outcome,
    Pace,
    Preferences,
    Shown,
    SkipReason,
    Stage,
    Workspace,
)
from bot.domain.my_data import Named, PersonalRecord, RowNumber, StoredRow, columns_of
from bot.domain.post import (
    Content,
    Decision,
    LinkedPage,
    Network,
    Post,
    PostKind,
    PostState,
    Verdict,
    Wording,
)
from bot.domain.previews import Preview
from bot.domain.record import Act, Entry
from bot.domain.rules import Rule, RuleChange
from bot.domain.share_options import ShareOptions

# A Tuesday, 10:00 in Berlin.
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CHANNEL = "C0SHARE01"
CLEO, CARL = UserId("U0CLEO001"), UserId("U0CARL001")
TOO_LATE = TooLate(NOW + 43 * DAY, NOW + 30 * DAY)
DISCLOSURE = "#AcmeEmployee"
PHRASES = local_disclosures.parse("de: Anzeige | Ich arbeite bei Acme\nUK: Ad | I work at Acme")

POLICY = ChannelPolicy(
    min_gap=2 * DAY,
    weekly_cap=2,
    hours=Hours(9 * 60 + 30, 16 * 60 + 30),
    workdays=frozenset(range(5)),
    zone="Europe/Berlin",
)
WORKSPACE = Workspace(
    id=WorkspaceId("T0ACME001"),
    advocacy_channel=CHANNEL,
    comms_channel="C0COMMS01",
    policy=POLICY,
    disclosure=DISCLOSURE,
    approvals=2,
)
FROZEN = replace(WORKSPACE, policy=replace(POLICY, freeze=ENDLESS))
OVER_WINTER = Freeze(datetime(2027, 1, 6, 8, 30, tzinfo=UTC), "The office is closed & <b>quiet.")
FROZEN_UNTIL = replace(WORKSPACE, policy=replace(POLICY, freeze=OVER_WINTER))
ALONE = replace(WORKSPACE, approvals=1)


def numbered(*wordings: tuple[Network, str]) -> tuple[Wording, ...]:
    """Wordings as they are stored, from 1 on."""
    return tuple(Wording(*each, id=WordingId(place)) for place, each in enumerate(wordings, 1))


FLINK = Content(
    title="Announcing the Release of Apache Flink 1.20",
    link="https://flink.apache.org/2024/08/02/announcing-the-release-of-apache-flink-1.20/",
    why="It unites batch and streaming in one table, so that one team can keep both.",
    topics=("releases",),
    wordings=numbered(
        (Network.LINKEDIN, "Flink 1.20 is out, and one table now serves batch and stream."),
        (Network.LINKEDIN, "Two pipelines for one truth? Flink 1.20 needs only one."),
        (Network.LINKEDIN, "What I like most about Flink 1.20: less to look after."),
        (Network.X, "Flink 1.20: one table for batch and stream."),
        (Network.BLUESKY, "One table for batch and stream: Flink 1.20 is out."),
    ),
    not_before=None,
    expires_at=datetime(2026, 9, 30, 16, 0, tzinfo=UTC),
)
SIGNED = replace(
    FLINK, link="https://files.example.org/report.pdf?X-Amz-Expires=900&X-Amz-Signature=f0e1"
)
EMBARGOED = replace(
    FLINK,
    title="Delegation Token Framework: Obtain, Distribute and Use Temporary Credentials"
    " Automatically",
    link="https://flink.apache.org/2023/01/20/delegation-token-framework/?from=feed&lang=en#intro",
    topics=("security", "engineering"),
    not_before=datetime(2026, 9, 8, 7, 0, tzinfo=UTC),
)
ONE_WORDING = replace(FLINK, wordings=FLINK.wordings[-1:])
BARE = Content(title="", link="", why="", topics=(), wordings=(), not_before=None, expires_at=None)

# What people might type to page everybody, to break out of a link, or to look like something else.
PAGES = "<!channel>"
HOSTILE = Content(
    title=f"{PAGES} *R&D* <https://evil.example|Read it> @here :tada: \U0001f469\u200d\U0001f4bb",
    link="https://acme.example/a?x=1&y=%3C!here%3E&z=*b*_c_`d`",
    why=f"Tom & <@{CLEO}> said: &lt;{PAGES}&gt; `code` \u202eright to left\u202c, 5 > 3.",
    topics=("r&d", f"{PAGES}", "*bold*"),
    wordings=numbered(
        (Network.LINKEDIN, f"Line one & {PAGES}\n\nLine two: “quotes”, 'more', \\ and `."),
        (Network.X, f"{PAGES} 5 > 3 \U0001f680"),
    ),
    not_before=None,
    expires_at=None,
)

# The longest that the form takes: a title of 150 characters, five topics of 40.
LONG_TITLE = "Announcing three new connectors, the new connector versioning strategy, and why we"
LONG_TITLE = f"{LONG_TITLE} moved them out of the main repository after eight years together"[:150]
LONG_TITLE = LONG_TITLE.ljust(150, "…")
LONG = replace(
    FLINK,
    title=LONG_TITLE,
    why=("A sentence of some length about why it matters. " * 11)[:500],
    topics=tuple(f"{word:-<40}" for word in ("releases", "security", "python", "awards", "data")),
    not_before=NOW + DAY,
)
# Every character outside the basic alphabet takes nine in a composer's address.
TOO_LONG_TO_TRAVEL = replace(
    FLINK,
    wordings=numbered((Network.LINKEDIN, "Потоковая обработка данных стала проще. " * 20)),
)


SEEN = Preview(
    title="Announcing the Release of Apache Flink 1.20",
    description="The Apache Flink PMC is pleased to announce the release of Apache Flink 1.20.0.",
    image="https://flink.apache.org/img/flink-header-logo.png",
)
SEEN_HOSTILE = Preview(title=HOSTILE.title, description=HOSTILE.why, image=HOSTILE.link)


def five_each(content: Content = FLINK, text: str = "Wording {place} for {network}.") -> Content:
    """Five wordings for each network, which is the most."""
    wordings = [
        (network, text.format(place=place + 1, network=network))
        for network in Network
        for place in range(5)
    ]
    return replace(content, wordings=numbered(*wordings))


# One wording for each network there is.
EVERYWHERE = replace(
    FLINK, wordings=numbered(*((network, f"New on {network}.") for network in Network))
)


PROMPTED = replace(
    FLINK,
    kind=PostKind.OWN_NEWS,
    prompts=("What do you like about <b>this & that?", "Who should know of it, @here?"),
)
DIRECT_ONLY = replace(FLINK, kind=PostKind.JOBS, delivery=frozenset({Delivery.DIRECT}))
CHANGED = replace(
    PROMPTED,
    title="Flink 1.20 is out",
    topics=("releases", "R&D"),
    delivery=frozenset({Delivery.CHANNEL}),
    wordings=numbered((Network.LINKEDIN, "Flink 1.20 is out: <less> to look after.")),
)
PICTURED = replace(
    FLINK,
    picture="https://flink.apache.org/img/flink-1.20.png?a=1&b=2",
    picture_alt="A table that two streams flow into, & one flows out of: “<b>”.",
)
BY_CLEO = replace(FLINK, author="Cleo Marin")
PAGE = LinkedPage(
    title="Announcing the Release of Apache Flink 1.20",
    site="Apache Flink",
    image="https://flink.apache.org/img/flink-header-logo.png",
    image_alt="A squirrel, the sign of Apache Flink",
)
PAGE_HOSTILE = LinkedPage(HOSTILE.title, PAGES, "https://acme.example/a.png?x=1&y=2", HOSTILE.why)
BILINGUAL = replace(
    FLINK,
    wordings=(
        Wording(Network.LINKEDIN, "One table for batch and stream.", "en", id=WordingId(1)),
        Wording(Network.LINKEDIN, "Eine Tabelle für alles.", "de", id=WordingId(2)),
        Wording(Network.LINKEDIN, "1.20", id=WordingId(3)),
    ),
)


def spoken(*languages: str | None) -> Content:
    """A wording for LinkedIn in each of these languages."""
    wordings = [
        Wording(Network.LINKEDIN, f"Wording {place}.", language, id=WordingId(place))
        for place, language in enumerate(languages, 1)
    ]
    return replace(FLINK, wordings=tuple(wordings))


def share_options(content: Content = FLINK, *, fresh: bool = True, **changed: Any) -> ShareOptions:
    """What somebody can share of post 14; without `fresh` all its words are used enough."""
    language = changed.pop("language", None)
    ordered = wording_order.order_wordings(PostId(14), content.wordings, language=language)
    offered = (ordered, ()) if fresh else ((), ordered)
    options = ShareOptions(PostId(14), content, DISCLOSURE, offered[0], used=offered[1])
    return replace(options, **changed)


def post(content: Content = FLINK, state: PostState = PostState.LIVE, **changed: Any) -> Post:
    """Post 14 by Cleo, in its second text."""
    seen = 2 if state in (PostState.APPROVED, PostState.LIVE) else None
    whole = Post(
        id=PostId(14),
        state=state,
        correction=None,
        content=content,
        revision=2,
        approved_revision=seen,
        writer=CLEO,
    )
    return replace(whole, **changed)


def drafted(number: int, feed: str) -> Post:
    """A draft that a feed gave, and that nobody has touched."""
    return post(BARE, PostState.DRAFT, id=PostId(number), revision=1, writer=None, from_feed=feed)


def corrected(correction: PostState) -> Post:
    """A live post with a newer text behind it."""
    return post(correction=correction, revision=3)


APPROVED = Decision(2, CARL, Verdict.APPROVED, None, NOW - timedelta(hours=3))
SENT_BACK = Decision(
    2,
    CARL,
    Verdict.SENT_BACK,
    "The second link is broken & the title says 1.19.",
    NOW - DAY,
)
SENT_BACK_EARLIER = replace(SENT_BACK, revision=1)
WITHDRAWN = Decision(2, CLEO, Verdict.WITHDRAWN, None, NOW)


def decisions(*, reason: str = "Not yet.", count: int = 6) -> Sequence[Decision]:
    """More decisions than a card shows."""
    return [
        Decision(revision, CARL, Verdict.SENT_BACK, reason, NOW - (count - revision) * DAY)
        for revision in range(1, count + 1)
    ]


TITLES = (
    "Announcing the Release of Apache Flink 1.20",
    "Apache Flink CDC 3.2.0 Release Announcement",
    "SIGMOD Systems Award for Apache Flink",
    "Regarding Akka's licensing change",
    "Exploring the thread mode in PyFlink",
    "The Generic Asynchronous Base Sink",
)


def posts(count: int, content: Content = FLINK, *states: PostState) -> list[Post]:
    """That many posts, newest first; their states take turns."""
    kinds = states or (PostState.LIVE,)
    return [
        post(
            replace(content, title=TITLES[number % len(TITLES)]) if content is FLINK else content,
            kinds[number % len(kinds)],
            id=100 + count - number,
        )
        for number in range(count)
    ]


LESSONS = lesson_files.load_lessons(None)
# Its files are the workspace's own, but they may have been copied from anywhere.
HOSTILE_LESSON = Lesson(
    name="hostile",
    title=PAGES,
    summary=HOSTILE.why,
    order=1,
    when=None,
    parts=(
        Paragraph((TextRun(HOSTILE.title), TextRun(PAGES, strong=True, emphasis=True, code=True))),
        Bullets(((TextRun(HOSTILE.why),), (TextRun(PAGES, link=HOSTILE.link, strong=True),))),
    ),
)


def most_lessons() -> LessonCatalog:
    """As many lessons as there can be, each with the longest title and summary."""
    return LessonCatalog(
        tuple(
            Lesson(
                name=f"{number:a>{lessons.MAX_NAME}}",
                title=f"{number}{'&' * (lessons.MAX_TITLE - len(str(number)))}",
                summary="&" * lessons.MAX_SUMMARY,
                order=number,
                when=None,
                parts=(Paragraph((TextRun("One."),)),),
            )
            for number in range(lessons.MOST_LESSONS)
        )
    )


AMARA = Member(
    id=MemberId(1),
    user_id=UserId("U0AMARA01"),
    consented_at=NOW - 40 * DAY,
    consent_ends_at=NOW + 143 * DAY,
    left_at=None,
    paused_until=None,
    time_zone="America/New_York",
    network=None,
    preferences=Preferences(
        delivery=frozenset({Delivery.CHANNEL}),
        topics=("releases", "open source"),
        networks=(Network.LINKEDIN, Network.X),
    ),
    consecutive_declines=0,
    stopped_at=None,
    last_asked_at=None,
    next_ask_at=None,
)


def stored_row(table: str, about: str = "", **values: Any) -> StoredRow:
    """A row of a person, with a value for some of its columns."""
    assert set(values) <= set(columns_of(table))
    return StoredRow(
        table, tuple((name, values.get(name)) for name in columns_of(table)), about=about
    )


_RECORD_POST = Named(14, HOSTILE.title)
_MEMBER_ROWS = (
    stored_row(
        "member",
        id=RowNumber(),
        user=AMARA.user_id,
        consented_at=AMARA.consented_at,
        consent_ends_at=AMARA.consent_ends_at,
        zone=AMARA.time_zone,
        zone_checked_at=AMARA.consented_at,
        network=Network.X,
        in_channel=True,
        direct=False,
        pace=Pace.WEEKLY,
        topics=("releases", "open source"),
        networks=("linkedin", "x"),
        hours_start=570,
        hours_end=990,
        workdays="01234",
        consecutive_declines=2,
        last_asked_at=NOW,
    ),
    stored_row(
        "ask",
        FLINK.title,
        id=RowNumber(),
        member_id=RowNumber(),
        post_id=Named(7, FLINK.title),
        repeat=0,
        revision=2,
        state=DispatchState.SENT,
        asked_at=NOW,
        claimed_at=NOW,
        channel="D0AMARA01",
        message_ts="1788249600.000100",
        outcome=Outcome.SKIPPED,
        settled_at=NOW + DAY,
        shown=Shown.ANSWERED,
        shown_revision=2,
    ),
    stored_row(
        "response",
        HOSTILE.title,
        id=RowNumber(),
        post_id=_RECORD_POST,
        member_id=RowNumber(),
        stage=Stage.SKIPPED,
        reason=SkipReason.TOO_PROMOTIONAL,
        at=NOW,
    ),
    stored_row(
        "notice",
        HOSTILE.title,
        kind=NoticeKind.NOTE,
        post_id=_RECORD_POST,
        sender=RowNumber(),
        detail=HOSTILE.why,
        created_at=NOW + DAY,
        not_before=NOW + DAY,
    ),
)
MEMBER_RECORD = PersonalRecord(AMARA.user_id, AMARA.id, AMARA.time_zone, _MEMBER_ROWS)
RECORD = replace(
    MEMBER_RECORD,
    rows=(
        *_MEMBER_ROWS,
        stored_row(
            "decision",
            FLINK.title,
            post_id=Named(7, FLINK.title),
            revision=1,
            who=AMARA.user_id,
            what=Verdict.SENT_BACK,
            reason=HOSTILE.why,
            at=NOW,
        ),
        stored_row(
            "act",
            FLINK.title,
            at=NOW,
            who=AMARA.user_id,
            what=Act.SEND_BACK,
            post_id=Named(7, FLINK.title),
            revision=1,
            state_before="live:in_review",
            state_after="live:returned",
            detail=HOSTILE.why,
        ),
    ),
)
RECORD_ONLY = replace(RECORD, member_id=None, rows=RECORD.rows[-1:])
LONG_RECORD = replace(
    MEMBER_RECORD,
    rows=(
        *_MEMBER_ROWS,
        *(
            stored_row(
                "direct_message",
                member_id=RowNumber(),
                channel="D0AMARA01",
                message_ts=f"{number}.1",
            )
            for number in range(80)
        ),
    ),
)
NO_RECORD = PersonalRecord(UserId("U0NOBODY1"), None, "Europe/Berlin")
PAUSED = replace(AMARA, paused_until=NOW + 14 * DAY)
BROWSING = replace(AMARA, preferences=Preferences())
DIRECT = replace(
    AMARA,
    preferences=replace(AMARA.preferences, delivery=frozenset({Delivery.CHANNEL, Delivery.DIRECT})),
)
CHOSEN = Preferences(
    delivery=frozenset(Delivery),
    pace=Pace.TWICE_A_WEEK,
    topics=("open source", "a topic no post has any more"),
    networks=(Network.X, Network.BLUESKY),
    hours=Hours(8 * 60, 24 * 60),
    workdays=frozenset({0, 2, 5}),
    country="DE",
    language="de",
)
HOSTILE_MEMBER = replace(DIRECT, preferences=replace(CHOSEN, topics=HOSTILE.topics))
LONG_MEMBER = replace(DIRECT, preferences=replace(CHOSEN, topics=LONG.topics))
COUNTRIES = {"DE": "Germany", "FR": "France", "GB": "United Kingdom", "US": "United States"}
# Each rule once, and those whose words depend on the value once more.
RULE_CHANGES = tuple(
    RuleChange(rule, value, before, NOW - place * DAY)
    for place, (rule, value, before) in enumerate(
        (
            (Rule.WEEKLY_CAP, "2", "1"),
            (Rule.CHANNEL, CHANNEL, "C0OLDNEWS"),
            (Rule.COMMS_CHANNEL, "C0COMMS02", "C0COMMS01"),
            (Rule.MIN_GAP, "172800", "0"),
            (Rule.HOURS, "09:30-16:30", "00:00-24:00"),
            (Rule.WORKDAYS, "Mon-Fri", "Mon,Tue"),
            (Rule.ASKS_PER_WEEK, "0.5", "1"),
            (Rule.APPROVALS, "1", "2"),
            (Rule.DISCLOSURE, "I work at <Acme> & Co", "#AcmeEmployee"),
            (Rule.NETWORKS, "linkedin,x", "linkedin,a_network_of_old"),
            (Rule.LINK_TAGS, "utm_source,utm_medium,utm_campaign", ""),
            (Rule.LINK_TAGS, "", "utm_source,utm_medium,utm_campaign"),
            (Rule.CONSENT_MONTHS, "6", "1"),
            (Rule.POST_DAYS, "60", "90"),
            (Rule.KEPT_DAYS, "30", "60"),
            (Rule.EVIDENCE_YEARS, "1", "3"),
            (Rule.LEAST_PEOPLE, "8", "6"),
            (Rule.FIGURES, "on", "off"),
        )
    )
)


_FREEZES = ((None, None), ("frozen", "open"), ("open", "frozen until 2027-01-06T08:00:00+00:00"))


def entries() -> Iterator[Entry]:
    """One of each act, newest first, in the life of a post that was corrected."""
    steps: tuple[tuple[Act, str | None, str | None, str | None], ...] = (
        (Act.WITHDRAW, "live:returned", "withdrawn", None),
        (Act.SEND_BACK, "live:in_review", "live:returned", "Please name the number."),
        (Act.SUBMIT, "live:draft", "live:in_review", None),
        (Act.SAVE, "live", "live:draft", None),
        (Act.FIND_IN_CHANNEL, "uncertain", "sent", None),
        (Act.SEND_AGAIN, "uncertain", "planned", None),
        (Act.MOVE, "3", "1", None),
        (Act.APPROVE, "in_review", "approved", "#AcmeEmployee"),
        (Act.APPROVE_OWN, "in_review", "approved", "#AcmeEmployee"),
        (Act.SAVE, None, "draft", None),
    )
    freezing = (Act.GO_ON, Act.UNFREEZE, Act.FREEZE)
    for number, act in enumerate(freezing):
        nobody = UserId(CARL) if number else None
        at = NOW + DAY * (3 - number)
        before, after = _FREEZES[number]
        reason = "The office is closed." if act is Act.FREEZE else None
        yield Entry(90 - number, at, nobody, act, None, None, before, after, reason, "", None)
    yield Entry(
        97, NOW + DAY * 7, CARL, Act.DECLINE_SUGGESTION, None, None, None, None, None, "", None
    )
    for number, act in enumerate((Act.REMOVE_FEED, Act.ADD_FEED)):
        at, feed = NOW + DAY * (6 - number), "https://blog.example.org/feed?a=1&b=2"
        yield Entry(96 - number, at, CARL, act, None, None, None, None, feed, "", None)
    for number, (act, before, after, detail) in enumerate(steps):
        card = "https://acme.slack.com/archives/C1/p1?a=1&b=2" if number % 2 else None
        yield Entry(
            id=80 - number,
            at=NOW - number * DAY,
            user_id=UserId(CARL if act is Act.APPROVE else CLEO),
            act=act,
            post_id=PostId(14),
            revision=2,
            state_before=before,
            state_after=after,
            detail=detail,
            title=FLINK.title,
            card_link=card,
        )


ENTRIES = tuple(entries())
HOSTILE_ENTRIES = tuple(
    replace(entry, title=HOSTILE.title, detail=HOSTILE.why if entry.detail else None)
    for entry in ENTRIES[6:9]
)

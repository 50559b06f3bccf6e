"""Reports as comms see them: a sentence first, then a chart and a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from bot.domain import analytics
from bot.domain.ids import PostId
from bot.domain.link_tags import TagNames, campaign_of
from bot.domain.post import Post
from bot.domain.report import MOST_OUT, NoSpan, PostReport, ReportedPost, SpanReport
from bot.domain.reports import Figure, find_people
from bot.domain.spans import Span, month_named
from bot.slack.views import report_words as words
from bot.slack.views.data_blocks import MOST_ROWS, DataBlock, bar_chart, data_table
from bot.slack.views.errors import closing_view
from bot.slack.views.payload import Unreadable, number
from bot.slack.views.text import (
    Message,
    button,
    context,
    day,
    escape,
    header,
    link,
    plain,
    say,
    section,
    shortened,
)

REPORT: Final = "report"
REPORT_POST: Final = "report_post"
REPORT_MONTHS: Final = "report_months"
POST_FILE: Final = "report_file"
DRAFT_NOTE: Final = "draft_note"
FILE_NAME: Final = "advocacy-report.csv"
_LONGEST_TITLE: Final = 75
_MOST_VISITS: Final = 5  # links to the analytics in a line: more are hard to read

NOT_A_REPORT: Final = (
    "I know reports of a month, as in `/advocacy report September`, and of a post by its number, "
    "as in `/advocacy report 14`. `/advocacy report` alone shows the newest."
)
FILE_POSTED: Final = "The file is in the comms channel. It has what the reports show, and no more."
FILE_FAILED: Final = "Slack didn't take the file. Please try again in a minute."
FILE_UNSURE: Final = "I can't tell whether Slack took the file. Please look in the comms channel."


def of_span(report: SpanReport, tags: TagNames | None, *, with_file: bool) -> Message:
    """The report of months, or why there is none, and what went out."""
    if report.span is not None:
        return _figures_of_span(report, report.span, tags, with_file=with_file)
    if report.why is not None and report.month is not None:
        return say(_why_not(report, report.why), ActionsBlock(elements=[_newest()]))
    blocks: list[Block] = [*_out(report.posts, report.settings.analytics, tags)]
    return say(words.begin(report.settings), *blocks, ActionsBlock(elements=[_draft_note()]))


def _figures_of_span(
    report: SpanReport, span: Span, tags: TagNames | None, *, with_file: bool
) -> Message:
    settings = report.settings
    cost = words.cost(span)
    asked = None if cost is None else f"For this I asked people {cost}"
    first = [words.of_span(span), asked, words.joined(span), words.untold(span.figures)]
    said = "\n".join(filter(None, first))
    heads = ("Post", *(name for name, *_ in words.COLUMNS))
    rows: list[Sequence[str | int]] = [(f"All {span.posts}", *_row(span.figures))]
    rows += [(_title(post), *_row(post.figures or ())) for post in report.posts]
    blocks: list[Block] = [
        header("Report"),
        section(said),
        *_charts(span.figures, "About so often"),
    ]
    blocks.append(
        data_table(f"Posts that ended, {words.months(span.first, span.last)}", heads, rows)
    )
    if len(rows) > MOST_ROWS:
        blocks.append(context(f"These are the newest {MOST_ROWS - 1} of {span.posts}."))
    blocks += _visits(report.posts, settings.analytics, tags)
    blocks.append(context(words.rules(settings)))
    blocks += _next_steps(report.earlier, with_file=with_file)
    return Message(said, tuple(blocks))


def of_post(report: PostReport, tags: TagNames | None) -> Message:
    """The report of one post, or why there is none."""
    post, settings = report.post, report.settings
    visits = _visits([post], settings.analytics, tags)
    if not post.figures:
        return say(_why_no_figures(report), *visits)
    first = [words.of_post(escape(post.title), post.figures), words.untold(post.figures)]
    said = "\n".join(filter(None, first))
    return Message(
        said,
        (
            section(said),
            *_charts(post.figures, "About so many people"),
            *visits,
            context(words.rules(settings)),
        ),
    )


def not_a_report() -> Message:
    """What was typed behind the command is neither a month nor a post."""
    return say(NOT_A_REPORT, ActionsBlock(elements=[_newest()]))


def no_post() -> Message:
    """No post of that number went out."""
    return say("No post of that number went out, so there is no report of it.")


def dialog(message: Message) -> View:
    """A report, or what it leads to, in a dialog, where Slack may not take charts."""
    return View(
        type="modal",
        callback_id=REPORT,
        title=plain("Report"),
        close=plain("Close"),
        blocks=[*without_data(message).blocks],
    )


def closing(sentence: str) -> View:
    """What became of it, in the place of the dialog."""
    return closing_view("Report", sentence)


def without_data(message: Message) -> Message:
    """The same report with texts in the place of charts and tables."""
    return Message(
        message.text,
        tuple(
            block.otherwise if isinstance(block, DataBlock) else block for block in message.blocks
        ),
    )


def desk_lines(span: Span | None) -> list[Block]:
    """The newest months on the desk of comms, in one line."""
    if span is None:
        return []
    return [section(words.of_span(span), accessory=button("Report", REPORT))]


def read_post(value: object) -> PostId:
    """The post of a button that asks for its report; raises Unreadable."""
    post, _, _ = value.partition(":") if isinstance(value, str) else ("", "", "")
    return PostId(number(post))


def read_month(value: object) -> date:
    """The month of a button that asks for the report of a span; raises Unreadable."""
    year, _, month = value.partition("-") if isinstance(value, str) else ("", "", "")
    found = month_named(number(year), number(month))
    if found is None:
        raise Unreadable("no month")
    return found


def _row(figures: Sequence[Figure]) -> list[str | int]:
    found = [find_people(figures, question, group) for _, question, group in words.COLUMNS]
    return [words.NOT_TOLD if people is None else people for people in found]


def _charts(figures: Sequence[Figure], unit: str) -> list[Block]:
    """At most two, which is what a message holds; `unit` says what they count."""
    told = [
        (name, people)
        for name, question, group in words.COLUMNS
        if (people := find_people(figures, question, group)) is not None
    ]
    charts: list[Block] = [bar_chart("What people did", told, unit)] if told else []
    opened, skipped = words.opened_on(figures), words.reasons(figures)
    if opened:
        charts.append(bar_chart("Opened, by network", opened, unit))
    if skipped:
        lines = ", ".join(f"{label.lower()} about {people}" for label, people in skipped)
        charts.append(section(f"Why people skipped: {lines}."))
    return charts


def _title(post: ReportedPost) -> str:
    return shortened(f"{post.id}: {post.title}", _LONGEST_TITLE)


def _why_not(report: SpanReport, why: NoSpan) -> str:
    month = f"{report.month:%B %Y}" if report.month else ""
    match why:
        case NoSpan.OPEN:
            at = day(report.closes_at, report.settings.zone) if report.closes_at else ""
            return f"The figures of {month} come on {at}. I show none before."
        case NoSpan.WAITS:
            return (
                f"The figures of {month} alone could give a few people away. They come with those "
                "of a later month."
            )
        case NoSpan.TOLD_NEVER:
            return (
                f"The figures of {month} could give a few people away, also with those of later "
                "months. So they are deleted."
            )
        case NoSpan.NO_POST:
            return f"No post ended in {month}, so there are no figures of it."
        case NoSpan.BEFORE:
            return f"There are no figures of {month}.{words.before(report.settings)}"


def _why_no_figures(report: PostReport) -> str:
    title, settings = f"“{escape(report.post.title)}”", report.settings
    if report.live:
        return f"{title} is live. I show no figures about a post while it is."
    if report.closes_at is not None:
        return f"The figures of {title} come on {day(report.closes_at, settings.zone)}."
    if report.post.figures is not None:
        return f"Figures of {title} could give a few people away, so I tell none."
    return f"There are no figures of {title}. {words.begin(settings)}"


def _out(posts: Sequence[ReportedPost], address: str, tags: TagNames | None) -> list[Block]:
    """What went out lately, where there are no figures."""
    if not posts:
        return [section("Nothing has gone out yet.")]
    lines = [f"• {_named(post)}{_went_out(post.live_at)}" for post in posts]
    blocks: list[Block] = [section("*What went out*\n" + "\n".join(lines))]
    if len(posts) >= MOST_OUT:
        blocks.append(context(f"These are the newest {MOST_OUT}. *All posts* on Home has others."))
    return [*blocks, *_visits(posts, address, tags)]


def _named(post: ReportedPost) -> str:
    title = shortened(post.title, _LONGEST_TITLE)
    return link(post.card_link, title) if post.card_link else escape(title)


def _went_out(live_at: datetime | None) -> str:
    return f", {live_at.day} {live_at:%B %Y}" if live_at else ""


def _visits(posts: Sequence[ReportedPost], address: str, tags: TagNames | None) -> list[Block]:
    """Where visits are counted: by the company itself, from the tags of links."""
    if not posts or tags is None:
        return []
    if not address:
        campaign = f"`{tags.campaign}={campaign_of(posts[0].id)}`"
        return [
            context(
                "Visits are counted in your company's web analytics. Look there for a post's "
                f"campaign, such as {campaign}."
            )
        ]
    links = [
        link(found, shortened(post.title, 40))
        for post in posts[:_MOST_VISITS]
        if (found := analytics.link_to(address, post.id, tags)) is not None
    ]
    others = ""
    if len(posts) > _MOST_VISITS:
        others = f" These are the newest {_MOST_VISITS}. The card of each post has its own."
    return [context(f"Visits, in your company's web analytics: {', '.join(links)}.{others}")]


def visits_of(post: Post, address: str, tags: TagNames | None) -> list[Block]:
    """Where visits are counted, on the card of a post that went out."""
    found = analytics.link_to(address, post.id, tags) if post.live_at is not None else None
    return [] if found is None else [context(link(found, "Visits, in your web analytics"))]


def _next_steps(earlier: Span | None, *, with_file: bool) -> list[Block]:
    """The report before this one, the figures as a file, and the note for all staff."""
    steps = [_draft_note()]
    if earlier is not None:
        label = plain(f"Earlier: {words.months(earlier.first, earlier.last)}")
        value = f"{earlier.last:%Y-%m}"
        steps.insert(0, ButtonElement(text=label, action_id=REPORT_MONTHS, value=value))
    if with_file:
        return [ActionsBlock(elements=[*steps, button("Post as a file", POST_FILE)])]
    said = "The people who run me can print these figures as a table: `advocacy export report`."
    return [context(said), ActionsBlock(elements=[*steps])]


def _draft_note() -> ButtonElement:
    return button("Draft a note for all staff", DRAFT_NOTE)


def _newest() -> ButtonElement:
    return button("Newest report", REPORT)

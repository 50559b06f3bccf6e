"""What reports may publish: no combination of figures stands for a few people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import SkipReason, Stage
from bot.domain.post import Network
from bot.domain.reports import (
    ALL_OPENED,
    ALL_SKIPPED,
    Cell,
    ClosedPost,
    Figure,
    Group,
    Published,
    Question,
    find_figures,
    publish_post,
    publish_span,
)
from tests.subtracting import combined

LEAST = 6
NOTHING = Cell(None, None, None, asked=False)
OPENED = Cell(Stage.OPENED, None, Network.LINKEDIN, asked=False)
SHARED = Cell(Stage.SHARED, None, Network.LINKEDIN, asked=False)
SKIPPED = Cell(Stage.SKIPPED, SkipReason.NOT_NOW, None, asked=False)

_ANSWERS = [
    (None, None, None),
    (Stage.INTERESTED, None, None),
    *((stage, None, one) for stage in (Stage.OPENED, Stage.SHARED) for one in list(Network)[:3]),
    *((Stage.SKIPPED, reason, None) for reason in (None, *list(SkipReason)[:3])),
]
Post = Sequence[Cell]  # what each person did; the same people, in the same order, for every post
Pair = tuple[int, int]  # a post and a person


@st.composite
def histories(draw: st.DrawFn) -> list[list[list[Cell]]]:
    """Months of posts in a workspace: most posts are answered in a few ways only."""
    people = draw(st.integers(7, 45))
    months = []
    for _ in range(draw(st.integers(1, 2))):
        posts = []
        for _ in range(draw(st.integers(1, 3))):
            usual = draw(st.lists(st.sampled_from(_ANSWERS), min_size=1, max_size=5))
            asks = draw(st.sampled_from([(True,), (False,), (True, False)]))
            choices = st.tuples(st.sampled_from(usual), st.sampled_from(asks))
            done = draw(st.lists(choices, min_size=people, max_size=people))
            posts.append([Cell(*answer, asked) for answer, asked in done])
        months.append(posts)
    return months


class History:
    """All that was ever published, as sets of pairs."""

    def __init__(self, months: Sequence[Sequence[Post]]) -> None:
        self.posts = [post for posts in months for post in posts]
        cells = [Counter(post) for post in self.posts]
        self.closed = [ClosedPost(each, publish_post(each, LEAST)) for each in cells]
        self.spans: list[tuple[list[int], Published]] = []
        waiting: list[int] = []
        for month, posts in enumerate(months):
            first = sum(map(len, months[:month]))
            waiting += range(first, first + len(posts))
            # Of the newest posts it is known who answered, of earlier ones only how many did.
            known = {number: self._known(number) for number in waiting if number > first}
            posts_of_span = [
                replace(self.closed[number], known=known.get(number, {})) for number in waiting
            ]
            published = publish_span(posts_of_span, LEAST)
            if published is not None:
                self.spans.append((waiting, published))
                waiting = []
        self.spans.append((waiting, {}))  # what is not published yet

    def pairs(self, numbers: Sequence[int], question: Question, group: Group) -> frozenset[Pair]:
        return frozenset(
            (number, person)
            for number in numbers
            for person, cell in enumerate(self.posts[number])
            if cell.part(question) in group
        )

    def _known(self, number: int) -> dict[Cell, frozenset[int]]:
        found: dict[Cell, frozenset[int]] = {}
        for person, cell in enumerate(self.posts[number]):
            if cell.stage is not None:
                found[cell] = found.get(cell, frozenset()) | {person}
        return found

    def combined(self) -> Iterator[frozenset[Pair]]:
        """Every sum and difference of up to four figures that counts each pair once at most."""
        for numbers, published in self.spans:
            each = [([number], self.closed[number].published) for number in numbers]
            figures = {
                self.pairs(some, figure.question, figure.parts)
                for some, of_them in (*each, (numbers, published))
                for figure in find_figures([self.closed[number] for number in some], of_them)
            }
            yield from combined(list(figures))

    def left_over(self) -> Iterator[frozenset[Pair]]:
        """What is left of a span when what some of its posts tell is taken from it."""
        for numbers, published in self.spans:
            groups = sorted(published.get(Question.ANSWERS, ()), key=sorted)
            for size in range(1, len(groups) + 1):
                for some in combinations(groups, size):
                    yield from self._without(numbers, Group().union(*some))

    def _without(self, numbers: Sequence[int], group: Group) -> Iterator[frozenset[Pair]]:
        told = [self.pairs([each], Question.ANSWERS, self._inside(each, group)) for each in numbers]
        whole = self.pairs(numbers, Question.ANSWERS, group)
        for size in range(len(told) + 1):
            for taken in combinations(told, size):
                yield whole.difference(*taken)

    def _inside(self, number: int, group: Group) -> Group:
        """What a post tells of the group on its own."""
        parts = self.closed[number].published.get(Question.ANSWERS, ())
        return Group().union(*(part for part in parts if part <= group))


@given(histories())
def test_no_figures_taken_from_each_other_stand_for_a_few(months: list[list[list[Cell]]]) -> None:
    history = History(months)
    for found in (*history.combined(), *history.left_over()):
        posts = {number for number, _ in found}
        rest = {(n, p) for n in posts for p in range(len(history.posts[n]))} - found
        for some in (found, rest):
            people = {person for _, person in some}
            assert len(people) == 0 or len(people) >= LEAST


def _published(cells: Mapping[Cell, int]) -> dict[tuple[Question, Group], int]:
    return _shown([ClosedPost(cells)], publish_post(cells, LEAST))


def _shown(posts: Sequence[ClosedPost], published: Published) -> dict[tuple[Question, Group], int]:
    figures: list[Figure] = find_figures(posts, published)
    return {(figure.question, figure.parts): figure.people for figure in figures}


def _cell(stage: Stage | None, detail: str = "", *, asked: bool = False) -> Cell:
    reason = SkipReason(detail) if detail in list(SkipReason) else None
    network = Network(detail) if detail in list(Network) else None
    return Cell(stage, reason, network, asked)


def test_a_post_that_many_opened_tells_where_and_who_shared() -> None:
    shown = _published(
        {
            _cell(Stage.OPENED, "linkedin"): 12,
            _cell(Stage.SHARED, "linkedin"): 7,
            _cell(Stage.OPENED, "x"): 4,
            _cell(Stage.SHARED, "bluesky"): 4,
            _cell(Stage.SKIPPED, "not_my_audience"): 9,
            _cell(Stage.SKIPPED): 6,
            _cell(None, asked=True): 20,
            _cell(None): 30,
        }
    )
    elsewhere = Group({*map(str, Network), "elsewhere"}) - {"linkedin"}
    others = ALL_SKIPPED - {"not_my_audience"}
    assert shown == {
        (Question.ANSWERS, ALL_OPENED): 25,
        (Question.ANSWERS, Group({"opened"})): 15,
        (Question.ANSWERS, Group({"shared"})): 10,
        (Question.ANSWERS, ALL_SKIPPED): 15,
        (Question.ANSWERS, Group({"not_my_audience"})): 10,
        (Question.ANSWERS, others): 5,
        (Question.ASKED, Group({"asked"})): 20,
        (Question.NETWORKS, Group({"linkedin"})): 20,
        (Question.NETWORKS, elsewhere): 10,
    }


def test_too_few_are_told_with_others_or_not_at_all() -> None:
    shown = _published({OPENED: 5, SHARED: 5, SKIPPED: 5, NOTHING: 25})
    assert shown == {(Question.ANSWERS, ALL_OPENED): 10}
    assert _published({OPENED: 5, SKIPPED: 5, NOTHING: 30}) == {}


def test_nothing_is_told_where_nearly_everybody_did_the_same() -> None:
    assert _published({OPENED: 35, NOTHING: 5}) == {}
    assert _published({OPENED: 40}) == {}


def test_asked_is_not_told_where_all_but_a_few_of_them_opened() -> None:
    asked = Cell(Stage.OPENED, None, Network.LINKEDIN, asked=True)
    shown = _published({asked: 17, OPENED: 3, NOTHING: 20})
    assert shown == {(Question.ANSWERS, ALL_OPENED): 20}


def _closed(opened: int, nothing: int = 30) -> ClosedPost:
    cells = {OPENED: opened, NOTHING: nothing}
    return ClosedPost(cells, publish_post(cells, LEAST))


def test_a_span_tells_more_than_its_posts() -> None:
    posts = [_closed(12), _closed(8)]
    published = publish_span(posts, LEAST)
    assert published is not None
    assert _shown(posts, published) == {(Question.ANSWERS, ALL_OPENED): 20}


def test_a_span_waits_where_it_would_tell_of_one_post_that_is_too_small() -> None:
    posts = [_closed(12), _closed(3)]
    assert publish_span(posts, LEAST) is None
    assert publish_span([*posts, _closed(20)], LEAST) is None
    # With another one that does not tell its own, nobody can tell the two apart.
    hidden = ClosedPost({OPENED: 12, NOTHING: 30})
    assert publish_span([*posts, hidden], LEAST) is not None


def test_a_span_counts_people_who_are_known_to_be_different() -> None:
    def one(known: frozenset[int]) -> ClosedPost:
        return ClosedPost({OPENED: 4, NOTHING: 30}, {}, {OPENED: known})

    same, other = one(frozenset(range(4))), one(frozenset(range(2, 6)))
    assert publish_span([same, same], LEAST) is None
    published = publish_span([same, other], LEAST)
    assert published is not None
    assert _shown([same, other], published) == {(Question.ANSWERS, ALL_OPENED): 10}


def test_a_span_without_posts_tells_nothing() -> None:
    assert publish_span([], LEAST) is None

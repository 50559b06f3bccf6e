"""Stopping always works: what leaves at once, what is asked about, and what is neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.stopping import Stopping, names_erasing, read_stopping

# Words that end all of it. Those in the first lines alone are what 47 CFR 64.1200(a)(10) calls a
# reasonable means to revoke consent, and what senders of text messages have to obey (STOPALL).
LEAVE = """
stop | quit | end | revoke | opt out | cancel | unsubscribe
STOP | StopAll | stop all | optout | opt-out | OPT OUT
leave | leave. | stop! | Stop. Thank you | “stop” | «stop» | „Stop“ | 'leave' | *stop* | `leave`
please stop | pls stop | stop please | stop now | stop immediately, thanks | no, stop
stop stop stop | STOP!!! | stop; leave | ok stop | hi, please stop | stop right now
unsubscribe me | unsubscribe me please | unsubscribe from this list | unsub | unsubscribe from all
remove me | please remove me | remove me from the list | remove
take me off | take me off this list
count me out | leave me out | sign me out | drop me from the program | get me out of here
opt me out | opt out please | opt me out of everything | opt\u2011out | opt\u2013out | opt\u00adout
exit | out | drop out | i'm out | I\u2019m out | i am leaving | i quit | i want out | let me out
i want to leave | I'd like to opt out | i would like to unsubscribe | i wish to leave
can I leave? | could you stop messaging me | can you please stop | I want you to stop
stop it | stop this | stop everything | end it | end this | leave this program | leave advocacy
stop asking me | stop asking | quit asking me | stop messaging me | stop contacting me
stop bothering me | stop sending me messages | stop sending me posts | stop spamming me
stop the messages | stop all messages | stop notifications | no more messages | no more | enough
that's enough | leave me alone | go away | goodbye
don't ask me again | don\u2019t message me | do not contact me any more | dont ask me anymore
never ask me again | do not send me anything | i don't want this | I no longer want this
i don't want to take part | i do not want to be asked
cancel my subscription | end my membership | revoke my consent | I withdraw my consent
withdraw my consent | withdraw me | cancel my participation
st\u200bop | \u2060leave | \uff53\uff54\uff4f\uff50 | stop\u00a0 | lea\u00adve | \u3000stop\u3000now
"""
# Words that may mean to leave, or to change, pause or delete something.
PERHAPS = """
stop asking me on Fridays | stop the channel posts | leave the channel | stop direct messages
stop until Monday | stop for today | stop for two weeks | stop tomorrow | out of office until Monday
stop sending me posts about AI | don't ask me before 10 | don't message me on weekends
do not stop | don't stop | I don't want to leave | never stop | how do I stop this
less often | fewer messages | not so often | no more than one a week | not now | not interested
stopp | unsubscribed | quitting time | stop posts | mute | turn off | turn it off
delete me | erase my data | forget about me | delete my account
cancel my pause | end pause | cancel 14 | remove post 14
leave it for now | what happens if I leave
"""
NEITHER = """
 | join | pause 2 weeks | settings | queue https://acme.example/stopgap | browse | topics | help
approve 14 | opinion | backend | weekend | unstoppable | хватит | 🦄 | resume | no thanks
"""


def phrases(table: str) -> list[str]:
    """The phrases of a table, each as it stands between the bars."""
    lines = table.strip("\n").splitlines()
    return [phrase.strip(" ") for line in lines for phrase in line.split("|")]


@pytest.mark.parametrize("typed", phrases(LEAVE))
def test_it_leaves_at_once(typed: str) -> None:
    assert read_stopping(typed) is Stopping.LEAVE


@pytest.mark.parametrize("typed", phrases(PERHAPS))
def test_it_is_asked_about(typed: str) -> None:
    assert read_stopping(typed) is Stopping.PERHAPS


@pytest.mark.parametrize("typed", phrases(NEITHER))
def test_it_is_about_something_else(typed: str) -> None:
    assert read_stopping(typed) is None


@given(
    st.sampled_from(phrases(LEAVE)),
    st.sampled_from(
        ["please", "Please,", "hello", "thanks!", "now", "right now", "thank you", "!!"]
    ),
    st.booleans(),
)
def test_courtesy_changes_nothing(typed: str, courtesy: str, before: bool) -> None:
    said = f"{courtesy} {typed}" if before else f"{typed} {courtesy}"
    assert read_stopping(said) is Stopping.LEAVE


@given(
    st.sampled_from(phrases(LEAVE)),
    st.sampled_from(["on", "in", "about", "until"]),
)
def test_a_part_of_it_is_asked_about(typed: str, word: str) -> None:
    assert read_stopping(f"{typed} {word} Fridays") is Stopping.PERHAPS


@given(st.text(max_size=60))
def test_anything_is_read(typed: str) -> None:
    read_stopping(typed)


@pytest.mark.parametrize("times", [30, 1000])
def test_a_long_text_is_read_in_no_time(times: int) -> None:
    assert read_stopping("stop it all now leave me alone " * times + "x") is Stopping.PERHAPS


def test_speaking_of_deleting_is_seen() -> None:
    assert names_erasing("Delete me!")
    assert not names_erasing("stop asking me on Fridays")

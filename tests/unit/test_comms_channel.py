"""Which channels comms can use, and which they can choose."""

from __future__ import annotations

import pytest

from bot.domain.comms_channel import ChannelFault, Openness, find_fault, find_fault_of_choice

PRIVATE = Openness(is_private=True)
OF_SISTERS = Openness(is_private=True, is_shared=True, is_org_shared=True)
INVITED = Openness(is_private=True, is_pending=True)


@pytest.mark.parametrize("channel", [PRIVATE, OF_SISTERS])
def test_a_private_channel_of_the_company_can_be_chosen_and_used(channel: Openness) -> None:
    assert find_fault_of_choice(channel) is None
    assert find_fault(channel) is None


@pytest.mark.parametrize(
    ("channel", "fault"),
    [
        (Openness(is_private=False), ChannelFault.PUBLIC),
        (Openness(is_private=True, is_ext_shared=True), ChannelFault.SHARED),
        (Openness(is_private=True, is_shared=True), ChannelFault.SHARED),
    ],
)
def test_what_others_can_be_in_can_neither_be_chosen_nor_used(
    channel: Openness, fault: ChannelFault
) -> None:
    assert find_fault_of_choice(channel) is find_fault(channel) is fault


def test_where_others_are_only_invited_comms_go_on_but_nobody_chooses_it() -> None:
    assert find_fault_of_choice(INVITED) is ChannelFault.SHARED
    assert find_fault(INVITED) is None

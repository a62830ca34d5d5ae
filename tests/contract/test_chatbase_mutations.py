"""A rule of Chatbase's that breaks is noticed by a contract test."""

from collections.abc import Callable
from functools import partial

import pytest

from fluxrouter.sandbox.chatbase import ChatbaseSandbox
from fluxrouter.sandbox.chatbase.rules import RULES
from tests.contract import test_chatbase_cases as cases

pytestmark = pytest.mark.acceptance("MAIN-34")
Check = Callable[[ChatbaseSandbox], None]
KILLED_BY: dict[str, Check] = {
    "key_is_checked": cases.test_a_wrong_key_stops_for_a_person,
    "unknown_agent_is_missing": (
        cases.test_an_agent_that_is_not_there_is_a_mistake_and_no_empty_list
    ),
    "export_has_all_sources": (
        cases.test_a_lead_and_a_conversation_that_holds_the_address_are_manual_tasks
    ),
    "lists_have_pages": cases.test_more_than_a_page_is_found_everywhere,
    "deleted_conversation_is_gone": (cases.test_what_came_since_the_approval_is_deleted_as_well),
    "delete_reaches_api_only": partial(
        cases.test_a_conversation_that_the_export_still_shows_is_a_manual_task, answer=404
    ),
    "contact_is_deleted_by_one_id": cases.test_the_wrong_setting_is_noticed,
    "deleted_contact_is_gone": (
        cases.test_a_contact_is_found_by_our_id_or_by_the_address_as_its_id
    ),
}
# Rules on which nothing of ours rests, and why.
UNUSED = {
    "user_list_is_api_only": "whatever it lists is tried; the export tells what stayed",
    "leads_have_pages": "a list that always comes whole is read as well",
}


def test_every_rule_is_watched_or_unused_with_a_reason() -> None:
    assert KILLED_BY.keys() | UNUSED.keys() == RULES.keys()
    assert not KILLED_BY.keys() & UNUSED.keys()


@pytest.mark.parametrize("rule", sorted(KILLED_BY))
def test_a_rule_that_breaks_is_noticed(rule: str) -> None:
    KILLED_BY[rule](ChatbaseSandbox())
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        KILLED_BY[rule](ChatbaseSandbox(broken=frozenset({rule})))

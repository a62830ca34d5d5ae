"""A rule of a model provider that breaks is noticed by a check of the connectors."""

import pytest

from fluxrouter.sandbox.model_providers import RULES, create_app
from tests.contract import test_model_providers_kinds as kinds

pytestmark = [
    pytest.mark.django_db(databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-34"),
]
# Per rule the check that must fail when the rule is broken.
KILLED_BY = {
    "deleted_is_gone": "a_store_with_documents_goes_with_them",
    "lists_have_pages": "more_than_a_page_of_entries_is_read_in_pages",
    "items_outlive_their_conversation": "without_its_entries_a_conversation_leaves_them",
    "cancelling_takes_time": "a_batch_that_works_is_cancelled_and_waited_for",
    "missing_file_is_refused": "a_file_that_gemini_refuses_is_looked_up_in_its_list",
}
# Rules on which nothing of ours rests, or which other tests look at themselves, and why.
UNUSED = {
    "openai_key_is_checked": "a wrong key is tried with all three in one test",
    "anthropic_key_is_checked": "a wrong key is tried with all three in one test",
    "gemini_key_is_checked": "a wrong key is tried with all three in one test",
    "anthropic_version_is_needed": "it is sent with every call; the kept rule refuses without it",
    "anthropic_files_are_beta": "it is sent with every call; the kept rule hides files without it",
    "second_delete_is_missing": "a second deletion that answers 200 is success as well",
    "video_must_have_ended": "it waits in any case; the kept rule refuses who doesn't",
    "batch_must_have_ended": "it cancels in any case; the kept rule refuses who doesn't",
    "full_store_needs_force": "`force` is sent in any case; the kept rule refuses without it",
    "deleting_a_batch_does_not_stop_it": "it cancels in any case; the kept rule leaves the work",
}


def test_every_rule_is_watched_or_unused_with_a_reason() -> None:
    assert KILLED_BY.keys() | UNUSED.keys() == RULES.keys()
    assert not KILLED_BY.keys() & UNUSED.keys()


@pytest.mark.parametrize("rule", KILLED_BY)
def test_each_rule_that_breaks_is_noticed_by_its_check(rule: str) -> None:
    check = getattr(kinds, f"test_{KILLED_BY[rule]}")
    check(create_app())
    with pytest.raises((Exception, pytest.fail.Exception)):
        check(create_app(frozenset({rule})))

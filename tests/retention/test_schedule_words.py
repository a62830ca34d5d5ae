"""The schedule in words: what the person and counsel read of it, and what staff do."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from fluxrouter.jobs import JOBS
from privacy.datamap import DATA_MAP, SUBJECT_ROWS
from privacy.kept import GOES_WITH, OWN_DATA, kept_of_people
from privacy.management.pages.retention import BLANKED, own_items
from privacy.models import PrivacyRequest, RequestNote
from retention.dispositions import DISPOSITIONS
from retention.schedule import EXTERNAL, RETENTION_SCHEDULE
from retention.services.holds import place_hold
from retention.words import KINDS
from tests.support.database import rolled_back
from tests.support.rows import make_account
from tests.support.staff import member, signed_in

pytestmark = pytest.mark.acceptance("KEEP-20")

PAGE = "/privacy/retention/"
SCHEDULE = "/admin/retention/disposition/schedule/"
HOLDS = "/admin/retention/legalhold/"


@rolled_back
def test_the_public_page_says_of_every_kind_of_a_persons_data_how_long_it_stays() -> None:
    page = Client().get(PAGE).text
    own = {model for item in OWN_DATA for model in item.models}
    titles = {row.title for row in SUBJECT_ROWS if row.is_personal and row.model not in own}
    assert sorted(title for title in titles if escape(title) not in page) == []


def test_what_has_no_time_of_its_own_has_no_rule_either() -> None:
    assert not GOES_WITH.keys() & {rule.model for rule in RETENTION_SCHEDULE}
    assert all(DATA_MAP[model].is_personal for model in GOES_WITH)


def test_nobody_reads_that_we_sum_up_what_they_wrote() -> None:
    """Of redacted copies nothing is summed up: they only go."""
    (copies,) = [each for each in kept_of_people() if each.what.startswith("Redacted copies")]
    assert "sum" not in copies.then
    (calls,) = [each for each in kept_of_people() if each.what == "Request metadata"]
    assert "publish sums" in calls.then
    assert "what each account used" in calls.then


@rolled_back
def test_the_public_page_promises_no_more_than_is_done() -> None:
    """A statement stays beside the sums; hashes have no end; not all is done by software."""
    page = re.sub(r"\s+", " ", Client().get(PAGE).text)
    assert "Of old calls two things remain" in page
    assert "Everything we hold about you" not in page
    assert "Where a company or our staff do that, we say so." in page
    (heads,) = [each for each in EXTERNAL if each.keep_for == "for ever"]
    assert "nothing about anybody can be read" in heads.by


@rolled_back
def test_the_public_page_has_no_words_of_engineers() -> None:
    page = Client().get(PAGE).text
    assert re.findall(r"trigger|connector|proxy|its seal|the rows behind", page) == []


@pytest.mark.acceptance("KEEP-11")
def test_the_document_names_each_field_that_is_blanked_and_the_job_that_does_it() -> None:
    told = {what: how for what, _, _, how in own_items()}
    assert told["Your address and what you told us"] == (
        "Destroy the key, blank `email`, `email_index`, `details`, `corrections` (`destroy_keys`)"
    )
    assert "destroy_keys" in JOBS
    every: set[type[Model]] = {PrivacyRequest, RequestNote}
    assert every <= BLANKED.keys()
    for model, fields in BLANKED.items():
        (how,) = [
            how
            for item, (*_, how) in zip(OWN_DATA, own_items(), strict=True)
            if model._meta.label in item.models and item.dispose == "destroy_key"
        ]
        assert [name for name in fields if f"`{name}`" not in how] == []


def test_what_isnt_done_with_the_key_is_done_by_a_disposition_of_the_schedule() -> None:
    codes = {item.dispose for item in OWN_DATA} - {"destroy_key"}
    assert codes <= DISPOSITIONS.keys()
    assert codes <= {rule.dispose for rule in RETENTION_SCHEDULE}


# Staff's pages.


@rolled_back
def test_a_hold_on_everything_is_refused_in_words() -> None:
    client = signed_in(member("Approver"))
    entered = {"ground": "claim", "citation": "CV-1", "review_on": "2031-01-01"}
    for given in (entered, {**entered, "ground": ""}):
        page = client.post(f"{HOLDS}add/", given).text
        assert "hold_is_never_on_all" not in page
        assert page.count("Name an account, or one kind of data with its first and last day.") == 1


@rolled_back
def test_the_form_of_a_hold_names_kinds_of_data_in_the_order_of_the_schedule() -> None:
    page = signed_in(member("Approver")).get(f"{HOLDS}add/").text
    offered = re.findall(r'<option value="(\w+\.\w+)">([^<]+)', page)
    assert [model for model, _ in offered] == [*KINDS]
    assert [name for _, name in offered] == [*KINDS.values()]


def test_each_kind_of_data_has_a_name_of_its_own() -> None:
    assert [*KINDS] == [*dict.fromkeys(rule.model for rule in RETENTION_SCHEDULE)]
    assert len({*KINDS.values()}) == len(KINDS)


@rolled_back
def test_the_page_of_a_hold_that_a_request_made_says_who_made_it() -> None:
    hold = place_hold(
        make_account().pk, ground="recourse", citation="PIPEDA s. 8(8)", request_id=uuid4(),
        review_on=timezone.now().date() + timedelta(days=9),
    )  # fmt: skip
    page = signed_in(member("Approver")).get(f"{HOLDS}{hold.pk}/release/").text
    assert "by a request that is gone" in page


@rolled_back
@pytest.mark.parametrize("name", [rule.name for rule in RETENTION_SCHEDULE])
def test_a_rules_page_says_in_words_from_when_and_what_then(name: str) -> None:
    page = signed_in(member("Viewer")).get(f"{SCHEDULE}{name}/").text
    facts: Any = dict(re.findall(r"<dt>(Kept|Then)</dt><dd>([^<]+)</dd>", page))
    assert facts.keys() == {"Kept", "Then"}
    assert "_" not in "".join(facts.values())


@rolled_back
def test_the_list_says_how_long_each_kind_is_kept() -> None:
    page = signed_in(member("Viewer")).get(SCHEDULE).text
    assert ">Privacy requests<" in page
    assert '<td data-label="Kept">90 days after the day of the call</td>' in page

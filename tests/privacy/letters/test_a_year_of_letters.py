"""A year of 5,000 requests under every law: whatever becomes of one, its letter lacks nothing."""

import random
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from privacy.deadlines import Facts as Happened
from privacy.deadlines import dues, earliest
from privacy.letters import LETTERS, Facts, render
from privacy.letters.elements import ELEMENTS
from privacy.letters.render import said
from privacy.letters.required import MUST_STATE, REQUIRED
from privacy.letters.texts import ENGLISH
from privacy.management.pages.letter_places import Place, facts_in, laws_in
from privacy.management.pages.letters import is_sent
from privacy.regimes.loader import regime_files
from privacy.regimes.places import COUNTRIES_OF
from tests.privacy.letters.test_demands import demands

REQUESTS = 5_000
RIGHTS = ("access", "erasure", "rectification", "restriction")
# Facts that say yes or no, and those that may hold nothing.
TOGGLES = sorted(field.name for field in fields(Facts) if str(field.type).startswith("bool"))
LISTS = sorted(field.name for field in fields(Facts) if str(field.type).startswith("tuple"))


def home(regime: str) -> Place:
    """Somewhere that the law holds."""
    where = regime_files()[regime].places[0] if regime_files()[regime].places else "AR"
    where = COUNTRIES_OF.get(where, (where,))[0]
    country, _, state = where.partition("-")
    return Place(regime, country, state)


@cache
def facts_of(regime: str) -> Facts:
    return facts_in(home(regime))


def became(chance: random.Random, regime: str) -> Facts:
    """One request of the year, as its letter may speak of it."""
    at = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(365 * 24 * 60))
    laws = laws_in(home(regime))
    due = earliest(dues(laws, chance.choice(RIGHTS), Happened(at)))["respond"].safe_due
    base = facts_of(regime)
    changes: dict[str, Any] = {name: chance.random() < 0.5 for name in TOGGLES}
    changes |= {name: () for name in LISTS if chance.random() < 0.1}
    outcome = chance.choice(["upheld", "partly_upheld", "rejected"])
    changes |= {name: name == outcome for name in ("upheld", "partly_upheld", "rejected")}
    return replace(base, due_on=due, **changes)


def lists_that_may_be_empty(letter: str) -> set[str]:
    """Facts without which the letter is still whole: no required element needs them."""
    needed = {
        need
        for name in LETTERS[letter].elements
        if ELEMENTS[name].required
        for need in ELEMENTS[name].needs
        if need not in ELEMENTS[name].conditions
    }
    return set(LISTS) - needed


def whole(letter: str, facts: Facts, regime: str) -> Facts:
    """With the lists back that a required element of this letter can't do without."""
    base, free = facts_of(regime), lists_that_may_be_empty(letter)
    back = {name: getattr(base, name) for name in LISTS if name not in free}
    return replace(facts, **back)


def words_of(rule: str, regime: str) -> set[str]:
    return {
        word
        for law in laws_in(home(regime)).of
        for name, each in law.effective.rules()
        if name == rule
        for word in demands(each.value)
    }


@cache
def demanded(letter: str, regime: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the laws there want said in this letter: each word with the elements that say it."""
    return tuple(
        (word, letters[letter][word])
        for rule, letters in MUST_STATE.items()
        if letter in letters
        for word in sorted(words_of(rule, regime))
    )


def is_off(name: str, facts: Facts) -> bool:
    """Whether an element's own condition keeps it out of this letter."""
    conditions = ELEMENTS[name].conditions
    return any(bool(getattr(facts, fact)) != wanted for fact, wanted in conditions.items())


def missing(letter: str, facts: Facts, regime: str) -> list[str]:
    """Words of the law, and required elements, that the letter doesn't say."""
    spoken = {name for name in LETTERS[letter].elements if said(letter, name, facts, ENGLISH)}
    unsaid = [
        word
        for word, names in demanded(letter, regime)
        if names and not spoken & set(names) and not all(is_off(name, facts) for name in names)
    ]
    lacks = [
        name for name in REQUIRED.get(letter, {}) if name not in spoken and not is_off(name, facts)
    ]
    return unsaid + lacks


@pytest.mark.acceptance("RIGHT-Y02")
def test_no_letter_of_a_simulated_year_lacks_an_element() -> None:
    chance = random.Random(20270102)  # noqa: S311  (the same year each time)
    regimes = sorted(regime_files())
    wrong, seen = [], set()
    for number in range(REQUESTS):
        regime = regimes[number % len(regimes)]
        letter = chance.choice([each for each in LETTERS if is_sent(each, home(regime))])
        facts = whole(letter, became(chance, regime), regime)
        text = render(letter, facts).text
        seen.add((letter, regime))
        if (lacks := missing(letter, facts, regime)) or "None" in text.split():
            wrong.append((number, letter, regime, lacks))
    assert TOGGLES
    assert LISTS
    assert wrong == []
    assert len(seen) > 0.9 * len(LETTERS) * len(regimes)


def test_a_law_that_wants_a_word_which_nobody_says_is_noticed() -> None:
    """The check of the check: an element without its text is missed."""
    facts = facts_of("eu_gdpr")
    assert missing("denied", facts, "eu_gdpr") == []
    silent = replace(facts, refused=())
    with pytest.raises(Exception, match="lacks its element"):
        missing("denied", silent, "eu_gdpr")

# ruff: noqa: S101
"""The promises of every connector, as tests to inherit."""

import json
from uuid import uuid4

import pytest

from privacy.connectors.base import Subject
from privacy.connectors.errors import ConnectorError, NeedsHumanError
from privacy.connectors.testing.changes import ChangePromises
from privacy.connectors.testing.life import Life


class ConnectorContract(ChangePromises):
    """Inherit it in a class named Test…, and say how your system is reached (`Hooks`)."""

    def test_it_exports_what_it_erases(self) -> None:
        life = self.new_life()
        discovery = life.look()
        assert discovery.erase, "plant() gave it nothing to erase"
        exported = [collection for collection, _ in life.export()]
        counts = {kind: exported.count(kind) for kind in discovery.found}
        assert counts == discovery.found, "an export must hold every record that was found"
        assert discovery.erase.keys() <= discovery.found.keys(), "erased but never found"

    def test_collections_come_one_after_the_other(self) -> None:
        life = self.new_life()
        life.look()
        order = [collection for collection, _ in life.export()]
        assert order == sorted(order, key=order.index), "a collection was taken up again"

    def test_what_is_found_is_erased_or_kept_with_its_ground(self) -> None:
        discovery = self.new_life().look()
        # What can't be counted (nobody can list it) is told with the number 0.
        kept = {item["what"] for item in discovery.keep if item["count"]}
        assert all(item["ground"] for item in discovery.keep), "kept without a ground"
        assert discovery.found.keys() == discovery.erase.keys() | kept, "its fate is not said"

    def test_an_erasure_begins_with_a_look_that_stops_at_a_new_kind(self) -> None:
        first = self.make().erasure[0]
        assert (first.name, first.irreversible) == ("prepare", False), "holds are asked for there"
        life = self.new_life()
        life.look()
        life.approved["found"] = {}
        before = self.holds(life.subject)
        with pytest.raises(NeedsHumanError):
            life.erase()
        assert self.holds(life.subject) == before, "something was erased that nobody approved"

    def test_erasure_leaves_nothing(self) -> None:
        life = self.new_life()
        life.look()
        life.erase()
        assert not self.holds(life.subject), "erasure left something"
        assert life.verify() == [], "verify sees something that is gone"

    def test_erasing_again_is_success(self) -> None:
        life = self.new_life()
        life.look()
        for _ in range(2):
            life.erase()
        assert not self.holds(life.subject)
        assert life.verify() == []

    def test_a_stranger_is_no_error(self) -> None:
        life = Life(self.make(), Subject(uuid4(), f"nobody.{uuid4().hex}@example.org", {}))
        discovery = life.look()
        assert (discovery.found, discovery.erase, discovery.blockers) == ({}, {}, [])
        assert life.export() == []
        life.freeze()
        life.lift()
        life.erase()
        assert life.verify() == []

    def test_nobody_else_is_touched(self) -> None:
        self.plant_stranger()
        before = self.snapshot_of_stranger()
        assert before, "plant_stranger() planted nothing"
        life = self.new_life()
        life.look()
        life.freeze()
        life.lift()
        if life.connector.restricts:
            life.restrict()
            life.lift()
        life.erase()
        life.verify()
        if life.connector.corrects:
            corrected = self.new_life()
            corrected.look()
            corrected.correct(self.corrections(corrected))
        assert self.snapshot_of_stranger() == before, "somebody else's data changed"

    def test_nobody_else_is_exported(self) -> None:
        self.plant_stranger()
        life = self.new_life()
        found = life.look().found
        assert sum(found.values()) == len(life.export())

    def test_receipts_and_discoveries_hold_no_personal_data(self) -> None:
        life = self.new_life()
        life.look()
        life.freeze()
        life.erase()
        life.verify()
        text = json.dumps(life.written, default=str).lower()
        leaked = [word for word in self.personal(life.subject) if word.lower() in text]
        assert not leaked, f"written down: {len(leaked)} personal texts"

    def test_looking_and_exporting_change_nothing(self) -> None:
        life = self.new_life()
        before = self.holds(life.subject)
        life.look()
        life.export()
        life.verify()
        assert self.holds(life.subject) == before

    def test_verify_sees_what_an_erasure_missed(self) -> None:
        for action in self.make().erasure:
            if action.irreversible and not action.optional:
                life = self.new_life()
                life.look()
                life.freeze()
                assert self.is_noticed(life, action.name), f"nobody sees that {action.name} failed"

    def is_noticed(self, life: Life, missed: str) -> bool:
        try:
            life.erase(without=missed)
        except ConnectorError:
            return True
        return bool(life.verify())

    def test_a_part_that_runs_twice_has_one_effect(self) -> None:
        life = self.new_life()
        life.twice = True
        before = self.freezable(life.subject)
        life.look()
        if life.connector.freezes:
            life.freeze()
            life.lift()
        assert self.freezable(life.subject) == before
        life.erase()
        assert not self.holds(life.subject)
        assert life.verify() == []

    def test_faults_at_every_call_converge(self) -> None:
        life = self.new_life()
        begun = self.calls_made()
        self._whole(life)
        self.plant_stranger()
        before = self.snapshot_of_stranger()
        for number in range(1, self.calls_made() - begun + 1):
            for after in (False, True):
                life = self.new_life()
                self.fail_call(number, after=after)
                self._whole(life)
                assert not self.holds(life.subject), f"call {number}, {after=}"
                assert life.verify() == [], f"call {number}, {after=}"
        assert self.snapshot_of_stranger() == before

    def _whole(self, life: Life) -> None:
        life.look()
        life.export()
        life.freeze()
        life.erase()
        life.verify()

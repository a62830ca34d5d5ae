# ruff: noqa: S101
"""The promises of freezing, restricting and correcting: what can be undone is undone exactly."""

import pytest

from privacy.connectors.testing.hooks import Hooks


class ChangePromises(Hooks):
    """Those that a connector doesn't make are skipped."""

    def test_a_lift_restores_exactly_what_was_frozen(self) -> None:
        life = self.new_life()
        if not life.connector.freezes:
            pytest.skip("nothing is in use there that a freeze could stop")
        before = self.freezable(life.subject)
        life.look()
        life.freeze()
        assert self.freezable(life.subject) != before, "the freeze changed nothing"
        life.lift()
        assert self.freezable(life.subject) == before

    def test_a_lift_restores_exactly_what_was_restricted(self) -> None:
        life = self.new_life()
        if not life.connector.restricts:
            pytest.skip("no use of it can be restricted there")
        before = self.freezable(life.subject)
        life.look()
        for _ in range(2):
            life.restrict()
            assert self.freezable(life.subject) != before, "the restriction changed nothing"
        life.lift()
        assert self.freezable(life.subject) == before

    def test_a_correction_is_seen_and_the_old_values_are_told_before(self) -> None:
        life = self.new_life()
        if not life.connector.corrects:
            pytest.skip("nothing can be corrected there")
        life.look()
        patch = self.corrections(life)
        before = life.current(patch)
        assert {value.field for value in before} == patch.keys(), "a field was not told"
        assert any(value.text != patch[value.field] for value in before), "nothing to correct"
        for _ in range(2):
            life.correct(patch)
            after = life.current(patch)
            wrong = {value.field for value in after if value.text != patch[value.field]}
            assert not wrong, "a field has not its new value"
        assert [value[:2] for value in after] == [value[:2] for value in before]

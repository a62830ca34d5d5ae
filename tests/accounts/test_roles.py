"""What each staff role may do is one table, and the groups follow it."""

import pytest
from django.contrib.auth.models import Group, Permission

from accounts.models import User
from accounts.roles import ROLES, sync_roles
from tests.support.database import committed, rolled_back

pytestmark = pytest.mark.acceptance("MAIN-23")


def granted(role: str) -> set[str]:
    rows = Permission.objects.filter(group__name=role).select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}" for row in rows}


@rolled_back
@pytest.mark.parametrize("role", ROLES)
def test_a_group_has_exactly_its_rows_permissions(role: str) -> None:
    """It also fails when the table names a permission that doesn't exist."""
    assert granted(role) == set(ROLES[role])


@committed
def test_synchronising_takes_away_what_the_table_does_not_give() -> None:
    sync_roles()
    Group.objects.get(name="Viewer").permissions.add(
        Permission.objects.get(codename="approve_privacyrequest")
    )
    Group.objects.get(name="Auditor").delete()
    sync_roles()
    for role in ROLES:
        assert granted(role) == set(ROLES[role])


@rolled_back
def test_a_member_of_staff_may_do_what_the_role_says() -> None:
    user = User.objects.create_user(username="viewer", is_staff=True)
    user.groups.add(Group.objects.get(name="Viewer"))
    assert user.get_all_permissions() == set(ROLES["Viewer"])


def test_only_approvers_decide_and_auditors_change_nothing() -> None:
    deciding = {role for role, names in ROLES.items() if "privacy.approve_privacyrequest" in names}
    assert deciding == {"Approver"}
    changing = {"handle", "approve", "take", "add", "change", "delete", "release", "reveal"}
    for role in ("Viewer", "Auditor"):
        assert not {name.split(".")[1].split("_")[0] for name in ROLES[role]} & changing

"""Staff roles: one table, printed in docs/deployment.md, synchronised by `migrate`."""

from django.contrib.auth.models import Group, Permission

VIEW = (
    "privacy.view_privacyrequest",
    "privacy.view_fulfilmentstep",
    "privacy.view_manualtask",
    "privacy.view_appeal",
    "privacy.view_drill",
    "privacy.view_inboundmail",
    "privacy.view_letterrelease",
    "retention.view_legalhold",
    "retention.view_disposition",
    "retention.view_retirement",
    "retention.view_rollupcell",
    "foundation.view_alarm",
)
# What each role may do: names of permissions, with their app.
ROLES: dict[str, tuple[str, ...]] = {
    "Viewer": VIEW,
    "Handler": (
        *VIEW,
        "privacy.handle_privacyrequest",
        "privacy.take_in_privacyrequest",
        "privacy.reveal_privacyrequest",
    ),
    "Approver": (
        *VIEW,
        "privacy.handle_privacyrequest",
        "privacy.take_in_privacyrequest",
        "privacy.reveal_privacyrequest",
        "privacy.approve_privacyrequest",
        "privacy.release_letter",
        "privacy.decide_appeal",
        "retention.add_legalhold",
        "retention.release_legalhold",
        "retention.dry_run",
    ),
    "Auditor": (
        *VIEW,
        "foundation.view_trailevent",
        "foundation.view_trailseal",
        "foundation.view_jobrun",
        "foundation.verify_trail",
        "retention.dry_run",
    ),
}


def sync_roles() -> None:
    """Make the groups and give each exactly the permissions of its row."""
    every = Permission.objects.using("owner").select_related("content_type")
    known = {f"{row.content_type.app_label}.{row.codename}": row for row in every}
    for role, names in ROLES.items():
        group, _ = Group.objects.using("owner").get_or_create(name=role)
        # Permissions of apps that aren't migrated yet come with the next signal.
        group.permissions.set([known[name] for name in names if name in known])

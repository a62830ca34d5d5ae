"""Whether the privacy policy's promises are kept: kept, open or broken, one by one."""

import hashlib
from collections.abc import Callable
from typing import Literal, NamedTuple

from fluxrouter.foundation.alarms import sync_alarms
from privacy.claims import CLAIMS, POLICY_SHA256, Claim
from privacy.services.policy_checks import (
    answers,
    data,
    dates,
    keeping,
    people,
    proof,
    providers,
    rights,
    security,
)
from privacy.services.policy_checks.promise import BrokenPromiseError

CHECKS: dict[str, Callable[[], None]] = {
    check.__name__: check
    for check in (
        data.data_map_is_complete,
        data.metadata_holds_no_content,
        data.no_card_number_is_stored,
        data.data_has_a_purpose,
        data.data_has_a_legal_basis,
        data.api_keys_are_hashed,
        keeping.only_closed_accounts_end,
        keeping.billing_records_are_kept,
        keeping.billing_records_end,
        keeping.request_metadata_ends,
        keeping.forms_links_and_packages_expire,
        keeping.everything_has_an_end,
        keeping.statistics_point_to_nobody,
        providers.providers_are_the_named_six,
        providers.stripe_is_connected,
        providers.supabase_is_connected,
        providers.mail_leaves_by_resend,
        providers.chatbase_is_reached,
        providers.model_providers_are_reached,
        providers.cloudflare_is_explained,
        providers.rights_reach_every_company,
        providers.regions_are_stated,
        rights.access_reaches_every_system,
        rights.export_names_every_field,
        rights.erasure_reaches_every_system,
        rights.correction_is_carried_out,
        rights.portability_reaches_every_gift,
        rights.objection_is_carried_out,
        rights.restriction_is_carried_out,
        proof.opt_out_is_carried_out,
        proof.only_verified_requests_are_worked_on,
        dates.due_dates_are_lawful,
        answers.kept_data_names_its_ground,
        answers.requests_by_mail_are_taken_in,
        answers.contact_address_is_shown,
        answers.answers_name_the_authority,
        people.childrens_data_is_deleted,
        security.transport_is_encrypted,
        security.access_is_by_role,
        security.database_is_closed,
    )
}

State = Literal["kept", "open", "broken"]


class ClaimState(NamedTuple):
    """A claim and how it stands now. `detail` says what proves it, or what is missing or wrong."""

    claim: Claim
    state: State
    detail: str


def claim_states() -> list[ClaimState]:
    """Every claim of the table in its order, after running its check."""
    return [state_of(claim) for claim in CLAIMS]


def state_of(claim: Claim) -> ClaimState:
    if claim.check is None:
        return ClaimState(claim, "open", claim.note)
    try:
        CHECKS[claim.check]()
    except BrokenPromiseError as error:
        return ClaimState(claim, "broken", str(error))
    except Exception as error:  # a check that can't look has proved nothing
        return ClaimState(claim, "broken", f"The check itself failed: {type(error).__name__}.")
    return ClaimState(claim, "kept", claim.note)


def is_pinned_text(text: bytes) -> bool:
    """Whether this is, byte for byte, the policy that the table of claims was read from."""
    return hashlib.sha256(text).hexdigest() == POLICY_SHA256


def watch_promises() -> dict[str, int]:
    """One alarm per broken promise, cleared when it is kept again."""
    broken = {each.claim.id for each in claim_states() if each.state == "broken"}
    sync_alarms("promise_broken", broken)
    return {"broken": len(broken)}

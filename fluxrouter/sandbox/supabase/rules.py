"""The vendor's rules that a data-rights connector depends on; each can be broken on purpose.

Where the vendor's builds differ, the sandbox keeps the one that is harder on its client.
Sources are paths in github.com/supabase/auth at bc32168 (2026-08-20) unless they say otherwise.
"""

RULES: dict[str, str] = {
    "delete_blocked_by_foreign_key": (
        "A hard delete that a foreign key refuses answers 500 and changes nothing, the audit log"
        " included. (internal/api/admin.go adminUserDelete: one transaction)"
    ),
    "delete_again_is_not_found": (
        "Deleting a user who is gone answers 404 `user_not_found`."
        " (internal/api/admin.go loadUser)"
    ),
    "delete_writes_the_person_into_the_log": (
        "Every admin delete adds a row `user_deleted` with the person's e-mail and phone number"
        " in its traits. (internal/api/admin.go adminUserDelete)"
    ),
    "delete_leaves_the_log": (
        "Rows that name the person as actor stay after a hard delete: no foreign key."
        " (migrations/00_init_auth_schema.up.sql; internal/models/audit_log_entry.go)"
    ),
    "delete_leaves_flow_state": (
        "flow_state rows, which can hold another provider's tokens, stay after a hard delete: no"
        " foreign key. (migrations/20230322519590_add_flow_state_table.up.sql)"
    ),
    "delete_soft_is_a_hash": (
        "A soft delete keeps the row and puts sha256(user id + value) in place of e-mail, phone"
        " and identity id, empties the metadata and signs out everywhere; it is a pseudonym."
        " (internal/models/user.go SoftDeleteUser)"
    ),
    "ban_refuses_sign_in": (
        "A banned user's password sign-in answers 400 `user_banned`."
        " (internal/api/token.go ResourceOwnerPasswordGrant)"
    ),
    "ban_refuses_refresh": (
        "A banned user's refresh token answers 400 `user_banned`."
        " (internal/tokens/service.go RefreshTokenGrant)"
    ),
    "token_outlives_ban_and_logout": (
        "GET /user goes on answering an access token issued before a ban or a global logout, until"
        " the user is deleted (build 26f1965 of 2023-06, measured); newer builds, got by breaking"
        " this rule, answer 403 `user_banned` or `session_not_found` (internal/api/auth.go). A"
        " service that checks signatures only notices neither, in any build."
    ),
    "list_fifty_a_page": (
        "A list without `per_page` gives 50 rows; X-Total-Count and Link say how many there are."
        " (internal/api/pagination.go)"
    ),
    "list_filter_is_like": (
        "`filter` goes unescaped into a case-sensitive LIKE on the e-mail (ILIKE on the full"
        " name): it finds parts, and `_` stands for any character."
        " (internal/models/user.go FindUsersInAudience)"
    ),
    "key_only_in_apikey": (
        "A secret key (sb_secret_…) belongs in `apikey`; as a bearer token it is no JWT and"
        " answers 401. (supabase.com/docs/guides/getting-started/migrating-to-new-api-keys)"
    ),
    "error_version_hides_the_database": (
        "With the request header X-Supabase-Api-Version 2024-01-01, which supabase-py always"
        " sends, a database error answers `unexpected_failure` and nothing more; only without it"
        " does the body carry the SQLSTATE 23503 and, in `detail`, identifiers."
        " (internal/api/errors.go)"
    ),
    "update_merges_metadata": (
        "PUT merges user_metadata and app_metadata key by key; null removes a key."
        " (internal/models/user.go UpdateUserMetaData)"
    ),
    "contact_is_normalised": (
        "E-mail addresses are stored in lower case and phone numbers without their plus sign; an"
        " empty value in a PUT changes nothing. (internal/api/mail.go, internal/api/phone.go)"
    ),
}

"""Storage's rules that a data-rights connector depends on; each can be broken on purpose.

Sources are paths in github.com/supabase/storage at 4fa61fb (2026-08-21) unless they say otherwise.
The tables' lock against SQL is a trigger (storage_schema.sql), so it holds for everybody.
"""

STORAGE_RULES: dict[str, str] = {
    "remove_is_silent": (
        "DELETE /object/{bucket} answers 200 with what it removed and says nothing of the rest:"
        " what is missing, and what the key may not remove. (src/storage/object.ts deleteObjects;"
        " github.com/supabase/supabase-js, issue 1674)"
    ),
    "remove_takes_a_thousand": (
        "More than 1,000 names in one call are refused and nothing is removed."
        " (src/storage/limits.ts enforceDeleteObjectsLimit; a project may have a lower limit)"
    ),
    "remove_takes_whole_names": (
        "`prefixes` are whole names, not beginnings: a folder's name removes nothing."
        " (src/storage/database/pg.ts deleteObjects)"
    ),
    "restricted_organisation_is_402": (
        "A project whose organisation is restricted answers 402 to every call, removals too."
        " (supabase.com/docs/guides/platform/billing-faq, Fair Use Policy;"
        " github.com/orgs/supabase/discussions/51513)"
    ),
    "list_is_one_folder": (
        "POST /object/list/{bucket} shows one folder; a folder in it is a row without an id."
        " (src/storage/object.ts searchObjects)"
    ),
    "list_hundred_a_page": (
        "It gives 100 rows when no limit is asked for. (migrations/tenant/0002-storage-schema.sql)"
    ),
    "list_v2_thousand_a_page": (
        "POST /object/list-v2/{bucket} gives at most 1,000 objects, whatever was asked for, with"
        " `hasNext` and a `nextCursor`. (src/storage/object.ts listObjectsV2)"
    ),
    "list_prefix_is_literal": (
        "`prefix` of list-v2 is compared character by character and in its case; `_` and `%` mean"
        " themselves. (src/storage/database/pg.ts listObjectsV2, escapeLike)"
    ),
    "missing_bucket_looks_empty": (
        "Listing or removing in a bucket that doesn't exist is no error: 200 and nothing."
        " (src/storage/storage.ts from: the bucket isn't looked up)"
    ),
    "errors_are_400": (
        "An error's own status stands in the body, as text; the HTTP status is 400, or 500."
        " (src/internal/errors/storage-error.ts userStatusCode; src/http/error-handler.ts)"
    ),
    "secret_key_leaves_no_owner": (
        "What a secret key uploads has no owner; what a person uploads has their id in `owner_id`."
        " (supabase.com/docs/guides/storage/security/ownership)"
    ),
}

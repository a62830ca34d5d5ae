"""The providers' rules that a data-rights connector depends on; each can be broken on purpose.

Sources: developers.openai.com/api/reference (below: OpenAI), platform.claude.com/docs/en/api
(Anthropic), ai.google.dev/api and ai.google.dev/gemini-api/docs (Gemini). "Not said" marks what
no page says: there the stand-in does the worst for somebody who erases.
"""

RULES: dict[str, str] = {
    "openai_key_is_checked": "A wrong key is 401 `invalid_api_key`. (OpenAI: guides/error-codes)",
    "anthropic_key_is_checked": (
        "No or a wrong x-api-key is 401 `authentication_error`. (Anthropic: errors)"
    ),
    "anthropic_version_is_needed": (
        "Every call names anthropic-version; else 400 `invalid_request_error`."
        " (Anthropic: versioning)"
    ),
    "anthropic_files_are_beta": (
        "Calls to files need anthropic-beta files-api-2025-04-14. (Anthropic: files/delete)"
        " Not said: the answer without it; here 404, which looks like gone."
    ),
    "gemini_key_is_checked": (
        "A wrong key is 400 with the reason API_KEY_INVALID, none is 403."
        " (Gemini: troubleshooting)"
    ),
    "deleted_is_gone": ("What was deleted can't be retrieved. (the `delete` page of each kind)"),
    "second_delete_is_missing": (
        "Deleting what isn't there is 404. (OpenAI: guides/error-codes; Anthropic: errors)"
    ),
    "lists_have_pages": (
        "A list has at most `limit` entries and says has_more; `after` goes on."
        " (OpenAI: resources/conversations/subresources/items/methods/list)"
    ),
    "items_outlive_their_conversation": (
        "Deleting a conversation doesn't delete its items."
        " (OpenAI: resources/conversations/methods/delete)"
    ),
    "video_must_have_ended": (
        "A video can be deleted when it is completed or failed. (OpenAI: videos/delete)"
        " Not said: the answer before; here 400."
    ),
    "batch_must_have_ended": (
        "A batch can be deleted once it has ended; before it must be cancelled."
        " (Anthropic: messages/batches/delete)"
    ),
    "cancelling_takes_time": (
        "A cancelled batch is `canceling` until what already runs has ended."
        " (Anthropic: messages/batches/cancel)"
    ),
    "missing_file_is_refused": (
        "A file or cache that is gone, or another project's, is 403 PERMISSION_DENIED."
        " (github.com/googleapis/python-genai, issue 1218)"
    ),
    "full_store_needs_force": (
        "A store with documents is 400 FAILED_PRECONDITION without `force`."
        " (Gemini: file-search/file-search-stores)"
    ),
    "deleting_a_batch_does_not_stop_it": (
        "Deleting a batch that works doesn't cancel it. (Gemini: batch-api)"
    ),
}

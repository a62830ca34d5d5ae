"""Chatbase's rules that a connector depends on; each can be broken on purpose.

Sources: chatbase.co/docs/api-reference/v2/{overview,pagination,error-handling,user-conversations},
…/v2/conversations/{export-conversations,delete-conversation}, …/v1/contacts,
…/v1/leads/get-leads-for-a-chatbot, and Chatbase-co/chatbase-cli@10f45f2:spec/openapi.json.
"Not confirmed" is what no page says: docs/live-checks.md asks a real account.
"""

EXPORT_PAGE = 20
USER_PAGE = 100
SMALLEST_CONTACT_PAGE = 10
LARGEST_CONTACT_PAGE = 1000

RULES: dict[str, str] = {
    "key_is_checked": "Another key answers 401 `AUTH_INVALID_API_KEY`. (error-handling)",
    "unknown_agent_is_missing": "An agent that isn't ours answers 404. (error-handling)",
    "export_has_all_sources": "The export has conversations from every source. (overview)",
    "user_list_is_api_only": (
        "A user's list has only conversations that were made over the interface. (overview)"
    ),
    "lists_have_pages": (
        "`cursor` gives the next page while `hasMore`; an export's page has 20 at most."
        " (pagination, export-conversations)"
    ),
    "deleted_conversation_is_gone": "A deleted conversation is nowhere. (delete-conversation)",
    "delete_reaches_api_only": (
        "Only a conversation that was made over the interface can be deleted; `widget_delete` says"
        " what another answers. (Not confirmed: overview says it of most calls)"
    ),
    "contact_is_deleted_by_one_id": (
        "A contact is deleted by the id that `contact_id` names, and by no other."
        " (v1 delete-a-contact: the external one)"
    ),
    "deleted_contact_is_gone": "A deleted contact is in no list. (v1 delete-a-contact)",
    "leads_have_pages": "`page` and `size` cut the list of leads. (get-leads-for-a-chatbot)",
}

"""All routes of the account."""

from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import (
    balances,
    billing,
    charges,
    checkout,
    customers,
    disputes,
    events,
    invoices,
    payment_intents,
    payment_methods,
    redaction,
    search,
    setup_intents,
    sources,
    subscriptions,
    tax_ids,
)

MODULES = (
    customers,
    search,
    subscriptions,
    invoices,
    charges,
    payment_intents,
    payment_methods,
    tax_ids,
    sources,
    balances,
    checkout,
    setup_intents,
    disputes,
    billing,
    events,
    redaction,
)


def router_of_all() -> Router:
    router = Router()
    for module in MODULES:
        router.include(module.router)
    return router

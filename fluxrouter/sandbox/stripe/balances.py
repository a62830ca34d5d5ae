"""A customer's credit: what changed it, for ever (docs.stripe.com/billing/customer/balance)."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import lists, more_params, params
from fluxrouter.sandbox.stripe.changes import changed
from fluxrouter.sandbox.stripe.errors import missing
from fluxrouter.sandbox.stripe.lists import Found
from fluxrouter.sandbox.stripe.resources import answer
from fluxrouter.sandbox.stripe.templates import Object, build

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
KIND = "customer_balance_transaction"
PATH = "/v1/customers/<customer>/balance_transactions"


@router.route("GET", PATH)
def list_(app: "StripeSandbox", request: Request, customer: str) -> Response:
    given = lists.query(request, more_params.BALANCE_LIST)
    app.live(customer)
    found = Found(app.store.keys(KIND, "customer", customer))
    if invoice := given.get("invoice"):
        found = found.but(lambda one: bool(one["invoice"] == invoice))
    return lists.page(app, request, found)


@router.route("POST", PATH)
def create(app: "StripeSandbox", request: Request, customer: str) -> Response:
    """A negative amount is credit of the customer's."""
    given = params.check(request.form, more_params.BALANCE_CREATE)
    owner = app.live(customer)
    amount = params.integer(params.required(given, "amount"), "amount")
    params.required(given, "currency")
    app.store.save({**owner, "balance": owner["balance"] + amount})
    fields = changed(app, build(KIND, {}), given)
    return answer(app, adjust(app, owner, amount, fields), given)


def adjust(app: "StripeSandbox", owner: Object, amount: int, fields: Object) -> Object:
    """Writes down a change of the balance."""
    ending = owner["balance"] + amount
    whole = {**fields, "customer": owner["id"], "amount": amount, "ending_balance": ending}
    return app.store.add(KIND, whole)


@router.route("GET", PATH + "/<transaction>")
def retrieve(app: "StripeSandbox", request: Request, customer: str, transaction: str) -> Response:
    given = lists.query(request, params.ONE)
    return answer(app, _owned(app, customer, transaction), given)


@router.route("POST", PATH + "/<transaction>")
def update(app: "StripeSandbox", request: Request, customer: str, transaction: str) -> Response:
    given = params.check(request.form, more_params.BALANCE_UPDATE)
    result = changed(app, _owned(app, customer, transaction), given)
    app.store.save(result)
    return answer(app, result, given)


def _owned(app: "StripeSandbox", customer: str, transaction: str) -> Object:
    app.live(customer)
    stored = app.find(KIND, transaction)
    if stored["customer"] != customer:
        raise missing(KIND, transaction)
    return stored

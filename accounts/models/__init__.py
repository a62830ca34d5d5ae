"""Accounts, what belongs to them, and staff."""

from accounts.models.account import Account
from accounts.models.api_key import ApiKey
from accounts.models.billing import BillingRecord
from accounts.models.feed import FeedEntry, FeedMark
from accounts.models.gateway_body import GatewayBody
from accounts.models.gateway_key import GatewayKey
from accounts.models.gateway_request import GatewayRequest
from accounts.models.provider_object import ProviderObject
from accounts.models.restriction import Restriction
from accounts.models.staff import User
from accounts.models.support import SupportMessage
from accounts.models.usage import UsageStatement

__all__ = [
    "Account",
    "ApiKey",
    "BillingRecord",
    "FeedEntry",
    "FeedMark",
    "GatewayBody",
    "GatewayKey",
    "GatewayRequest",
    "ProviderObject",
    "Restriction",
    "SupportMessage",
    "UsageStatement",
    "User",
]

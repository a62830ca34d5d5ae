"""Addresses of the gateway's door."""

from django.urls import path

from accounts.gateway.api import RestrictionsView

app_name = "gateway"
urlpatterns = [path("restrictions", RestrictionsView.as_view(), name="restrictions")]

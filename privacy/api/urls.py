"""Addresses of the API."""

from django.urls import path

from privacy.api.promises import PromisesView

app_name = "api"
urlpatterns = [path("promises/", PromisesView.as_view(), name="promises")]

"""Views: they read the HTTP request, call one service and choose the page."""

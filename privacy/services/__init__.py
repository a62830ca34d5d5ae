"""What people and staff do, each in one transaction; they know nothing of HTTP and Celery."""

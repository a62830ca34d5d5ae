from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from tests.support.lives import Clock


@pytest.fixture
def clock(settings: Any) -> Iterator[Clock]:
    """Virtual time, and the waits of production."""
    settings.RETRY_BASE = timedelta(seconds=30)
    settings.LEASE = timedelta(seconds=90)
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield Clock(traveller)

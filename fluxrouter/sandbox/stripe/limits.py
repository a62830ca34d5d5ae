"""How many requests a second an account may make (docs.stripe.com/rate-limits)."""

from collections import deque


class Limit:
    """Counts the requests of the last second; without a number there is no limit."""

    def __init__(self, per_second: int | None) -> None:
        self.per_second = per_second
        self._recent: deque[float] = deque()

    def clear(self) -> None:
        self._recent.clear()

    def exceeded(self, now: float) -> bool:
        """Counts a request."""
        if self.per_second is None:
            return False
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        self._recent.append(now)
        return len(self._recent) > self.per_second

"""Taking turns at a processor: one bucket of tokens for all workers, kept in Redis."""

import threading
import time
from datetime import timedelta
from functools import cached_property

import redis

from privacy.connectors.errors import RetryError

BURST = 5  # calls that may come at once after a rest
LONGEST = 20.0  # seconds that a call waits for its turn; who would wait longer comes again
AWAY = 10.0  # seconds without a question to a Redis that didn't answer
ANSWER = 0.5  # seconds that Redis has for its answer

# The next free turn is all that is kept. The clock is Redis's own, which all workers share.
TAKE = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
local gap, slack, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local turn = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local wait = turn - slack - now
if wait <= longest then
  redis.call('SET', KEYS[1], string.format('%.6f', turn + gap), 'EX', 3600)
end
return string.format('%.6f', wait)
"""


class Throttle:
    """At most so many calls a second, however many workers make them; 0 is no limit.

    Redis may be away at any time: then each process keeps the rate by itself.
    """

    def __init__(self, name: str, per_second: float, redis_url: str) -> None:
        self.name = name
        self.gap = 1 / per_second if per_second else 0.0
        self.redis_url = redis_url
        self._lock = threading.Lock()
        self._turn = self._ask_again = 0.0

    def wait(self) -> None:
        """Return when it is our turn; RetryError("throttled") when that is too far away."""
        if not self.gap:
            return
        seconds = self._shared_wait()
        if seconds > LONGEST:
            raise RetryError("throttled", after=timedelta(seconds=seconds))
        if seconds > 0:
            time.sleep(seconds)

    @property
    def slack(self) -> float:
        return self.gap * (BURST - 1)

    @cached_property
    def _redis(self) -> redis.Redis:
        return redis.Redis.from_url(
            self.redis_url, socket_timeout=ANSWER, socket_connect_timeout=ANSWER
        )

    def _shared_wait(self) -> float:
        if time.monotonic() < self._ask_again:
            return self._own_wait()
        key = f"throttle:{self.name}"
        try:
            return float(self._redis.eval(TAKE, 1, key, self.gap, self.slack, LONGEST))
        except redis.RedisError:
            self._ask_again = time.monotonic() + AWAY
            return self._own_wait()

    def _own_wait(self) -> float:
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._turn)
            wait = turn - self.slack - now
            if wait <= LONGEST:
                self._turn = turn + self.gap
            return wait

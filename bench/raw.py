"""The sandboxes' own capacity: the same number of calls from two processes that do nothing else.

As a program it is one of the two: `python -m bench.raw` with a plan as JSON on standard input.
"""

import http.client
import json
import subprocess
import sys
import time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from fluxrouter.embedded.servers import PROJECT
from fluxrouter.sandbox.chatbase import AGENT
from tests.support.processes import Stack

CLIENTS = 2
HEAD_START = 1.0  # seconds for both to be up before they begin together


class Sample(NamedTuple):
    """A typical call of one sandbox."""

    method: str
    path: str
    body: str | None
    headers: dict[str, str]


class Known(NamedTuple):
    """Ids that the sandboxes know, for the samples to ask for."""

    customer: str
    user: str
    model_file: str


def samples(stack: Stack, known: Known) -> dict[str, Sample]:
    environ = stack.environ
    stripe, auth = environ["STRIPE_READ_KEY"], environ["SUPABASE_SECRET_KEY"]
    mail = {"from": "a@example.com", "to": ["b@example.com"], "subject": "-", "text": "-" * 1000}
    bearer = {"Authorization": f"Bearer {environ['RESEND_API_KEY']}"}
    return {
        "stripe": Sample(
            *("GET", f"/v1/subscriptions?customer={known.customer}&limit=100", None),
            {"Authorization": f"Bearer {stripe}"},
        ),
        "supabase": Sample(
            *("GET", f"/auth/v1/admin/users/{known.user}/factors", None), {"apikey": auth}
        ),
        "mailbox": Sample("POST", "/emails", json.dumps(mail), bearer),
        "chatbase": Sample(
            *("GET", f"/api/v2/agents/{AGENT}/conversations/export?limit=20", None),
            {"Authorization": f"Bearer {environ['CHATBASE_API_KEY']}"},
        ),
        "models": Sample(
            *("GET", f"/openai/v1/files/{known.model_file}", None),
            {"Authorization": f"Bearer {environ['OPENAI_API_KEY']}"},
        ),
    }


def capacity(stack: Stack, calls: dict[str, int], known: Known) -> float:
    """Seconds that two bare clients need for so many calls per sandbox."""
    plan = [
        [stack.sandboxes[name], calls[name] // CLIENTS, *sample]
        for name, sample in samples(stack, known).items()
    ]
    given = json.dumps({"at": time.time() + HEAD_START, "plan": plan})
    command = [sys.executable, "-m", "bench.raw"]
    clients = [
        subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(CLIENTS)
    ]
    for client in clients:
        if client.stdin:
            client.stdin.write(given)
            client.stdin.close()
    return max(float(client.stdout.read()) for client in clients if client.stdout)


def run(at: float, plan: list[Any]) -> float:
    time.sleep(max(0.0, at - time.time()))
    for url, number, method, path, body, headers in plan:
        address = urlsplit(url)
        connection = http.client.HTTPConnection(str(address.hostname), address.port)
        for _ in range(number):
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise SystemExit(f"{path} answered {response.status}")
        connection.close()
    return time.time() - at


if __name__ == "__main__":
    print(run(**json.load(sys.stdin)))

"""A sandbox as a real server: it answers, hangs up on demand, and ends cleanly."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import stripe

from fluxrouter.sandbox.stripe import SECRET_KEY


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on {port}")


@pytest.fixture
def served() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = free_port()
    command = [sys.executable, "-m", "fluxrouter.sandbox", "stripe", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            wait_for(port)
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()


@pytest.fixture
def v1(served: tuple[Any, str]) -> Iterator[Any]:
    with requests.Session() as session:
        http = stripe.RequestsClient(session=session, timeout=5)
        addresses: Any = {"api": served[1]}
        client = stripe.StripeClient(
            SECRET_KEY, http_client=http, base_addresses=addresses, max_network_retries=0
        )
        yield client.v1


def test_a_lost_reply_is_a_closed_connection_after_the_commit(
    served: tuple[Any, str], v1: Any
) -> None:
    requests.post(served[1] + "/_sandbox/faults", json=[{"kind": "reply_lost"}], timeout=5)
    with pytest.raises(stripe.APIConnectionError):
        v1.customers.create({"email": "ann@example.org"})
    assert len(v1.customers.list({"email": "ann@example.org"}).data) == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_without_a_word(
    served: tuple[subprocess.Popen[bytes], str], how: signal.Signals
) -> None:
    process, url = served
    requests.get(url + "/_sandbox/calls", timeout=5)
    process.send_signal(how)
    assert process.wait(timeout=10) == 0
    assert process.stdout
    assert process.stdout.read() == b""

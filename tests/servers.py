"""pytest plugin (`-p tests.servers`): the servers and the environment, before settings load.

Whoever runs pytest inside prepared servers (`make test`, an xdist worker) gets those.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from fluxrouter.embedded.chromium import HOW_TO_GET_IT, browser_tests_are_required, find_chromium
from fluxrouter.embedded.process import EmbeddedError
from fluxrouter.embedded.safe_environment import PREPARED, prepared_servers


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """A wrapper, because pytest-django loads the settings in the same hook."""
    if PREPARED not in os.environ:
        stack = ExitStack()
        early_config.add_cleanup(stack.close)
        try:
            _, environ = stack.enter_context(prepared_servers(dict(os.environ)))
        except EmbeddedError as error:
            raise pytest.UsageError(str(error)) from None
        os.environ.update(environ)
    return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if find_chromium(os.environ):
        return
    browser_tests = [item for item in items if item.get_closest_marker("browser")]
    if browser_tests and browser_tests_are_required(os.environ):
        raise pytest.UsageError(f"browser tests are required: {HOW_TO_GET_IT}")
    for item in browser_tests:
        item.add_marker(pytest.mark.skip(reason=f"no Chromium: {HOW_TO_GET_IT}"))

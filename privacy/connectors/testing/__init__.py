"""For whoever writes a connector: its promises, as tests to inherit.

    class TestMyConnector(ConnectorContract):
        def make(self): ...            # and the other hooks

It needs no fixture of ours. A stand-in for the system must be there before a test starts, empty
or not: each test plants people of its own.
"""

from privacy.connectors.testing.contract import ConnectorContract
from privacy.connectors.testing.life import Life

__all__ = ["ConnectorContract", "Life"]

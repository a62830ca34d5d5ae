"""Run any command with servers up and a safe environment; without one, your shell.

The command keeps the terminal, so unlike a supervised child it outlives a `kill -9` of this.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from fluxrouter.embedded.process import EmbeddedError, exit_on_sigterm
from fluxrouter.embedded.safe_environment import prepared_servers
from fluxrouter.embedded.servers import PROJECT


def main(arguments: Sequence[str]) -> int:
    exit_on_sigterm()
    os.chdir(PROJECT)
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    try:
        with prepared_servers(os.environ) as (_, environ):
            return run(command or [environ.get("SHELL", "/bin/sh")], environ)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(command: list[str], environ: dict[str, str]) -> int:
    with subprocess.Popen(command, env=environ) as child:
        while True:
            try:
                code = child.wait()
            except KeyboardInterrupt:
                # A terminal sends Ctrl-C to the command as well.
                if not sys.stdin.isatty():
                    child.send_signal(signal.SIGINT)
            except SystemExit:
                child.terminate()
                raise
            else:
                return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

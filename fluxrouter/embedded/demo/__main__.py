"""`make demo`: start everything, drive the main job, and stay up until Ctrl-C."""

import json
import os
import secrets
import sys
import time

from fluxrouter.embedded.demo.account import Account
from fluxrouter.embedded.demo.pages import PageError
from fluxrouter.embedded.demo.seed import PEOPLE, STAFF
from fluxrouter.embedded.demo.stack import Stack, run, running_stack
from fluxrouter.embedded.demo.story import Story
from fluxrouter.embedded.process import EmbeddedError, exit_on_sigterm
from fluxrouter.embedded.servers import PROJECT

POLL_SECONDS = 1.0


def main(arguments: list[str]) -> int:
    if unknown := set(arguments) - {"--once"}:
        print(f"unknown: {' '.join(sorted(unknown))}. The one option is --once.", file=sys.stderr)
        return 2
    exit_on_sigterm()
    os.chdir(PROJECT)
    try:
        return demo(once="--once" in arguments)
    except (EmbeddedError, PageError) as error:
        print(f"\n  ✗ {error}\n\nThe logs are in .demo/log.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130


def demo(*, once: bool) -> int:
    account = Account()
    account.title("FluxRouter data rights: the demo")
    account.line("Everything runs on this machine, with people who don't exist.")
    account.line()
    passwords = {name: secrets.token_urlsafe(9) for name in STAFF}
    with running_stack(account) as stack:
        seeded = stack.environment | {"DEMO_STAFF": json.dumps(passwords)}
        run(stack.supervisor, "seed", seeded, "-m", "fluxrouter.embedded.demo.seed")
        account.tick(f"{len(PEOPLE)} synthetic people and {len(STAFF)} staff are there")
        story = Story(stack, account, passwords)
        for part in (
            story.access,
            story.erasure,
            story.restriction,
            story.correction,
            story.fire_drill,
        ):
            part()
        tell_log_ins(stack, account, passwords)
        account.line(f"All of this took {account.seconds:.0f} seconds.")
        if not once:
            stay(stack)
    return 0


def tell_log_ins(stack: Stack, account: Account, passwords: dict[str, str]) -> None:
    account.title("Look around")
    account.line(f"Public site       {stack.web}/")
    account.line(f"Sandbox mailbox   {stack.mailbox}  (every mail that was sent)")
    account.line(f"Admin             {stack.web}/admin/")
    for name, role in STAFF.items():
        account.line(f"  {role:<15} {name} / {passwords[name]}")
    account.line()


def stay(stack: Stack) -> None:
    """Until Ctrl-C; if a process dies meanwhile, say which and why."""
    print("\nIt stays up until you press Ctrl-C.", flush=True)
    while True:
        stack.supervisor.check()
        time.sleep(POLL_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

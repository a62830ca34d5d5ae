"""Serves one sandbox: `python -m fluxrouter.sandbox stripe --port 9001`."""

import argparse
import importlib

from fluxrouter.sandbox.kit import App
from fluxrouter.sandbox.server import serve

APPS = {
    "stripe": "fluxrouter.sandbox.stripe",
    "supabase": "fluxrouter.sandbox.supabase.app",
    "mailbox": "fluxrouter.sandbox.mailbox",
    "chatbase": "fluxrouter.sandbox.chatbase",
    "models": "fluxrouter.sandbox.model_providers",
}
WITH_DATABASE = {"supabase"}


def make(name: str, database: str | None) -> App:
    create_app = importlib.import_module(APPS[name]).create_app
    app: App = create_app(database) if name in WITH_DATABASE else create_app()
    return app


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m fluxrouter.sandbox")
    parser.add_argument("name", choices=sorted(APPS))
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--database", help="URL of the database (supabase only)")
    options = parser.parse_args()
    if options.name in WITH_DATABASE and not options.database:
        parser.error(f"{options.name} needs --database")
    serve(lambda: make(options.name, options.database), f"{options.bind}:{options.port}")


if __name__ == "__main__":
    main()

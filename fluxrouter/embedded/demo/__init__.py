"""The demo: everything on this machine, with synthetic people, driven over HTTP."""

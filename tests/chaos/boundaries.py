"""Where a step may lose its worker: a trigger in the test's database holds it there for a moment.

No hook in the program itself: the trigger sleeps inside the statement that writes the boundary and
puts its name into the session's application name, where the test sees it and kills the worker.
"""

from typing import Any, NamedTuple

import psycopg

Connection = psycopg.Connection[Any]

# claimed: the claim is committed by a session whose worker is dead, and nothing was done.
# part, done: everything was done, and nobody could say so.
MOMENTS = ("claimed", "part", "done")
INSTALL = """
CREATE SCHEMA chaos;
CREATE TABLE chaos.stop (kind text, moment text, PRIMARY KEY (kind, moment));
CREATE FUNCTION chaos.hold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  at_kind text := NEW.connector || ':' || NEW.action;
  at_moment text := CASE
    WHEN NEW.fence > OLD.fence THEN 'claimed'
    WHEN NEW.state = 'ready' AND NEW.cursor <> OLD.cursor THEN 'part'
    WHEN NEW.state = 'done' THEN 'done' END;
BEGIN
  IF EXISTS (SELECT 1 FROM chaos.stop WHERE kind = at_kind AND moment = at_moment) THEN
    PERFORM set_config('application_name',
      concat_ws('|', current_setting('application_name'), at_kind, at_moment), true);
    PERFORM pg_sleep(0.8);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hold BEFORE UPDATE ON fluxrouter.privacy_fulfilmentstep
  FOR EACH ROW EXECUTE FUNCTION chaos.hold();
"""


class Held(NamedTuple):
    """A session that stands at a boundary. It goes on standing there when its worker is dead."""

    session: int
    worker: str
    kind: str
    moment: str


def install(connection: Connection) -> None:
    connection.execute(INSTALL)


def stop_at_every_boundary(connection: Connection) -> None:
    """Of each kind of step that the ledger has now, or will have."""
    connection.execute(
        """INSERT INTO chaos.stop
           SELECT kind, moment FROM unnest(%s::text[]) AS moment, (
             SELECT DISTINCT connector || ':' || action AS kind FROM privacy_fulfilmentstep
             WHERE state <> 'done' AND connector <> 'expiry'
             UNION SELECT 'stripe:delete_customer') AS kinds
           WHERE moment <> 'part' OR kind IN ('stripe:freeze', 'supabase_auth:freeze')""",
        [list(MOMENTS)],
    )


def held(connection: Connection) -> list[Held]:
    rows = connection.execute(
        "SELECT pid, application_name FROM pg_stat_activity WHERE application_name LIKE '%|%|%'"
    )
    return [Held(session, *name.split("|")) for session, name in rows]


def done_with(connection: Connection, boundary: Held) -> None:
    connection.execute(
        "DELETE FROM chaos.stop WHERE kind = %s AND moment = %s", [boundary.kind, boundary.moment]
    )


def left(connection: Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT kind, moment FROM chaos.stop ORDER BY 1, 2").fetchall()

"""Nobody changes an event or a seal; one whole chain may be disposed of by the owner alone.

SQLSTATE 23001 reaches Django as an IntegrityError; an unknown class would look like a lost
connection.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION trail_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'foundation_trailevent' THEN
    IF current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
       AND current_setting('fluxrouter.disposing', true) = OLD.chain_id::text THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = '23001';
END $$;
CREATE TRIGGER trail_rows BEFORE UPDATE OR DELETE ON foundation_trailevent
  FOR EACH ROW EXECUTE FUNCTION trail_guard();
CREATE TRIGGER trail_whole BEFORE TRUNCATE ON foundation_trailevent
  FOR EACH STATEMENT EXECUTE FUNCTION trail_guard();
CREATE TRIGGER seal_rows BEFORE UPDATE OR DELETE ON foundation_trailseal
  FOR EACH ROW EXECUTE FUNCTION trail_guard();
CREATE TRIGGER seal_whole BEFORE TRUNCATE ON foundation_trailseal
  FOR EACH STATEMENT EXECUTE FUNCTION trail_guard();
"""
UNGUARD = """
DROP TRIGGER trail_rows ON foundation_trailevent;
DROP TRIGGER trail_whole ON foundation_trailevent;
DROP TRIGGER seal_rows ON foundation_trailseal;
DROP TRIGGER seal_whole ON foundation_trailseal;
DROP FUNCTION trail_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]

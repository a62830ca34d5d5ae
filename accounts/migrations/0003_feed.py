"""The enforcement feed's tables, and the triggers that write them (docs/adr/0020-enforcement-feed.md).

`feed_note` runs at commit, under one lock that is held until the commit is done: places are given
in the order of commits, whoever writes. It runs as the owner, with a fixed search path: whoever
may write an account may not touch the feed, and needs no right on it.

A trigger can't be handed Python's time; `changed_at` is the database's.
"""

import django.contrib.postgres.fields
import uuid
from django.db import migrations, models

LOCK = 7_262_005  # advisory lock: one commit at a time takes places

FEED = f"""
CREATE SEQUENCE accounts_feed_position;

CREATE FUNCTION feed_note() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = fluxrouter, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock({LOCK});
  INSERT INTO accounts_feedentry (id, kind, account_id, position, changed_at)
  SELECT DISTINCT ON (subject) subject, TG_ARGV[0], account,
         nextval('accounts_feed_position'), clock_timestamp()
  FROM (SELECT (each ->> TG_ARGV[1])::uuid AS subject, (each ->> TG_ARGV[2])::uuid AS account
        FROM unnest(ARRAY[to_jsonb(NEW), to_jsonb(OLD)]) AS each WHERE each IS NOT NULL) AS moved
  ON CONFLICT (id) DO UPDATE SET
    account_id = excluded.account_id, position = excluded.position,
    changed_at = excluded.changed_at;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER feed_restriction
  AFTER INSERT OR DELETE OR UPDATE OF account_id, purpose, lifted_at ON accounts_restriction
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION feed_note('account', 'account_id', 'account_id');
CREATE CONSTRAINT TRIGGER feed_erased AFTER DELETE ON accounts_account
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION feed_note('account', 'id', 'id');
CREATE CONSTRAINT TRIGGER feed_key_removed AFTER DELETE ON accounts_apikey
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION feed_note('key', 'id', 'account_id');
CREATE CONSTRAINT TRIGGER feed_key_born_revoked AFTER INSERT ON accounts_apikey
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.revoked_at IS NOT NULL)
  EXECUTE FUNCTION feed_note('key', 'id', 'account_id');
CREATE CONSTRAINT TRIGGER feed_key_revoked AFTER UPDATE OF revoked_at ON accounts_apikey
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.revoked_at IS NULL) <> (NEW.revoked_at IS NULL))
  EXECUTE FUNCTION feed_note('key', 'id', 'account_id');

CREATE FUNCTION feed_forget() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = fluxrouter, pg_temp AS $$
BEGIN
  IF TG_LEVEL = 'STATEMENT' THEN  -- before any row is locked: writers take this lock first too
    PERFORM pg_advisory_xact_lock({LOCK});
    RETURN NULL;
  END IF;
  IF EXISTS (SELECT 1 FROM accounts_restriction
             WHERE account_id = OLD.id AND lifted_at IS NULL)
     OR EXISTS (SELECT 1 FROM accounts_apikey WHERE id = OLD.id AND revoked_at IS NOT NULL) THEN
    RETURN NULL;  -- still in force: stays, whoever asks
  END IF;
  INSERT INTO accounts_feedmark (id, generation, floor)
  VALUES (1, '00000000-0000-0000-0000-000000000000', OLD.position)
  ON CONFLICT (id) DO UPDATE SET floor = greatest(accounts_feedmark.floor, excluded.floor);
  RETURN OLD;
END $$;
CREATE TRIGGER feed_forget_lock BEFORE DELETE ON accounts_feedentry
  FOR EACH STATEMENT EXECUTE FUNCTION feed_forget();
CREATE TRIGGER feed_forget_row BEFORE DELETE ON accounts_feedentry
  FOR EACH ROW EXECUTE FUNCTION feed_forget();

INSERT INTO accounts_feedmark (id, generation, floor) VALUES (1, gen_random_uuid(), 0);
INSERT INTO accounts_feedentry (id, kind, account_id, position, changed_at)
SELECT id, kind, account_id, nextval('accounts_feed_position'), clock_timestamp()
FROM (SELECT DISTINCT account_id AS id, 'account' AS kind, account_id
      FROM accounts_restriction WHERE lifted_at IS NULL
      UNION ALL
      SELECT id, 'key', account_id FROM accounts_apikey WHERE revoked_at IS NOT NULL) AS stopped;
"""
NO_FEED = """
DROP TRIGGER feed_restriction ON accounts_restriction;
DROP TRIGGER feed_erased ON accounts_account;
DROP TRIGGER feed_key_removed ON accounts_apikey;
DROP TRIGGER feed_key_born_revoked ON accounts_apikey;
DROP TRIGGER feed_key_revoked ON accounts_apikey;
DROP FUNCTION feed_note();
DROP FUNCTION feed_forget() CASCADE;
DROP SEQUENCE accounts_feed_position;
"""


class Migration(migrations.Migration):
    dependencies = [('accounts', '0002_processors')]

    operations = [
        migrations.CreateModel(
            name='FeedEntry',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('account', 'Account'), ('key', 'API key')], max_length=10)),
                ('account_id', models.UUIDField()),
                ('position', models.BigIntegerField(unique=True)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'feed entries',
                'indexes': [models.Index(fields=['changed_at', 'id'], name='feed_by_time')],
            },
        ),
        migrations.CreateModel(
            name='FeedMark',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('generation', models.UUIDField(default=uuid.uuid4)),
                ('floor', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='GatewayKey',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('label', models.CharField(max_length=100)),
                ('prefix', models.CharField(max_length=16, unique=True)),
                ('digest', models.BinaryField(max_length=32)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('restrictions:read', 'Read the enforcement feed')], max_length=40), size=None)),
                ('created_at', models.DateTimeField()),
                ('last_used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='restriction',
            name='source',
            field=models.CharField(choices=[('request', 'A privacy request'), ('signal', 'The person’s browser')], default='request', max_length=10),
        ),
        migrations.AlterField(
            model_name='restriction',
            name='request_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at', None), ('request_id', None)), fields=('account_id', 'purpose'), name='signalled_once'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('request_id__isnull', False), ('source', 'request')), models.Q(('request_id', None), ('source', 'signal')), _connector='OR'), name='restricted_by_one'),
        ),
        migrations.RunSQL(FEED, NO_FEED),
    ]

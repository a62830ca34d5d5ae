"""Exporting a person's rows: the data map's fields, and nothing that it doesn't name."""

import json
from collections.abc import Iterator

from django.db import connection
from psycopg import sql

from fluxrouter.foundation.database import SCHEMA
from fluxrouter.foundation.sealed import email_index
from privacy.connectors.base import Record, Subject
from privacy.connectors.copying import json_rows
from privacy.connectors.database.find import Slice, column, days_may_go, held, model_of
from privacy.datamap import Category, Find, Row

WITHHELD = "[withheld]"


def export_rows(subject: Subject) -> Iterator[Record]:
    for part, _ in held(subject):
        if part.row.find is Find.REQUEST:
            yield from export_requests(part.row, subject)
        else:
            yield from export_slice(part)


def select(part: Slice) -> sql.Composed:
    """Each row as JSON, built from the data map's fields: what it doesn't name can't leave."""
    columns = []
    for name, category in part.row.exported():
        if category is Category.CREDENTIAL:
            columns.append(sql.SQL("{} AS {}").format(sql.Literal(WITHHELD), sql.Identifier(name)))
        else:
            source = sql.Identifier(column(part.row, name))
            columns.append(sql.SQL("{} AS {}").format(source, sql.Identifier(name)))
    return sql.SQL(
        "SELECT row_to_json(r)::text FROM (SELECT {} FROM {} WHERE {} ORDER BY id) r"
    ).format(sql.SQL(", ").join(columns), sql.Identifier(SCHEMA, part.table), part.condition)


def export_slice(part: Slice) -> Iterator[Record]:
    with days_may_go():
        for line in json_rows(connection, select(part)):
            yield Record(part.row.collection, line)


def export_requests(row: Row, subject: Subject) -> Iterator[Record]:
    """Privacy requests hold sealed fields, which only Python can open."""
    model = model_of(row)
    theirs = model.objects.filter(email_index=email_index(subject.email))
    for request in theirs.order_by("id"):
        record = {}
        for name, category in row.exported():
            if category is Category.SEALED:
                record[name] = request.read(name)
            elif category is Category.CREDENTIAL:
                record[name] = WITHHELD
            elif category is not Category.STAFF:
                record[name] = getattr(request, model._meta.get_field(name).attname)
        yield Record(row.collection, json.dumps(record, default=str))

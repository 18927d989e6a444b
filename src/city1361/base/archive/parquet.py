"""Rows as Parquet and back. Both ways go as the text that PostgreSQL itself writes and reads, so nothing is lost on it:
known scalars get types of their own, everything else (arrays, JSON, binary) stays as that text, its type in the schema."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow
from django.db import connection
from psycopg import sql
from pyarrow import csv, parquet

from city1361.base.archive.selecting import PLAIN_TEXT, listed
from city1361.base.archive.terms import Column

BLOCK = 16_000_000  # bytes read at a time: longer than any one row
_TYPES: dict[str, Any] = {
    "boolean": pyarrow.bool_(),
    "smallint": pyarrow.int16(),
    "integer": pyarrow.int32(),
    "bigint": pyarrow.int64(),
    "double precision": pyarrow.float64(),
    "date": pyarrow.date32(),
    "timestamp with time zone": pyarrow.timestamp("us", "UTC"),
}


class _Incoming(io.RawIOBase):
    """The pieces of a COPY as a file."""

    def __init__(self, pieces: Iterator[Any]) -> None:
        self._pieces, self._left = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        taken = self._left[: len(buffer)]
        buffer[: len(taken)] = taken
        self._left = self._left[len(taken) :]
        return len(taken)


class _Outgoing(io.RawIOBase):
    """A file whose bytes go into a COPY."""

    def __init__(self, copy: Any) -> None:
        self._copy = copy

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._copy.write(bytes(data))
        return len(data)


def schema_of(columns: tuple[Column, ...]) -> Any:
    """The Arrow schema of columns; each says its PostgreSQL type and its class of data."""
    return pyarrow.schema(
        [
            pyarrow.field(
                one.name, _TYPES.get(one.type, pyarrow.string()), metadata={"type": one.type, "data": one.data}
            )
            for one in columns
        ]
    )


def write(path: Path, source: sql.Composable, columns: tuple[Column, ...], heard: Callable[[int], None]) -> None:
    """Write the rows of a query (called `t`) into a new file. heard gets how many are written, now and then."""
    schema, done = schema_of(columns), 0
    query = sql.SQL("COPY (SELECT {columns} FROM ({source}) t) TO STDOUT (FORMAT csv)")
    with connection.cursor() as cursor, parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        cursor.execute(PLAIN_TEXT)
        with cursor.copy(query.format(columns=listed(columns), source=source).as_string()) as copy:
            for batch in _reader(io.BufferedReader(_Incoming(iter(copy)), BLOCK), schema):
                writer.write_batch(batch.cast(schema))
                done += batch.num_rows
                heard(done)


def _reader(file: Any, schema: Any) -> Any:
    return csv.open_csv(
        file,
        csv.ReadOptions(column_names=schema.names, block_size=BLOCK),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            column_types={field.name: field.type for field in schema},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )


def load(path: Path, table: sql.Composable, columns: tuple[Column, ...], heard: Callable[[int], None]) -> None:
    """Copy the rows of a file into a table that has these columns. Raises ValueError when the file has others."""
    names, done = sql.SQL(", ").join(sql.Identifier(one.name) for one in columns), 0
    query = sql.SQL("COPY {table} ({names}) FROM STDIN (FORMAT csv)").format(table=table, names=names)
    with parquet.ParquetFile(path) as file, connection.cursor() as cursor:
        if not file.schema_arrow.equals(schema_of(columns)):
            raise ValueError("other columns than the manifest says")
        with cursor.copy(query.as_string()) as copy, io.BufferedWriter(_Outgoing(copy), 1_000_000) as out:
            for batch in file.iter_batches():
                csv.write_csv(batch, out, csv.WriteOptions(include_header=False))
                done += batch.num_rows
                heard(done)

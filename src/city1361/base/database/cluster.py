"""Making and configuring a cluster, and the roles in it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psycopg
from psycopg import sql

from city1361.base.database import processes, programs
from city1361.base.database.place import Place, write_whole

DATABASE, OWNER, APP, SUPERUSER = "city1361", "city1361_owner", "city1361_app", "city1361_superuser"
# For two cores and little memory. The log holds neither statements nor details: both can carry personal data.
CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
cluster_name = '{name}'
update_process_title = on
password_encryption = scram-sha-256
max_connections = 60
shared_buffers = 96MB
max_worker_processes = 4
max_parallel_workers = 2
max_locks_per_transaction = 256
max_wal_size = 512MB
checkpoint_timeout = 10min
wal_level = replica
max_wal_senders = 4
jit = off
timezone = 'UTC'
idle_in_transaction_session_timeout = 60s
log_line_prefix = '%m [%p] %q%u@%d '
log_min_error_statement = panic
log_error_verbosity = terse
logging_collector = off
"""
UNSAFE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
ROLE = "CREATE ROLE {} LOGIN PASSWORD {} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


def initialise(place: Place, major: int, name: str, durable: bool = True) -> Path:
    """A fresh cluster of `major` named `name` in the folder, with our superuser and no other role.

    Scram passwords for every connection, data checksums, UTF-8, no locale: the same on every machine.
    """
    cluster = place.folder / name
    shutil.rmtree(cluster, ignore_errors=True)
    place.give(cluster)
    password = place.lend("password", place.state.superuser)
    try:
        programs.run(
            *(major, "initdb", "-D", cluster, "--auth=scram-sha-256", f"--pwfile={password}"),
            *(f"--username={SUPERUSER}", "--data-checksums", "--encoding=UTF8", "--no-locale"),
            *([] if durable else ["--no-sync"]),
            person=place.person,
        )
    finally:
        password.unlink()
    settings = os.open(cluster / "postgresql.conf", os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
    with os.fdopen(settings, "a") as file:
        file.write(f"include_if_exists = '../{place.settings.name}'\n")
    return cluster


def configure(place: Place, port: int, durable: bool = True) -> None:
    """Write the settings that every cluster of the folder includes."""
    values = {"port": port, "sockets": place.sockets, "name": processes.cluster_name(place.cluster)}
    write_whole(place.settings, CONFIGURATION.format(**values) + ("" if durable else UNSAFE), 0o644)


def make_roles(superuser_url: str, place: Place) -> None:
    """Owner and app, and the data base, as in production; what is there already stays.

    The owner migrates and owns every table; the app owns nothing and cannot pass row security.
    """
    state = place.state
    with psycopg.connect(superuser_url, dbname="postgres", autocommit=True) as connection:
        present = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role, password in ((OWNER, state.owner), (APP, state.app)):
            if role not in present:
                connection.execute(sql.SQL(ROLE).format(sql.Identifier(role), sql.Literal(password)))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            make = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(make.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))

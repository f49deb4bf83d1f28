"""Runs the migrations: within the connection handed over, or for the `alembic` command."""

from __future__ import annotations

import os

from alembic import context
from sqlalchemy import Connection

from registry.models import Base
from registry.store.migrate import migrating, modelled
from registry.store.session import make_engine


def address() -> str:
    return context.get_x_argument(as_dictionary=True).get(
        "url", os.environ.get("SUBREG_DATABASE_URL", "sqlite:///var/register.sqlite")
    )


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=modelled,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    context.configure(url=address(), target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
elif "connection" in context.config.attributes:
    run(context.config.attributes["connection"])
else:
    with migrating(make_engine(address(), create=True)) as own:
        run(own)

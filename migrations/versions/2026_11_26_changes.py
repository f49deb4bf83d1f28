"""What was opened and what was closed, in the order in which it was: indexes for the feed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RECORDED = (
    "disagreement",
    "substance_name",
    "identifier",
    "structure_record",
    "base_factor",
    "provision_version",
    "authority",
    "treaty_status",
    "listing",
    "tariff_code",
)


def upgrade() -> None:
    closed = sa.text("recorded_to IS NOT NULL")
    for table in RECORDED:
        op.create_index(f"ix_{table}_opened", table, ["recorded_from", "id"])
        op.create_index(
            f"ix_{table}_closed",
            table,
            ["recorded_to", "id"],
            sqlite_where=closed,
            postgresql_where=closed,
        )


def downgrade() -> None:
    for table in RECORDED:
        op.drop_index(f"ix_{table}_closed", table_name=table)
        op.drop_index(f"ix_{table}_opened", table_name=table)

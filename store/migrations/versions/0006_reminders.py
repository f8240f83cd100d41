"""when a signer was invited, and reminded last"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('signers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('invited_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('reminded_day', sa.Integer(), server_default='0', nullable=False))
    # who was invited before this version is reminded from now on as if invited with the sending
    op.execute(
        "UPDATE signers SET invited_at = (SELECT sent_at FROM conventions"
        " WHERE conventions.id = signers.convention_id) WHERE status IN ('notified', 'opened')"
    )


def downgrade() -> None:
    with op.batch_alter_table('signers', schema=None) as batch_op:
        batch_op.drop_column('reminded_day')
        batch_op.drop_column('invited_at')

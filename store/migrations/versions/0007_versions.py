"""versions that replace one another, and the record they come from"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('conventions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('superseded_by', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('record_key', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('amend', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(batch_op.f('ix_conventions_previous_id'), ['previous_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conventions_record_key'), ['record_key'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('conventions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_conventions_record_key'))
        batch_op.drop_index(batch_op.f('ix_conventions_previous_id'))
        batch_op.drop_column('amend')
        batch_op.drop_column('record_key')
        batch_op.drop_column('superseded_by')

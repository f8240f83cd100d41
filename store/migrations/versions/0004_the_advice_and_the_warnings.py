"""the advice on the level, and the warnings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('conventions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('level_reason', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('warnings', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('advice', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('conventions', schema=None) as batch_op:
        batch_op.drop_column('advice')
        batch_op.drop_column('warnings')
        batch_op.drop_column('level_reason')

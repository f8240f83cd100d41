"""how each archived copy was last found, when they were last asked for, and the restore tests"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('restore_tests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('seconds', sa.Float(), nullable=False),
    sa.Column('sample', sa.Integer(), nullable=False),
    sa.Column('files', sa.Integer(), nullable=False),
    sa.Column('good', sa.Integer(), nullable=False),
    sa.Column('passed', sa.Boolean(), nullable=False),
    sa.Column('archives', sa.JSON(), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_restore_tests'))
    )
    with op.batch_alter_table('archive_copies', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state', sa.String(length=10), server_default='kept', nullable=False))
        batch_op.create_index(batch_op.f('ix_archive_copies_verified_at'), ['verified_at'], unique=False)
    with op.batch_alter_table('conventions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('copies_asked_at', sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('conventions', schema=None) as batch_op:
        batch_op.drop_column('copies_asked_at')
    with op.batch_alter_table('archive_copies', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_archive_copies_verified_at'))
        batch_op.drop_column('state')
    op.drop_table('restore_tests')

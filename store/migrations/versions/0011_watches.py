"""watches, and what they have started"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('watches',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('source_kind', sa.String(length=40), nullable=False),
    sa.Column('place', sa.LargeBinary(), nullable=False),
    sa.Column('column', sa.LargeBinary(), nullable=False),
    sa.Column('value', sa.LargeBinary(), nullable=False),
    sa.Column('template', sa.String(length=80), nullable=True),
    sa.Column('until', sa.String(length=20), nullable=False),
    sa.Column('pushed', sa.Boolean(), nullable=False),
    sa.Column('outside_id', sa.String(length=80), nullable=True),
    sa.Column('secret', sa.LargeBinary(), nullable=True),
    sa.Column('confirmation', sa.LargeBinary(), nullable=True),
    sa.Column('expires_at', sa.DateTime(), nullable=True),
    sa.Column('cursor', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=True),
    sa.Column('looked_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('problem', sa.JSON(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watches'))
    )
    op.create_table('started',
    sa.Column('record_key', sa.String(length=64), nullable=False),
    sa.Column('version', sa.String(length=64), nullable=False),
    sa.Column('content', sa.String(length=64), nullable=True),
    sa.Column('watch_id', sa.String(length=40), nullable=False),
    sa.Column('convention_id', sa.String(length=40), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('record_key', 'version', name=op.f('pk_started'))
    )


def downgrade() -> None:
    op.drop_table('started')
    op.drop_table('watches')

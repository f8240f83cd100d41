"""buttons, who may press them, and the mails that let them in"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('buttons',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('source_kind', sa.String(length=40), nullable=False),
    sa.Column('place', sa.LargeBinary(), nullable=False),
    sa.Column('action', sa.String(length=10), nullable=False),
    sa.Column('template', sa.String(length=80), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('revoked_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_buttons'))
    )
    op.create_table('people',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('email', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people'))
    )
    op.create_table('mails',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('recipient', sa.LargeBinary(), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mails'))
    )
    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mails_expires_at'), ['expires_at'], unique=False)
    op.create_table('button_uses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('claim', sa.String(length=64), nullable=False),
    sa.Column('button_id', sa.String(length=40), nullable=False),
    sa.Column('person_id', sa.String(length=40), nullable=False),
    sa.Column('convention_id', sa.String(length=40), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['button_id'], ['buttons.id'], name=op.f('fk_button_uses_button_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_button_uses_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_button_uses')),
    sa.UniqueConstraint('claim', name=op.f('uq_button_uses_claim'))
    )
    op.create_table('sign_in_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=40), nullable=False),
    sa.Column('button_id', sa.String(length=40), nullable=True),
    sa.Column('record', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['button_id'], ['buttons.id'], name=op.f('fk_sign_in_links_button_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_sign_in_links_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_links')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_sign_in_links_secret_hash'))
    )
    with op.batch_alter_table('sign_in_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_links_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_sign_in_links_person_id'), ['person_id'], unique=False)
    op.create_table('person_sessions',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_person_sessions_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_sessions')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_person_sessions_secret_hash'))
    )
    with op.batch_alter_table('person_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_sessions_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_sessions_person_id'), ['person_id'], unique=False)
    with op.batch_alter_table('previews', schema=None) as batch_op:
        batch_op.add_column(sa.Column('alone', sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_previews_alone'), ['alone'])


def downgrade() -> None:
    with op.batch_alter_table('previews', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_previews_alone'), type_='unique')
        batch_op.drop_column('alone')
    for table in ('person_sessions', 'sign_in_links', 'button_uses', 'mails', 'people', 'buttons'):
        op.drop_table(table)

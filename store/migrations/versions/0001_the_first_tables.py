"""the first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('api_keys',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('revoked_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_keys'))
    )
    op.create_table('callbacks',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('provider', sa.String(length=40), nullable=False),
    sa.Column('event_key', sa.String(length=160), nullable=False),
    sa.Column('convention_id', sa.String(length=40), nullable=True),
    sa.Column('provider_ref', sa.String(length=255), nullable=True),
    sa.Column('signer_ref', sa.String(length=255), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('occurred_at', sa.DateTime(), nullable=True),
    sa.Column('received_at', sa.DateTime(), nullable=False),
    sa.Column('headers', sa.LargeBinary(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_callbacks')),
    sa.UniqueConstraint('provider', 'event_key', name=op.f('uq_callbacks_provider_event_key'))
    )
    with op.batch_alter_table('callbacks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_callbacks_convention_id'), ['convention_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_callbacks_provider_ref'), ['provider_ref'], unique=False)
        batch_op.create_index(batch_op.f('ix_callbacks_state'), ['state'], unique=False)

    op.create_table('claims',
    sa.Column('scope', sa.String(length=80), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('scope', 'key', name=op.f('pk_claims'))
    )
    op.create_table('conventions',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('failed_from', sa.String(length=20), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('previous_id', sa.String(length=40), nullable=True),
    sa.Column('duplicate_of', sa.String(length=40), nullable=True),
    sa.Column('source_kind', sa.String(length=40), nullable=False),
    sa.Column('source', sa.LargeBinary(), nullable=False),
    sa.Column('pending_key', sa.String(length=64), nullable=True),
    sa.Column('content_key', sa.String(length=64), nullable=True),
    sa.Column('record', sa.LargeBinary(), nullable=True),
    sa.Column('dossier', sa.String(length=80), nullable=True),
    sa.Column('template', sa.String(length=80), nullable=False),
    sa.Column('provider', sa.String(length=40), nullable=False),
    sa.Column('level', sa.String(length=20), nullable=True),
    sa.Column('signing_order', sa.String(length=20), nullable=True),
    sa.Column('archives', sa.JSON(), nullable=False),
    sa.Column('until', sa.String(length=20), nullable=False),
    sa.Column('external_id', sa.String(length=255), nullable=True),
    sa.Column('caller_data', sa.LargeBinary(), nullable=True),
    sa.Column('resumes', sa.LargeBinary(), nullable=False),
    sa.Column('made_by', sa.String(length=40), nullable=False),
    sa.Column('provider_ref', sa.String(length=255), nullable=True),
    sa.Column('rendered_at', sa.DateTime(), nullable=True),
    sa.Column('sent_at', sa.DateTime(), nullable=True),
    sa.Column('opened_at', sa.DateTime(), nullable=True),
    sa.Column('signed_at', sa.DateTime(), nullable=True),
    sa.Column('archived_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('asked_at', sa.DateTime(), nullable=True),
    sa.Column('decline_reason', sa.LargeBinary(), nullable=True),
    sa.Column('problem', sa.JSON(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conventions')),
    sa.UniqueConstraint('content_key', name=op.f('uq_conventions_content_key')),
    sa.UniqueConstraint('pending_key', name=op.f('uq_conventions_pending_key'))
    )
    with op.batch_alter_table('conventions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conventions_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_conventions_dossier'), ['dossier'], unique=False)
        batch_op.create_index(batch_op.f('ix_conventions_provider_ref'), ['provider_ref'], unique=False)
        batch_op.create_index(batch_op.f('ix_conventions_state'), ['state'], unique=False)

    op.create_table('hooks',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('key_id', sa.String(length=40), nullable=False),
    sa.Column('url', sa.LargeBinary(), nullable=False),
    sa.Column('events', sa.JSON(), nullable=False),
    sa.Column('secret', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hooks'))
    )
    with op.batch_alter_table('hooks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hooks_key_id'), ['key_id'], unique=False)

    op.create_table('replays',
    sa.Column('key_id', sa.String(length=40), nullable=False),
    sa.Column('idempotency_key', sa.String(length=128), nullable=False),
    sa.Column('request_hash', sa.String(length=64), nullable=False),
    sa.Column('convention_id', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('key_id', 'idempotency_key', name=op.f('pk_replays'))
    )
    op.create_table('archive_copies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('convention_id', sa.String(length=40), nullable=False),
    sa.Column('archive', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('ref', sa.LargeBinary(), nullable=False),
    sa.Column('path', sa.LargeBinary(), nullable=False),
    sa.Column('link', sa.LargeBinary(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('verified_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['convention_id'], ['conventions.id'], name=op.f('fk_archive_copies_convention_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_archive_copies')),
    sa.UniqueConstraint('convention_id', 'archive', 'kind', name=op.f('uq_archive_copies_convention_id_archive_kind'))
    )
    with op.batch_alter_table('archive_copies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_archive_copies_convention_id'), ['convention_id'], unique=False)

    op.create_table('documents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('convention_id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('media_type', sa.String(length=80), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['convention_id'], ['conventions.id'], name=op.f('fk_documents_convention_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('convention_id', 'kind', name=op.f('uq_documents_convention_id_kind'))
    )
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_documents_convention_id'), ['convention_id'], unique=False)

    op.create_table('events',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('convention_id', sa.String(length=40), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('type', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['convention_id'], ['conventions.id'], name=op.f('fk_events_convention_id')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_events')),
    sa.UniqueConstraint('convention_id', 'sequence', name=op.f('uq_events_convention_id_sequence')),
    sa.UniqueConstraint('id', name=op.f('uq_events_id'))
    )
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_events_convention_id'), ['convention_id'], unique=False)

    op.create_table('journal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('convention_id', sa.String(length=40), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['convention_id'], ['conventions.id'], name=op.f('fk_journal_convention_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_journal')),
    sa.UniqueConstraint('convention_id', 'sequence', name=op.f('uq_journal_convention_id_sequence'))
    )
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_journal_convention_id'), ['convention_id'], unique=False)

    op.create_table('signers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('convention_id', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=10), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('name', sa.LargeBinary(), nullable=False),
    sa.Column('link', sa.LargeBinary(), nullable=True),
    sa.Column('provider_ref', sa.String(length=255), nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('opened_at', sa.DateTime(), nullable=True),
    sa.Column('signed_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['convention_id'], ['conventions.id'], name=op.f('fk_signers_convention_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signers')),
    sa.UniqueConstraint('convention_id', 'key', name=op.f('uq_signers_convention_id_key'))
    )
    with op.batch_alter_table('signers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signers_convention_id'), ['convention_id'], unique=False)

    op.create_table('steps',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('convention_id', sa.String(length=40), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('argument', sa.String(length=160), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('run_after', sa.DateTime(), nullable=False),
    sa.Column('handed_at', sa.DateTime(), nullable=True),
    sa.Column('lease_token', sa.String(length=40), nullable=True),
    sa.Column('lease_until', sa.DateTime(), nullable=True),
    sa.Column('error', sa.JSON(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['convention_id'], ['conventions.id'], name=op.f('fk_steps_convention_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_steps')),
    sa.UniqueConstraint('key', name=op.f('uq_steps_key'))
    )
    with op.batch_alter_table('steps', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_steps_convention_id'), ['convention_id'], unique=False)
        batch_op.create_index('ix_steps_state_run_after', ['state', 'run_after'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('steps', schema=None) as batch_op:
        batch_op.drop_index('ix_steps_state_run_after')
        batch_op.drop_index(batch_op.f('ix_steps_convention_id'))

    op.drop_table('steps')
    with op.batch_alter_table('signers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signers_convention_id'))

    op.drop_table('signers')
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_journal_convention_id'))

    op.drop_table('journal')
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_events_convention_id'))

    op.drop_table('events')
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_documents_convention_id'))

    op.drop_table('documents')
    with op.batch_alter_table('archive_copies', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_archive_copies_convention_id'))

    op.drop_table('archive_copies')
    op.drop_table('replays')
    with op.batch_alter_table('hooks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hooks_key_id'))

    op.drop_table('hooks')
    with op.batch_alter_table('conventions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_conventions_state'))
        batch_op.drop_index(batch_op.f('ix_conventions_provider_ref'))
        batch_op.drop_index(batch_op.f('ix_conventions_dossier'))
        batch_op.drop_index(batch_op.f('ix_conventions_created_at'))

    op.drop_table('conventions')
    op.drop_table('claims')
    with op.batch_alter_table('callbacks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_callbacks_state'))
        batch_op.drop_index(batch_op.f('ix_callbacks_provider_ref'))
        batch_op.drop_index(batch_op.f('ix_callbacks_convention_id'))

    op.drop_table('callbacks')
    op.drop_table('api_keys')

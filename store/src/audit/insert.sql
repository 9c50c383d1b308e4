-- Writes rows of the audit trail. Through jsonb, not json: of lone escapes in texts nothing
-- is left to be read twice.
insert into audit_event (
    account_id, sequence, recorded_at, region, event_id, event_time, event_source, event_name, read_only,
    actor_kind, actor_id, outcome, subjects, person_ids, record, hash, personal
)
select
    $1, sequence, recorded_at, region, event_id, event_time, event_source, event_name, read_only,
    actor_kind, actor_id, outcome, subjects, person_ids, record, decode(hash, 'hex'), personal
from jsonb_to_recordset($2::text::jsonb) as made (
    sequence bigint, recorded_at timestamptz, region text, event_id text, event_time timestamptz,
    event_source text, event_name text, read_only boolean, actor_kind text, actor_id bigint, outcome text,
    subjects text[], person_ids bigint[], record text, hash text, personal jsonb
)

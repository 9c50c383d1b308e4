-- The audit trail as lines of JSON, for a verifier that is not deskfleet's. Run it with
-- psql --no-align --tuples-only --file=export_chain.sql; keys are part of it, so whoever
-- has the lines can test guesses of personal values: destroy them afterwards.
select json_build_object(
    'account', account_id,
    'sequence', sequence,
    'hash', encode(hash, 'hex'),
    'record', record,
    'personal', personal,
    'keys', coalesce(
        (select json_object_agg(subject_id, encode(key, 'hex')) from subject_key where subject_id = any(person_ids)),
        '{}'
    )
)::text
from audit_event
order by account_id, sequence

-- Ends parts of a kind that are there no longer, or no longer as they were. $5 limits
-- them to one directory; without $6 only those that changed are ended, because one that
-- seems to be missing may be one that had no id.
update directory_part as kept set valid_to = $3
where account_id = $1 and region = $2 and kind = $4 and valid_to is null
  and ($5::text is null or directory_id = $5)
  and ($6 or (directory_id, part_id) in (
      select directory_id, part_id from json_to_recordset($7::text::json) as found (directory_id text, part_id text)
  ))
  and not exists (
      select from json_to_recordset($7::text::json) as found (
          directory_id text, part_id text, name text, state text, state_reason text, state_since timestamptz,
          created_at timestamptz, expires_at timestamptz, details jsonb
      )
      where found.directory_id = kept.directory_id and found.part_id = kept.part_id
        and (found.name, found.state, found.state_reason, found.state_since, found.created_at, found.expires_at,
             found.details)
            is not distinct from
            (kept.name, kept.state, kept.state_reason, kept.state_since, kept.created_at, kept.expires_at,
             kept.details)
  )

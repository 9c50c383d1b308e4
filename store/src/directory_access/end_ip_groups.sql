-- Ends the use of groups by directories that are gone or show other groups. One whose
-- groups AWS did not tell keeps those it had.
update directory_ip_group as kept set valid_to = $3
where account_id = $1 and region = $2 and valid_to is null
  and not exists (
      select from directory d
      where d.account_id = $1 and d.region = $2 and d.directory_id = kept.directory_id and d.gone_at is null
        and (d.ip_group_ids is null or kept.group_id = any(d.ip_group_ids))
  )

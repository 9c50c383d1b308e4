-- Notes the states of desktops ($3, ids) as they are now, where they are new. $1 account, $2 region.
insert into workspace_state (workspace_no, since, state)
select workspace_no, state_since, state
from workspace
where account_id = $1 and region = $2 and workspace_id = any($3)
on conflict on constraint workspace_state_pkey do nothing

-- A step that is complete lets go of its list of desktops: nobody reads it again, and the
-- lists of 90 days of runs every quarter of an hour are more than a year of evidence.

comment on column run_step.workspace_ids is 'desktops of a block that is not complete; null for listings, empty when all are read';

update run_step set workspace_ids = '{}' where state = 'complete' and cardinality(workspace_ids) > 0;

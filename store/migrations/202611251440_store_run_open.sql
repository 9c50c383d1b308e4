-- Every pod that begins asks which runs are still open, to close those that nobody works on;
-- they are a handful among all that ever were.

create index run_open on run (schedule_namespace, schedule_name) where outcome = 'running';

-- Snapshots of desktops, as of when each desktop's were last read: AWS keeps two or three,
-- and one that it no longer has can restore nothing, so its row goes with it.

create table snapshot (
    workspace_no integer not null,
    taken_at timestamptz not null,
    -- Whether the desktop can be rebuilt from it (its user volume), and restored (both).
    for_rebuild boolean not null,
    for_restore boolean not null,
    constraint snapshot_pkey primary key (workspace_no, taken_at),
    constraint snapshot_workspace_fkey foreign key (workspace_no) references workspace (workspace_no) on delete cascade,
    constraint snapshot_is_for_something check (for_rebuild or for_restore)
);

-- One call tells of one desktop only, so runs read those that were read longest ago.
create table snapshot_reading (
    workspace_no integer not null,
    read_at timestamptz not null,
    constraint snapshot_reading_pkey primary key (workspace_no),
    constraint snapshot_reading_workspace_fkey foreign key (workspace_no) references workspace (workspace_no) on delete cascade
) with (fillfactor = 70);

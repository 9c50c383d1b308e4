-- What a resource costs is told a day at a time, and what the lines of its days have in common
-- (account, ARN, usage type) was four fifths of each of them and of its index. It is kept once.

create table cost_resource_item (
    resource_no integer generated always as identity,
    account_id text not null,
    -- The ARN, or NoResourceId.
    resource text not null,
    usage_type text not null,
    -- Null where the resource is no desktop.
    workspace_id text,
    constraint cost_resource_item_pkey primary key (resource_no),
    constraint cost_resource_item_is_kept_once unique (account_id, resource, usage_type)
);

create index cost_resource_item_of_workspace on cost_resource_item (account_id, workspace_id)
    where workspace_id is not null;

insert into cost_resource_item (account_id, resource, usage_type, workspace_id)
select account_id, resource, usage_type, min(workspace_id)
from cost_resource_day
group by account_id, resource, usage_type
order by account_id, resource, usage_type;

create temporary table day_before on commit drop as
select resource_no, day, currency, unblended, net_unblended, usage_quantity, usage_unit, estimated, last_read_at
from cost_resource_day join cost_resource_item using (account_id, resource, usage_type);

drop table cost_resource_day;

create table cost_resource_day (
    last_read_at timestamptz not null,
    resource_no integer not null,
    -- UTC.
    day date not null,
    currency text not null,
    unblended numeric not null,
    net_unblended numeric,
    usage_quantity numeric,
    usage_unit text,
    estimated boolean not null,
    constraint cost_resource_day_pkey primary key (resource_no, day),
    constraint cost_resource_day_item_fkey foreign key (resource_no) references cost_resource_item (resource_no) on delete cascade
);

insert into cost_resource_day
    (resource_no, day, currency, unblended, net_unblended, usage_quantity, usage_unit, estimated, last_read_at)
select resource_no, day, currency, unblended, net_unblended, usage_quantity, usage_unit, estimated, last_read_at
from day_before;

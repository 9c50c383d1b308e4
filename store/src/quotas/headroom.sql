-- Quotas of a place, with what the other tables know to be in use of each. The codes are
-- AWS's own and the same in every region.
with counted (quota_code, kind, compute_type, source) as (
    values
        ('L-34278094', 'desktop', null, 'inventory'),
        ('L-465DA8AF', 'desktop', 'generalpurpose_4xlarge', 'inventory'),
        ('L-C266A5F4', 'desktop', 'generalpurpose_8xlarge', 'inventory'),
        ('L-84611756', 'desktop', 'graphics', 'inventory'),
        ('L-254B485B', 'desktop', 'graphicspro', 'inventory'),
        ('L-BCACAEBC', 'desktop', 'graphics_g4dn', 'inventory'),
        ('L-BE9A8466', 'desktop', 'graphicspro_g4dn', 'inventory'),
        ('L-18CE281C', 'image', null, 'images'),
        ('L-843E43DA', 'bundle', null, 'bundles'),
        ('L-EEB759DE', 'directory', null, 'directories'),
        ('L-0E312A12', 'ip_group', null, 'directories'),
        ('L-0798A2C9', 'connection_alias', null, 'directories')
)
select
    quota.service, quota_code, name, value, default_value, is_adjustable,
    counted.source as "source?",
    exists (
        select from run join run_step using (run_id)
        where run.account_id = $1 and run_step.region = $2 and run_step.source = counted.source
          and run_step.state = 'complete'
    ) as "was_read!",
    -- Desktops whose size AWS did not tell may be of any size.
    coalesce(counted.compute_type is not null and exists (
        select from workspace
        where account_id = $1 and workspace.region = $2 and gone_at is null and workspace.compute_type is null
    ), false) as "is_unsure!",
    case counted.kind
        when 'desktop' then (
            select count(*) from workspace
            where account_id = $1 and workspace.region = $2 and gone_at is null
              and (counted.compute_type is null or workspace.compute_type = counted.compute_type)
        )
        when 'image' then (
            select count(*) from image
            where account_id = $1 and image.region = $2 and valid_to is null and ownership = 'owned'
        )
        when 'bundle' then (
            select count(*) from bundle
            where account_id = $1 and bundle.region = $2 and gone_at is null and owner = $1
        )
        when 'directory' then (
            select count(*) from directory
            where account_id = $1 and directory.region = $2 and gone_at is null
        )
        when 'ip_group' then (
            select count(*) from ip_group
            where account_id = $1 and ip_group.region = $2 and gone_at is null
        )
        when 'connection_alias' then (
            select count(*) from connection_alias
            where account_id = $1 and connection_alias.region = $2 and gone_at is null
              and coalesce(owner_account_id, $1) = $1
        )
    end as in_use
from quota left join counted using (quota_code)
where quota.account_id = $1 and quota.region = $2 and quota.valid_to is null
order by quota.service, quota_code

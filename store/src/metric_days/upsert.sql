-- Writes the health of days. A day that learns nothing new is not written again: the days
-- before the last are read once more, for points that came late.
insert into metric_day as kept (
    workspace_no, day,
    cpu_min, cpu_max, cpu_avg, cpu_samples, memory_min, memory_max, memory_avg, memory_samples, root_volume_min,
    root_volume_max, root_volume_avg, root_volume_samples, user_volume_min, user_volume_max, user_volume_avg,
    user_volume_samples, gpu_min, gpu_max, gpu_avg, gpu_samples, latency_min, latency_max, latency_avg,
    latency_samples, launch_min, launch_max, launch_avg, launch_samples, packet_loss_min, packet_loss_max,
    packet_loss_avg, packet_loss_samples, up_time_min, up_time_max, up_time_avg, up_time_samples,
    connection_attempts, connection_failures
)
select
    workspace_no, day,
    cpu_min, cpu_max, cpu_avg, cpu_samples, memory_min, memory_max, memory_avg, memory_samples, root_volume_min,
    root_volume_max, root_volume_avg, root_volume_samples, user_volume_min, user_volume_max, user_volume_avg,
    user_volume_samples, gpu_min, gpu_max, gpu_avg, gpu_samples, latency_min, latency_max, latency_avg,
    latency_samples, launch_min, launch_max, launch_avg, launch_samples, packet_loss_min, packet_loss_max,
    packet_loss_avg, packet_loss_samples, up_time_min, up_time_max, up_time_avg, up_time_samples,
    connection_attempts, connection_failures
from json_to_recordset($3::text::json) as found (
    workspace_id text, day date,
    cpu_min real, cpu_max real, cpu_avg real, cpu_samples integer, memory_min real, memory_max real,
    memory_avg real, memory_samples integer, root_volume_min real, root_volume_max real, root_volume_avg real,
    root_volume_samples integer, user_volume_min real, user_volume_max real, user_volume_avg real,
    user_volume_samples integer, gpu_min real, gpu_max real, gpu_avg real, gpu_samples integer,
    latency_min real, latency_max real, latency_avg real, latency_samples integer, launch_min real,
    launch_max real, launch_avg real, launch_samples integer, packet_loss_min real, packet_loss_max real,
    packet_loss_avg real, packet_loss_samples integer, up_time_min real, up_time_max real, up_time_avg real,
    up_time_samples integer, connection_attempts integer, connection_failures integer
)
join workspace using (workspace_id)
where account_id = $1 and region = $2
on conflict on constraint metric_day_pkey do update set
    cpu_min = coalesce(excluded.cpu_min, kept.cpu_min), cpu_max = coalesce(excluded.cpu_max, kept.cpu_max),
    cpu_avg = coalesce(excluded.cpu_avg, kept.cpu_avg),
    cpu_samples = coalesce(excluded.cpu_samples, kept.cpu_samples),
    memory_min = coalesce(excluded.memory_min, kept.memory_min),
    memory_max = coalesce(excluded.memory_max, kept.memory_max),
    memory_avg = coalesce(excluded.memory_avg, kept.memory_avg),
    memory_samples = coalesce(excluded.memory_samples, kept.memory_samples),
    root_volume_min = coalesce(excluded.root_volume_min, kept.root_volume_min),
    root_volume_max = coalesce(excluded.root_volume_max, kept.root_volume_max),
    root_volume_avg = coalesce(excluded.root_volume_avg, kept.root_volume_avg),
    root_volume_samples = coalesce(excluded.root_volume_samples, kept.root_volume_samples),
    user_volume_min = coalesce(excluded.user_volume_min, kept.user_volume_min),
    user_volume_max = coalesce(excluded.user_volume_max, kept.user_volume_max),
    user_volume_avg = coalesce(excluded.user_volume_avg, kept.user_volume_avg),
    user_volume_samples = coalesce(excluded.user_volume_samples, kept.user_volume_samples),
    gpu_min = coalesce(excluded.gpu_min, kept.gpu_min), gpu_max = coalesce(excluded.gpu_max, kept.gpu_max),
    gpu_avg = coalesce(excluded.gpu_avg, kept.gpu_avg),
    gpu_samples = coalesce(excluded.gpu_samples, kept.gpu_samples),
    latency_min = coalesce(excluded.latency_min, kept.latency_min),
    latency_max = coalesce(excluded.latency_max, kept.latency_max),
    latency_avg = coalesce(excluded.latency_avg, kept.latency_avg),
    latency_samples = coalesce(excluded.latency_samples, kept.latency_samples),
    launch_min = coalesce(excluded.launch_min, kept.launch_min),
    launch_max = coalesce(excluded.launch_max, kept.launch_max),
    launch_avg = coalesce(excluded.launch_avg, kept.launch_avg),
    launch_samples = coalesce(excluded.launch_samples, kept.launch_samples),
    packet_loss_min = coalesce(excluded.packet_loss_min, kept.packet_loss_min),
    packet_loss_max = coalesce(excluded.packet_loss_max, kept.packet_loss_max),
    packet_loss_avg = coalesce(excluded.packet_loss_avg, kept.packet_loss_avg),
    packet_loss_samples = coalesce(excluded.packet_loss_samples, kept.packet_loss_samples),
    up_time_min = coalesce(excluded.up_time_min, kept.up_time_min),
    up_time_max = coalesce(excluded.up_time_max, kept.up_time_max),
    up_time_avg = coalesce(excluded.up_time_avg, kept.up_time_avg),
    up_time_samples = coalesce(excluded.up_time_samples, kept.up_time_samples),
    connection_attempts = coalesce(excluded.connection_attempts, kept.connection_attempts),
    connection_failures = coalesce(excluded.connection_failures, kept.connection_failures)
where (
    excluded.cpu_min, excluded.cpu_max, excluded.cpu_avg, excluded.cpu_samples, excluded.memory_min,
    excluded.memory_max, excluded.memory_avg, excluded.memory_samples, excluded.root_volume_min,
    excluded.root_volume_max, excluded.root_volume_avg, excluded.root_volume_samples, excluded.user_volume_min,
    excluded.user_volume_max, excluded.user_volume_avg, excluded.user_volume_samples, excluded.gpu_min,
    excluded.gpu_max, excluded.gpu_avg, excluded.gpu_samples, excluded.latency_min, excluded.latency_max,
    excluded.latency_avg, excluded.latency_samples, excluded.launch_min, excluded.launch_max,
    excluded.launch_avg, excluded.launch_samples, excluded.packet_loss_min, excluded.packet_loss_max,
    excluded.packet_loss_avg, excluded.packet_loss_samples, excluded.up_time_min, excluded.up_time_max,
    excluded.up_time_avg, excluded.up_time_samples, excluded.connection_attempts, excluded.connection_failures
) is distinct from (
    kept.cpu_min, kept.cpu_max, kept.cpu_avg, kept.cpu_samples, kept.memory_min, kept.memory_max,
    kept.memory_avg, kept.memory_samples, kept.root_volume_min, kept.root_volume_max, kept.root_volume_avg,
    kept.root_volume_samples, kept.user_volume_min, kept.user_volume_max, kept.user_volume_avg,
    kept.user_volume_samples, kept.gpu_min, kept.gpu_max, kept.gpu_avg, kept.gpu_samples, kept.latency_min,
    kept.latency_max, kept.latency_avg, kept.latency_samples, kept.launch_min, kept.launch_max, kept.launch_avg,
    kept.launch_samples, kept.packet_loss_min, kept.packet_loss_max, kept.packet_loss_avg,
    kept.packet_loss_samples, kept.up_time_min, kept.up_time_max, kept.up_time_avg, kept.up_time_samples,
    kept.connection_attempts, kept.connection_failures
)

"""A run with several pods: an Indexed Job whose pods share steps, lease and pace."""

import copy
import uuid

from installation import Installation


def test_a_schedule_with_three_pods_reads_the_fleet_once(synced: Installation) -> None:
    spec = copy.deepcopy(synced.get("syncschedule", synced.schedules()[0])["spec"])
    name = f"parallel-{uuid.uuid4().hex[:8]}"
    schedule = {
        "apiVersion": "deskfleet.dev/v1alpha1",
        "kind": "SyncSchedule",
        "metadata": {"name": name},
        "spec": spec | {"parallelism": 3, "suspend": True, "schedule": "0 0 1 1 *"},
    }
    desktops = int(synced.sql("select count(*) as n from workspace where gone_at is null")[0]["n"])
    synced.apply(schedule)
    try:
        run = synced.request_run(name)
        assert run["outcome"] == "Complete", run
        read = synced.sql(
            f"select sum(items) as items, count(*) filter (where run_step.attempts > 1) as again, count(distinct claimed_by) as pods"
            f" from run_step join run using (run_id) where job_name = '{run['name']}' and source = 'inventory'"
        )[0]
        counts = {count["source"]: count["count"] for count in run["counts"]}
        assert counts["Inventory"] == int(read["items"]), run
        assert 0 < int(read["items"]) <= desktops
        assert read["again"] == "0"
        runs = synced.sql(f"select outcome, parallelism from run where job_name = '{run['name']}'")
        assert runs == [{"outcome": "complete", "parallelism": "3"}]
        pods = synced.get("pods", "-l", f"deskfleet.dev/name={name}")["items"]
        assert len(pods) == 3
    finally:
        synced.kubectl("delete", "syncschedule", name)
    assert synced.sql(f"select 1 as held from run_lease where schedule_name = '{name}'") == []

"""Pods killed in the middle of a run: the next attempt goes on, and the tables equal an unkilled run's."""

from concurrent.futures import ThreadPoolExecutor

from installation import Installation

ROWS = "select account_id, region, workspace_id, state, user_name, running_mode, connection_state from workspace where gone_at is null order by 1, 2, 3"
VERSIONS = "select account_id, region, workspace_id, count(*) as n from workspace_version group by 1, 2, 3 order by 1, 2, 3"


def test_a_run_whose_pods_are_killed_twice_ends_as_if_nothing_was(synced: Installation) -> None:
    account = synced.state["accounts"][0]
    schedule = account["schedule"]
    rows, versions = synced.sql(ROWS), synced.sql(VERSIONS)
    killed: set[str] = set()

    def kill_one() -> bool:
        selector = f"deskfleet.dev/kind=SyncSchedule,deskfleet.dev/name={schedule}"
        pods = synced.get("pods", "-l", selector, "--field-selector=status.phase=Running")["items"]
        name = next((pod["metadata"]["name"] for pod in pods if pod["metadata"]["name"] not in killed), None)
        if name is None:
            return False
        synced.kubectl("delete", "pod", name, "--grace-period=0", "--force")
        killed.add(name)
        return True

    with ThreadPoolExecutor() as pool:
        # Slow answers, so that there is a middle of the run to be killed in.
        with synced.fault(operation="DescribeWorkspaces", account=account["id"], delayMs=400):
            run = pool.submit(synced.request_run, schedule)
            synced.eventually(kill_one, "a first pod to kill")
            synced.eventually(kill_one, "a second pod to kill")
        assert run.result()["outcome"] == "Complete"
    assert len(killed) == 2
    assert synced.sql(ROWS) == rows
    assert synced.sql(VERSIONS) == versions

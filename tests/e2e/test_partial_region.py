"""One region answers errors: that region is partial, and no desktop of it is called gone."""

from installation import Installation


def test_a_region_that_fails_loses_nothing(synced: Installation) -> None:
    account = synced.state["accounts"][0]
    region = account["regions"][0]
    schedule = account["schedule"]
    before = synced.sql(f"select count(*) as n from workspace where region = '{region}' and gone_at is null")
    # Each attempt tries each call eight times; one attempt shows as much as four.
    synced.kubectl("patch", "syncschedule", schedule, "--type=merge", "-p", '{"spec":{"retry":{"limit":0}}}')
    with synced.fault(operation="DescribeWorkspaces", account=account["id"], region=region, code="InternalServerError"):
        run = synced.request_run(schedule)
    assert run["outcome"] == "Partial", run
    assert synced.sql(f"select count(*) as n from workspace where region = '{region}' and gone_at is null") == before
    condition = synced.condition("syncschedule", schedule, "LastRunSucceeded")
    assert condition["status"] == "False", condition
    coverage = synced.api().get("/api/v1/workspaces", params={"limit": 1}).json()["coverage"]
    assert coverage["complete"] is False
    assert {(source["region"], source["account"]) for source in coverage["sources"] if source["state"] != "complete"} == {
        (region, account["id"])
    }
    assert synced.request_run(schedule)["outcome"] == "Complete"

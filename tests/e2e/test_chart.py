"""The chart as installed: everything runs, restricted, without restarts."""

from installation import Installation


def test_every_pod_runs_under_the_restricted_level(installation: Installation) -> None:
    namespace = installation.get("namespace", installation.namespace)
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    deployments = installation.get("deployments")["items"]
    assert {thing["metadata"]["labels"]["app.kubernetes.io/component"] for thing in deployments} >= {"operator", "api"}
    for thing in deployments:
        assert thing["status"].get("readyReplicas") == thing["spec"]["replicas"], thing["metadata"]["name"]


def test_no_container_restarted(installation: Installation) -> None:
    for pod in installation.get("pods")["items"]:
        for status in pod["status"].get("containerStatuses", []):
            assert status["restartCount"] == 0, (pod["metadata"]["name"], status)


def test_the_operator_may_not_touch_secrets(installation: Installation) -> None:
    account = next(
        thing["spec"]["template"]["spec"]["serviceAccountName"]
        for thing in installation.get("deployments")["items"]
        if thing["metadata"]["labels"]["app.kubernetes.io/component"] == "operator"
    )
    who = f"system:serviceaccount:{installation.namespace}:{account}"
    for verb in ("get", "list", "watch", "create", "update", "delete"):
        answer = installation.kubectl("auth", "can-i", verb, "secrets", "--as", who, check=False)
        assert answer.stdout.strip() == "no", verb


def test_jobs_run_without_a_kubernetes_token(synced: Installation) -> None:
    pods = synced.get("pods", "-l", "deskfleet.dev/kind=SyncSchedule")["items"]
    assert pods
    for pod in pods:
        assert pod["spec"]["automountServiceAccountToken"] is False

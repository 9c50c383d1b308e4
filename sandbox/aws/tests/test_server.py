"""The HTTP server: kept-alive connections, many clients at once, and odd requests."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor

from tests.asking import all_desktops, ids
from tests.conftest import ACCOUNT, REGION, Standin


def test_a_connection_is_kept_alive(standin: Standin) -> None:
    connection = http.client.HTTPConnection(standin.url.removeprefix("http://"))
    used = set()
    for _ in range(3):
        connection.request("GET", "/_standin/health")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        used.add(connection.sock.getsockname())
    assert len(used) == 1


def test_a_request_that_is_no_aws_request_gets_an_aws_error(standin: Standin) -> None:
    connection = http.client.HTTPConnection(standin.url.removeprefix("http://"))
    for method, path in (("GET", "/"), ("POST", "/"), ("PUT", "/bucket/key")):
        connection.request(method, path)
        answer = connection.getresponse()
        assert answer.headers["Content-Type"] == "application/x-amz-json-1.1"
        assert b"UnknownOperationException" in answer.read()


def test_clients_and_changes_at_once_never_break_an_answer(standin: Standin) -> None:
    standin.fleet(desktops=200)
    client = standin.client("workspaces")
    untouched = set(ids(all_desktops(client))[50:])

    def change() -> None:
        for _ in range(10):
            here = {"account": ACCOUNT, "region": REGION}
            added = standin.control("mutate", {**here, "add": 5})["added"]
            standin.control("mutate", {**here, "remove": added})

    with ThreadPoolExecutor(6) as pool:
        changing = pool.submit(change)
        listings = [pool.submit(all_desktops, client) for _ in range(5)]
        changing.result()
        for listing in listings:
            listed = ids(listing.result())
            assert len(set(listed)) == len(listed)
            assert untouched <= set(listed)
    outcomes = {call["outcome"] for call in standin.control("log")}
    assert outcomes == {"ok"}

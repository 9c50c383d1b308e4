"""Measures a full cycle over 50,000 desktops of one account and region.

The clock is compressed: every rate of the built-in pace is multiplied by `--haste`, and so
is the time that the run took. What does not shrink with the clock (the machine's own work)
is thus counted many times over, so the figure errs to the slow side. The built-in pace is
what a small run left in `aws_pace`, not a list kept here.

The cycle is the second one: a first run has filled the tables; the second begins six hours
later on another day, so that it reads the health of every desktop too.
"""

import datetime
import pathlib
import statistics

import psycopg

import fleet_stub
from figures import arguments, figure, keep
from sync_measure import PEER, in_turns
from sync_process import UNPACED, fresh_database, outcome, sync

# Every source that is read in each region by itself and costs no file or queue.
SOURCES = [
    "Inventory", "ConnectionStatus", "Directories", "Bundles", "Images", "Pools", "Tags", "Quotas", "Metrics",
    "AuditTrail",
]  # fmt: skip
LIMIT_HOURS, LIMIT_MIB = 2, 64
# US dollars of a metric that a request names (Amazon CloudWatch pricing).
PRICE_OF_METRIC = 0.01 / 1_000
# Metrics that a run names of a desktop: of its use, and of its health once a day.
USE, HEALTH = 6, 34
RUNS_A_DAY, DAYS_A_MONTH = 4, 30
# What the usual tools read hourly: the desktop's eight metrics.
HOURLY = 8 * 24


def main() -> None:
    """Runs the cycle and the peer, and writes the figures."""
    parser = arguments(__doc__)
    parser.add_argument("--desktops", type=int, default=50_000)
    parser.add_argument("--haste", type=int, default=30, help="how many times as fast the clock goes")
    parser.add_argument("--rounds", type=int, default=3)
    told = parser.parse_args()
    pace = hastened(built_in_pace(told.database, told.programs), told.haste)
    database = fresh_database(told.database, told.programs)
    with fleet_stub.Stub(told.programs, told.desktops) as stub:
        first = run(told.programs, database, UNPACED, hours=0)
        print(f"# first run, without a pace: {first}", flush=True)
        before = stub.calls()
        cycle = run(told.programs, database, pace, hours=6)
        print(f"# cycle, clock {told.haste} times as fast: {cycle}", flush=True)
        made = {name: count - before.get(name, 0) for name, count in stub.calls().items()}
        ours, peers = in_turns(told.programs, database, told.rounds)
    check_rows(database, told.desktops)
    rss = max(first["rss_mib"], cycle["rss_mib"])
    keep(told.output, cycle_figures(cycle["wall"] * told.haste / 3_600, rss, made))
    keep(told.output, cpu_figures(ours, peers, told.desktops))
    keep(told.output, dollar_figures(made, told.desktops, spent(database)))


def built_in_pace(url: str, programs: pathlib.Path) -> dict[str, tuple[float, int]]:
    """Rate and burst of every operation, from the buckets that a small run made."""
    database = fresh_database(url, programs)
    with fleet_stub.Stub(programs, 25) as _:
        sync(programs, database, SOURCES, {}, DESKFLEET_SYNC_NOW=moment(0))
    with psycopg.connect(database) as connection:
        rows = connection.execute("select operation, base_rate, burst from aws_pace").fetchall()
    return {operation: (rate, burst) for operation, rate, burst in rows}


def hastened(pace: dict[str, tuple[float, int]], haste: int) -> dict[str, dict]:
    """The pace in a world whose clock goes `haste` times as fast; a burst is a number of calls and stays."""
    # A bucket of burst 1 holds 1/1.15 of the rate that was asked for.
    asked = lambda rate, burst: rate * 1.15 if burst == 1 else rate  # noqa: E731
    return {name: {"rate": asked(rate, burst) * haste, "burst": burst} for name, (rate, burst) in pace.items()}


def run(programs: pathlib.Path, database: str, pace: dict, hours: int) -> dict[str, float]:
    """One complete run over everything, so many hours after the first."""
    taken = sync(programs, database, SOURCES, pace, DESKFLEET_SYNC_NOW=moment(hours))
    if (word := outcome(database)) != "complete":
        raise SystemExit(f"the run ended {word}")
    return taken


def moment(hours: int) -> str:
    """Half past eleven in the evening before yesterday, and so many hours."""
    today = datetime.datetime.now(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today - datetime.timedelta(days=1, minutes=30) + datetime.timedelta(hours=hours)).isoformat()


def check_rows(database: str, desktops: int) -> None:
    """Everything has to be there, or the figures mean nothing."""
    expected = {
        "select count(*) from workspace where connection_read_at is not null": desktops,
        "select count(distinct workspace_id) from tag": desktops,
        "select count(distinct workspace_no) from usage_day where observed is not null": desktops,
        "select count(distinct workspace_no) from metric_day where cpu_avg is not null": desktops,
        "select count(*) from peer_workspace": desktops,
    }
    with psycopg.connect(database) as connection:
        for query, count in expected.items():
            (found,) = connection.execute(query).fetchone()
            if found != count:
                raise SystemExit(f"{found} instead of {count}: {query}")


def spent(database: str) -> float:
    """US dollars of the cycle's metrics by the run's own ledger."""
    query = """
      select sum(cost_usd)::float from aws_call where operation = 'GetMetricData' and run_id =
        (select run_id from aws_call where operation = 'GetMetricData' order by last_at desc limit 1)"""
    with psycopg.connect(database) as connection:
        (dollars,) = connection.execute(query).fetchone()
    return dollars


def cycle_figures(hours: float, rss_mib: float, made: dict[str, int]) -> list[dict]:
    """Time and memory of the cycle."""
    calls = sum(count for name, count in made.items() if not name.startswith("metrics of"))
    return [
        figure("full_cycle_hours", round(hours, 2), "h", "limit", LIMIT_HOURS),
        figure("full_cycle_calls", calls, "calls"),
        figure("peak_rss_mib_50k", rss_mib, "MiB", "limit", LIMIT_MIB),
    ]


def cpu_figures(ours: list, peers: list, desktops: int) -> list[dict]:
    """Desktops read and stored, with their connection, in a second of CPU."""
    rows = lambda side: round(desktops / statistics.median(run["cpu"] for run in side))  # noqa: E731
    return [figure("rows_per_cpu_second", rows(ours), "desktops", PEER, rows(peers))]


def dollar_figures(made: dict[str, int], desktops: int, spent_: float) -> list[dict]:
    """What AWS would ask in a month for 10,000 desktops, by what the stub counted."""
    scale = 10_000 / desktops * PRICE_OF_METRIC * DAYS_A_MONTH
    use, health = made["metrics of 300 s"] * scale * RUNS_A_DAY, made["metrics of 86400 s"] * scale
    arithmetic = lambda metrics, times: round(10_000 * metrics * times * DAYS_A_MONTH * PRICE_OF_METRIC, 2)  # noqa: E731
    counted = (made["metrics of 300 s"] + made["metrics of 86400 s"]) * PRICE_OF_METRIC
    return [
        figure("usd_a_month_use_10k", round(use, 2), "USD", "arithmetic: 6 metrics, 4 times a day", arithmetic(USE, RUNS_A_DAY)),
        figure("usd_a_month_health_10k", round(health, 2), "USD", "arithmetic: 34 statistics a day", arithmetic(HEALTH, 1)),
        figure("usd_a_month_metrics_10k", round(use + health, 2), "USD", "8 metrics read every hour", arithmetic(HOURLY, 1)),
        figure("usd_in_ledger", round(spent_, 4), "USD", "counted by the stub", round(counted, 4)),
    ]


if __name__ == "__main__":
    main()

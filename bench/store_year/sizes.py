"""What tables take: bytes with indexes, toast and maps, and vacuum where autovacuum would.

In: a connection in autocommit. Out: bytes and rows by table, partitions counted as their parent.
"""

from __future__ import annotations

import psycopg

_SIZES = """
  select coalesce(inhparent, pg_class.oid)::regclass::text as parent, sum(pg_total_relation_size(pg_class.oid))::bigint
  from pg_class left join pg_inherits on inhrelid = pg_class.oid
  where relnamespace = 'public'::regnamespace and relkind = 'r' group by 1"""
_DEAD = """
  select relid::regclass::text
  from pg_stat_user_tables join pg_class on pg_class.oid = relid, lateral (
    select coalesce(max(option_value::float) filter (where option_name = 'autovacuum_vacuum_scale_factor'), 0.2) as scale
    from pg_options_to_table(reloptions)) as own
  where n_dead_tup > 50 + scale * n_live_tup or n_ins_since_vacuum > 1000 + 0.2 * n_live_tup"""
_DEAD_TOAST = """
  select relname from pg_stat_all_tables where schemaname = 'pg_toast' and n_dead_tup > 50 + 0.2 * n_live_tup"""


def sizes(connection: psycopg.Connection) -> dict[str, int]:
    """Bytes of every table."""
    return dict(connection.execute(_SIZES).fetchall())


def rows(connection: psycopg.Connection, table: str) -> int:
    """Rows of a table, counted."""
    return connection.execute(f'select count(*) from "{table}"').fetchone()[0]


def autovacuum(connection: psycopg.Connection) -> None:
    """Vacuums what Postgres's own daemon would, by its thresholds; it looks every minute."""
    connection.execute("select pg_stat_force_next_flush()")
    for (table,) in connection.execute(_DEAD).fetchall():
        connection.execute(f"vacuum {table}")
    for (table,) in connection.execute(_DEAD_TOAST).fetchall():
        connection.execute(f"vacuum pg_toast.{table}")


def make_months(connection: psycopg.Connection, first: str, months: int) -> None:
    """Partitions of the year, where the schema's own function, which looks from today, made none."""
    connection.execute(
        f"""
        do $$ declare parent text; month date; begin
          for parent in select relname from pg_partitioned_table join pg_class on pg_class.oid = partrelid
                        where partstrat = 'r' and relname <> 'audit_event' loop
            for number in 0..{months - 1} loop
              month := date '{first}' + make_interval(months => number);
              continue when to_regclass(parent || to_char(month, '"_"YYYYMM')) is not null;
              execute format('create table %I partition of %I for values from (%L) to (%L) with (%s)',
                parent || to_char(month, '"_"YYYYMM'), parent, month, month + interval '1 month',
                -- As the schema's function makes them.
                (select array_to_string(reloptions, ', ') from pg_class
                 where relname = parent || to_char(now() at time zone 'utc', '"_"YYYYMM')));
            end loop;
          end loop;
        end $$"""
    )

//! Lists of desktops in the orders people use read an index and stop early, whatever the
//! size of the fleet. Needs a database: `DATABASE_URL`, as from `sandbox/postgres`.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use sqlx::{PgPool, QueryBuilder};
use store::{
    list::{Direction, ListQuery, Order, Position, SortValue},
    workspace_list::{SORT_COLUMNS, push_page},
};

/// A fleet of two accounts and three regions, analysed.
async fn write_fleet(pool: &PgPool) {
    sqlx::raw_sql(
        "insert into workspace (account_id, region, workspace_id, state, user_name, last_connected_at,
             configuration_since, first_seen_at, last_read_at)
         select (100000000000 + i % 2)::text, (array['us-east-1', 'eu-west-1', 'us-west-2'])[1 + i % 3],
             'ws-' || lpad(i::text, 9, '0'), (array['available', 'stopped'])[1 + i % 2], 'user' || i,
             case when i % 10 > 0 then now() - make_interval(mins => i) end, now(), now(), now()
         from generate_series(1, 20000) i;
         analyze workspace",
    )
    .execute(pool)
    .await
    .unwrap();
}

fn by(name: &str, direction: Direction) -> Order {
    let column = *SORT_COLUMNS.iter().find(|column| column.name == name).unwrap();
    Order { column, direction }
}

async fn plan(pool: &PgPool, order: Order, after: Option<Position>) -> String {
    let mut explain = QueryBuilder::new("explain (costs off) ");
    push_page(&mut explain, &ListQuery { filter: None, order, after, limit: 50 }, false).unwrap();
    let lines: Vec<String> = explain.build_query_scalar().fetch_all(pool).await.unwrap();
    lines.join("\n")
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn the_orders_people_use_read_an_index_and_stop_early(pool: PgPool) {
    write_fleet(&pool).await;
    let id = by("id", Direction::Ascending);
    let second_page = Position {
        value: Some(SortValue::Text("ws-000000500".into())),
        key: vec!["100000000000".into(), "us-west-2".into(), "ws-000000500".into()],
    };
    for (name, plan) in [
        ("first page by id", plan(&pool, id, None).await),
        ("next page by id", plan(&pool, id, Some(second_page)).await),
        ("first page by -lastConnectedAt", plan(&pool, by("lastConnectedAt", Direction::Descending), None).await),
        ("first page by userName", plan(&pool, by("userName", Direction::Ascending), None).await),
        ("first page by state", plan(&pool, by("state", Direction::Ascending), None).await),
    ] {
        let early = plan.starts_with("Limit") && plan.contains("Index Scan using workspace_by_");
        assert!(early && !plan.contains("Seq Scan") && !plan.contains("Sort"), "{name}:\n{plan}");
    }
}

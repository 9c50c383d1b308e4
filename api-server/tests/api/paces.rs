//! `/paces`.

use http::StatusCode;
use serde_json::{Value, json};
use sqlx::PgPool;
use store::{pace_list::SORT_COLUMNS, person::Role};

use crate::{
    fixtures::ACCOUNT,
    server::{Browser, Server, escaped},
};

/// A bucket that was throttled so many minutes ago, down to half its rate.
async fn write(pool: &PgPool, (region, operation): (&str, &str), throttled_minutes_ago: Option<i32>) {
    let insert = "
        insert into aws_pace (account_id, region, operation, base_rate, rate, burst, tat, asked_at, throttled_at, recovered_at)
        select $1, $2, $3, 2, case when at is null then 2 else 1 end, 3, now(), now(), at, at
        from (select now() - make_interval(mins => $4) as at) as throttled";
    let query = sqlx::query(insert).bind(ACCOUNT).bind(region).bind(operation).bind(throttled_minutes_ago);
    query.execute(pool).await.unwrap();
}

async fn three(pool: &PgPool) {
    write(pool, ("us-east-1", "DescribeWorkspaces"), Some(0)).await;
    write(pool, ("us-east-1", "GetMetricData"), Some(30)).await;
    write(pool, ("eu-west-1", "DescribeWorkspaces"), None).await;
}

fn names(body: &Value) -> Vec<(&str, &str)> {
    let items = body["items"].as_array().unwrap().iter();
    items.map(|item| (item["region"].as_str().unwrap(), item["operation"].as_str().unwrap())).collect()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_was_throttled_last_comes_first_and_what_recovered_is_as_fast_as_configured(pool: PgPool) {
    let server = Server::start(&pool).await;
    three(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    let body = server.get(&browser, "/api/v1/paces").await.json();
    let expected =
        [("us-east-1", "DescribeWorkspaces"), ("us-east-1", "GetMetricData"), ("eu-west-1", "DescribeWorkspaces")];
    assert_eq!(names(&body), expected);
    let pace = |place: usize| {
        ["configuredPerSecond", "allowedPerSecond", "burst", "isSlowed"]
            .map(|field| body["items"][place][field].clone())
    };
    assert_eq!(pace(0), [json!(2.0), json!(1.0), json!(3), json!(true)]);
    assert_eq!(pace(1), [json!(2.0), json!(2.0), json!(3), json!(false)], "half an hour gives everything back");
    assert_eq!(pace(2), [json!(2.0), json!(2.0), json!(3), json!(false)]);
    assert_eq!(body["items"][2]["throttledAt"], Value::Null);
    assert_eq!(body["coverage"], json!({"complete": true, "sources": []}));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn paces_can_be_filtered_paged_and_exported(pool: PgPool) {
    let server = Server::start(&pool).await;
    three(&pool).await;
    let browser = server.signed_in(Role::Analyst).await;
    let filter = escaped("isSlowed = true and operation = DescribeWorkspaces");
    let slowed = server.get(&browser, &format!("/api/v1/paces?filter={filter}")).await.json();
    assert_eq!(names(&slowed), [("us-east-1", "DescribeWorkspaces")]);
    for column in SORT_COLUMNS {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        while seen.len() < 4 {
            let path = format!("/api/v1/paces?limit=1&sort={}&cursor={cursor}", column.name);
            let body = server.get(&browser, &path).await.json();
            seen.extend(names(&body).iter().map(|(region, operation)| format!("{region} {operation}")));
            match body["nextCursor"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 3, "{}", column.name);
    }
    let file = server.get(&browser, "/api/v1/paces?format=csv&fields=operation,region&sort=region").await;
    let lines: Vec<&str> = file.text.trim_start_matches('\u{feff}').lines().take(2).collect();
    assert_eq!(lines, ["operation,region", "DescribeWorkspaces,eu-west-1"], "{}", file.text);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn bad_input_and_nobody_are_refused(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    for path in ["/api/v1/paces?sort=colour", "/api/v1/paces?filter=rate%3D1", "/api/v1/paces?limit=0"] {
        assert_eq!(server.get(&browser, path).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
    assert_eq!(server.get(&browser, "/api/v1/paces?format=csv").await.status, StatusCode::FORBIDDEN);
    assert_eq!(server.get(&Browser::default(), "/api/v1/paces").await.status, StatusCode::UNAUTHORIZED);
}

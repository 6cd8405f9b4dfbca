//! Whoever looks at a team hears when it changes, and every stream ends when the server stops.

#![allow(clippy::disallowed_methods, reason = "how soon somebody hears is measured")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::id::Id;
use futures_util::StreamExt;

use crate::served::served;
use crate::support;

#[test]
fn a_stream_begins_with_the_state_and_tells_each_change() {
    let shop = served();
    let goods = shop.goods("longjing", 3_900, 10);
    let group_buy = shop.group_buy(goods, 2_900, None, |settings| settings.need = 3);
    let team = shop.open_team(&shop.ann, group_buy, goods);
    let before = shop.team(team).version;
    let mut stream = TcpStream::connect(shop.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let head = format!("GET /teams/{team}/live HTTP/1.1\r\nHost: {}\r\n\r\n", shop.address);
    stream.write_all(head.as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    assert!(lines.next().unwrap().contains("200"));
    assert!(lines.any(|line| line == "event: changed"), "the state comes first");
    shop.join(&shop.bob, team, goods).unwrap();
    let began = Instant::now();
    let later = |line: &String| {
        let seq = line.strip_prefix("id: ").and_then(|seq| seq.parse::<i64>().ok());
        seq.is_some_and(|seq| seq > before)
    };
    assert!(lines.any(|line| later(&line)), "bob's place is told");
    assert!(began.elapsed() < Duration::from_secs(2), "and soon: {:?}", began.elapsed());
}

#[test]
fn streams_end_when_the_server_stops() {
    let shop = support::shop();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let hub = web::live::Hub::start(&shop.app);
        let mut stream = Box::pin(web::live::team_stream(&hub, Id::new(7)));
        assert!(stream.next().await.is_some());
        hub.close();
        assert_eq!(stream.next().await, None);

        let web = web::Shop::new(Arc::clone(&shop.app)).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let served = web::serve(web, listener, async {});
        let ended = tokio::time::timeout(Duration::from_secs(5), served).await;
        assert!(ended.is_ok(), "nothing was in hand, so it ends at once");
    });
}

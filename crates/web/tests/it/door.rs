//! Slow, silent, greedy and confused clients at the door: each is refused or dropped, and whoever
//! comes beside them is served.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::served::{Answer, Served, read, served, served_within};

/// Long enough for this machine on a bad day; nobody waits for it when things are right.
const PATIENCE: Duration = Duration::from_secs(30);

fn connect(shop: &Served) -> TcpStream {
    let stream = TcpStream::connect(shop.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// All that comes until the server closes; a reset is an end too.
fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    match stream.read_to_end(&mut all) {
        Ok(_) => all,
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => all,
        Err(error) => panic!("the connection was kept: {error}"),
    }
}

fn answer(stream: &mut TcpStream) -> Answer {
    read(&rest(stream))
}

#[track_caller]
fn still_served(shop: &Served) {
    assert_eq!(shop.get("/healthz", &[]).status, 200);
}

/// With so little patience that a test need not have more.
fn hurried() -> Served {
    served_within(|limits| {
        limits.head = Duration::from_millis(300);
        limits.body = Duration::from_millis(300);
        limits.stalled = Duration::from_millis(300);
        limits.idle = Duration::from_millis(600);
    })
}

#[test]
fn whoever_does_not_finish_a_head_is_dropped() {
    let shop = hurried();
    for begun in ["", "G", "GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n", "PRI * HTTP/2.0\r\n\r\n"] {
        let mut slow = connect(&shop);
        slow.write_all(begun.as_bytes()).unwrap();
        still_served(&shop);
        let said = rest(&mut slow);
        let said = String::from_utf8_lossy(&said);
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 408"), "{begun:?}: {said}");
    }
    // A line at a time is no better than nothing at a time.
    let mut drip = connect(&shop);
    drip.write_all(b"GET / HTTP/1.1\r\n").unwrap();
    while drip.write_all(b"X-Slow: and another one\r\n").is_ok() {
        std::thread::sleep(Duration::from_millis(20));
    }
    still_served(&shop);
}

#[test]
fn a_connection_that_has_been_served_and_says_no_more_is_closed() {
    let shop = hurried();
    let mut idle = connect(&shop);
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let said = answer(&mut idle);
    assert_eq!(said.status, 200);
}

#[test]
fn a_body_that_drips_is_refused() {
    let shop = hurried();
    for path in ["/api/v1/session/codes", "/sign-in"] {
        let mut slow = connect(&shop);
        let kind = if path.starts_with("/api") {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\n\
             Content-Length: 1000\r\n\r\n"
        );
        slow.write_all(head.as_bytes()).unwrap();
        // Until it is answered: nothing can be written any more, or there is something to read.
        slow.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        let mut first = [0; 1];
        while slow.write_all(b"{").is_ok() && slow.peek(&mut first).is_err() {}
        slow.set_read_timeout(Some(PATIENCE)).unwrap();
        assert_eq!(answer(&mut slow).status, 408, "{path}");
        still_served(&shop);
    }
}

#[test]
fn who_does_not_read_is_dropped() {
    let shop = hurried();
    let mut deaf = connect(&shop);
    // Far more answers than the network keeps for somebody.
    let ask = b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(200);
    while deaf.write_all(&ask).is_ok() {
        still_served(&shop);
    }
}

#[test]
fn what_is_declared_too_large_is_refused_before_it_is_taken() {
    let shop = served();
    for path in ["/api/v1/quotes", "/console/products/import", "/"] {
        let mut huge = connect(&shop);
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: 10737418240\r\n\r\n"
        );
        huge.write_all(head.as_bytes()).unwrap();
        assert_eq!(answer(&mut huge).status, 413, "{path}");
    }
    let beyond = shop.send("POST", "/", &[("Content-Length", "99999999999999999999999")], b"");
    assert_eq!(beyond.status, 400);
    still_served(&shop);
}

#[test]
fn heads_without_measure_are_refused() {
    let shop = served();
    let many: Vec<(String, &str)> = (0..150).map(|n| (format!("X-{n}"), "a")).collect();
    let many: Vec<(&str, &str)> =
        many.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let refused = shop.get("/api/v1/products", &many);
    assert_eq!((refused.status, refused.code().as_str()), (431, "headers_too_large"));
    let heavy = "x".repeat(64 << 10);
    let refused = shop.get("/api/v1/products", &[("X-Heavy", &heavy)]);
    assert_eq!((refused.status, refused.code().as_str()), (431, "headers_too_large"));
    let beyond = "x".repeat(1 << 20);
    let mut stream = connect(&shop);
    // It may be closed before all of it was sent.
    stream.write_all(format!("GET / HTTP/1.1\r\nX-Heavy: {beyond}").as_bytes()).ok();
    let said = rest(&mut stream);
    assert!(said.is_empty() || said.starts_with(b"HTTP/1.1 431"));
    still_served(&shop);
}

#[test]
fn garbage_is_answered_with_an_end() {
    let shop = served();
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"\0\0\0\0\0\0\0\0\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
    ] {
        let mut stream = connect(&shop);
        stream.write_all(garbage).ok();
        stream.shutdown(std::net::Shutdown::Write).ok();
        let said = rest(&mut stream);
        let said = String::from_utf8_lossy(&said);
        assert!(!said.starts_with("HTTP/1.1 5") && !said.starts_with("HTTP/1.1 2"), "{said}");
    }
    still_served(&shop);
}

#[test]
fn who_comes_when_the_shop_is_full_is_told_when_to_come_again() {
    let shop = served_within(|limits| limits.connections = 8);
    let sitting: Vec<_> = (0..8)
        .map(|_| {
            let mut stream = connect(&shop);
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            let mut first = [0; 12];
            stream.read_exact(&mut first).unwrap();
            assert_eq!(&first, b"HTTP/1.1 200");
            stream
        })
        .collect();
    let full = shop.get("/api/v1/products", &[]);
    assert_eq!(full.status, 503);
    assert_eq!((full.header("retry-after"), full.json()["retryable"].as_bool()), ("1", Some(true)));
    drop(sitting);
    // Their places are free as soon as the server has seen them go.
    while shop.get("/healthz", &[]).status != 200 {}
}

/// The least of HTTP/2 that a test needs: a frame.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// `GET /healthz` on host `x`, as HPACK has it without its dictionary's help.
fn ask(stream: u32) -> Vec<u8> {
    let mut block = vec![0x82, 0x86, 0x04, 8];
    block.extend(b"/healthz");
    block.extend([0x01, 1, b'x']);
    frame(1, 0x5, stream, &block)
}

fn http2(shop: &Served) -> TcpStream {
    let mut stream = connect(shop);
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").unwrap();
    stream.write_all(&frame(4, 0, 0, b"")).unwrap();
    stream
}

/// Reads frames until one of `kind` comes, and gives its payload.
fn until(stream: &mut TcpStream, kind: u8) -> Vec<u8> {
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).unwrap();
        let length = usize::from(head[1]) << 8 | usize::from(head[2]);
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload).unwrap();
        if head[3] == kind {
            return payload;
        }
    }
}

#[test]
fn http2_is_spoken_without_tls() {
    let shop = served();
    let mut stream = http2(&shop);
    stream.write_all(&ask(1)).unwrap();
    // `:status: 200` is the eighth entry of HPACK's table.
    assert_eq!(until(&mut stream, 1)[0], 0x88);
    assert_eq!(until(&mut stream, 0), b"alive\n");
}

#[test]
fn requests_taken_back_as_fast_as_they_are_made_end_the_connection() {
    let shop = served();
    let mut stream = http2(&shop);
    let mut flood = Vec::new();
    for number in 0..5_000 {
        flood.extend(ask(number * 2 + 1));
        flood.extend(frame(3, 0, number * 2 + 1, &8_u32.to_be_bytes()));
    }
    // It may be closed before the end of the flood, and with a reset that takes the words along;
    // a connection that was kept would be silent here until `PATIENCE` ends.
    stream.write_all(&flood).ok();
    rest(&mut stream);
    still_served(&shop);
}

#[test]
fn when_all_hands_are_full_who_comes_is_told_when_to_come_again() {
    let shop = served();
    let busy = shop.busy();
    assert!(!busy.is_empty());
    let page = shop.get("/", &[("Accept-Language", "en")]);
    assert_eq!((page.status, page.header("retry-after")), (503, "1"));
    assert!(page.text().contains("<h1>Not just now</h1>"), "{}", page.text());
    let problem = shop.get("/api/v1/products", &[]);
    assert_eq!((problem.status, problem.code().as_str()), (503, "unavailable"));
    assert_eq!(problem.header("retry-after"), "1");
    // A shop that is busy is not ill.
    assert_eq!(shop.get("/readyz", &[]).status, 200);
    assert_eq!(shop.get("/healthz", &[]).status, 200);
    drop(busy);
    assert_eq!(shop.get("/", &[]).status, 200);
}

//! Whole requests to a shop that is served: bodies of operations, queries of lists, headers, files.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use domain::moment::Span;
use serde_json::Value;
use web::api::document;

use crate::driver::fuzz;
use crate::served::{Answer, Served, read, serve, served};
use crate::support;

/// An operation of the API: method and path.
type Operation = (String, String);

fn operations(wanted: impl Fn(&str, &Value) -> bool) -> BTreeMap<String, Operation> {
    let mut found = BTreeMap::new();
    for (path, methods) in document::whole()["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if wanted(method, operation) {
                let id = operation["operationId"].as_str().unwrap().to_string();
                found.insert(id, (method.to_uppercase(), filled(path)));
            }
        }
    }
    found
}

/// The path with well-formed ids of things that are not there.
fn filled(path: &str) -> String {
    let kinds = [
        ("{order}", "ord"),
        ("{team}", "tem"),
        ("{variant}", "var"),
        ("{group_buy}", "gby"),
        ("{job}", "job"),
        ("{webhook}", "whk"),
        ("{event}", "evt"),
        ("{case}", "cse"),
        ("{picture}", "pic"),
        ("{person}", "per"),
        ("{token}", "tok"),
    ];
    let kind = if path.contains("staff/products") { "prd_0000000000001" } else { "longjing" };
    let mut path = path.replace("{product}", kind).replace("{category}", "cat_0000000000001");
    for (name, prefix) in kinds {
        path = path.replace(name, &format!("{prefix}_0000000000001"));
    }
    path
}

/// The operation an input names, or one by chance for a name that is no operation's.
fn named<'o>(all: &'o BTreeMap<String, Operation>, name: &str) -> (&'o str, &'o Operation) {
    let by_chance = name.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31) + byte as usize);
    let other = || all.iter().nth(by_chance % all.len()).unwrap();
    let (id, operation) = all.get_key_value(name).unwrap_or_else(other);
    (id, operation)
}

/// An answer in the manner of the API, and never that we broke.
fn judged(answer: &Answer, asked: &str) -> u16 {
    assert!(answer.status < 500, "{asked}: {}", answer.text());
    if answer.status >= 400 {
        answer.problem();
    }
    answer.status
}

/// What is written after `?` by somebody who knows how, letter for letter.
fn escaped(text: &str) -> String {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%[]".contains(&byte);
    let letter = |byte: u8| match byte {
        byte if plain(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(letter).collect()
}

/// Shops on both engines: each has its own idea of what a text or a number may be.
fn on_both() -> Vec<Served> {
    let shops = [Some(support::on_sqlite()), support::on_postgres()];
    shops.into_iter().flatten().map(|shop| serve(shop, |_| {})).collect()
}

#[test]
fn no_body_breaks_an_operation() {
    on_both().iter().for_each(bodies);
}

fn bodies(shop: &Served) {
    shop.goods("longjing", 3_900, 10);
    let token = shop.token(&shop.zoe);
    let bearer = format!("Bearer {token}");
    let all = operations(|_, operation| operation.get("requestBody").is_some());
    let words = [
        "null",
        "[]",
        "{}",
        "true",
        "\"\"",
        "-1",
        "9223372036854775807",
        "1e400",
        "\"quantity\":",
        "\"kind\":\"now\"",
        "var_0000000000001",
        "\\u0000",
        "\\ud800",
        "\"minor\":",
        "\"CNY\"",
        ",",
    ];
    let mut run = 0;
    fuzz("bodies", 400, &words, |bytes| {
        // The first word names the operation, the rest is what it is sent.
        let space = bytes.iter().position(|byte| *byte == b' ').unwrap_or(bytes.len());
        let (name, body) = bytes.split_at(space);
        let (id, (method, path)) = named(&all, &String::from_utf8_lossy(name));
        let kind = match id {
            "import" => "text/csv",
            "add_picture" => "application/octet-stream",
            _ => "application/json",
        };
        // Later each time: neither limits nor keys of before end this.
        shop.clock.advance(Span::seconds(1));
        run += 1;
        let key = format!("a-key-of-its-own-{run:08}");
        let headers = [
            ("Authorization", &*bearer),
            ("Content-Type", kind),
            ("Idempotency-Key", &*key),
            ("If-Match", "\"1\""),
        ];
        let answer = shop.send(method, path, &headers, body.get(1..).unwrap_or_default());
        (id.to_string(), judged(&answer, id))
    });
    // Nobody did the jobs meanwhile; the audit at the end expects that somebody does.
    app::webhook::wake(&shop.app).unwrap();
    app::work::drain(&shop.app).unwrap();
}

#[test]
fn no_query_breaks_a_list() {
    on_both().iter().for_each(queries);
}

fn queries(shop: &Served) {
    shop.goods("longjing", 3_900, 10);
    let token = shop.token(&shop.zoe);
    let bearer = format!("Bearer {token}");
    let all = operations(|method, _| method == "get");
    let words = [
        "limit=",
        "cursor=",
        "q=",
        "status=",
        "&",
        "=",
        "%",
        "%00",
        "%ff",
        "+",
        "100",
        "sort=",
        "state=dead",
        "placed_after=2026-11-21T08:00:00Z",
        "variant=var_0000000000001",
        "shelf=",
    ];
    fuzz("queries", 400, &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let (name, query) = text.split_once(' ').unwrap_or((&text, ""));
        let (id, (method, path)) = named(&all, name);
        shop.clock.advance(Span::seconds(1));
        let path = format!("{path}?{}", escaped(query));
        let answer = shop.send(method, &path, &[("Authorization", &bearer)], b"");
        (id.to_string(), judged(&answer, &path))
    });
}

#[test]
fn no_header_breaks_a_page() {
    let shop = served();
    shop.goods("longjing", 3_900, 10);
    let (cookie, _) = shop.browser("ann");
    let words = [
        "Cookie: ",
        "Accept-Language: ",
        "X-Forwarded-For: ",
        "If-None-Match: ",
        "Range: bytes=",
        "Authorization: Bearer ",
        "X-Request-Id: ",
        "Host: ",
        "Origin: ",
        "\r\n",
        "pw_session=",
        ";",
        "X-Consistency-Token: ",
        "Accept-Encoding: gzip;q=",
        "Content-Length: ",
        "%",
        "::1",
        "=",
        "Transfer-Encoding: chunked",
        "Idempotency-Key: ",
        "Api-Version: ",
        "Sec-Fetch-Site: ",
    ];
    fuzz("headers", 400, &words, |bytes| {
        shop.clock.advance(Span::seconds(1));
        let mut sent = bytes.to_vec();
        // Somebody's cookie where an input has its name.
        if let Some(at) = sent.windows(3).position(|part| part == b"ANN") {
            sent.splice(at..at + 3, cookie.bytes());
        }
        let answer = raw(&shop, &sent);
        assert!(answer.is_none_or(|status| status < 500 || status == 505), "{answer:?}");
        answer
    });
}

/// Sends bytes that may be no request, and reads the status of the first answer, if there is one.
fn raw(shop: &Served, bytes: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(shop.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(bytes).ok();
    stream.write_all(b"\r\nConnection: close\r\n\r\n").ok();
    // No more is coming: whoever waits for the rest of a body stops waiting.
    stream.shutdown(std::net::Shutdown::Write).ok();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).ok();
    all.starts_with(b"HTTP/1.1 ").then(|| read(&all).status)
}

#[test]
fn no_form_with_files_breaks_a_page() {
    let shop = served();
    let (cookie, csrf) = shop.browser("zoe");
    let words = [
        "--b\r\n",
        "--b--\r\n",
        "\r\n\r\n",
        "Content-Disposition: form-data; ",
        "name=\"csrf\"",
        "name=\"file\"; filename=\"f.csv\"",
        "Content-Type: text/csv",
        "Handle,Title\n",
        "CSRF",
    ];
    fuzz("uploads", 200, &words, |bytes| {
        let text = String::from_utf8_lossy(bytes).replace('\n', "\r\n").replace("CSRF", &csrf);
        shop.clock.advance(Span::seconds(1));
        let kind = "multipart/form-data; boundary=b";
        let headers =
            [("Cookie", &*cookie), ("Content-Type", kind), ("Sec-Fetch-Site", "same-origin")];
        let answer = shop.send("POST", "/console/import", &headers, text.as_bytes());
        assert!(answer.status < 500, "{}", answer.text());
        answer.status
    });
}

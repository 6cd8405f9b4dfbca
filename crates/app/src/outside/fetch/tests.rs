//! What the guard lets through, as tables; and a small server for what cannot be said so.

use std::io::{Read, Write};
use std::net::TcpListener;

use super::*;

#[test]
fn addresses() {
    let check = |public: bool, addresses: &str| {
        for address in addresses.split_whitespace() {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    };
    check(true, "1.1.1.1 8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1");
    check(true, "192.167.0.1 192.169.0.1 192.0.1.1 198.17.0.1 198.20.0.1 223.255.255.255");
    check(false, "0.0.0.0 0.1.2.3 10.0.0.1 127.0.0.1 127.255.255.254 169.254.169.254");
    check(false, "100.64.0.1 100.127.255.255 172.16.0.1 172.31.255.255 192.168.1.1 192.0.0.8");
    check(false, "192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9");
    check(false, "224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255");
    check(true, "2606:4700:4700::1111 2a00:1450:4001:80b::200e 2400:3200::1");
    check(false, ":: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8");
    check(false, "64:ff9b::7f00:1 64:ff9b:1::1 100::1 fc00::1 fd12:3456::1 fe80::1 fec0::1");
    check(false, "ff02::1 2001::1 2001:10::1 2001:db8::1 2002:7f00:1:: 3fff::1 5f00::1");
}

#[test]
fn urls() {
    let check = |url: &str, expected: &str| {
        let said = match checked(url) {
            Ok(_) => "yes".to_string(),
            Err(trouble) => trouble.to_string(),
        };
        assert!(said.ends_with(expected), "{url}: {said}");
    };
    check("https://shop.example/tea.jpg?w=2#top", "yes");
    check("http://8.8.8.8:8080/", "yes");
    check("HTTPS://Shop.Example/", "yes");
    check("ftp://shop.example/", "not a web address");
    check("file:///etc/passwd", "");
    check("gopher://shop.example/", "not a web address");
    check("/etc/passwd", "not a web address");
    check("javascript:alert(1)", "");
    check("https://ann:secret@shop.example/", "credentials");
    check("https://shop.example@127.0.0.1/", "credentials");
    check("http://127.0.0.1/", "a private address");
    check("http://[::1]/", "a private address");
    check("http://[::ffff:169.254.169.254]/latest", "a private address");
    check(&format!("https://shop.example/{}", "x".repeat(2_000)), "longer than allowed");
}

#[test]
fn redirects_lead_where_they_say() {
    let check = |to: &str, expected: &str| {
        assert_eq!(joined("https://a.example/pictures/tea.jpg?w=2", to), expected, "{to}");
    };
    check("https://b.example/x", "https://b.example/x");
    check("//b.example/x", "https://b.example/x");
    check("/x?y#z", "https://a.example/x?y");
    check("cup.jpg", "https://a.example/pictures/cup.jpg");
    check("?w=3", "https://a.example/pictures/tea.jpg?w=3");
    assert_eq!(joined("http://a.example", "x"), "http://a.example/x");
}

#[test]
fn names_that_lead_inside_are_refused_however_they_are_written() {
    let http = Http::new();
    // All of these are 127.0.0.1 to the resolver, and none is a public address to us.
    for url in
        ["http://localhost:9/", "http://2130706433:9/", "http://0x7f.1:9/", "http://127.1:9/"]
    {
        match http.get(url, 10) {
            Err(Trouble::Refused(why)) => assert_eq!(why, "a private address", "{url}"),
            // A resolver that does not know the odd spellings refuses them in its own way.
            Err(Trouble::Away(_)) if !url.contains("localhost") => {}
            other => panic!("{url}: {other:?}"),
        }
    }
}

#[test]
fn a_notice_to_ourselves_is_posted() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = String::new();
        let mut buffer = [0; 1024];
        while !asked.ends_with("{\"a\":1}") {
            let read = stream.read(&mut buffer).unwrap();
            assert!(read > 0, "the request ended early: {asked}");
            asked.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        let answer = "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(answer.as_bytes()).unwrap();
        asked
    });
    let status = Http::new().post(&url, &[("x-signature", "abc")], "{\"a\":1}").unwrap();
    assert_eq!(status, 202);
    let asked = server.join().unwrap().to_lowercase();
    assert!(asked.starts_with("post /hooks"));
    assert!(asked.contains("x-signature: abc"));
    assert!(asked.contains("content-type: application/json"));
}

#[test]
fn statuses() {
    let check = |status: u16, expected: &str| {
        let said = match judge(StatusCode::from_u16(status).unwrap()) {
            Ok(()) => "here",
            Err(Trouble::Away(_)) => "later",
            Err(Trouble::Refused(_)) => "never",
        };
        assert_eq!(said, expected, "{status}");
    };
    check(200, "here");
    check(404, "never");
    check(403, "never");
    check(429, "later");
    check(503, "later");
}

//! What Alipay's documentation shows, and answers as they are written.

use super::*;

const ALIPAY: &str = include_str!("../../../../tests/it/gateways/keys/alipay.pem");

fn params(pairs: &[(&str, &str)]) -> Params {
    pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

/// The notice that Alipay's documentation ("Asynchronous notices: checking the signature") shows,
/// and the text it says is to be checked. Its key is not published, so that the signature beneath
/// is `openssl dgst -sha256 -sign` with a key of ours over that same text.
#[test]
fn a_notice_is_checked_over_the_text_of_the_documentation() {
    let notice = params(&[
        ("total_amount", "2.00"),
        ("buyer_id", "2088102116773037"),
        ("body", "大乐透2.1"),
        ("trade_no", "2016071921001003030200089909"),
        ("refund_fee", "0.00"),
        ("notify_time", "2016-07-19 14:10:49"),
        ("subject", "大乐透2.1"),
        ("sign_type", "RSA2"),
        ("charset", "utf-8"),
        ("notify_type", "trade_status_sync"),
        ("out_trade_no", "0719141034-6418"),
        ("gmt_close", "2016-07-19 14:10:46"),
        ("gmt_payment", "2016-07-19 14:10:47"),
        ("trade_status", "TRADE_SUCCESS"),
        ("version", "1.0"),
        ("sign", "…"),
        ("gmt_create", "2016-07-19 14:10:44"),
        ("app_id", "2015102700040153"),
        ("seller_id", "2088102119685838"),
        ("notify_id", "4a91b7a78a503640467525113fb7d8bg8e"),
    ]);
    let text = joined(&notice, &["sign", "sign_type"]);
    assert_eq!(
        text,
        "app_id=2015102700040153&body=大乐透2.1&buyer_id=2088102116773037&charset=utf-8&\
         gmt_close=2016-07-19 14:10:46&gmt_create=2016-07-19 14:10:44&\
         gmt_payment=2016-07-19 14:10:47&notify_id=4a91b7a78a503640467525113fb7d8bg8e&\
         notify_time=2016-07-19 14:10:49&notify_type=trade_status_sync&\
         out_trade_no=0719141034-6418&refund_fee=0.00&seller_id=2088102119685838&\
         subject=大乐透2.1&total_amount=2.00&trade_no=2016071921001003030200089909&\
         trade_status=TRADE_SUCCESS&version=1.0"
    );
    let signer = Signer::read(ALIPAY).unwrap();
    let openssl = "oCqVX+3LYJcBcRWWw19l+3sk7iKd8MEoz4DUc7UwgKDcXR9dZ17o3DIoe/ptsggqOX98zyeZ/CrDeIQp\
        g8v+IdMhUo0mc3oZ0yF2vVMqlempyGBfQb+fHeTmlWnZcdFYtHs06WPAzkMj+MIZ9BZ1/52AZvs83hlzYmglO03X\
        ZSwn8VbSCBsNJvMNc73ARJ7x1wo1p9sMXbpV4P5eeTkJf71+/1mziVICJyLQqWaPjqZLOIjgJt8wYqKptDfEjHB0\
        RBbvz8YNIuYa6Jl8uQXZVC97EFlNV07cw9D00wmLlrNUGQKYOEWdWL7Azcsw26RiBx+/m8lbbK7EAgX2hH2Ubw==";
    assert_eq!(signer.sign(text.as_bytes()), openssl);
    assert!(signer.verifier().is_right(text.as_bytes(), openssl));
}

#[test]
fn a_node_is_cut_out_as_it_is_written() {
    let body = r#"{"alipay_trade_query_response":{"code":"10000","msg":"a\"}b","list":[{"x":"}"}],"url":"a\/b"},"sign":"abc"}"#; // ://
    let want = r#"{"code":"10000","msg":"a\"}b","list":[{"x":"}"}],"url":"a\/b"}"#;
    assert_eq!(node(body, "alipay_trade_query_response"), Some(want));
    assert_eq!(node(body, "error_response"), None);
    assert_eq!(node(body, "sign"), None);
    let spaced = r#"{ "sign" : "abc", "a" : { "b" : { } } , "c": 1 }"#;
    assert_eq!(node(spaced, "a"), Some(r#"{ "b" : { } }"#));
    assert_eq!(node(spaced, "b"), None);
    // A name inside a text, or deeper, is not the node.
    let tricky = r#"{"x":"\"a\":{1}","y":{"a":{"n":1}},"a":{"n":2}}"#;
    assert_eq!(node(tricky, "a"), Some(r#"{"n":2}"#));
    for broken in ["", "{", "{\"a\":{", "[]", "{\"a\":1}", "\"", "{\"a\":\"\\"] {
        assert_eq!(node(broken, "a"), None, "{broken}");
    }
}

#[test]
fn a_closed_trade_that_was_paid_was_paid() {
    let state = |pairs: &[(&str, &str)]| state(&serde_json::to_value(params(pairs)).unwrap());
    let amount = ("total_amount", "39.00");
    let paid = ProviderState::Paid(Money::new(3_900, Currency::Cny));
    assert_eq!(state(&[("trade_status", "TRADE_SUCCESS"), amount]), paid);
    assert_eq!(state(&[("trade_status", "TRADE_FINISHED"), amount]), paid);
    let refunded = ("gmt_payment", "2016-07-19 14:10:47");
    assert_eq!(state(&[("trade_status", "TRADE_CLOSED"), amount, refunded]), paid);
    assert_eq!(state(&[("trade_status", "TRADE_CLOSED"), amount]), ProviderState::Closed);
    assert_eq!(state(&[("trade_status", "WAIT_BUYER_PAY"), amount]), ProviderState::Open);
    let strange = state(&[("trade_status", "TRADE_SUCCESS"), ("total_amount", "x")]);
    assert_eq!(strange, ProviderState::PaidStrangely);
}

/// As the list of business details is written, here in UTF-8.
#[test]
fn a_list_of_details_is_read_as_it_is_written() {
    let list = "#支付宝业务明细查询\n#账号：[20880000]\n#-----业务明细列表----\n\
        支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,\
        订单金额（元）,商家实收（元）,退款批次号/请求号,服务费（元）,分润（元）,备注\n\
        2026112122001\t,pay_1\t,交易\t,\"tea, green\",2026-11-21 13:00:00,\
        2026-11-21 13:01:00,,,,,a*@b,39.00,39.00,\t,-0.23,0.00,\n\
        2026112122001\t,pay_1\t,退款\t,tea,2026-11-21 13:00:00,2026-11-21 15:00:00,,,,,a*@b,\
        -9.00,-9.00,ref_1\t,0.05,0.00,\n\
        #-----业务明细列表结束----\n#交易合计：1笔\n";
    let lines = statement::read(list.as_bytes()).unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!((&*lines[0].reference, lines[0].minor, lines[0].fee), ("pay_1", 3_900, Some(23)));
    assert_eq!((&*lines[1].reference, lines[1].minor, lines[1].fee), ("ref_1", 900, Some(-5)));
    assert_eq!(lines[1].at.rfc3339(), "2026-11-21T07:00:00.000Z");
}

//! The signatures of WeChat Pay's own documentation, and its bill as it writes it.

use domain::reconciliation::{Kind, State};

use super::*;

/// The private key that WeChat Pay's documentation publishes for trying out signatures.
const DOCUMENTED: &str = include_str!("../../../../tests/it/gateways/keys/documented.pem");

/// "How to calculate a signature", with and without a body: WeChat Pay's documentation for
/// merchants (API v3, 4012365334 and 4012365336). Key, text and result are theirs; `openssl dgst
/// -sha256 -sign` makes the same.
#[test]
fn requests_are_signed_as_the_documentation_signs_them() {
    let signer = Signer::read(DOCUMENTED).unwrap();
    let sign = |method, path, body| {
        let nonce = "593BEC0C930BF1AFEB40B4A08C8FB242";
        let text = WeChat::to_sign(method, path, "1554208460", nonce, body);
        signer.sign(text.as_bytes())
    };
    assert_eq!(
        sign("GET", "/v3/refund/domestic/refunds/123123123123", ""),
        "Lc9VXxmeonkdV8Xk9tmigQFLhl0vRWTerdmoRu01aAnYwIrD/5nsSwE1WlmZGLRlAFTNQ3QsMa0+VRDlJp1Wp5p0\
         nO8EK68b5sJBbjouxaFciIfq1zfDWWz+jqhcMoKXI1A6dPm1AW7D4d30WsMTNzp6g23OXakIsh9LO3lUmwvTuE0B\
         Y8ncf6tNGk4wKmvXwERd/ZpoQY3MAVKz+Nakwc+2XBmzT66KcUehU5kr4IvGa/lEU5RZb/q00zP9VLdBhC/jQSX3\
         X1UcJLCtEc4gTmib4tnmAT+bHF/e17ZAuxDNcx6rqT8gNEXqaJGG+1OflMSTU2tpyG65G4dMKdFcoA=="
    );
    let body = "{\"appid\":\"wxd678efh567hg6787\",\"mchid\":\"1900007291\",\
                \"description\":\"Image形象店-深圳腾大-QQ公仔\",\
                \"out_trade_no\":\"1217752501201407033233368018\",\
                \"notify_url\":\"https://www.weixin.qq.com/wxpay/pay.php\",\
                \"amount\":{\"total\":100,\"currency\":\"CNY\"},\
                \"payer\":{\"openid\":\"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"}}";
    assert_eq!(
        sign("POST", "/v3/pay/transactions/jsapi", body),
        "jnks4dlrPw3ZX+ozVvSK39oa0t7OMBsg83BHAwd8BRdUFiVaQNTLTvci+wURgP1OQBbKYhFGvt7iqYpDSTQkp7Uq\
         1sltaQKyncCyrA1g88m5bsKERQfPyT0ahSwKTYJ1CAn9QiJuSJRq1QsQs07eehbU/k9BCS51jTyc1Jpsi2H77HF9\
         f/BnjXAOP3/sPObg6V5Ee4EzwLox684hhuMuIwHo7D8KFk3LIHOKDcNI4It1aCXydFWNpNK+SG86VUDe5kwoDpw4\
         Ulqfu9z8OFDGbDs9TCxEv8iqQzbpxOlEVoOe2kalSYM5kApQb3nZcxdUtoE0liJGW3RGUNE0t4v01A=="
    );
}

#[test]
fn moments_are_written_as_china_has_them() {
    let at = Moment::parse("2026-11-21T16:00:00Z").unwrap();
    assert_eq!(in_china(at), "2026-11-22T00:00:00+08:00");
}

/// Headings and marks as the documentation of the trade bill shows them.
#[test]
fn a_bill_is_read_as_it_is_written() {
    let bill = "\u{feff}交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,\
        交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,\
        充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\n\
        `2026-11-21 13:51:31,`wx1,`190,`0,`,`4200001,`pay_1,`o1,`JSAPI,`SUCCESS,`OTHERS,`CNY,\
        `39.00,`0.00,`0,`0,`0.00,`0.00,`,`,`tea, green,`,`0.23400,`0.60%,`39.00,`0.00,`\n\
        `2026-11-21 14:00:00,`wx1,`190,`0,`,`4200001,`pay_1,`o1,`JSAPI,`REFUND,`OTHERS,`CNY,\
        `0.00,`0.00,`5030001,`ref_1,`9.00,`0.00,`ORIGINAL,`PROCESSING,`tea,`,\
        `-0.05400,`0.60%,`0.00,`9.00,`\n\
        总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\n\
        `2,`39.00,`9.00,`0.00,`0.18,`39.00,`9.00\n";
    let lines = statement::read(bill.as_bytes()).unwrap();
    assert_eq!(lines.len(), 2);
    let (paid, back) = (&lines[0], &lines[1]);
    assert_eq!((paid.kind, &*paid.reference, &*paid.theirs), (Kind::Payment, "pay_1", "4200001"));
    assert_eq!((paid.minor, paid.fee, paid.rate), (3_900, Some(23), Some(6_000)));
    assert_eq!(paid.at.rfc3339(), "2026-11-21T05:51:31.000Z");
    assert_eq!((back.kind, &*back.reference, back.minor), (Kind::Refund, "ref_1", 900));
    assert_eq!((back.state, back.fee), (State::Underway, Some(-5)));
    assert!(statement::read(b"a,b\n1,2\n").is_err());
}

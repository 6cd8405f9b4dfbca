//! What a shop must have on paper: its terms and the like, its licence, who issues its invoices.

use domain::legal::{LegalKind, Licence};

use crate::failure::Failure;
use crate::invoice::{Seller, SettingsView, settings};
use crate::legal::{self, LicenceView, PublishLegal};
use crate::{App, Visitor};

/// Publishes and sets all of it, as the owner would before the first day.
pub fn put_in_order(app: &App, owner: &Visitor) -> Result<(), Failure> {
    for kind in LegalKind::ALL {
        let (html, html_en) = text(kind);
        let new = PublishLegal { body_html: html.into(), body_html_en: html_en.into(), after: 0 };
        let key = format!("demo-legal-{}", kind.code());
        legal::publish(app, &owner.clone().with_key(&key, kind.code())?, kind, new)?;
    }
    let licence = Licence {
        name: "风车演示店（并无此公司）".into(),
        number: NUMBER.into(),
        icp: "浙ICP备00000000号-1".into(),
        ..Licence::default()
    };
    let new = LicenceView { licence, ..legal::licence_desk(app, owner)? };
    legal::set_licence(app, owner, &new)?;
    let seller = Seller {
        name: "风车演示店（并无此公司）".into(),
        tax_number: NUMBER.into(),
        address: "杭州市演示路 1 号 0571-0000 0000".into(),
        bank: "云桥银行 6222 0000 0000 1234".into(),
    };
    let new = SettingsView { seller, prefix: "DEMO".into(), ..settings::get(app, owner)? };
    settings::put(app, owner, &new).map(|_| ())
}

/// A number with a right check digit that nobody has.
const NUMBER: &str = "91330106MADEM0000A";

/// What the demo says, in Chinese and in English: short, so that it is read.
fn text(kind: LegalKind) -> (&'static str, &'static str) {
    match kind {
        LegalKind::Terms => (
            "<h2>这是一家演示店</h2><p>这里的商品、订单与付款都不是真的：付款走沙盒，不会扣钱，也不会发货。</p>\
             <h2>合同的成立</h2><p>您提交订单且提交成功时，合同成立；拼团订单在成团后发货，未成团全额退款。</p>\
             <h2>价格</h2><p>页面所示价格含税；运费在提交订单前显示。</p>",
            "<h2>This shop is a demo</h2><p>Its goods, orders and payments are not real: the \
             sandbox takes no money, and nothing is sent.</p>\
             <h2>When we agree</h2><p>When your order was placed successfully. Orders of a team \
             are sent when the team is complete; if it is not, all money goes back.</p>\
             <h2>Prices</h2><p>Prices include tax; shipping is shown before you order.</p>",
        ),
        LegalKind::Privacy => (
            "<p>演示店只在本机保存您输入的内容，用于展示。您可以在“我的数据”中导出或删除。</p>",
            "<p>The demo keeps what you enter on this machine only, to show it. Under “My data” \
             you can take it with you or have it erased.</p>",
        ),
        LegalKind::Refunds => (
            "<p>签收后七日内可无理由退货，商品应当完好；质量问题由我们承担运费。退款原路退回。</p>",
            "<p>Within seven days of receipt goods can be returned without a reason, if they are \
             whole. Where something is wrong with them we pay for the parcel. Money goes back the \
             way it came.</p>",
        ),
        LegalKind::Shipping => (
            "<p>付款或成团后 24 小时内打包。部分地区不配送，结算时会提示。也可到店自提。</p>",
            "<p>Packed within a day of payment, or of the team being complete. Where nothing is \
             sent to, the checkout says so. Goods can be fetched at our counter too.</p>",
        ),
        LegalKind::Imprint => (
            "<p>风车演示店（并无此公司），杭州市演示路 1 号。联系：zoe@example.com</p>",
            "<p>Pinwheel demo shop (there is no such company), 1 Demo Road, Hangzhou. \
             zoe@example.com</p>",
        ),
    }
}

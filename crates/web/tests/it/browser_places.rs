//! An address is picked from lists: province, city, district; in real browsers, on a phone in
//! Chinese and on a wide screen in English.

use crate::browser::{signs_in, walk};

#[test]
fn an_address_is_picked_and_a_new_district_is_written() {
    walk(async |open| {
        let ann = open.browser_of_each_width("ann").await;
        ann.go("/sign-in").await;
        signs_in(open, &ann).await;
        ann.go("/account/addresses/new").await;
        // Nothing is chosen: a city can be written.
        ann.see("input#f-city").await;
        ann.fill("#f-name", "ann").await;
        ann.fill("#f-phone", "13800138000").await;
        ann.picks("江苏省", "苏州市", "姑苏区").await;
        // Another province has other cities, and what was picked before is gone.
        ann.write("#f-province", "浙江省").await;
        ann.see("select#f-city option[value='杭州市']").await;
        ann.gone("select#f-district").await;
        ann.picks("浙江省", "杭州市", "西湖区").await;
        ann.fill("#f-line1", "龙井路 1 号").await;
        ann.click("form[data-draft] .button.primary").await;
        ann.arrives("/account/addresses").await;
        ann.hears("main", "西湖区").await;

        // The next address begins near the first; its district is too new for any list.
        ann.go("/account/addresses/new").await;
        let picked = "return document.querySelector('select#f-district')?.value";
        let is = async || {
            let value = ann.client.execute(picked, vec![]).await.ok()?;
            (value == "西湖区").then_some(())
        };
        ann.until("the district of the usual address is chosen", is).await;
        ann.write("select#f-district", "*").await;
        ann.fill("#f-district-written", "云上新区").await;
        ann.fill("#f-name", "ann").await;
        ann.fill("#f-phone", "13800138000").await;
        ann.fill("#f-line1", "Lake Road 2").await;
        ann.click("form[data-draft] .button.primary").await;
        ann.hears("main", "云上新区").await;
        assert_eq!(open.number("select count(*) from addresses"), 2);

        // Elsewhere in the world nothing is picked.
        ann.go("/account/addresses/new").await;
        ann.see("select#f-city").await;
        ann.write("#f-country", "SG").await;
        ann.see("input#f-city").await;
        ann.gone("select#f-city").await;

        // A place that is elsewhere is asked about, and the answer is taken.
        ann.write("#f-country", "CN").await;
        ann.see("select#f-district").await;
        ann.write("select#f-district", "*").await;
        ann.fill("#f-district-written", "海淀区").await;
        ann.fill("#f-name", "ann").await;
        ann.fill("#f-phone", "13800138000").await;
        ann.fill("#f-line1", "Lake Road 3").await;
        ann.click("form[data-draft] .button.primary").await;
        ann.see("#e-district").await;
        ann.click("form[data-draft] .button.primary").await;
        ann.arrives("/account/addresses").await;
        ann.gone("#e-district").await;
        assert_eq!(open.number("select count(*) from addresses"), 3);
    });
}

//! What is bought at the checkout, as an address or a form says it.

use app::checkout::What;
use app::failure::Failure;
use domain::campaign::Campaign;
use domain::group_buy::{GroupBuy, Team};

use crate::form::Form;
use crate::storefront::goods;

/// The fields that say what is bought.
pub const CARRIED: [&str; 8] =
    ["team", "group_buy", "flash", "variant", "quantity", "seller", "give", "bargain"];

/// What is bought, as an address or a form says it.
pub fn what(form: &Form) -> Result<What, Failure> {
    if form.maybe("bargain").is_some() {
        return Ok(What::Bargain { bargain: form.id("bargain")? });
    }
    if form.maybe("variant").is_none() {
        // One group of the basket: a seller's, or the shop's own.
        return Ok(match form.maybe("seller") {
            None => What::Cart,
            Some(goods::SHOP) => What::CartOf { seller: None },
            Some(_) => What::CartOf { seller: Some(form.id("seller")?) },
        });
    }
    let variant = form.id("variant")?;
    let quantity: i64 = form.parse("quantity").unwrap_or(1);
    if form.maybe("team").is_some() {
        let team = form.id::<Team>("team")?;
        return Ok(What::JoinTeam { team, variant, quantity });
    }
    if form.maybe("group_buy").is_some() {
        let group_buy = form.id::<GroupBuy>("group_buy")?;
        return Ok(What::OpenTeam { group_buy, variant, quantity });
    }
    if form.maybe("flash").is_some() {
        let campaign = form.id::<Campaign>("flash")?;
        return Ok(What::FlashSale { campaign, variant, quantity });
    }
    Ok(What::Now { variant, quantity })
}

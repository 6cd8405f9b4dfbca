//! The register of letters: every kind with what it knows and how it goes.

use super::Channel::{Chat, Email, Inbox, Sms};
use super::Field::{
    Amount, Carrier, Code, Coupon, Goods, Hours, Missing, Number, People, Place, Product, Reason,
    Tracking, Why,
};
use super::{Channel, Field, Group, Letter};
use crate::role::Permission;

/// By everything there is.
const ALL: &[Channel] = &[Inbox, Email, Sms, Chat];
/// Its reader is told by a letter of its own, or looks anyway.
const INSIDE: &[Channel] = &[Inbox];
/// To staff, who have a console and no inbox.
const OUT: &[Channel] = &[Email, Sms, Chat];

const fn letter(code: &'static str, group: Group, fields: &'static [Field]) -> Letter {
    Letter { code, group, fields, by: ALL, must: false, needs: None }
}

const fn must(letter: Letter) -> Letter {
    Letter { must: true, ..letter }
}

const fn inside(letter: Letter) -> Letter {
    Letter { by: INSIDE, ..letter }
}

const fn staff(
    code: &'static str,
    group: Group,
    needs: Permission,
    fields: &'static [Field],
) -> Letter {
    Letter { code, group, fields, by: OUT, must: false, needs: Some(needs) }
}

/// Every kind of letter, in the order in which they are shown.
pub const LETTERS: &[Letter] = &[
    inside(letter("order_to_pay", Group::Orders, &[Product, Amount])),
    letter("order_unpaid", Group::Orders, &[Product, Amount]),
    must(letter("order_paid", Group::Orders, &[Product, Amount])),
    letter("order_shipped", Group::Orders, &[Product, Carrier, Tracking]),
    letter("order_ready", Group::Orders, &[Product, Place, Code]),
    letter("order_cancelled", Group::Orders, &[Product]),
    letter("order_completed", Group::Orders, &[Product]),
    letter("order_price_changed", Group::Orders, &[Product, Amount]),
    letter("order_edited", Group::Orders, &[Product]),
    must(letter("refunded", Group::Orders, &[Product, Amount])),
    must(letter("late_refunded", Group::Orders, &[Product, Amount])),
    letter("refund_failed", Group::Orders, &[Product, Amount]),
    letter("gift_taken", Group::Orders, &[Product]),
    letter("gift_shipped", Group::Orders, &[Product, Carrier, Tracking]),
    letter("gift_returned", Group::Orders, &[Product]),
    letter("team_opened", Group::Teams, &[Product, Missing]),
    letter("team_joined", Group::Teams, &[Product, Missing]),
    letter("team_ending", Group::Teams, &[Product, Missing, Hours]),
    letter("team_succeeded", Group::Teams, &[Product, People]),
    letter("team_failed", Group::Teams, &[Product]),
    letter("team_lowered", Group::Teams, &[Product, People]),
    letter("leader_now", Group::Teams, &[Product]),
    letter("late_moved", Group::Teams, &[Product]),
    letter("bargain_reached", Group::Teams, &[Product, Amount]),
    letter("return_approved", Group::AfterSale, &[Product]),
    letter("return_send_back", Group::AfterSale, &[Product]),
    letter("return_refused", Group::AfterSale, &[Product, Why]),
    letter("return_rejected", Group::AfterSale, &[Product, Why]),
    letter("return_received", Group::AfterSale, &[Product]),
    letter("return_replaced", Group::AfterSale, &[Product, Carrier, Tracking]),
    letter("return_paid_instead", Group::AfterSale, &[Product]),
    letter("return_closed", Group::AfterSale, &[Product]),
    letter("invoice_issued", Group::Orders, &[Number, Amount]),
    letter("invoice_declined", Group::Orders, &[Reason]),
    letter("invoice_red", Group::Orders, &[Number]),
    letter("flash_begins", Group::Orders, &[Reason]),
    letter("flash_turn", Group::Orders, &[Product]),
    letter("credit_given", Group::Wallet, &[Amount, Reason]),
    letter("reward_won", Group::Wallet, &[Amount, Reason]),
    letter("credit_taken", Group::Wallet, &[Amount, Reason]),
    letter("coupon_given", Group::Wallet, &[Coupon]),
    letter("coupon_ending", Group::Wallet, &[Coupon, Hours]),
    letter("coupon_back", Group::Wallet, &[Coupon]),
    must(letter("topped_up", Group::Wallet, &[Amount])),
    must(letter("top_up_returned", Group::Wallet, &[Amount])),
    letter("review_answered", Group::Reviews, &[Product]),
    letter("review_hidden", Group::Reviews, &[Product, Reason]),
    letter("review_shown", Group::Reviews, &[Product]),
    must(letter("signed_in", Group::Security, &[])),
    must(letter("password_changed", Group::Security, &[])),
    must(letter("second_step_on", Group::Security, &[])),
    must(letter("second_step_off", Group::Security, &[])),
    must(letter("passkey_added", Group::Security, &[])),
    must(letter("passkey_removed", Group::Security, &[])),
    must(letter("token_made", Group::Security, &[])),
    inside(letter("data_ready", Group::Security, &[])),
    staff("staff_order_paid", Group::StaffOrders, Permission::Orders, &[Product, Amount]),
    staff("staff_return_opened", Group::StaffNeeds, Permission::Orders, &[Product]),
    staff("staff_case_opened", Group::StaffNeeds, Permission::Orders, &[]),
    staff("staff_low_stock", Group::StaffNeeds, Permission::Stock, &[Goods]),
];

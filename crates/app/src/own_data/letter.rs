//! What somebody is written about their own data.

use domain::moment::Moment;

use crate::failure::Failure;
use crate::shop;

/// Subject and body.
pub type Letter = (String, String);

/// Their copy lies ready.
pub fn ready(locale: &str, shop: &str, base_url: &str) -> Letter {
    if locale == "en" {
        return (
            format!("Your data at {shop} is ready"),
            format!(
                "The copy of everything {shop} holds about you is ready for 7 days: \
                 {base_url}/account/data . You need a code that is sent to you there. If you did \
                 not ask for it, somebody else is signed in as you: sign in and end the other \
                 sessions."
            ),
        );
    }
    (
        format!("你在「{shop}」的个人信息副本已备好"),
        format!(
            "「{shop}」保存的与你有关的全部信息已整理好，7 天内可以下载：{base_url}/account/data 。\
             下载时需要验证码。如果不是你本人申请的，说明有人登录了你的账号，请登录后退出其他设备。"
        ),
    )
}

/// They will be forgotten.
pub fn leaving(locale: &str, shop: &str, base_url: &str, at: Moment) -> Result<Letter, Failure> {
    let there = at.plus(shop::zone_at(at)?).rfc3339();
    let day = there.get(..10).unwrap_or_default();
    if locale == "en" {
        return Ok((
            format!("Your account at {shop} will be deleted"),
            format!(
                "On {day} everything {shop} knows about you will be deleted. Until then you can \
                 take this back: {base_url}/account/data . If it was not you who asked for it, \
                 take it back now."
            ),
        ));
    }
    Ok((
        format!("你在「{shop}」的账号即将注销"),
        format!(
            "「{shop}」将于 {day} 删除与你有关的个人信息。在此之前可以撤销：{base_url}/account/data 。\
             如果不是你本人申请的，请立即撤销。"
        ),
    ))
}

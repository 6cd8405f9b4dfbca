//! What can be had in a points shop, as staff write it: one a line, by name.

use app::points_shop;
use domain::money::{Currency, Money};

use crate::console::fields::{amount, whole};

/// What can be had for points, one a line: name, points, how many, a person's, money, level.
pub fn read(text: &str, own: Currency) -> Option<Vec<points_shop::Line>> {
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let parts: Vec<&str> = line.split(['|', '｜']).map(str::trim).collect();
        let said = |at: usize| parts.get(at).copied().filter(|part| !part.is_empty());
        let number = |at: usize| match said(at) {
            Some(text) => whole(text).map(Some),
            None => Some(None),
        };
        let money = match said(4) {
            Some(text) => Some(amount(text, own)?.minor).filter(|minor| *minor != 0),
            None => None,
        };
        lines.push(points_shop::Line {
            name: said(0)?.to_string(),
            points: whole(said(1)?)?,
            stock: number(2)?,
            per_person: number(3)?.unwrap_or(1),
            money,
            from_rank: usize::try_from(number(5)?.unwrap_or(0)).ok()?,
        });
    }
    Some(lines)
}

/// The same as a line.
pub fn line(line: &points_shop::Line, own: Currency) -> String {
    let stock = line.stock.map_or(String::new(), |stock| stock.to_string());
    let money = line.money.map_or(String::new(), |minor| Money::new(minor, own).decimal());
    let points_shop::Line { name, points, per_person, from_rank, .. } = line;
    format!("{name} | {points} | {stock} | {per_person} | {money} | {from_rank}")
}

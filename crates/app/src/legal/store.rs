//! The tables `legal_texts` and `shop_licence`.

use domain::id::Id;
use domain::legal::LegalKind;
use domain::moment::Moment;
use domain::person::Person;

use super::{LegalVersion, LicenceView};
use crate::db::{Row, Tx};
use crate::failure::Failure;

/// A version as its row says.
pub struct Text {
    pub body: String,
    pub body_en: String,
    pub hash: String,
    pub published_at: Moment,
}

fn text_of(row: &Row) -> Text {
    Text { body: row.get(2), body_en: row.get(3), hash: row.get(4), published_at: row.get(5) }
}

const TEXT: &str = "select kind, number, body, body_en, hash, published_at from legal_texts";

/// Every version, the latest first.
pub fn versions(tx: &mut Tx, kind: LegalKind) -> Result<Vec<LegalVersion>, Failure> {
    tx.all(
        "select number, published_at, hash from legal_texts where kind = $1 order by number desc",
        &[kind.code().into()],
        |row| LegalVersion { number: row.get(0), published_at: row.get(1), hash: row.get(2) },
    )
}

pub fn text(tx: &mut Tx, kind: LegalKind, number: i64) -> Result<Option<Text>, Failure> {
    let sql = format!("{TEXT} where kind = $1 and number = $2");
    tx.maybe(&sql, &[kind.code().into(), number.into()], text_of)
}

pub fn all(tx: &mut Tx) -> Result<Vec<(String, i64, Text)>, Failure> {
    let sql = format!("{TEXT} order by kind, number");
    tx.all(&sql, &[], |row| (row.get(0), row.get(1), text_of(row)))
}

/// The kinds there is a version of.
pub fn published(tx: &mut Tx) -> Result<Vec<LegalKind>, Failure> {
    let found: Vec<String> =
        tx.all("select distinct kind from legal_texts", &[], |row| row.get(0))?;
    let there = |kind: &LegalKind| found.iter().any(|code| code == kind.code());
    Ok(LegalKind::ALL.into_iter().filter(there).collect())
}

pub fn add(
    tx: &mut Tx,
    (kind, number): (LegalKind, i64),
    (html, html_en): (&str, &str),
    hash: &str,
    by: Id<Person>,
) -> Result<(), Failure> {
    planted!("terms_overwritten", {
        let gone = "delete from legal_texts where kind = $1 and number < $2";
        tx.run(gone, &[kind.code().into(), number.into()])?;
    });
    tx.run(
        "insert into legal_texts (kind, number, body, body_en, hash, published_at, published_by)
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            kind.code().into(),
            number.into(),
            html.into(),
            html_en.into(),
            hash.into(),
            tx.now.into(),
            by.into(),
        ],
    )?;
    Ok(())
}

/// The version of the terms that holds for new orders.
pub fn set_terms(tx: &mut Tx, number: i64) -> Result<(), Failure> {
    tx.run("update shop set terms = $1", &[number.into()])?;
    Ok(())
}

pub fn licence(tx: &mut Tx, lock: &str) -> Result<LicenceView, Failure> {
    let sql = format!("select licence, picture, version from shop_licence{lock}");
    tx.one(&sql, &[], |row| {
        let picture: String = row.get(1);
        LicenceView {
            licence: serde_json::from_str(&row.get::<String>(0)).unwrap_or_default(),
            picture: if picture.is_empty() { picture } else { format!("/files/{picture}") },
            version: row.get(2),
        }
    })
}

pub fn set_licence(tx: &mut Tx, new: &domain::legal::Licence) -> Result<(), Failure> {
    let sql = "update shop_licence set licence = $1, version = version + 1";
    tx.run(sql, &[serde_json::to_string(new)?.into()])?;
    Ok(())
}

pub fn set_picture(tx: &mut Tx, hash: &str) -> Result<(), Failure> {
    let sql = "update shop_licence set picture = $1, version = version + 1";
    tx.run(sql, &[hash.into()])?;
    Ok(())
}

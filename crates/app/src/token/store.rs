//! Tokens in the database.

use std::collections::HashMap;

use domain::id::Id;
use domain::moment::Moment;
use domain::person::{Person, Scope, Token};

use super::TokenView;
use crate::Known;
use crate::db::Tx;
use crate::failure::Failure;

/// A token somebody came with.
pub struct Found {
    pub token: Id<Token>,
    pub person: Known,
    pub scopes: Vec<Scope>,
    pub last_used_at: Option<Moment>,
}

fn scopes(text: &str) -> Vec<Scope> {
    text.split(' ').filter_map(Scope::parse).collect()
}

pub fn count(tx: &mut Tx, person: Id<Person>) -> Result<i64, Failure> {
    tx.one(
        "select count(*) from tokens where person_id = $1 and revoked_at is null",
        &[person.into()],
        |row| row.get(0),
    )
}

pub fn add(tx: &mut Tx, person: Id<Person>, view: &TokenView, hash: &str) -> Result<(), Failure> {
    let scopes: Vec<&str> = view.scopes.iter().map(|scope| scope.code()).collect();
    tx.run(
        "insert into tokens (id, person_id, name, hint, token_hash, scopes, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            view.id.into(),
            person.into(),
            (&view.name).into(),
            (&view.hint).into(),
            hash.into(),
            scopes.join(" ").into(),
            view.created_at.into(),
        ],
    )?;
    Ok(())
}

pub fn list(tx: &mut Tx, person: Id<Person>) -> Result<Vec<TokenView>, Failure> {
    tx.all(
        "select id, name, hint, scopes, created_at, last_used_at, revoked_at from tokens
         where person_id = $1 and revoked_at is null order by id desc",
        &[person.into()],
        |row| TokenView {
            id: row.get(0),
            name: row.get(1),
            hint: row.get(2),
            scopes: scopes(&row.get::<String>(3)),
            created_at: row.get(4),
            last_used_at: row.get(5),
            revoked_at: row.get(6),
        },
    )
}

pub fn revoke(tx: &mut Tx, person: Id<Person>, token: Id<Token>) -> Result<(), Failure> {
    let changed = tx.run(
        "update tokens set revoked_at = $3
         where id = $1 and person_id = $2 and revoked_at is null",
        &[token.into(), person.into(), tx.now.into()],
    )?;
    if changed == 1 { Ok(()) } else { Err(Failure::NotFound) }
}

/// Those of these hashes that belong to a token that works.
pub fn find(tx: &mut Tx, hashes: &[String]) -> Result<HashMap<String, Found>, Failure> {
    let found = tx.all_in(
        (
            "select t.id, t.scopes, t.last_used_at, t.token_hash,
                    p.id, p.name,
                     case when p.seller_id is null then coalesce(p.staff_role, p.role)
                        else 'seller' end, coalesce(cast(p.seller_id as text), r.grants)
             from tokens t join people p on p.id = t.person_id
               left join roles r on r.id = p.role_id
             where t.revoked_at is null and t.token_hash in",
            &[],
        ),
        hashes,
        "",
        |row| {
            let one = Found {
                token: row.get(0),
                person: Known::read(row, 4),
                scopes: scopes(&row.get::<String>(1)),
                last_used_at: row.get(2),
            };
            (row.get::<String>(3), one)
        },
    )?;
    Ok(found.into_iter().collect())
}

/// Remembers that a token was used, unless that was noted after `since`.
pub fn used(tx: &mut Tx, token: Id<Token>, since: Moment) -> Result<(), Failure> {
    tx.run(
        "update tokens set last_used_at = $2
         where id = $1 and (last_used_at is null or last_used_at <= $3)",
        &[token.into(), tx.now.into(), since.into()],
    )?;
    Ok(())
}

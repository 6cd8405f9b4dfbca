//! The tables `sellers` and `seller_receivers`, and who is of which.

use std::collections::BTreeMap;

use domain::id::Id;
use domain::seller::{Seller, Status};

use super::{Card, Checked, SellerPerson, SellerView};
use crate::db::{Row, Tx};
use crate::failure::Failure;

const VIEW: &str = "select s.id, s.handle, s.name, s.status, s.commission, s.licence, s.contact,
    s.created_at, s.version,
    (select count(*) from products p where p.seller_id = s.id and p.status <> 'archived'),
    (select count(*) from orders o where o.seller_id = s.id), s.return_address from sellers s";

fn read(row: &Row) -> SellerView {
    SellerView {
        id: row.get(0),
        handle: row.get(1),
        name: row.get(2),
        status: Status::parse(&row.get::<String>(3)).expect("the table holds known states"),
        commission: row.get(4),
        licence: row.get(5),
        contact: row.get(6),
        return_address: row.get(11),
        receivers: BTreeMap::new(),
        products: row.get(9),
        orders: row.get(10),
        created_at: row.get(7),
        version: row.get(8),
    }
}

pub fn view(tx: &mut Tx, id: Id<Seller>) -> Result<SellerView, Failure> {
    let mut view = tx.one(&format!("{VIEW} where s.id = $1"), &[id.into()], read)?;
    view.receivers = receivers(tx, id)?;
    Ok(view)
}

pub fn list(tx: &mut Tx, only: Option<Id<Seller>>) -> Result<Vec<SellerView>, Failure> {
    let sql = format!("{VIEW} where cast($1 as bigint) = 0 or s.id = $1 order by s.name, s.id");
    let mut all = tx.all(&sql, &[only.map_or(0, |id| id.0).into()], read)?;
    let sql = "select seller_id, provider, receiver from seller_receivers";
    let known = tx.all(sql, &[], |row| {
        (row.get::<Id<Seller>>(0), row.get::<String>(1), row.get::<String>(2))
    })?;
    for (seller, provider, receiver) in known {
        if let Some(view) = all.iter_mut().find(|view| view.id == seller) {
            view.receivers.insert(provider, receiver);
        }
    }
    Ok(all)
}

pub fn cards(tx: &mut Tx, ids: &[Id<Seller>]) -> Result<Vec<Card>, Failure> {
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let sql = "select id, handle, name, licence, contact from sellers where id in";
    tx.all_in((sql, &[]), &numbers, "order by id", |row| Card {
        id: row.get(0),
        handle: row.get(1),
        name: row.get(2),
        licence: row.get(3),
        contact: row.get(4),
    })
}

/// Whether nobody has the handle.
pub fn add(tx: &mut Tx, id: Id<Seller>, new: &Checked) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into sellers (id, handle, name, status, commission, licence, contact, version,
                              created_at, updated_at, return_address)
         values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8, $9) on conflict (handle) do nothing",
        &[
            id.into(),
            (&new.handle).into(),
            (&new.name).into(),
            new.status.code().into(),
            new.commission.basis_points().into(),
            (&new.licence).into(),
            (&new.contact).into(),
            tx.now.into(),
            (&new.return_address).into(),
        ],
    )?;
    Ok(added == 1)
}

/// Whether it was at this version.
pub fn change(tx: &mut Tx, id: Id<Seller>, new: &Checked, seen: i64) -> Result<bool, Failure> {
    let changed = tx.run(
        "update sellers set name = $2, status = $3, commission = $4, licence = $5, contact = $6,
                            version = version + 1, updated_at = $7, return_address = $9
         where id = $1 and version = $8",
        &[
            id.into(),
            (&new.name).into(),
            new.status.code().into(),
            new.commission.basis_points().into(),
            (&new.licence).into(),
            (&new.contact).into(),
            tx.now.into(),
            seen.into(),
            (&new.return_address).into(),
        ],
    )?;
    Ok(changed == 1)
}

pub fn put_receivers(
    tx: &mut Tx,
    id: Id<Seller>,
    receivers: &BTreeMap<String, String>,
) -> Result<(), Failure> {
    tx.run("delete from seller_receivers where seller_id = $1", &[id.into()])?;
    for (provider, receiver) in receivers {
        tx.run(
            "insert into seller_receivers (seller_id, provider, receiver) values ($1, $2, $3)",
            &[id.into(), provider.into(), receiver.into()],
        )?;
    }
    Ok(())
}

pub fn receivers(tx: &mut Tx, id: Id<Seller>) -> Result<BTreeMap<String, String>, Failure> {
    let sql = "select provider, receiver from seller_receivers where seller_id = $1";
    let found = tx.all(sql, &[id.into()], |row| (row.get(0), row.get(1)))?;
    Ok(found.into_iter().collect())
}

pub fn people(tx: &mut Tx, id: Id<Seller>) -> Result<Vec<SellerPerson>, Failure> {
    let sql = "select id, name, coalesce(email, phone, '') from people
               where seller_id = $1 order by id";
    tx.all(sql, &[id.into()], |row| SellerPerson {
        id: row.get(0),
        name: row.get(1),
        contact: row.get(2),
    })
}

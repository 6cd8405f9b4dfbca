//! The tables `shipping_methods`, `shipping_rates` and `pickup_points`.

use domain::id::Id;
use domain::money::Currency;
use domain::shipping::{Basis, How, Method, PickupPoint, Rate};

use super::{MethodView, PointView, PutMethod, PutPoint};
use crate::db::{Row, Tx};
use crate::failure::Failure;

/// The ways to ship in their order, with their rates; only those in force when `active`.
pub fn methods(tx: &mut Tx, active: bool) -> Result<Vec<MethodView>, Failure> {
    let sql = format!("{METHOD} where active >= $1 order by position, id");
    let mut methods = tx.all(&sql, &[i64::from(active).into()], method_of)?;
    let rates = tx.all(
        "select method_id, areas, delivers, basis, first, first_fee, step, step_fee, free_from,
                free_pieces
         from shipping_rates order by method_id, position",
        &[],
        |row| (row.get::<Id<Method>>(0), rate_of(row)),
    )?;
    for (id, rate) in rates {
        if let Some(method) = methods.iter_mut().find(|method| method.id == id) {
            method.rates.push(rate?);
        }
    }
    Ok(methods)
}

pub fn method(tx: &mut Tx, id: Id<Method>) -> Result<MethodView, Failure> {
    methods(tx, false)?.into_iter().find(|method| method.id == id).ok_or(Failure::NotFound)
}

const METHOD: &str = "select id, code, kind, name, name_en, currency, active, version,
            gift_fee from shipping_methods";

fn method_of(row: &Row) -> MethodView {
    MethodView {
        id: row.get(0),
        code: row.get(1),
        kind: How::parse(&row.get::<String>(2)).expect("the table holds known kinds"),
        name: row.get(3),
        name_en: row.get(4),
        currency: Currency::parse(&row.get::<String>(5)).expect("the table holds known ones"),
        active: row.get(6),
        rates: Vec::new(),
        gift_fee: row.get(8),
        version: row.get(7),
    }
}

fn rate_of(row: &Row) -> Result<Rate, Failure> {
    Ok(Rate {
        areas: serde_json::from_str(&row.get::<String>(1))?,
        delivers: row.get(2),
        basis: Basis::parse(&row.get::<String>(3)).expect("the table holds known bases"),
        first: row.get(4),
        first_fee: row.get(5),
        step: row.get(6),
        step_fee: row.get(7),
        free_from: row.get(8),
        free_pieces: row.get(9),
    })
}

/// Whether its code was free.
pub fn add_method(
    tx: &mut Tx,
    id: Id<Method>,
    put: &PutMethod,
    currency: Currency,
) -> Result<bool, Failure> {
    // `fee` and `free_from` are what ways had before rates; nothing reads them any more.
    let added = tx.run(
        "insert into shipping_methods
         (id, code, kind, name, name_en, currency, fee, free_from, position, active, version,
          gift_fee)
         values ($1, $2, $3, $4, $5, $6, 0, null,
                 (select coalesce(max(position), -1) + 1 from shipping_methods), $7, 1, $8)
         on conflict (code) do nothing",
        &[
            id.into(),
            (&put.code).into(),
            put.kind.code().into(),
            (&put.name).into(),
            (&put.name_en).into(),
            currency.code().into(),
            i64::from(put.active).into(),
            put.gift_fee.into(),
        ],
    )?;
    Ok(added == 1)
}

/// Whether nobody changed it meanwhile.
pub fn change_method(tx: &mut Tx, before: &MethodView, put: &PutMethod) -> Result<bool, Failure> {
    let changed = tx.run(
        "update shipping_methods
         set code = $3, kind = $4, name = $5, name_en = $6, active = $7, gift_fee = $8,
             version = version + 1
         where id = $1 and version = $2",
        &[
            before.id.into(),
            before.version.into(),
            (&put.code).into(),
            put.kind.code().into(),
            (&put.name).into(),
            (&put.name_en).into(),
            i64::from(put.active).into(),
            put.gift_fee.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// The rates of a way, instead of those it had.
pub fn put_rates(tx: &mut Tx, method: Id<Method>, rates: &[Rate]) -> Result<(), Failure> {
    tx.run("delete from shipping_rates where method_id = $1", &[method.into()])?;
    for (position, rate) in rates.iter().enumerate() {
        let id: Id<Rate> = tx.id();
        tx.run(
            "insert into shipping_rates (id, method_id, position, areas, delivers, basis, first,
                                         first_fee, step, step_fee, free_from, free_pieces)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            &[
                id.into(),
                method.into(),
                (position as i64).into(),
                serde_json::to_string(&rate.areas)?.into(),
                i64::from(rate.delivers).into(),
                rate.basis.code().into(),
                rate.first.into(),
                rate.first_fee.into(),
                rate.step.into(),
                rate.step_fee.into(),
                rate.free_from.into(),
                rate.free_pieces.into(),
            ],
        )?;
    }
    Ok(())
}

/// The places in their order; only those in force when `active`.
pub fn points(tx: &mut Tx, active: bool) -> Result<Vec<PointView>, Failure> {
    let sql = format!("{POINT} where active >= $1 order by position, id");
    tx.all(&sql, &[i64::from(active).into()], point_of)
}

pub fn point(tx: &mut Tx, id: Id<PickupPoint>) -> Result<PointView, Failure> {
    tx.one(&format!("{POINT} where id = $1"), &[id.into()], point_of)
}

const POINT: &str = "select id, name, address, phone, hours, active, version from pickup_points";

fn point_of(row: &Row) -> PointView {
    PointView {
        id: row.get(0),
        name: row.get(1),
        address: row.get(2),
        phone: row.get(3),
        hours: row.get(4),
        active: row.get(5),
        version: row.get(6),
    }
}

pub fn add_point(tx: &mut Tx, id: Id<PickupPoint>, put: &PutPoint) -> Result<(), Failure> {
    tx.run(
        "insert into pickup_points (id, name, address, phone, hours, position, active, version)
         values ($1, $2, $3, $4, $5,
                 (select coalesce(max(position), -1) + 1 from pickup_points), $6, 1)",
        &[
            id.into(),
            (&put.name).into(),
            (&put.address).into(),
            (&put.phone).into(),
            (&put.hours).into(),
            i64::from(put.active).into(),
        ],
    )?;
    Ok(())
}

/// Whether it still was of this version.
pub fn change_point(
    tx: &mut Tx,
    id: Id<PickupPoint>,
    version: i64,
    put: &PutPoint,
) -> Result<bool, Failure> {
    let changed = tx.run(
        "update pickup_points
         set name = $3, address = $4, phone = $5, hours = $6, active = $7, version = version + 1
         where id = $1 and version = $2",
        &[
            id.into(),
            version.into(),
            (&put.name).into(),
            (&put.address).into(),
            (&put.phone).into(),
            (&put.hours).into(),
            i64::from(put.active).into(),
        ],
    )?;
    Ok(changed == 1)
}

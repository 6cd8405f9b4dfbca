//! A place where goods are fetched.

use app::delivery::{self, PointView, PutPoint};
use app::failure::Failure;
use askama::Template;
use axum::extract::Path;
use domain::id::Id;
use domain::shipping::PickupPoint;

use super::HERE;
use crate::answer::Fault;
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;

#[derive(Template)]
#[template(path = "console/delivery/point.html")]
struct Edit {
    p: Frame,
    title: String,
    href: String,
    key: String,
    put: PutPoint,
    version: String,
}

/// A form for a new one.
pub async fn new(desk: Desk) -> Answer {
    let put = read(&Form::of(&[("active", "1")]));
    desk.show(edit(&desk, None, put, &Form::default(), String::new()))
}

/// A place as it is.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let point = find(&desk, &id).await?;
    let put = PutPoint {
        name: point.name.clone(),
        address: point.address.clone(),
        phone: point.phone.clone(),
        hours: point.hours.clone(),
        active: point.active,
        version: Some(point.version),
    };
    desk.show(edit(&desk, Some(&point), put, &Form::default(), String::new()))
}

/// Makes one.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let put = read(&form);
    match desk.act_once(&form, move |app, visitor| delivery::add_point(app, visitor, put)).await {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(edit(&desk, None, read(&form), &form, problem))
        }
    }
}

/// Changes one.
pub async fn update(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let point = find(&desk, &id).await?;
    let (id, put) = (point.id, read(&form));
    match desk.act(move |app, visitor| delivery::change_point(app, visitor, id, put)).await {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(edit(&desk, Some(&point), read(&form), &form, problem))
        }
    }
}

async fn find(desk: &Desk, id: &str) -> Result<PointView, Fault> {
    let id: Id<PickupPoint> = Id::parse(id).ok_or(Failure::NotFound)?;
    let points = desk.act(delivery::points).await?;
    Ok(points.into_iter().find(|point| point.id == id).ok_or(Failure::NotFound)?)
}

fn read(form: &Form) -> PutPoint {
    let text = |name: &str| form.get(name).to_string();
    PutPoint {
        name: text("name"),
        address: text("address"),
        phone: text("phone"),
        hours: text("hours"),
        active: form.is_on("active"),
        version: form.parse("version"),
    }
}

fn edit(
    desk: &Desk,
    point: Option<&PointView>,
    put: PutPoint,
    form: &Form,
    problem: String,
) -> Edit {
    let p = desk.frame_with(HERE, problem);
    Edit {
        title: match point {
            Some(point) => point.name.clone(),
            None => p.t("console-delivery-new-point"),
        },
        href: match point {
            Some(point) => format!("{HERE}/points/{}", point.id),
            None => format!("{HERE}/points"),
        },
        key: match form.key() {
            "" => p.new_key.clone(),
            key => key.to_string(),
        },
        version: put.version.map_or(String::new(), |version| version.to_string()),
        put,
        p,
    }
}

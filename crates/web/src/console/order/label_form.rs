//! Notes, tags and kept views: small forms that lead back to where they stand.

use app::failure::Failure;
use app::order_desk::label::{self, AddNote, Tag};
use app::order_desk::looks::{self, Keep};
use axum::extract::Path;
use domain::id::Id;
use domain::order::Order;
use domain::order_desk::View;

use super::narrow::Asked;
use super::{HERE, finish, list};
use crate::console::{Answer, Desk};
use crate::form::Form;

fn id_of(text: &str) -> Result<Id<Order>, Failure> {
    Id::parse(text).ok_or(Failure::NotFound)
}

/// Writes something down about an order.
pub async fn note(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let note = AddNote { text: form.raw("text").to_string() };
    let done = desk.act(move |app, visitor| label::note(app, visitor, id, &note)).await;
    finish(&desk, id, &form, done, "order-noted").await
}

/// Puts tags on it, or takes one off.
pub async fn tag(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let parts = form.get("add").split([',', '，', '、']).map(str::trim);
    let add = parts.filter(|tag| !tag.is_empty()).map(str::to_string).collect();
    let remove = form.all("remove").into_iter().map(str::to_string).collect();
    let tags = Tag { add, remove };
    let done = desk.act(move |app, visitor| label::tag(app, visitor, id, &tags)).await;
    finish(&desk, id, &form, done, "order-tagged").await
}

/// Keeps the way the list is narrowed to.
pub async fn keep(desk: Desk, form: Form) -> Answer {
    let asked: Asked = form.read()?;
    let (name, shared) = (form.get("view_name").to_string(), form.is_on("shared"));
    let wish = asked.clone();
    let done = desk
        .act(move |app, visitor| {
            let filter = wish.filter(app::draft::currency(app)?);
            looks::keep(app, visitor, &Keep { name, shared, filter })
        })
        .await;
    match done {
        Ok(_) => desk.on(&asked.with("", ""), "view-kept"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            list(&desk, &asked, problem).await
        }
    }
}

/// Takes a kept way away.
pub async fn forget(desk: Desk, Path(id): Path<String>) -> Answer {
    let id: Id<View> = Id::parse(&id).ok_or(Failure::NotFound)?;
    desk.act(move |app, visitor| looks::remove(app, visitor, id)).await?;
    desk.on(HERE, "view-gone")
}

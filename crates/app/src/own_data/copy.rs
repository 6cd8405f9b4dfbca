//! The copy: every table that holds something about somebody, each with what of it is theirs.
//!
//! This is the shop's map of personal data as well: a test compares it with the schema, so that no
//! table with a person in it is forgotten.

use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;
use serde_json::{Map, Value as Json, json};

use super::all_of;
use crate::db::{Tx, Value};
use crate::failure::Failure;
use crate::{events, shop};

/// One part of the copy: its name, its columns and where they come from; `$1` is the person.
///
/// After a column's name, `@` makes a moment of it, `{}` what JSON it is, and `#order` an id.
pub struct Section {
    pub name: &'static str,
    pub columns: &'static str,
    pub from: &'static str,
}

const fn section(name: &'static str, columns: &'static str, from: &'static str) -> Section {
    Section { name, columns, from }
}

/// Everything, in the order of the file.
pub const SECTIONS: &[Section] = &[
    section("people", "id#person name email phone locale created_at@", "from people where id = $1"),
    section("addresses", "address{} usual used_at@", "from addresses where person_id = $1"),
    section(
        "credit_grants",
        "currency amount reason created_at@",
        "from credit_grants where person_id = $1",
    ),
    section("draw_chances", "earned used", "from draw_chances where person_id = $1"),
    section("draw_grants", "source chances reason at@", "from draw_grants where person_id = $1"),
    section(
        "draw_records",
        "r.number z.name r.salt r.ticket r.handed_at@ r.at@",
        "from draw_records r join draw_prizes z
           on z.campaign_id = r.campaign_id and z.place = r.wins where r.person_id = $1",
    ),
    section(
        "gifts",
        "order_id#order card state deadline@ created_at@",
        "from gifts where giver_id = $1",
    ),
    section(
        "gift_takers",
        "g.id#gift g.card o.address{} t.at@",
        "from gift_takers t join gifts g on g.id = t.gift_id join orders o on o.id = g.order_id
           where t.person_id = $1",
    ),
    section(
        "order_campaigns",
        "order_id#order mechanic quantity counted price at@",
        "from order_campaigns where person_id = $1",
    ),
    section("campaign_people", "quantity", "from campaign_people where person_id = $1"),
    section(
        "flash_waiting",
        "quantity status offered_until@ created_at@",
        "from flash_waiting where person_id = $1",
    ),
    section("flash_reminders", "slot_at@ told_at@", "from flash_reminders where person_id = $1"),
    section(
        "fissions",
        "id#fission total count taken started_at@ deadline@",
        "from fissions where person_id = $1",
    ),
    section(
        "fission_parts",
        "fission_id#fission number amount taken_at@",
        "from fission_parts where person_id = $1",
    ),
    section("packet_parts", "number amount taken_at@", "from packet_parts where person_id = $1"),
    section("guess_people", "guessed", "from guess_people where person_id = $1"),
    section("guesses", "number amount rank at@", "from guesses where person_id = $1"),
    section(
        "quiz_attempts",
        "questions answers right_ones passed begun_at@ answered_at@",
        "from quiz_attempts where person_id = $1",
    ),
    section(
        "rewards",
        "purse currency amount state back owed about created_at@",
        "from rewards where person_id = $1",
    ),
    section(
        "saved_list_people",
        "l.name",
        "from saved_list_people s join saved_lists l on l.id = s.list_id where s.person_id = $1",
    ),
    section(
        "assists",
        "id#assist deadline@ unlocked created_at@",
        "from assists where person_id = $1",
    ),
    section(
        "assist_helpers",
        "assist_id#assist counts at@",
        "from assist_helpers where person_id = $1",
    ),
    section(
        "bargains",
        "id#bargain start floor cut status ends_at@ created_at@",
        "from bargains where person_id = $1",
    ),
    section("bargain_cuts", "number amount", "from bargain_cuts where person_id = $1"),
    section(
        "bargain_helpers",
        "bargain_id#bargain cuts cut at@",
        "from bargain_helpers where person_id = $1",
    ),
    section(
        "campaign_channel_helps",
        "channel at@",
        "from campaign_channel_helps where person_id = $1",
    ),
    section("invites", "state created_at@", "from invites where inviter_id = $1 or friend_id = $1"),
    section("point_people", "debt", "from point_people where person_id = $1"),
    section(
        "point_lots",
        "points remaining expires_at@ created_at@",
        "from point_lots where person_id = $1",
    ),
    section(
        "point_moves",
        "kind points owed order_id#order reason at@",
        "from point_moves where person_id = $1",
    ),
    section("points_item_people", "item quantity", "from points_item_people where person_id = $1"),
    section(
        "points_exchanges",
        "item quantity points money order_id#order state at@",
        "from points_exchanges where person_id = $1",
    ),
    section(
        "order_points",
        "order_id#order earned taken_back growth growth_back spent returned earned_at@",
        "from order_points where person_id = $1",
    ),
    section("level_standings", "rank growth until@", "from level_standings where person_id = $1"),
    section(
        "level_moves",
        "kind growth from_rank to_rank stands at@",
        "from level_moves where person_id = $1",
    ),
    section("check_ins", "day streak points bonus at@", "from check_ins where person_id = $1"),
    section("task_deeds", "task period at@", "from task_deeds where person_id = $1"),
    section("task_claims", "task period at@", "from task_claims where person_id = $1"),
    section(
        "top_ups",
        "status currency amount returned created_at@",
        "from top_ups where person_id = $1",
    ),
    section(
        "orders",
        "id#order status currency subtotal discount shipping tax tax_inside total refunded \
         address{} note gift_message created_at@ paid_at@",
        // Where a gift went is its taker's.
        "from (select o.id, o.status, o.currency, o.subtotal, o.discount, o.shipping, o.tax,
             o.tax_inside, o.total, o.refunded, o.note, o.gift_message, o.created_at, o.paid_at,
             case when g.id is null then o.address else '{}' end as address
           from orders o left join gifts g on g.order_id = o.id where o.person_id = $1) mine",
    ),
    section(
        "order_lines",
        "o.id#order l.title l.variant_title l.sku l.quantity l.unit_price l.discount l.total \
         l.price_why l.tax_rate l.tax_added l.tax_inside",
        "from orders o join order_lines l on l.order_id = o.id where o.person_id = $1",
    ),
    section(
        "coupons",
        "t.name c.state c.source c.received_at@ c.usable_until@",
        "from coupons c join coupon_templates t on t.id = c.template_id where c.owner_id = $1",
    ),
    section(
        "payments",
        "o.id#order p.provider p.status p.currency p.amount p.created_at@",
        "from orders o join payments p on p.order_id = o.id where o.person_id = $1",
    ),
    section(
        "refunds",
        "o.id#order r.reason r.currency r.amount r.tax r.status r.created_at@",
        "from orders o join refunds r on r.order_id = o.id where o.person_id = $1",
    ),
    section("invoice_titles", "title{} used_at@", "from invoice_titles where person_id = $1"),
    section(
        "invoice_requests",
        "o.id#order q.status q.title{} q.reason q.asked_at@ q.answered_at@",
        "from orders o join invoice_requests q on q.order_id = o.id where o.person_id = $1",
    ),
    section(
        "invoices",
        "o.id#order i.number i.title{} i.seller{} i.currency i.net i.tax i.total i.reason \
         i.issued_at@",
        "from orders o join invoices i on i.order_id = o.id where o.person_id = $1",
    ),
    section(
        "invoice_lines",
        "i.number l.name l.spec l.quantity l.amount l.tax l.rate",
        "from orders o join invoices i on i.order_id = o.id
         join invoice_lines l on l.invoice_id = i.id where o.person_id = $1",
    ),
    section(
        "shipments",
        "o.id#order s.carrier s.tracking s.shipped_at@ s.delivered_at@",
        "from orders o join shipments s on s.order_id = o.id where o.person_id = $1",
    ),
    section(
        "order_changes",
        "o.id#order c.kind c.reason c.before{} c.after{} c.total_before c.total_after c.refund \
         c.at@",
        "from orders o join order_changes c on c.order_id = o.id where o.person_id = $1",
    ),
    section(
        "order_notes",
        "o.id#order n.text n.at@",
        "from orders o join order_notes n on n.order_id = o.id where o.person_id = $1",
    ),
    section(
        "order_tags",
        "o.id#order t.tag t.added_at@",
        "from orders o join order_tags t on t.order_id = o.id where o.person_id = $1",
    ),
    section(
        "order_facts",
        "order_id#order phone place at@",
        "from order_facts where person_id = $1",
    ),
    section(
        "order_hints",
        "o.id#order h.kind h.n",
        "from orders o join order_hints h on h.order_id = o.id where o.person_id = $1",
    ),
    section(
        "drafts",
        "id#draft status order_id#order address{} note staff_note created_at@",
        "from drafts where person_id = $1",
    ),
    section(
        "draft_lines",
        "d.id#draft l.variant_id#variant l.quantity l.unit_price l.discount l.reason",
        "from drafts d join draft_lines l on l.draft_id = d.id where d.person_id = $1",
    ),
    section("order_views", "name shared created_at@", "from order_views where owner_id = $1"),
    section(
        "after_sales",
        "id#return order_id#order kind reason told status created_at@",
        "from after_sales where person_id = $1",
    ),
    section(
        "after_sale_moves",
        "m.after_sale_id#return m.to_status m.actor m.told m.at@",
        "from after_sale_moves m join after_sales a on a.id = m.after_sale_id
         where a.person_id = $1",
    ),
    section(
        "reviews",
        "product_id#product stars text written_at@ follow_up followed_up_at@ answer votes",
        "from reviews where person_id = $1",
    ),
    section(
        "review_pictures",
        "p.file",
        "from review_pictures p join reviews r on r.id = p.review_id where r.person_id = $1",
    ),
    section(
        "review_votes",
        "r.product_id#product v.at@",
        "from review_votes v join reviews r on r.id = v.review_id where v.person_id = $1",
    ),
    section(
        "places",
        "team_id#team order_id#order number quantity status taken_at@",
        "from places where person_id = $1",
    ),
    section("teams", "id#team status created_at@", "from teams where leader_id = $1"),
    section(
        "carts",
        "l.variant_id#variant l.quantity l.added_at@",
        "from carts c join cart_lines l on l.cart_id = c.id where c.person_id = $1",
    ),
    section(
        "favourites",
        "product_id#product price currency added_at@",
        "from favourites where person_id = $1",
    ),
    section("browsed", "product_id#product at@", "from browsed where person_id = $1"),
    section("browsing_pauses", "since@", "from browsing_pauses where person_id = $1"),
    section(
        "consents",
        "purpose given version locale wording_hash channel source said_at@",
        "from consents where person_id = $1",
    ),
    section("consent_states", "purpose given", "from consent_states where person_id = $1"),
    section("notices", "kind args{} created_at@ read_at@", "from notices where person_id = $1"),
    section(
        "letter_choices",
        "letter_group channel wanted said_by at@",
        "from letter_choices where person_id = $1",
    ),
    section("reminders", "letter at@", "from reminders where person_id = $1"),
    section(
        "messages",
        "channel recipient subject body state kind created_at@",
        "from messages where person_id = $1 or recipient in
           (select email from people where id = $1
            union select phone from people where id = $1)",
    ),
    section(
        "share_links",
        "code object visits created_at@",
        "from share_links where person_id = $1",
    ),
    section("visits", "at@", "from visits where person_id = $1"),
    section("sessions", "created_at@ expires_at@", "from sessions where person_id = $1"),
    section(
        "passkeys",
        "name synced created_at@ last_used_at@",
        "from passkeys where person_id = $1",
    ),
    section(
        "tokens",
        "name hint scopes created_at@ last_used_at@",
        "from tokens where person_id = $1",
    ),
    section(
        "customer_group_members",
        "g.name m.added_at@",
        "from customer_group_members m join customer_groups g on g.id = m.group_id
         where m.person_id = $1",
    ),
    section("customer_tags", "tag", "from customer_tags where person_id = $1"),
    section("customer_notes", "text at@", "from customer_notes where person_id = $1"),
    section(
        "customer_blocks",
        "sign_in ordering reason at@",
        "from customer_blocks where person_id = $1",
    ),
    section(
        "customer_sums",
        "orders spent refunded first_order_at@ last_order_at@",
        "from customer_sums where person_id = $1",
    ),
    section("customer_merges", "at@ undone_at@", "from customer_merges where survivor_id = $1"),
    section("data_exports", "state asked_at@", "from data_exports where person_id = $1"),
    section("erasures", "state asked_at@ due_at@", "from erasures where person_id = $1"),
];

/// Everything held about somebody, as JSON that people can read too.
pub fn of(tx: &mut Tx, person: Id<Person>) -> Result<Vec<u8>, Failure> {
    let people = all_of(tx, person)?;
    let mut whole = Map::new();
    let shop = shop::get(tx)?;
    let about = "Everything this shop holds about you. Amounts are in the smallest unit of their \
                 currency; pictures are found under the shop's address at /files/ and their name.";
    whole.insert("about".into(), json!({ "shop": shop.name, "made_at": tx.now, "what": about }));
    for section in SECTIONS {
        let mut rows = Vec::new();
        for id in &people {
            rows.extend(read(tx, section, *id)?);
        }
        whole.insert(section.name.to_string(), Json::Array(rows));
    }
    Ok(serde_json::to_vec_pretty(&Json::Object(whole))?)
}

fn read(tx: &mut Tx, section: &Section, person: Id<Person>) -> Result<Vec<Json>, Failure> {
    let columns: Vec<&str> = section.columns.split_whitespace().collect();
    let bare: Vec<&str> = columns.iter().map(|column| name(column).0).collect();
    let sql = format!("select {} {}", bare.join(", "), section.from);
    tx.all(&sql, &[person.into()], |row| {
        let cells = columns.iter().zip(row.values()).map(|(column, value)| {
            let (bare, kind) = name(column);
            let label = bare.split('.').next_back().unwrap_or(bare);
            let label = match kind.strip_prefix('#') {
                Some(about) if label == "id" => about,
                _ => label,
            };
            (label.to_string(), shown(kind, value))
        });
        Json::Object(cells.collect())
    })
}

/// A column's name and what is to be made of it.
fn name(column: &str) -> (&str, &str) {
    let end = column.find(['@', '{', '#']).unwrap_or(column.len());
    column.split_at(end)
}

fn shown(kind: &str, value: &Value) -> Json {
    match (kind, value) {
        (_, Value::Null) | (_, Value::Bytes(_)) => Json::Null,
        ("@", Value::Int(at)) => Json::String(Moment(*at).rfc3339()),
        ("{}", Value::Text(text)) => serde_json::from_str(text).unwrap_or(Json::Null),
        (kind, Value::Int(id)) if kind.starts_with('#') => {
            Json::String(events::about(&kind[1..], *id))
        }
        (_, Value::Int(number)) => json!(number),
        (_, Value::Text(text)) => Json::String(text.clone()),
    }
}

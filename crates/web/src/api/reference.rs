//! The reference as a page people read, made from the document.

use app::failure::CODES;
use askama::Template;
use axum::response::Response;
use serde_json::Value;

use super::document;
use crate::answer::refusal_id;
use crate::page::{self, Page};

#[derive(Template)]
#[template(path = "api/show.html")]
struct Show {
    p: Page,
    groups: Vec<Group>,
    schemas: Vec<Schema>,
    problems: Vec<ProblemRow>,
}

/// Operations that belong together.
struct Group {
    anchor: String,
    name: String,
    operations: Vec<Operation>,
}

struct Operation {
    anchor: String,
    method: String,
    path: String,
    summary: String,
    description: Vec<Vec<Piece>>,
    open: bool,
    params: Vec<Field>,
    body: Option<Type>,
    body_kind: String,
    answers: Vec<Answer>,
}

/// A piece of a sentence, which may be something a program says.
struct Piece {
    code: bool,
    text: String,
}

fn pieces(text: &str) -> Vec<Piece> {
    let parts = text.split('`').enumerate();
    parts.map(|(i, text)| Piece { code: i % 2 == 1, text: text.to_string() }).collect()
}

struct Answer {
    status: String,
    what: Vec<Piece>,
    body: Option<Type>,
}

/// A field of a body, or a parameter.
struct Field {
    name: String,
    place: String,
    kind: Type,
    needed: bool,
    what: Vec<Piece>,
}

/// A type in words, with the schema it leads to.
struct Type {
    before: String,
    name: String,
    link: String,
    after: String,
}

struct Schema {
    anchor: String,
    name: String,
    what: String,
    fields: Vec<Field>,
    values: String,
}

struct ProblemRow {
    code: String,
    status: u16,
    what: String,
}

/// Answers with the page.
pub async fn show(p: Page) -> Response {
    let whole = document::whole();
    let show =
        Show { groups: groups(whole, &p), schemas: schemas(whole), problems: problems(&p), p };
    page::render(&show)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("").to_string()
}

fn anchor(text: &str) -> String {
    let dashed = text.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// The groups in reading order, by their tags in the document.
const ORDER: [&str; 38] = [
    "people",
    "own",
    "goods",
    "places",
    "cart",
    "orders",
    "gifts",
    "coupons",
    "wallet",
    "points",
    "campaigns",
    "invoices",
    "returns",
    "reviews",
    "games",
    "group buys",
    "sharing",
    "staff: goods",
    "staff: stock",
    "staff: orders",
    "staff: customers",
    "staff: delivery",
    "staff: prices",
    "staff: offers",
    "staff: wallets",
    "staff: points",
    "staff: sellers",
    "staff: campaigns",
    "staff: invoices",
    "staff: content",
    "staff: returns",
    "staff: reviews",
    "staff: group buys",
    "staff: games",
    "staff: letters",
    "staff: books",
    "staff: payments",
    "staff: webhooks",
];

fn groups(whole: &Value, p: &Page) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let order = ["get", "post", "put", "patch", "delete"];
    for (path, methods) in whole["paths"].as_object().into_iter().flatten() {
        for method in order {
            let Some(operation) = methods.get(method) else { continue };
            let name = text(&operation["tags"][0]);
            let at = groups.iter().position(|group| group.name == name).unwrap_or_else(|| {
                let anchor = format!("group-{}", anchor(&name));
                groups.push(Group { anchor, name, operations: Vec::new() });
                groups.len() - 1
            });
            groups[at].operations.push(operation_of(path, method, operation));
        }
    }
    let place = |name: &str| ORDER.iter().position(|one| *one == name).unwrap_or(ORDER.len());
    groups.sort_by_key(|group| place(&group.name));
    for group in &mut groups {
        group.name = p.t(&format!("api-group-{}", anchor(&group.name)));
    }
    groups
}

fn operation_of(path: &str, method: &str, operation: &Value) -> Operation {
    let body = &operation["requestBody"]["content"];
    let body = body.as_object().and_then(|content| content.iter().next());
    let params = operation["parameters"].as_array().into_iter().flatten().map(|param| Field {
        name: text(&param["name"]),
        place: text(&param["in"]),
        kind: type_of(&param["schema"]),
        needed: param["required"] == true,
        what: pieces(&text(&param["description"])),
    });
    let answers = operation["responses"].as_object().into_iter().flatten();
    let answers = answers.map(|(status, answer)| {
        let content = answer["content"].as_object();
        let schema = content.and_then(|content| content.values().next());
        Answer {
            status: status.clone(),
            what: pieces(&text(&answer["description"])),
            body: schema.map(|media| type_of(&media["schema"])),
        }
    });
    let description = text(&operation["description"]);
    Operation {
        anchor: format!("{method}-{}", anchor(path.trim_start_matches("/api/v1"))),
        method: method.to_uppercase(),
        path: path.to_string(),
        summary: text(&operation["summary"]),
        description: description.split("\n\n").map(pieces).collect(),
        open: operation["security"].as_array().is_some_and(|ways| ways.len() == 3),
        params: params.collect(),
        body: body.map(|(_, media)| type_of(&media["schema"])),
        body_kind: body.map_or(String::new(), |(kind, _)| kind.clone()),
        answers: answers.collect(),
    }
}

/// A schema in words.
fn type_of(schema: &Value) -> Type {
    let plain = |name: String| Type {
        before: String::new(),
        name,
        link: String::new(),
        after: String::new(),
    };
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or("").to_string();
        let link = format!("schema-{}", anchor(&name));
        return Type { before: String::new(), name, link, after: String::new() };
    }
    let any = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    if let Some(any) = any {
        let something: Vec<&Value> = any.iter().filter(|one| one["type"] != "null").collect();
        if let [one] = something[..] {
            let inner = type_of(one);
            return Type { after: format!("{} | null", inner.after), ..inner };
        }
        let names: Vec<String> = something.iter().map(|one| type_of(one).name).collect();
        return plain(names.join(" | "));
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<String> = values.iter().map(|value| format!("“{}”", text(value))).collect();
        return plain(values.join(" | "));
    }
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).collect(),
        kind => vec![text(kind)],
    };
    let nothing = if kinds.iter().any(|kind| kind == "null") { " | null" } else { "" };
    let kind = kinds.into_iter().find(|kind| kind != "null").unwrap_or_default();
    if kind == "array" {
        let inner = type_of(&schema["items"]);
        let after = format!("{}[]{nothing}", inner.after);
        return Type { after, ..inner };
    }
    let format = match schema["format"].as_str() {
        Some("date-time") => " (date-time)",
        _ => "",
    };
    plain(format!("{kind}{format}{nothing}"))
}

fn fields_of(schema: &Value) -> Vec<Field> {
    let needed: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let field = |(name, property): (&String, &Value)| Field {
        name: name.clone(),
        place: String::new(),
        kind: type_of(property),
        needed: needed.contains(&name.as_str()),
        what: pieces(&text(&property["description"])),
    };
    let mut fields: Vec<Field> = properties.map(field).collect();
    // One of several shapes: each shape's fields, named by what tells it apart.
    for shape in schema["oneOf"].as_array().into_iter().flatten() {
        fields.extend(fields_of(shape));
    }
    fields
}

fn schemas(whole: &Value) -> Vec<Schema> {
    let all = whole["components"]["schemas"].as_object().into_iter().flatten();
    let schema = |(name, schema): (&String, &Value)| Schema {
        anchor: format!("schema-{}", anchor(name)),
        name: name.clone(),
        what: text(&schema["description"]),
        fields: fields_of(schema),
        values: match (&schema["enum"], &schema["pattern"]) {
            (Value::Array(values), _) => values.iter().map(text).collect::<Vec<_>>().join(" · "),
            (_, Value::String(pattern)) => pattern.clone(),
            _ => String::new(),
        },
    };
    all.map(schema).collect()
}

/// Every code a problem can have.
fn problems(p: &Page) -> Vec<ProblemRow> {
    use crate::answer::Fault;
    use app::failure::{Failure, KeyProblem};
    let general = [
        Fault::Failed(Failure::NotFound),
        Fault::Failed(Failure::SignInFirst),
        Fault::Failed(Failure::Forbidden),
        Fault::Failed(Failure::Stale),
        Fault::Failed(Failure::Key(KeyProblem::Missing)),
        Fault::Failed(Failure::Key(KeyProblem::Malformed)),
        Fault::Failed(Failure::Key(KeyProblem::Reused)),
        Fault::Failed(Failure::TooMany { retry_after: 60 }),
        Fault::Failed(Failure::Unavailable),
        Fault::Failed(Failure::Broken(String::new())),
        Fault::BadRequest(String::new()),
        Fault::Method,
        Fault::TooLarge { most: crate::form::MOST },
        Fault::TooLong,
        Fault::Headers,
        Fault::Media { types: "application/json" },
        Fault::Precondition,
        Fault::Csrf,
        Fault::Deadline,
        Fault::Slow,
        Fault::Version,
    ];
    let mut rows: Vec<ProblemRow> = general
        .iter()
        .map(|fault| ProblemRow {
            code: fault.code().to_string(),
            status: fault.status().as_u16(),
            what: fault.detail(p.locale),
        })
        .collect();
    // What a refusal mentions is not known here; its name stands for it.
    for code in CODES {
        let id = refusal_id(code);
        let fault = Fault::Failed(Failure::refused(code));
        rows.push(ProblemRow {
            code: code.to_string(),
            status: fault.status().as_u16(),
            what: p.locale.plain(&id),
        });
    }
    rows
}

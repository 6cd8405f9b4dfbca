//! One product: everything about it on one page, written whole.

use app::catalog::{
    self, CategoryView, PictureInput, ProductDetail, ProductInput, ProductTextInput, VariantInput,
};
use app::failure::Failure;
use app::seller::{self, SellerView};
use app::shop;
use askama::Template;
use axum::extract::Path;
use domain::catalog::{MOST_OPTIONS, MOST_VARIANTS, Product, Status};
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::tax::Class;

use super::{listed, tone};
use crate::answer::Fault;
use crate::console::fields::{amount, whole};
use crate::console::part::{Choice, Field};
use crate::console::{Answer, Desk, Frame, where_allowed};
use crate::form::{Form, Upload};

#[derive(Template)]
#[template(path = "console/product/edit.html")]
struct Edit {
    p: Frame,
    heading: String,
    status_label: String,
    status_tone: &'static str,
    public_href: String,
    group_href: String,
    action: String,
    errors: Vec<String>,
    f: Fields,
    pictures: Vec<PictureRow>,
    upload: String,
    options: Vec<Field>,
    option_heads: Vec<String>,
    variants: Vec<VariantRow>,
    statuses: Vec<Choice>,
    categories: Vec<CategoryTick>,
    text_action: String,
    text_lang: &'static str,
    text_heading: String,
    text_title: String,
    text_body: String,
}

#[derive(Default)]
struct Fields {
    version: String,
    title: String,
    body: String,
    tags: String,
    vendor: String,
    /// Whose it may be; nothing to choose where the shop sells everything itself.
    sellers: Vec<Choice>,
    product_type: String,
    handle: String,
    seo_title: String,
    seo_description: String,
    seo_shown: String,
    address: String,
}

struct PictureRow {
    id: String,
    src: String,
    alt: String,
    icon: &'static str,
    state: String,
    retry: String,
}

struct CategoryTick {
    value: String,
    label: String,
    depth: i64,
    chosen: bool,
}

struct VariantRow {
    n: usize,
    id: String,
    options: Vec<Field>,
    sku: String,
    price: String,
    compare: String,
    grams: String,
    tracked: bool,
    oversell: bool,
    ships: bool,
    taxes: Vec<Choice>,
    available: String,
    stock_href: String,
}

/// What the page is drawn from: the product as it is, and the form as it was typed.
struct Known {
    product: Option<ProductDetail>,
    categories: Vec<CategoryView>,
    currency: Currency,
    locale: String,
    /// Who else sells here; nobody for those of a seller's, whose products are theirs.
    sellers: Vec<SellerView>,
}

async fn known(desk: &Desk, id: Option<Id<Product>>) -> Result<Known, Fault> {
    desk.act(move |app, visitor| {
        let product = id.map(|id| catalog::detail(app, visitor, id)).transpose()?;
        let categories = catalog::categories::list(app, visitor)?;
        let shop = app.read(shop::get)?;
        let theirs = visitor.person.as_ref().is_some_and(|person| person.seller.is_some());
        let sellers = if theirs { None } else { where_allowed(seller::list(app, visitor))? };
        let sellers = sellers.unwrap_or_default();
        Ok(Known { product, categories, currency: shop.currency, locale: shop.locale, sellers })
    })
    .await
    .map_err(Fault::from)
}

/// An empty form.
pub async fn new(desk: Desk) -> Answer {
    let known = known(&desk, None).await?;
    let form = Form::default();
    desk.show(page(&desk, &known, &form, Vec::new()))
}

/// The product.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let known = known(&desk, Some(Id::parse(&id).ok_or(Failure::NotFound)?)).await?;
    let form = known.product.as_ref().map(typed).unwrap_or_default();
    desk.show(page(&desk, &known, &form, Vec::new()))
}

/// Makes a product.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let known = known(&desk, None).await?;
    let input = match input(&desk, &known, &form) {
        Ok(input) => input,
        Err(errors) => return desk.show_again(page(&desk, &known, &form, errors)),
    };
    match desk.act(move |app, visitor| catalog::create(app, visitor, input)).await {
        Ok(made) => desk.on(&format!("/console/products/{}", made.id), "saved"),
        Err(failure) => {
            let errors = vec![desk.complaint(failure)?];
            desk.show_again(page(&desk, &known, &form, errors))
        }
    }
}

/// Changes a product.
pub async fn update(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Product> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let known = known(&desk, Some(id)).await?;
    let input = match input(&desk, &known, &form) {
        Ok(input) => input,
        Err(errors) => return desk.show_again(page(&desk, &known, &form, errors)),
    };
    match desk.act(move |app, visitor| catalog::edit(app, visitor, id, input)).await {
        Ok(_) => desk.on(&format!("/console/products/{id}"), "saved"),
        Err(failure) => {
            let errors = vec![desk.complaint(failure)?];
            desk.show_again(page(&desk, &known, &form, errors))
        }
    }
}

/// Gives a product its texts in the other language.
pub async fn translate(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Product> = Id::parse(&id).ok_or(Failure::NotFound)?;
    desk.act(move |app, visitor| {
        let before = catalog::detail(app, visitor, id)?;
        let locale = form.get("locale").to_string();
        let words = before.texts.iter().find(|text| text.locale == locale);
        let text = ProductTextInput {
            title: form.get("title").to_string(),
            body_html: form.get("body_html").to_string(),
            words: words.map(|text| text.words.clone()).unwrap_or_default(),
            locale,
        };
        catalog::translate(app, visitor, id, text)
    })
    .await?;
    desk.on(&format!("/console/products/{id}"), "saved")
}

/// Adds pictures from the merchant's own disk.
pub async fn upload(desk: Desk, Path(id): Path<String>, upload: Upload) -> Answer {
    let id: Id<Product> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let added = desk.act(move |app, visitor| {
        for file in upload.files.iter().filter(|file| !file.bytes.is_empty()) {
            catalog::pictures::upload(app, visitor, id, &file.bytes, "")?;
        }
        Ok(())
    });
    match added.await {
        Ok(()) => desk.on(&format!("/console/products/{id}#pictures"), "saved"),
        Err(failure) => {
            let errors = vec![desk.complaint(failure)?];
            let known = known(&desk, Some(id)).await?;
            let form = known.product.as_ref().map(typed).unwrap_or_default();
            desk.show_again(page(&desk, &known, &form, errors))
        }
    }
}

/// Tries again to fetch a picture.
pub async fn retry_picture(desk: Desk, Path((id, picture)): Path<(String, String)>) -> Answer {
    let picture = Id::parse(&picture).ok_or(Failure::NotFound)?;
    desk.act(move |app, visitor| catalog::pictures::retry(app, visitor, picture)).await?;
    desk.on(&format!("/console/products/{id}#pictures"), "job-retry-done")
}

/// The product as its form would be typed.
fn typed(product: &ProductDetail) -> Form {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| fields.push((name.to_string(), value));
    put("version", product.version.to_string());
    put("title", product.title.clone());
    put("body_html", product.body_html.clone());
    put("tags", product.tags.join(", "));
    put("vendor", product.vendor.clone());
    put("seller", product.seller.map_or(String::new(), |id| id.to_string()));
    put("product_type", product.product_type.clone());
    put("handle", product.handle.clone());
    put("seo_title", product.seo_title.clone());
    put("seo_description", product.seo_description.clone());
    put("status", product.status.code().to_string());
    for category in &product.categories {
        put("category", category.id.to_string());
    }
    for (i, name) in product.options.iter().enumerate() {
        put(&format!("option{i}"), name.clone());
    }
    for (n, variant) in product.variants.iter().enumerate() {
        put(&format!("v{n}_id"), variant.id.to_string());
        for (i, value) in variant.options.iter().enumerate() {
            put(&format!("v{n}_o{i}"), value.clone());
        }
        put(&format!("v{n}_sku"), variant.sku.clone());
        put(&format!("v{n}_price"), variant.price.decimal());
        put(&format!("v{n}_compare"), variant.compare_at.map_or(String::new(), Money::decimal));
        put(&format!("v{n}_grams"), variant.grams.to_string());
        put(&format!("v{n}_tax"), variant.tax.code().to_string());
        for (box_name, on) in
            [("tracked", variant.tracked), ("oversell", variant.oversell), ("ships", variant.ships)]
        {
            if on {
                put(&format!("v{n}_{box_name}"), "yes".into());
            }
        }
    }
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Form::of(&fields)
}

/// How many variant rows the form has.
fn rows(form: &Form) -> usize {
    let sent = |n: usize| form.fields().any(|(name, _)| name == format!("v{n}_price"));
    (0..MOST_VARIANTS).take_while(|n| sent(*n)).count()
}

/// What the form asks for, or what in it cannot be read.
fn input(desk: &Desk, known: &Known, form: &Form) -> Result<ProductInput, Vec<String>> {
    let mut errors = Vec::new();
    let currency = known.currency;
    let mut money = |n: usize, name: &str, needed: bool| -> Option<Money> {
        let text = form.get(&format!("v{n}_{name}"));
        let found = amount(text, currency);
        if found.is_none() && (needed || !text.is_empty()) {
            let n = n + 1;
            errors.push(desk.tell("console-product-bad-price", &[("n", &n), ("text", &text)]));
        }
        found
    };
    let options: Vec<String> = (0..MOST_OPTIONS)
        .map(|i| form.get(&format!("option{i}")).to_string())
        .filter(|name| !name.is_empty())
        .collect();
    let mut variants = Vec::new();
    for n in 0..rows(form) {
        let id = Id::parse(form.get(&format!("v{n}_id")));
        let before = known
            .product
            .as_ref()
            .and_then(|product| product.variants.iter().find(|variant| Some(variant.id) == id));
        let price = money(n, "price", true).unwrap_or(Money::zero(currency));
        let compare_at = money(n, "compare", false);
        let named = |name: &str| form.get(&format!("v{n}_{name}"));
        variants.push(VariantInput {
            id,
            options: (0..options.len()).map(|i| named(&format!("o{i}")).to_string()).collect(),
            sku: named("sku").to_string(),
            barcode: before.map_or(String::new(), |variant| variant.barcode.clone()),
            price,
            compare_at,
            cost: before.and_then(|variant| variant.cost),
            grams: whole(named("grams")).unwrap_or(0),
            tracked: !named("tracked").is_empty(),
            oversell: !named("oversell").is_empty(),
            ships: !named("ships").is_empty(),
            picture_src: before.map_or(String::new(), |variant| variant.picture_src.clone()),
            tax: Class::parse(named("tax")),
        });
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let dropped = form.all("drop");
    let pictures = form.all("picture").into_iter().zip(form.all("alt"));
    let pictures = pictures
        .filter(|(id, _)| !dropped.contains(id))
        .filter_map(|(id, alt)| Some(PictureInput { id: Id::parse(id)?, alt: alt.to_string() }));
    let before = known.product.as_ref();
    Ok(ProductInput {
        title: form.get("title").to_string(),
        handle: form.get("handle").to_string(),
        body_html: form.get("body_html").to_string(),
        vendor: form.get("vendor").to_string(),
        seller: form.maybe("seller").and_then(Id::parse),
        product_category: before.map_or(String::new(), |b| b.product_category.clone()),
        product_type: form.get("product_type").to_string(),
        tags: listed(form.get("tags")),
        status: Status::parse(form.get("status")).unwrap_or(Status::Draft),
        published: before.is_none_or(|before| before.published),
        options,
        variants,
        pictures: before.map(|_| pictures.collect()),
        categories: Some(form.all("category").into_iter().filter_map(Id::parse).collect()),
        seo_title: form.get("seo_title").to_string(),
        seo_description: form.get("seo_description").to_string(),
        version: form.parse("version"),
    })
}

fn page(desk: &Desk, known: &Known, form: &Form, errors: Vec<String>) -> Edit {
    let p = desk.frame("/console/products");
    let product = known.product.as_ref();
    let status = Status::parse(form.get("status")).unwrap_or(Status::Draft);
    let options: Vec<Field> = (0..MOST_OPTIONS)
        .map(|i| Field {
            name: format!("option{i}"),
            label: p.t1("console-product-option", "n", i + 1),
            value: form.get(&format!("option{i}")).to_string(),
            hint: p.t("console-product-option-hint"),
        })
        .collect();
    let heads: Vec<String> =
        options.iter().map(|o| o.value.clone()).filter(|name| !name.is_empty()).collect();
    let variants =
        (0..rows(form).max(1)).map(|n| variant_row(&p, form, product, &heads, n)).collect();
    let base = desk.base_url();
    let other = p.locale.other();
    // The page of texts is for the language that is not the shop's own.
    let text_lang = if known.locale == other.code() { p.locale } else { other };
    let text = product.and_then(|b| b.texts.iter().find(|text| text.locale == text_lang.code()));
    let href = product.map_or(String::new(), |b| format!("/console/products/{}", b.id));
    let sub = |tail: &str| product.map_or(String::new(), |_| format!("{href}/{tail}"));
    let language = p.t(&format!("console-language-{}", text_lang.code()));
    Edit {
        heading: product.map_or_else(|| p.t("console-product-new"), |b| b.title.clone()),
        status_label: product
            .map_or(String::new(), |b| p.t(&format!("console-product-{}", b.status.code()))),
        status_tone: product.map_or("", |b| tone(b.status)),
        public_href: product
            .filter(|b| b.status == Status::Active)
            .map_or(String::new(), |b| format!("/products/{}", b.handle)),
        group_href: product
            .map_or(String::new(), |b| format!("/console/group-buys/new?product={}", b.id)),
        action: product.map_or("/console/products".into(), |_| href.clone()),
        errors,
        f: Fields {
            version: form.get("version").into(),
            title: form.get("title").into(),
            body: form.get("body_html").into(),
            tags: form.get("tags").into(),
            vendor: form.get("vendor").into(),
            sellers: sellers(&p, known, form),
            product_type: form.get("product_type").into(),
            handle: form.get("handle").into(),
            seo_title: form.get("seo_title").into(),
            seo_description: form.get("seo_description").into(),
            seo_shown: [form.get("seo_title"), form.get("title")]
                .into_iter()
                .find(|text| !text.is_empty())
                .unwrap_or("…")
                .into(),
            address: format!("{base}/products/{}", form.get("handle")),
        },
        pictures: product.map_or(Vec::new(), |b| pictures(&p, b)),
        upload: sub("pictures"),
        options,
        option_heads: heads,
        variants,
        statuses: Choice::among(
            status.code(),
            Status::ALL.map(|s| (s.code().into(), p.t(&format!("console-product-{}", s.code())))),
        ),
        categories: {
            let chosen = form.all("category");
            let tick = |c: &CategoryView| CategoryTick {
                value: c.id.to_string(),
                label: c.name.clone(),
                depth: c.depth.min(3),
                chosen: chosen.contains(&c.id.to_string().as_str()),
            };
            known.categories.iter().map(tick).collect()
        },
        text_action: sub("text"),
        text_lang: text_lang.code(),
        text_heading: p.t1("console-product-text", "language", language),
        text_title: text.map_or(String::new(), |text| text.title.clone()),
        text_body: text.map_or(String::new(), |text| text.body_html.clone()),
        p,
    }
}

fn variant_row(
    p: &Frame,
    form: &Form,
    product: Option<&ProductDetail>,
    heads: &[String],
    n: usize,
) -> VariantRow {
    let get = |name: &str| form.get(&format!("v{n}_{name}")).to_string();
    let id = get("id");
    let before =
        product.and_then(|b| b.variants.iter().find(|variant| variant.id.to_string() == id));
    // A row nobody has typed in yet begins as most goods are: counted, and shipped.
    let fresh = get("price").is_empty() && id.is_empty();
    let option = |(i, name): (usize, &String)| Field {
        name: format!("o{i}"),
        label: name.clone(),
        value: get(&format!("o{i}")),
        hint: String::new(),
    };
    VariantRow {
        n,
        options: heads.iter().enumerate().map(option).collect(),
        sku: get("sku"),
        price: get("price"),
        compare: get("compare"),
        grams: get("grams"),
        tracked: fresh || !get("tracked").is_empty(),
        oversell: !get("oversell").is_empty(),
        ships: fresh || !get("ships").is_empty(),
        taxes: Choice::among(
            &get("tax"),
            Class::ALL
                .map(|tax| (tax.code().into(), p.t(&format!("console-tax-class-{}", tax.code())))),
        ),
        available: before.map_or(String::new(), |variant| variant.available.to_string()),
        stock_href: before
            .map_or(String::new(), |variant| format!("/console/stock/{}", variant.id)),
        id,
    }
}

fn pictures(p: &Frame, product: &ProductDetail) -> Vec<PictureRow> {
    let row = |detail: &catalog::PictureDetail| {
        let picture = &detail.picture;
        let failed = picture.state == "failed";
        let retry = format!("/console/products/{}/pictures/{}/retry", product.id, picture.id);
        PictureRow {
            id: picture.id.to_string(),
            src: picture.thumb.clone(),
            alt: picture.alt.clone(),
            icon: if failed { "alert" } else { "clock" },
            state: match failed {
                true => p.t("console-product-picture-failed"),
                false => p.t("console-product-picture-remote"),
            },
            retry: if failed { retry } else { String::new() },
        }
    };
    product.pictures.iter().map(row).collect()
}

fn sellers(p: &Frame, known: &Known, form: &Form) -> Vec<Choice> {
    if known.sellers.is_empty() {
        return Vec::new();
    }
    let own = (String::new(), p.t("console-seller-none"));
    let all = known.sellers.iter().map(|one| (one.id.to_string(), one.name.clone()));
    Choice::among(form.get("seller"), std::iter::once(own).chain(all))
}

-- Products, their pictures and their stock.

create table categories (
    id bigint primary key,
    slug text not null unique,
    name text not null,
    blurb text not null,
    parent_id bigint references categories (id),
    position bigint not null
);

-- A category in another language than the shop's own.
create table category_texts (
    category_id bigint not null references categories (id),
    locale text not null,
    name text not null,
    blurb text not null,
    primary key (category_id, locale)
);

create table products (
    id bigint primary key,
    handle text not null unique,
    title text not null,
    body_html text not null,
    vendor text not null,
    -- The standard taxonomy's path, as the product file carries it.
    product_category text not null,
    product_type text not null,
    status text not null check (status in ('draft', 'active', 'archived')),
    published bigint not null check (published in (0, 1)),
    gift_card bigint not null check (gift_card in (0, 1)),
    -- Names of up to three options, as a JSON array.
    options text not null,
    seo_title text not null,
    seo_description text not null,
    -- Columns of the product file we do not use, kept for the next export, as a JSON object.
    extra text not null,
    -- Lower-cased title, vendor, tags and handle, for the search box.
    search text not null,
    -- How many units were paid for, for "popular".
    sold bigint not null default 0,
    -- The lowest price of its variants, for lists by price.
    low_price bigint not null default 0,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null
);
create index products_shown on products (status, published, id);
create index products_popular on products (status, published, sold, id);
create index products_by_price on products (status, published, low_price, id);
create index products_changed on products (updated_at, id);

create table product_texts (
    product_id bigint not null references products (id),
    locale text not null,
    title text not null,
    body_html text not null,
    -- Option names and values in this language: a JSON object from the shop's word to this one.
    words text not null,
    primary key (product_id, locale)
);

create table product_tags (
    product_id bigint not null references products (id),
    tag text not null,
    position bigint not null,
    primary key (product_id, tag)
);
create index product_tags_tag on product_tags (tag);

create table product_categories (
    product_id bigint not null references products (id),
    category_id bigint not null references categories (id),
    primary key (product_id, category_id)
);
create index product_categories_category on product_categories (category_id);

-- `src` is where it came from; `file` the hash of our own copy, once there is one.
create table pictures (
    id bigint primary key,
    product_id bigint not null references products (id),
    position bigint not null,
    src text not null,
    alt text not null,
    state text not null check (state in ('remote', 'stored', 'failed')),
    file text,
    -- And of the small one.
    thumb text,
    width bigint,
    height bigint,
    -- The average colour, shown while it loads: `#e8e2d6`.
    color text,
    error text,
    unique (product_id, src)
);

-- Bytes by their SHA-256: pictures, kept with everything else so that a backup has all.
create table files (
    hash text primary key,
    mime text not null,
    bytes bytea not null,
    created_at bigint not null
);

create table variants (
    id bigint primary key,
    product_id bigint not null references products (id),
    position bigint not null,
    option1 text not null,
    option2 text not null,
    option3 text not null,
    sku text not null,
    barcode text not null,
    price bigint not null check (price >= 0),
    compare_at bigint check (compare_at >= 0),
    cost bigint check (cost >= 0),
    currency text not null,
    grams bigint not null check (grams >= 0),
    weight_unit text not null,
    -- Whether its stock is counted. An uncounted variant is never sold out.
    tracked bigint not null check (tracked in (0, 1)),
    -- Whether it may be sold beyond its stock.
    oversell bigint not null check (oversell in (0, 1)),
    ships bigint not null check (ships in (0, 1)),
    taxable bigint not null check (taxable in (0, 1)),
    tax_code text not null,
    fulfillment text not null,
    picture_src text not null,
    extra text not null,
    archived bigint not null default 0 check (archived in (0, 1)),
    version bigint not null
);
create unique index variants_options on variants (product_id, option1, option2, option3)
    where archived = 0;
create index variants_sku on variants (sku);

create table stock (
    variant_id bigint primary key references variants (id),
    received bigint not null check (received >= 0),
    available bigint not null check (available >= 0),
    set_aside bigint not null check (set_aside >= 0),
    reserved bigint not null check (reserved >= 0),
    sold bigint not null check (sold >= 0),
    lost bigint not null check (lost >= 0),
    check (received = available + set_aside + reserved + sold + lost)
);

create table stock_moves (
    id bigint primary key,
    variant_id bigint not null references stock (variant_id),
    cause text not null,
    d_received bigint not null,
    d_available bigint not null,
    d_set_aside bigint not null,
    d_reserved bigint not null,
    d_sold bigint not null,
    d_lost bigint not null,
    order_id bigint,
    reservation_id bigint,
    actor_id bigint,
    reason text not null,
    at bigint not null,
    check (d_received = d_available + d_set_aside + d_reserved + d_sold + d_lost)
);
create index stock_moves_variant on stock_moves (variant_id, id);
create index stock_moves_order on stock_moves (order_id);

create table imports (
    id bigint primary key,
    file_name text not null,
    actor_id bigint,
    at bigint not null,
    dry_run bigint not null check (dry_run in (0, 1)),
    report text not null
);

-- Prices: who pays what, when and in which currency; what things cost before; the tax on it.

create table customer_groups (
    id bigint primary key,
    -- In the shop's language and in English.
    name text not null unique,
    name_en text not null,
    -- The higher, the better the customer; only for the eye.
    level bigint not null check (level between 0 and 1000),
    created_at bigint not null,
    version bigint not null
);

create table customer_group_members (
    group_id bigint not null references customer_groups (id),
    person_id bigint not null references people (id),
    added_at bigint not null,
    added_by bigint not null references people (id),
    primary key (group_id, person_id)
);
create index customer_group_members_person on customer_group_members (person_id);

create table price_lists (
    id bigint primary key,
    name text not null unique,
    currency text not null,
    starts_at bigint,
    ends_at bigint,
    -- Only between two that say the same.
    priority bigint not null,
    active bigint not null check (active in (0, 1)),
    -- What it takes off: domain::price::list::Cut as a JSON array.
    cuts text not null,
    created_at bigint not null,
    version bigint not null,
    check (starts_at is null or ends_at is null or ends_at > starts_at)
);

-- Whose prices they are; everybody's when there is none.
create table price_list_groups (
    list_id bigint not null references price_lists (id),
    group_id bigint not null references customer_groups (id),
    primary key (list_id, group_id)
);
create index price_list_groups_group on price_list_groups (group_id);

create table price_list_prices (
    list_id bigint not null references price_lists (id),
    variant_id bigint not null references variants (id),
    from_quantity bigint not null check (from_quantity between 1 and 9999),
    price bigint not null check (price >= 0),
    primary key (list_id, variant_id, from_quantity)
);
create index price_list_prices_variant on price_list_prices (variant_id);

-- What everybody could buy at, from when until just before when. What has begun is never changed
-- but for its end.
create table price_history (
    id bigint primary key,
    variant_id bigint not null references variants (id),
    currency text not null,
    -- The list for everybody whose price it is; 0 for the product's own.
    list_id bigint not null default 0,
    price bigint not null check (price >= 0),
    -- What was claimed as the price before.
    compare_at bigint check (compare_at >= 0),
    from_at bigint not null,
    until_at bigint,
    check (until_at is null or until_at >= from_at)
);
create index price_history_variant on price_history (variant_id, from_at);
create index price_history_list on price_history (list_id, from_at) where list_id <> 0;
create unique index price_history_open on price_history (variant_id)
    where list_id = 0 and until_at is null;
-- The same for what a list takes off: its cuts as they were.
create table price_cut_history (
    list_id bigint not null references price_lists (id),
    cuts text not null,
    from_at bigint not null,
    until_at bigint,
    primary key (list_id, from_at),
    check (until_at is null or until_at >= from_at)
);

-- What is known of prices so far: a product that was not changed since has cost this since then.
insert into price_history (id, variant_id, currency, price, compare_at, from_at)
select v.id, v.id, v.currency, v.price, v.compare_at, p.updated_at
from variants v join products p on p.id = v.product_id where v.archived = 0;

-- What may be struck through beside the product's own price; null without evidence.
alter table variants add column former bigint check (former >= 0);

create table tax_rules (
    id bigint primary key,
    position bigint not null unique,
    -- `*`, `CN`, `US/CA` or `US/CA/San Jose`, and what the postcode begins with.
    area text not null,
    postcode text not null,
    class text not null check (class in ('standard', 'reduced')),
    -- In basis points.
    rate bigint not null check (rate between 0 and 10000)
);

-- Currencies beside the shop's own. `micros`: how many millionths of it one of the shop's buys;
-- null where only written prices count.
create table shop_currencies (
    currency text primary key,
    micros bigint check (micros > 0),
    step bigint not null check (step >= 1),
    position bigint not null
);

alter table shop add column tax_inclusive bigint not null default 1
    check (tax_inclusive in (0, 1));
alter table shop add column tax_shipping bigint not null default 0
    check (tax_shipping in (0, 1));
-- Where the shop is taxed itself: what is fetched, and what goes where is not known.
alter table shop add column tax_home text not null default '';
-- How many there are in force, so that an order in a shop without any asks for none of them.
alter table shop add column price_lists bigint not null default 0;
alter table shop add column tax_rules bigint not null default 0;
alter table shop add column currencies bigint not null default 0;
-- Counts changes of all of them.
alter table shop add column pricing_version bigint not null default 0;

-- How a line's price came about, and the tax on it: added to it or inside it, never both.
alter table order_lines add column price_why text not null default 'ordinary'
    check (price_why in ('ordinary', 'list', 'level', 'limited', 'campaign', 'agreed'));
alter table order_lines add column price_list_id bigint references price_lists (id);
-- What one cost then without any list or campaign; null where that is not known.
alter table order_lines add column ordinary_price bigint check (ordinary_price >= 0);
alter table order_lines add column tax_rate bigint not null default 0
    check (tax_rate between 0 and 10000);
alter table order_lines add column tax_added bigint not null default 0 check (tax_added >= 0);
alter table order_lines add column tax_inside bigint not null default 0
    check (tax_inside >= 0 and tax_inside <= total and (tax_inside = 0 or tax_added = 0));
-- What of it is promised to go back, or went. Tax that was added is not in `refunded`.
alter table order_lines add column tax_back bigint not null default 0
    check (tax_back >= 0 and tax_back <= tax_added + tax_inside);
update order_lines set price_why = 'campaign'
    where order_id in (select id from orders where group_buy_id is not null);

alter table orders add column tax_inside bigint not null default 0
    check (tax_inside >= 0 and tax_inside <= total);
alter table orders add column shipping_tax_rate bigint not null default 0
    check (shipping_tax_rate between 0 and 10000);
alter table orders add column shipping_tax_added bigint not null default 0
    check (shipping_tax_added >= 0 and shipping_tax_added <= tax);
alter table orders add column shipping_tax_inside bigint not null default 0
    check (shipping_tax_inside >= 0 and shipping_tax_inside <= tax_inside);
alter table orders add column shipping_tax_back bigint not null default 0
    check (shipping_tax_back >= 0
        and shipping_tax_back <= shipping_tax_added + shipping_tax_inside);

-- What of a refund is tax.
alter table refunds add column tax bigint not null default 0 check (tax >= 0 and tax <= amount);

-- What was liked had a price in a currency.
alter table favourites add column currency text not null default '';
update favourites set currency = (select currency from shop);

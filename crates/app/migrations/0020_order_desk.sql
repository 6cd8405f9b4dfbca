-- Orders at the desk: notes, tags, kept views, changes before payment and before shipping, drafts,
-- links to pay by, acts on many orders, hints.

-- What staff wrote down. Buyers never see it.
create table order_notes (
    id bigint primary key,
    order_id bigint not null references orders (id),
    author_id bigint not null,
    text text not null check (text <> ''),
    at bigint not null
);
create index order_notes_order on order_notes (order_id);

create table order_tags (
    order_id bigint not null references orders (id),
    tag text not null check (tag <> ''),
    added_by bigint not null,
    added_at bigint not null,
    primary key (order_id, tag)
);
create index order_tags_tag on order_tags (tag, order_id);

-- Ways to look at the list; shared ones are everybody's.
create table order_views (
    id bigint primary key,
    owner_id bigint not null references people (id),
    shared bigint not null check (shared in (0, 1)),
    name text not null check (name <> ''),
    -- JSON.
    filter text not null,
    created_at bigint not null,
    unique (owner_id, name)
);

-- What staff changed of an order: JSON before and after.
create table order_changes (
    id bigint primary key,
    order_id bigint not null references orders (id),
    kind text not null check (kind in ('price', 'address', 'out', 'swap')),
    actor_id bigint not null,
    reason text not null,
    before text not null,
    after text not null,
    total_before bigint not null check (total_before >= 0),
    total_after bigint not null check (total_after >= 0),
    -- What goes back with it.
    refund bigint not null default 0 check (refund >= 0),
    at bigint not null
);
create index order_changes_order on order_changes (order_id);

-- Units staff took out before the line was sent. They are among the restocked.
alter table order_lines add column removed bigint not null default 0
    check (removed >= 0 and removed <= quantity);

create index orders_total on orders (total, id);
create index shipments_tracking on shipments (lower(tracking));

-- A link an order is paid by. Another salt makes the one before worthless.
create table pay_links (
    order_id bigint primary key references orders (id),
    salt text not null,
    expires_at bigint not null,
    made_by bigint not null,
    made_at bigint not null
);

-- Orders staff make for somebody. Nothing is promised before it is sent.
create table drafts (
    id bigint primary key,
    status text not null check (status in ('open', 'sent', 'dropped')),
    person_id bigint references people (id),
    -- JSON; what is missing is empty.
    address text not null,
    shipping_method text not null,
    -- What shipping costs when it is not what the rates say.
    shipping bigint check (shipping >= 0),
    note text not null,
    staff_note text not null,
    -- The order it adds to.
    for_order bigint references orders (id),
    order_id bigint unique references orders (id),
    made_by bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null,
    check ((status = 'sent') = (order_id is not null)),
    check (status <> 'sent' or person_id is not null)
);
create index drafts_status on drafts (status, id);

create table draft_lines (
    draft_id bigint not null references drafts (id),
    position bigint not null,
    variant_id bigint not null references variants (id),
    quantity bigint not null check (quantity between 1 and 9999),
    unit_price bigint not null check (unit_price >= 0),
    discount bigint not null check (discount >= 0 and discount <= quantity * unit_price),
    reason text not null check (reason <> '' or discount = 0),
    primary key (draft_id, position)
);

-- One act on many orders, with what became of each.
create table order_bulks (
    id bigint primary key,
    actor_id bigint not null,
    -- JSON.
    act text not null,
    status text not null check (status in ('running', 'done')),
    created_at bigint not null,
    ended_at bigint,
    check ((status = 'done') = (ended_at is not null))
);

create table order_bulk_items (
    bulk_id bigint not null references order_bulks (id),
    position bigint not null,
    -- As the file or the list named it.
    named text not null,
    order_id bigint references orders (id),
    carrier text not null,
    tracking text not null,
    status text not null check (status in ('waiting', 'doing', 'done', 'same', 'refused')),
    code text not null,
    -- JSON: what the words of a refusal need.
    args text not null,
    since bigint not null,
    primary key (bulk_id, position)
);
create index order_bulk_items_open on order_bulk_items (bulk_id, position)
    where status in ('waiting', 'doing');

-- What hints are made of, and the hints; written a moment after an order was placed.
create table order_facts (
    order_id bigint primary key references orders (id),
    person_id bigint not null,
    phone text not null,
    place text not null,
    at bigint not null
);
create index order_facts_phone on order_facts (phone, at);
create index order_facts_place on order_facts (place, at);

create table order_hints (
    order_id bigint not null references orders (id),
    kind text not null,
    n bigint not null,
    primary key (order_id, kind)
);
create index order_hints_kind on order_hints (kind, order_id);

-- Bargains: prices that friends cut down, part by part, from what something costs to its floor.

create table bargains (
    id bigint primary key,
    campaign_id bigint not null references campaigns (id),
    person_id bigint not null references people (id),
    variant_id bigint not null references variants (id),
    quantity bigint not null check (quantity >= 1),
    -- What one unit costs at first, and at the very least.
    currency text not null,
    start bigint not null check (start > 0),
    floor bigint not null check (floor >= 0 and floor < start),
    -- What its cuts were drawn by, and how many there are.
    seed text not null,
    cuts bigint not null check (cuts between 2 and 200),
    -- How many were taken, and what those came to.
    taken bigint not null check (taken >= 0 and taken <= cuts),
    cut bigint not null check (cut >= 0 and cut <= start - floor),
    status text not null check (status in ('running', 'reached', 'expired', 'bought')),
    -- Until when it is cut, and then until when it is bought.
    ends_at bigint not null,
    reached_at bigint,
    -- The order that uses it, paid or not yet.
    order_id bigint references orders (id),
    -- How often it changed.
    seq bigint not null default 1 check (seq >= 1),
    created_at bigint not null,
    check ((taken = cuts) = (cut = start - floor)),
    check ((taken = cuts) = (reached_at is not null)),
    check (status <> 'running' or taken < cuts),
    check (status <> 'reached' or taken = cuts),
    check (status <> 'bought' or order_id is not null),
    check (status <> 'expired' or order_id is null)
);
-- Somebody bargains for the same thing once at a time.
create unique index bargains_open on bargains (campaign_id, person_id, variant_id)
    where status in ('running', 'reached');
create index bargains_person on bargains (person_id, id);
create index bargains_campaign on bargains (campaign_id, id);
create index bargains_ends on bargains (ends_at) where status in ('running', 'reached');
create unique index bargains_order on bargains (order_id) where order_id is not null;

-- The parts the way down was divided into, each taken by one person.
create table bargain_cuts (
    bargain_id bigint not null references bargains (id),
    number bigint not null check (number >= 1),
    amount bigint not null check (amount >= 1),
    person_id bigint references people (id),
    primary key (bargain_id, number)
);
create index bargain_cuts_person on bargain_cuts (person_id) where person_id is not null;

-- Who helped: each once, whatever they cut.
create table bargain_helpers (
    bargain_id bigint not null references bargains (id),
    person_id bigint not null references people (id),
    -- How many cuts they took, and what those came to.
    cuts bigint not null check (cuts >= 1),
    cut bigint not null check (cut >= 1),
    at bigint not null,
    primary key (bargain_id, person_id)
);
create index bargain_helpers_person on bargain_helpers (person_id);

-- What those who take part in a bargain are known by: nobody helps twice by another account.
create table bargain_keys (
    bargain_id bigint not null references bargains (id),
    key text not null,
    primary key (bargain_id, key)
);

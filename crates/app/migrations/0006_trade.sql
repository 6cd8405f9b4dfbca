-- Carts, orders, parcels, payments and refunds.

-- A signed-in person has one cart; a guest's belongs to the session.
create table carts (
    id bigint primary key,
    person_id bigint unique references people (id),
    session_id bigint unique,
    updated_at bigint not null,
    check ((person_id is null) <> (session_id is null))
);

create table cart_lines (
    cart_id bigint not null references carts (id),
    variant_id bigint not null references variants (id),
    quantity bigint not null check (quantity between 1 and 9999),
    added_at bigint not null,
    primary key (cart_id, variant_id)
);

create table shipping_methods (
    id bigint primary key,
    code text not null unique,
    name text not null,
    name_en text not null,
    currency text not null,
    fee bigint not null check (fee >= 0),
    free_from bigint check (free_from >= 0),
    position bigint not null,
    active bigint not null check (active in (0, 1))
);

-- Where a person's parcels went last.
create table last_addresses (
    person_id bigint primary key references people (id),
    address text not null
);

create table orders (
    id bigint primary key,
    person_id bigint not null references people (id),
    status text not null,
    currency text not null,
    subtotal bigint not null check (subtotal >= 0),
    -- What line discounts took off; already inside `subtotal`.
    discount bigint not null check (discount >= 0),
    shipping bigint not null check (shipping >= 0),
    tax bigint not null check (tax >= 0),
    total bigint not null check (total >= 0 and total = subtotal + shipping + tax),
    refunded bigint not null default 0 check (refunded >= 0 and refunded <= total),
    group_buy_id bigint references group_buys (id),
    team_id bigint references teams (id),
    address text not null,
    shipping_method_id bigint references shipping_methods (id),
    note text not null,
    -- The visit that brought the buyer, if one did within the window.
    visit_id bigint,
    created_at bigint not null,
    pay_by bigint not null,
    paid_at bigint,
    cancelled_by text,
    -- Counts its moves.
    seq bigint not null,
    check ((group_buy_id is null) = (team_id is null))
);
create index orders_person on orders (person_id, id);
create index orders_status on orders (status, id);
create index orders_team on orders (team_id);
create index orders_unpaid on orders (pay_by) where status = 'pending_payment';

create table order_lines (
    id bigint primary key,
    order_id bigint not null references orders (id),
    position bigint not null,
    variant_id bigint not null references variants (id),
    product_id bigint not null references products (id),
    -- As they were when it was bought.
    title text not null,
    variant_title text not null,
    sku text not null,
    picture text not null,
    ships bigint not null check (ships in (0, 1)),
    quantity bigint not null check (quantity > 0),
    restocked bigint not null default 0 check (restocked >= 0 and restocked <= quantity),
    unit_price bigint not null check (unit_price >= 0),
    discount bigint not null check (discount >= 0),
    total bigint not null check (total >= 0 and total = quantity * unit_price - discount),
    unique (order_id, position)
);
create index order_lines_variant on order_lines (variant_id);

-- Every change of an order: who, when, why, from, to.
create table order_moves (
    order_id bigint not null references orders (id),
    seq bigint not null,
    from_status text,
    to_status text not null,
    actor text not null check (actor in ('shopper', 'staff', 'provider', 'system')),
    actor_id bigint,
    reason text not null,
    at bigint not null,
    primary key (order_id, seq)
);

-- A promise of units to one order line.
create table reservations (
    id bigint primary key,
    variant_id bigint not null references stock (variant_id),
    order_id bigint not null references orders (id),
    quantity bigint not null check (quantity > 0),
    -- Where the units came from and go back to.
    source text not null check (source in ('available', 'set_aside', 'made')),
    status text not null check (status in ('active', 'claimed', 'released')),
    expires_at bigint not null,
    created_at bigint not null
);
create index reservations_order on reservations (order_id);
create index reservations_active on reservations (variant_id) where status = 'active';

create table shipments (
    id bigint primary key,
    order_id bigint not null unique references orders (id),
    carrier text not null,
    tracking text not null,
    shipped_at bigint not null,
    delivered_at bigint
);

create table payments (
    id bigint primary key,
    order_id bigint not null references orders (id),
    provider text not null,
    -- Our name for it at the provider.
    reference text not null,
    -- Where the buyer pays.
    pay_url text not null,
    status text not null check (status in ('pending', 'captured', 'failed', 'closed')),
    -- `surplus` when the order had been paid by another attempt: it goes back in full.
    purpose text not null check (purpose in ('order', 'surplus')),
    currency text not null,
    amount bigint not null check (amount > 0),
    captured bigint not null check (captured in (0, amount)),
    created_at bigint not null,
    updated_at bigint not null,
    unique (provider, reference)
);
create index payments_order on payments (order_id);

-- What providers told us, once each.
create table payment_notices (
    provider text not null,
    event_id text not null,
    reference text not null,
    body text not null,
    state text not null check (state in ('received', 'done', 'ignored')),
    meaning text,
    received_at bigint not null,
    primary key (provider, event_id)
);

create table refunds (
    id bigint primary key,
    order_id bigint not null references orders (id),
    payment_id bigint not null references payments (id),
    -- Why: group_failed, left_team, tier, late, surplus, cancelled, staff.
    reason text not null,
    currency text not null,
    amount bigint not null check (amount > 0),
    status text not null check (status in ('pending', 'succeeded', 'failed')),
    provider_reference text,
    asked_by bigint,
    created_at bigint not null,
    updated_at bigint not null,
    unique (payment_id, reason)
);
create index refunds_order on refunds (order_id);
create index refunds_pending on refunds (created_at) where status = 'pending';

-- Something for a person to look at.
create table cases (
    id bigint primary key,
    kind text not null,
    about text not null,
    about_id bigint not null,
    detail text not null,
    state text not null check (state in ('open', 'closed')),
    opened_at bigint not null,
    closed_at bigint,
    closed_by bigint,
    unique (kind, about, about_id)
);

-- Somebody's place in a team.
create table places (
    team_id bigint not null references teams (id),
    order_id bigint not null unique references orders (id),
    person_id bigint not null references people (id),
    number bigint not null check (number >= 1),
    quantity bigint not null check (quantity >= 1),
    -- held for the pay window, confirmed by payment, freed unpaid, left by its holder, refunded
    -- after success.
    status text not null check (status in ('held', 'confirmed', 'freed', 'left', 'refunded')),
    taken_at bigint not null,
    confirmed_at bigint,
    primary key (team_id, order_id)
);
create unique index places_number on places (team_id, number)
    where status in ('held', 'confirmed', 'refunded');
create unique index places_person on places (team_id, person_id)
    where status in ('held', 'confirmed');
create index places_of_person on places (person_id, team_id);

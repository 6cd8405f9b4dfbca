-- Group buys, the teams in them, and who holds how much.

create table group_buys (
    id bigint primary key,
    title text not null,
    product_id bigint not null references products (id),
    status text not null check (status in ('draft', 'scheduled', 'running', 'paused', 'ended')),
    starts_at bigint not null,
    ends_at bigint not null check (ends_at > starts_at),
    -- domain::group_buy::Terms as JSON.
    terms text not null,
    created_by bigint not null references people (id),
    created_at bigint not null,
    ended_at bigint,
    version bigint not null
);
create index group_buys_product on group_buys (product_id, status);
create index group_buys_status on group_buys (status, ends_at);

-- What is offered at which price. `quota` null: sold from the ordinary stock. Otherwise that many
-- units were set aside, of which `left_over` are free now.
create table group_buy_variants (
    group_buy_id bigint not null references group_buys (id),
    variant_id bigint not null references variants (id),
    price bigint not null check (price > 0),
    quota bigint check (quota > 0),
    left_over bigint check (left_over >= 0 and left_over <= quota),
    primary key (group_buy_id, variant_id),
    check ((quota is null) = (left_over is null))
);

-- How much one person holds or has bought in one group buy: the counter its limit is kept with.
create table group_buy_people (
    group_buy_id bigint not null references group_buys (id),
    person_id bigint not null references people (id),
    quantity bigint not null check (quantity >= 0),
    most bigint not null,
    primary key (group_buy_id, person_id),
    check (quantity <= most)
);

create table teams (
    id bigint primary key,
    group_buy_id bigint not null references group_buys (id),
    status text not null
        check (status in ('forming', 'open', 'succeeded', 'failed', 'abandoned')),
    leader_id bigint not null references people (id),
    need bigint not null check (need >= 1),
    most bigint not null check (most >= need),
    -- Places held or confirmed, and of these the confirmed.
    taken bigint not null check (taken >= 0 and taken <= most),
    confirmed bigint not null check (confirmed >= 0 and confirmed <= taken),
    deadline bigint,
    -- With how many it succeeded, and whether that is fewer than it needed.
    people bigint,
    lowered bigint not null default 0 check (lowered in (0, 1)),
    -- Why it ended: full, deadline, ended_by_merchant, everyone_left, unpaid.
    ended_because text,
    created_at bigint not null,
    closed_at bigint,
    -- Counts its changes; the last number in the event log.
    seq bigint not null,
    check ((status in ('forming', 'open')) = (closed_at is null)),
    check (status <> 'open' or deadline is not null)
);
create index teams_group_buy on teams (group_buy_id, status, deadline);
create index teams_open on teams (deadline) where status = 'open';

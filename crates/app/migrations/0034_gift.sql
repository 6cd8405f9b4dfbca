-- Buying as a gift: somebody pays, and whoever takes it with its link says where it goes.

-- What the giver pays for a gift sent in this way, wherever it goes; none where it sends no gifts.
alter table shipping_methods add column gift_fee bigint check (gift_fee >= 0);

create table gifts (
    id bigint primary key,
    order_id bigint not null unique references orders (id),
    giver_id bigint not null references people (id),
    card text not null check (length(card) <= 200),
    -- How long it can be taken, in microseconds from when it is paid.
    life bigint not null check (life > 0),
    -- What its link ends in: whoever has it may take it.
    secret text not null check (length(secret) = 24),
    -- Waiting for its order to be paid, open to whoever comes first, then taken or returned.
    state text not null check (state in ('waiting', 'open', 'taken', 'returned')),
    deadline bigint,
    returned_at bigint,
    created_at bigint not null,
    check ((state = 'waiting') = (deadline is null)),
    check ((state = 'returned') = (returned_at is not null))
);
create index gifts_giver on gifts (giver_id, id);
create index gifts_open on gifts (deadline) where state = 'open';

-- Who has a gift: one person, for good.
create table gift_takers (
    gift_id bigint primary key references gifts (id),
    person_id bigint not null references people (id),
    at bigint not null
);
create index gift_takers_person on gift_takers (person_id, gift_id);

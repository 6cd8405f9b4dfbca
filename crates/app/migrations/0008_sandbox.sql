-- The sandbox payment provider's own books. It is another company in spirit: the shop reads these
-- tables only through the provider's interface.

create table sandbox_payments (
    reference text primary key,
    currency text not null,
    amount bigint not null check (amount > 0),
    description text not null,
    return_url text not null,
    status text not null check (status in ('open', 'paid', 'failed', 'closed')),
    refunded bigint not null default 0 check (refunded >= 0 and refunded <= amount),
    created_at bigint not null
);

-- A refund happens once per key.
create table sandbox_refunds (
    key text primary key,
    reference text not null references sandbox_payments (reference),
    amount bigint not null check (amount > 0),
    created_at bigint not null
);

-- Notices on their way to the shop.
create table sandbox_notices (
    id bigint primary key,
    event_id text not null,
    reference text not null,
    body text not null,
    deliver_at bigint not null,
    delivered_at bigint,
    tries bigint not null default 0
);
create index sandbox_notices_due on sandbox_notices (deliver_at) where delivered_at is null;

-- Wallets, money that is topped up, and money that comes without a provider.

-- How much of an unpaid order the buyer's wallet promised to pay.
alter table orders add column promised bigint not null default 0 check (promised >= 0);

-- Store credit that was given (+) or taken back (-).
create table credit_grants (
    id bigint primary key,
    person_id bigint not null references people (id),
    currency text not null,
    amount bigint not null check (amount <> 0),
    reason text not null check (reason <> ''),
    by_id bigint not null,
    created_at bigint not null
);
create index credit_grants_person on credit_grants (person_id, id);

create table top_ups (
    id bigint primary key,
    person_id bigint not null references people (id),
    provider text not null,
    -- Where it is paid.
    pay_url text not null,
    status text not null check (status in ('pending', 'captured', 'closed')),
    currency text not null,
    amount bigint not null check (amount > 0),
    -- How much of it went back, or is on its way.
    returned bigint not null default 0 check (returned >= 0 and returned <= amount),
    close_at bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    check (status = 'captured' or returned = 0)
);
create index top_ups_person on top_ups (person_id, id);

-- Prepaid money on its way back to where it came from.
create table top_up_refunds (
    id bigint primary key,
    top_up_id bigint not null references top_ups (id),
    -- `asked` by its owner, or `over_limit` when it came and could not stay.
    reason text not null check (reason in ('asked', 'over_limit')),
    amount bigint not null check (amount > 0),
    status text not null check (status in ('pending', 'succeeded')),
    provider_reference text,
    created_at bigint not null,
    updated_at bigint not null
);
create index top_up_refunds_top_up on top_up_refunds (top_up_id);

-- How to pay without a provider; offered while `active`.
create table offline_payment (
    id bigint primary key check (id = 1),
    active bigint not null check (active in (0, 1)),
    -- What the buyer is told: a bank account, or where the counter is.
    how text not null,
    how_en text not null,
    -- For how many days the goods are kept.
    days bigint not null check (days between 1 and 30)
);
insert into offline_payment (id, active, how, how_en, days) values (1, 0, '', '', 3);

-- Money that staff saw come or sent back by hand, with what proves it.
create table offline_receipts (
    about text not null check (about in ('payment', 'refund')),
    about_id bigint not null,
    proof text not null check (proof <> ''),
    by_id bigint not null,
    at bigint not null,
    primary key (about, about_id)
);

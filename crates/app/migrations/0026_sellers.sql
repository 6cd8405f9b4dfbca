-- Sellers: merchants who sell beside the shop itself. A shop has none until it adds one.

create table sellers (
    id bigint primary key,
    handle text not null unique check (length(handle) between 1 and 60),
    name text not null check (length(name) between 1 and 120),
    status text not null check (status in ('active', 'paused')),
    -- Of the goods of an order, in basis points. What an order was placed at stays.
    commission bigint not null check (commission between 0 and 10000),
    -- What buyers read: who sells, by what licence, and how they are reached.
    licence text not null,
    contact text not null,
    -- Where their goods are sent back to, as it stands on a parcel.
    return_address text not null,
    version bigint not null check (version > 0),
    created_at bigint not null,
    updated_at bigint not null
);

-- What each provider calls a seller, when money is split to them.
create table seller_receivers (
    seller_id bigint not null references sellers (id),
    provider text not null,
    receiver text not null check (length(receiver) between 1 and 128),
    primary key (seller_id, provider)
);

-- Whose it is; null: the shop's own.
alter table products add column seller_id bigint references sellers (id);
create index products_seller on products (seller_id, id) where seller_id is not null;

-- Somebody of a seller's. They are kept as the least of the shop's staff, and are less.
alter table people add column seller_id bigint references sellers (id) check (
    seller_id is null or (role = 'manager' and staff_role = 'viewer' and role_id is null));
create index people_seller on people (seller_id) where seller_id is not null;

-- Whose order it is, and the commission it was placed at.
alter table orders add column seller_id bigint references sellers (id);
alter table orders add column commission_rate bigint check (commission_rate between 0 and 10000
    and (commission_rate is null) = (seller_id is null));
create index orders_seller on orders (seller_id, id) where seller_id is not null;

-- What a seller's account was credited and debited for; each stands beside its journal.
create table seller_entries (
    kind text not null check (kind in ('sale', 'refund', 'split')),
    -- The order, the refund, the split.
    about_id bigint not null,
    seller_id bigint not null references sellers (id),
    order_id bigint not null references orders (id),
    currency text not null,
    goods bigint not null,
    other bigint not null,
    commission bigint not null,
    amount bigint not null check (amount = goods + other - commission or kind = 'split'),
    at bigint not null,
    primary key (kind, about_id),
    check ((kind = 'sale' and goods >= 0 and other >= 0 and commission >= 0)
        or (kind = 'refund' and goods <= 0 and other <= 0 and commission <= 0 and amount <= 0)
        or (kind = 'split' and goods = 0 and other = 0 and commission = 0 and amount < 0))
);
create index seller_entries_seller on seller_entries (seller_id, currency, at);
create index seller_entries_order on seller_entries (order_id);

-- A seller's part of an order, on its way from the provider that took the money: one an order.
create table splits (
    id bigint primary key,
    order_id bigint not null unique references orders (id),
    seller_id bigint not null references sellers (id),
    payment_id bigint not null references payments (id),
    currency text not null,
    amount bigint not null check (amount > 0),
    status text not null check (status in ('pending', 'succeeded')),
    -- The provider's name for the seller, as it was sent, and for the split.
    receiver text not null,
    theirs text not null,
    created_at bigint not null,
    updated_at bigint not null,
    check (status = 'pending' or receiver <> '')
);
create index splits_pending on splits (created_at) where status = 'pending';
create index splits_seller on splits (seller_id, id);

-- A month that was settled. Rows are added and never changed.
create table settlements (
    id bigint primary key,
    seller_id bigint not null references sellers (id),
    -- 202611 for November of 2026.
    month bigint not null check (month between 197001 and 999912),
    currency text not null,
    number text not null unique,
    from_at bigint not null,
    to_at bigint not null,
    opening bigint not null,
    orders bigint not null check (orders >= 0),
    goods bigint not null check (goods >= 0),
    other bigint not null check (other >= 0),
    -- Kept of sales, and given back on refunds.
    commission bigint not null,
    refunds bigint not null check (refunds <= 0),
    splits bigint not null check (splits <= 0),
    closing bigint not null,
    settled_at bigint not null,
    settled_by bigint not null,
    unique (seller_id, month, currency),
    check (from_at < to_at and settled_at >= to_at),
    check (closing = opening + goods + other + refunds - commission + splits)
);

-- The sandbox splits a payment once per key, among receivers it is told.
create table sandbox_splits (
    key text primary key,
    reference text not null references sandbox_payments (reference),
    receiver text not null,
    amount bigint not null check (amount > 0),
    created_at bigint not null
);

-- After-sale: what buyers ask for when goods are not right, called a return where people see it.

-- What one asks for about goods of an order. `due_at` is until when what comes next is to happen.
create table after_sales (
    id bigint primary key,
    order_id bigint not null references orders (id),
    person_id bigint not null references people (id),
    kind text not null check (kind in ('refund_only', 'return_and_refund', 'exchange')),
    reason text not null check (reason in ('not_wanted', 'damaged', 'wrong_item',
        'not_as_described', 'not_received', 'quality', 'other')),
    -- What the buyer told.
    told text not null,
    status text not null check (status in ('requested', 'approved', 'refused', 'escalated',
        'awaiting_return', 'returned', 'received', 'refunded', 'replaced', 'closed', 'withdrawn')),
    currency text not null,
    -- How much of the shipping fee goes back with it.
    shipping bigint not null default 0 check (shipping >= 0),
    -- Where the goods go back to, as the shop said when it agreed.
    return_to text not null default '',
    -- The parcel that comes back, and the one that goes out instead.
    carrier text,
    tracking text,
    sent_carrier text,
    sent_tracking text,
    -- Whether its units are asked for and cannot be again: not after it came to nothing.
    holds_units bigint not null check (holds_units in (0, 1)),
    due_at bigint,
    created_at bigint not null,
    -- Counts its moves.
    seq bigint not null,
    check ((carrier is null) = (tracking is null)),
    check ((sent_carrier is null) = (sent_tracking is null))
);
create index after_sales_order on after_sales (order_id);
create index after_sales_person on after_sales (person_id, id);
create index after_sales_status on after_sales (status, due_at);
create index after_sales_due on after_sales (due_at) where due_at is not null;

-- Units of one line of the order.
create table after_sale_lines (
    after_sale_id bigint not null references after_sales (id),
    order_line_id bigint not null references order_lines (id),
    quantity bigint not null check (quantity > 0),
    -- What these units are worth of what the line really cost.
    worth bigint not null check (worth >= 0),
    asked bigint not null check (asked >= 0 and asked <= worth),
    agreed bigint check (agreed >= 0 and agreed <= asked),
    -- What is promised to go back, or went.
    refunded bigint not null default 0 check (refunded >= 0 and refunded <= asked),
    -- How the units came back.
    sellable bigint not null default 0 check (sellable >= 0),
    damaged bigint not null default 0 check (damaged >= 0 and sellable + damaged <= quantity),
    -- What is to be sent instead: how many units of it are kept, and how many were sent.
    exchange_for bigint references variants (id),
    kept bigint not null default 0 check (kept >= 0),
    sent bigint not null default 0 check (sent >= 0 and kept + sent <= quantity),
    primary key (after_sale_id, order_line_id),
    check (sent = 0 or refunded = 0),
    check (exchange_for is not null or kept + sent = 0)
);
create index after_sale_lines_line on after_sale_lines (order_line_id);
create index after_sale_lines_exchange on after_sale_lines (exchange_for)
    where exchange_for is not null;

-- What shows what is wrong: hashes of files.
create table after_sale_pictures (
    after_sale_id bigint not null references after_sales (id),
    position bigint not null,
    file text not null,
    thumb text not null,
    width bigint not null,
    height bigint not null,
    color text not null,
    primary key (after_sale_id, position)
);

-- Every change of a return: who, when, why, from, to, and the words that came with it.
create table after_sale_moves (
    after_sale_id bigint not null references after_sales (id),
    seq bigint not null,
    from_status text,
    to_status text not null,
    actor text not null check (actor in ('shopper', 'staff', 'provider', 'system')),
    actor_id bigint,
    reason text not null,
    told text not null,
    at bigint not null,
    primary key (after_sale_id, seq)
);

-- Where goods are sent back to, as it stands on a parcel.
alter table shop add column return_address text not null default '';

-- What of a line is promised to go back, or went; how many of its units are in returns; and how
-- many came back that cannot be sold again.
alter table order_lines add column refunded bigint not null default 0
    check (refunded >= 0 and refunded <= total);
alter table order_lines add column in_returns bigint not null default 0
    check (in_returns >= 0 and in_returns <= quantity);
alter table order_lines add column spoiled bigint not null default 0
    check (spoiled >= 0 and restocked + spoiled <= quantity);
alter table orders add column shipping_refunded bigint not null default 0
    check (shipping_refunded >= 0 and shipping_refunded <= shipping + tax);

-- Refunds until now were of whole orders, or of the one line of a group order.
update order_lines set refunded = total
    where order_id in (select id from orders where status in ('refunding', 'refunded'));
update orders set shipping_refunded = shipping + tax
    where status in ('refunding', 'refunded');
update order_lines
    set refunded = (select r.amount from refunds r
        where r.order_id = order_lines.order_id and r.reason = 'tier')
    where position = 0
        and order_id in (select r.order_id from refunds r where r.reason = 'tier')
        and order_id in (select id from orders where status not in ('refunding', 'refunded'));

-- One payment has one refund for a reason; returns have one each.
create table refunds_before as select * from refunds;
drop table refunds;
create table refunds (
    id bigint primary key,
    order_id bigint not null references orders (id),
    payment_id bigint not null references payments (id),
    -- Why: group_failed, left_team, tier, late, surplus, cancelled, staff, after_sale.
    reason text not null,
    -- Which return it is for; 0 for all other reasons.
    after_sale_id bigint not null default 0,
    currency text not null,
    amount bigint not null check (amount > 0),
    status text not null check (status in ('pending', 'succeeded', 'failed')),
    provider_reference text,
    asked_by bigint,
    created_at bigint not null,
    updated_at bigint not null,
    unique (payment_id, reason, after_sale_id),
    check ((reason = 'after_sale') = (after_sale_id <> 0))
);
insert into refunds (id, order_id, payment_id, reason, currency, amount, status,
                     provider_reference, asked_by, created_at, updated_at)
    select id, order_id, payment_id, reason, currency, amount, status,
           provider_reference, asked_by, created_at, updated_at from refunds_before;
drop table refunds_before;
create index refunds_order on refunds (order_id);
create index refunds_pending on refunds (created_at) where status = 'pending';

-- Delivery: what a way to ship costs where, fetching goods oneself, address books, several parcels
-- to an order, gifts.

alter table shipping_methods add column kind text not null default 'delivery'
    check (kind in ('delivery', 'pickup'));
alter table shipping_methods add column version bigint not null default 1;

-- What a way costs in some areas: a JSON array of `*`, `CN`, `CN/浙江省`, `CN/浙江省/杭州`. The one
-- that names an address most exactly holds; of two alike, the first.
create table shipping_rates (
    id bigint primary key,
    method_id bigint not null references shipping_methods (id),
    position bigint not null,
    areas text not null,
    delivers bigint not null check (delivers in (0, 1)),
    basis text not null check (basis in ('order', 'weight', 'piece')),
    -- Grams or units: so many for the first fee, then the second for each step that is begun.
    first bigint not null check (first >= 1),
    first_fee bigint not null check (first_fee >= 0),
    step bigint not null check (step >= 1),
    step_fee bigint not null check (step_fee >= 0),
    free_from bigint check (free_from >= 1),
    free_pieces bigint check (free_pieces >= 1),
    unique (method_id, position)
);
-- Until now a way had one fee for everywhere.
insert into shipping_rates
    (id, method_id, position, areas, delivers, basis, first, first_fee, step, step_fee, free_from)
select id, id, 0, '["*"]', 1, 'order', 1, fee, 1, 0,
       case when free_from >= 1 then free_from end
from shipping_methods;

create table pickup_points (
    id bigint primary key,
    name text not null,
    address text not null,
    phone text not null,
    hours text not null,
    position bigint not null,
    active bigint not null check (active in (0, 1)),
    version bigint not null
);

-- What is fetched, and the code its buyer shows. A code is good once.
create table pickups (
    order_id bigint primary key references orders (id),
    point_id bigint not null references pickup_points (id),
    code text not null unique,
    collected_at bigint,
    collected_by bigint references people (id),
    check ((collected_at is null) = (collected_by is null))
);

-- Where a person's parcels go. The one that was used last stands first, after their usual one.
create table addresses (
    id bigint primary key,
    person_id bigint not null references people (id),
    address text not null,
    usual bigint not null check (usual in (0, 1)),
    used_at bigint not null,
    unique (person_id, address)
);
create unique index addresses_usual on addresses (person_id) where usual = 1;
insert into addresses (id, person_id, address, usual, used_at)
select person_id, person_id, address, 0, 0 from last_addresses;
drop table last_addresses;

-- A gift's card; null for what is no gift.
alter table orders add column gift_message text;

-- How many units of a line are in parcels.
alter table order_lines add column shipped bigint not null default 0
    check (shipped >= 0 and shipped <= quantity);

-- An order may go in several parcels.
alter table shipments rename to shipments_before;
create table shipments (
    id bigint primary key,
    order_id bigint not null references orders (id),
    carrier text not null,
    tracking text not null,
    shipped_at bigint not null,
    delivered_at bigint,
    unique (order_id, tracking)
);
insert into shipments (id, order_id, carrier, tracking, shipped_at, delivered_at)
select id, order_id, carrier, tracking, shipped_at, delivered_at from shipments_before;
drop table shipments_before;

create table shipment_lines (
    shipment_id bigint not null references shipments (id),
    line_id bigint not null references order_lines (id),
    quantity bigint not null check (quantity > 0),
    primary key (shipment_id, line_id)
);
insert into shipment_lines (shipment_id, line_id, quantity)
select s.id, l.id, l.quantity from shipments s join order_lines l on l.order_id = s.order_id
where l.ships = 1;
update order_lines set shipped = quantity
where ships = 1 and order_id in (select order_id from shipments);

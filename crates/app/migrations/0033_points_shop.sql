-- The points shop: what is had for points, how many are left, and who had what.

-- Coupons in a campaign's shop that have an end; goods are in `campaign_stock`.
create table points_items (
    campaign_id bigint not null references campaigns (id),
    -- Its place in the list.
    item bigint not null check (item >= 0),
    stock bigint not null check (stock >= 1),
    left_over bigint not null check (left_over between 0 and stock),
    primary key (campaign_id, item)
);

-- How many of an item somebody has had.
create table points_item_people (
    campaign_id bigint not null references campaigns (id),
    item bigint not null,
    person_id bigint not null references people (id),
    quantity bigint not null check (quantity >= 0),
    primary key (campaign_id, item, person_id)
);
create index points_item_people_person on points_item_people (person_id);

create table points_exchanges (
    id bigint primary key,
    campaign_id bigint not null references campaigns (id),
    item bigint not null check (item >= 0),
    person_id bigint not null references people (id),
    quantity bigint not null check (quantity >= 1),
    points bigint not null check (points >= 1),
    -- What was to be paid besides, in minor units of the shop's currency.
    money bigint not null check (money >= 0),
    -- What was given: one coupon, or an order of goods.
    coupon_id bigint unique references coupons (id),
    order_id bigint unique references orders (id),
    variant_id bigint references variants (id),
    -- `undone`: its order closed unpaid, and it counts no more.
    state text not null check (state in ('stands', 'undone')),
    -- How many of its units came from what was set aside and did not go back there.
    aside bigint not null check (aside between 0 and quantity),
    at bigint not null,
    check ((coupon_id is null) <> (order_id is null)),
    check ((order_id is null) = (variant_id is null)),
    check (coupon_id is null or (quantity = 1 and money = 0 and aside = 0 and state = 'stands'))
);
create index points_exchanges_person on points_exchanges (person_id, id);
create index points_exchanges_campaign on points_exchanges (campaign_id, item, id);

-- Orders that were bought in a campaign at its price, how much each person has of it, and who waits
-- for what was sold out.

create table order_campaigns (
    order_id bigint primary key references orders (id),
    campaign_id bigint not null references campaigns (id),
    mechanic text not null check (mechanic in ('flash_sale', 'bargain')),
    -- The bargain it pays for; null where there is none.
    bargain_id bigint,
    person_id bigint not null references people (id),
    variant_id bigint not null references variants (id),
    quantity bigint not null check (quantity >= 1),
    -- How many of them still count: they are held, or bought and kept.
    counted bigint not null check (counted between 0 and quantity),
    -- The counters it was counted by, as JSON: given back when nothing of it counts any more.
    counters text not null,
    price bigint not null check (price >= 0),
    -- When the price was good, and when it was asked for.
    good_from bigint not null,
    good_until bigint not null,
    at bigint not null,
    check (at >= good_from and at < good_until),
    check ((mechanic = 'bargain') = (bargain_id is not null))
);
create index order_campaigns_campaign on order_campaigns (campaign_id, person_id);
create index order_campaigns_bargain on order_campaigns (bargain_id) where bargain_id is not null;

-- How much one person holds or has bought in a campaign: the counter its limit is kept with.
create table campaign_people (
    campaign_id bigint not null references campaigns (id),
    person_id bigint not null references people (id),
    quantity bigint not null check (quantity >= 0),
    most bigint not null,
    primary key (campaign_id, person_id),
    check (quantity <= most)
);

-- Whoever came when nothing was left, in the order they came.
create table flash_waiting (
    id bigint primary key,
    campaign_id bigint not null references campaigns (id),
    variant_id bigint not null references variants (id),
    person_id bigint not null references people (id),
    quantity bigint not null check (quantity >= 1),
    -- waiting: for their turn; offered: it is theirs until `offered_until`; bought; missed: their
    -- turn went by; left: they do not wait any more; over: the sale ended first.
    status text not null
        check (status in ('waiting', 'offered', 'bought', 'missed', 'left', 'over')),
    offered_until bigint,
    created_at bigint not null,
    updated_at bigint not null,
    check ((status = 'offered') <= (offered_until is not null))
);
create unique index flash_waiting_once on flash_waiting (campaign_id, variant_id, person_id)
    where status in ('waiting', 'offered');
create index flash_waiting_line on flash_waiting (campaign_id, status, id);

-- Whoever wants to be told when a slot begins.
create table flash_reminders (
    campaign_id bigint not null references campaigns (id),
    person_id bigint not null references people (id),
    slot_at bigint not null,
    created_at bigint not null,
    told_at bigint,
    primary key (campaign_id, person_id, slot_at)
);

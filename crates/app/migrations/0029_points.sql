-- Points and levels.

-- What the merchant says about points and growth. Nothing is earned or taken where it is null.
create table point_settings (
    id bigint primary key check (id = 1),
    -- So many points for every `earn_per` minor units that were paid for goods.
    earn_points bigint check (earn_points between 1 and 1000000),
    earn_per bigint not null check (earn_per >= 1),
    -- How long they live, in microseconds; for ever where it is null.
    earn_life bigint check (earn_life > 0),
    -- So many points are worth `spend_minor` minor units of an order.
    spend_points bigint check (spend_points between 1 and 1000000),
    spend_minor bigint not null check (spend_minor between 1 and 1000000000),
    -- The part of the goods they pay for at most, in basis points.
    spend_most bigint not null check (spend_most between 1 and 10000),
    spend_least bigint not null check (spend_least >= 1),
    -- One growth for every so many minor units that were paid for goods.
    growth_per bigint not null check (growth_per >= 1),
    version bigint not null
);
insert into point_settings (id, earn_points, earn_per, earn_life, spend_points, spend_minor,
                            spend_most, spend_least, growth_per, version)
values (1, null, 100, 31536000000000, null, 100, 3000, 100, 100, 0);

-- What somebody owes: taken back after it was spent. Points that come repay it first. Whoever
-- changes somebody's points locks their row.
create table point_people (
    person_id bigint primary key references people (id),
    debt bigint not null check (debt >= 0)
);

-- Points that were earned together. The one that expires first is spent first.
create table point_lots (
    id bigint primary key,
    person_id bigint not null references people (id),
    points bigint not null check (points > 0),
    remaining bigint not null check (remaining between 0 and points),
    -- From then on it is worth nothing; never where it is null.
    expires_at bigint,
    created_at bigint not null
);
create index point_lots_person on point_lots (person_id, id);
create index point_lots_expiring on point_lots (expires_at) where remaining > 0;

-- Every change of somebody's points, once for each cause.
create table point_moves (
    id bigint primary key,
    person_id bigint not null references people (id),
    -- `returned` are spent points that came back, `spent_again` those of an order that revived.
    kind text not null check (kind in ('earned', 'spent', 'expired', 'taken_back', 'returned',
        'spent_again', 'given', 'taken', 'won', 'won_back', 'forgotten')),
    -- What came (+) or went (-), and how much of it changed the debt instead of the lots.
    points bigint not null check (points <> 0),
    owed bigint not null,
    about text not null,
    about_id bigint not null,
    order_id bigint references orders (id),
    -- Why staff gave or took it; empty otherwise.
    reason text not null,
    by_id bigint,
    at bigint not null,
    unique (kind, about, about_id),
    check ((kind in ('given', 'taken')) = (by_id is not null))
);
create index point_moves_person on point_moves (person_id, id);
create index point_moves_order on point_moves (order_id) where order_id is not null;

-- What a move did to each lot.
create table point_parts (
    move_id bigint not null references point_moves (id),
    lot_id bigint not null references point_lots (id),
    points bigint not null check (points <> 0),
    primary key (move_id, lot_id)
);
create index point_parts_lot on point_parts (lot_id);

-- What an order earned its buyer, and what they spent on it.
create table order_points (
    order_id bigint primary key references orders (id),
    person_id bigint not null references people (id),
    earned bigint not null default 0 check (earned >= 0),
    taken_back bigint not null default 0 check (taken_back between 0 and earned),
    lot_id bigint references point_lots (id),
    growth bigint not null default 0 check (growth >= 0),
    growth_back bigint not null default 0 check (growth_back between 0 and growth),
    spent bigint not null default 0 check (spent >= 0),
    returned bigint not null default 0 check (returned between 0 and spent),
    -- When it was completed, and earned what it did.
    earned_at bigint
);

-- Each line's share of both. `paid` is what it had cost when the order was completed, and
-- `was_back` what of it had gone back by then.
create table line_points (
    line_id bigint primary key references order_lines (id),
    order_id bigint not null references orders (id),
    earned bigint not null default 0 check (earned >= 0),
    paid bigint not null default 0 check (paid >= 0),
    was_back bigint not null default 0 check (was_back >= 0),
    spent bigint not null default 0 check (spent >= 0)
);
create index line_points_order on line_points (order_id);

-- The ladder, lowest first.
create table levels (
    id bigint primary key,
    position bigint not null unique check (position between 0 and 19),
    name text not null check (name <> ''),
    name_en text not null check (name_en <> ''),
    from_growth bigint not null check (from_growth >= 0),
    -- Whose price lists and promotions hold for it.
    group_id bigint references customer_groups (id),
    -- What points are multiplied by, in percent.
    boost bigint not null check (boost between 100 and 1000)
);

-- Where somebody stands: their rank is judged anew at `until`.
create table level_standings (
    person_id bigint primary key references people (id),
    rank bigint not null check (rank between 0 and 19),
    growth bigint not null check (growth >= 0),
    until bigint not null
);

-- Every change of it.
create table level_moves (
    id bigint primary key,
    person_id bigint not null references people (id),
    -- `period` when a period ended and was judged.
    kind text not null check (kind in ('order', 'refund', 'period')),
    about_id bigint not null,
    growth bigint not null,
    from_rank bigint not null,
    to_rank bigint not null,
    -- The growth after it.
    stands bigint not null check (stands >= 0),
    at bigint not null,
    unique (kind, about_id)
);
create index level_moves_person on level_moves (person_id, id);

-- A day somebody checked in on, in a campaign: which in a row it was, and what it brought.
create table check_ins (
    campaign_id bigint not null references campaigns (id),
    person_id bigint not null references people (id),
    -- Days since 1970-01-01 where the shop is.
    day bigint not null,
    streak bigint not null check (streak >= 1),
    points bigint not null check (points >= 0),
    bonus bigint not null check (bonus >= 0),
    at bigint not null,
    primary key (campaign_id, person_id, day)
);
create index check_ins_person on check_ins (person_id);

-- What somebody did for a task of a campaign's list, in one of its periods: each thing once.
create table task_deeds (
    campaign_id bigint not null references campaigns (id),
    -- Its place in the list.
    task bigint not null check (task >= 0),
    person_id bigint not null references people (id),
    period bigint not null,
    key text not null,
    at bigint not null,
    primary key (campaign_id, task, person_id, period, key)
);
create index task_deeds_person on task_deeds (person_id);

-- Whose reward was taken, once a period.
create table task_claims (
    campaign_id bigint not null references campaigns (id),
    task bigint not null check (task >= 0),
    person_id bigint not null references people (id),
    period bigint not null,
    at bigint not null,
    primary key (campaign_id, task, person_id, period)
);
create index task_claims_person on task_claims (person_id);

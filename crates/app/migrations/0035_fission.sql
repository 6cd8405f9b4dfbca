-- Fission coupons: somebody starts a whole, and friends take a part each, as a coupon.

-- What a coupon out of a campaign's budget is paid with: it waits until that is used for good.
alter table coupons add column reward_id bigint references rewards (id);
create unique index coupons_reward on coupons (reward_id) where reward_id is not null;

create table fissions (
    id bigint primary key,
    campaign_id bigint not null references campaigns (id),
    -- Who started it.
    person_id bigint not null references people (id),
    -- For which order, where orders start them: one for each.
    order_id bigint references orders (id),
    -- What its parts were divided by: shown when nothing can be taken any more. The hash is public.
    seed text not null check (length(seed) = 64),
    hash text not null check (length(hash) = 64),
    total bigint not null check (total >= 1),
    count bigint not null check (count between 2 and 50),
    -- How many parts were taken: the number of the last one.
    taken bigint not null default 0 check (taken >= 0 and taken <= count),
    started_at bigint not null,
    deadline bigint not null check (deadline > started_at),
    -- When nothing more could be taken, and what was left then.
    closed_at bigint,
    returned bigint check (returned >= 0 and returned <= total),
    unique (campaign_id, order_id),
    check ((closed_at is null) = (returned is null))
);
create index fissions_person on fissions (person_id, campaign_id, id);
create index fissions_campaign on fissions (campaign_id, id);
create index fissions_open on fissions (campaign_id) where closed_at is null;

-- The parts, in the order they are taken. Each is reserved from the start.
create table fission_parts (
    fission_id bigint not null references fissions (id),
    number bigint not null check (number >= 1),
    amount bigint not null check (amount >= 1),
    reward_id bigint not null unique references rewards (id),
    person_id bigint references people (id),
    coupon_id bigint unique references coupons (id),
    taken_at bigint,
    primary key (fission_id, number),
    unique (fission_id, person_id),
    check ((person_id is null) = (taken_at is null)),
    check ((person_id is null) = (coupon_id is null))
);
create index fission_parts_person on fission_parts (person_id);

-- What those who take part in one are known by: nobody takes two by another account.
create table fission_keys (
    fission_id bigint not null references fissions (id),
    key text not null,
    primary key (fission_id, key)
);

-- Coupon drops: so many coupons of one kind, each with its worth reserved in a campaign's budget.

create table coupon_drops (
    campaign_id bigint primary key references campaigns (id),
    template_id bigint not null references coupon_templates (id),
    total bigint not null check (total between 1 and 1000000),
    taken bigint not null default 0 check (taken between 0 and total),
    -- What one takes off at the very most, in minor units of the shop's currency.
    worth bigint not null check (worth > 0)
);

-- The coupons that were taken, each with the reward its worth waits as.
create table coupon_drop_claims (
    coupon_id bigint primary key references coupons (id),
    campaign_id bigint not null references coupon_drops (campaign_id),
    reward_id bigint not null unique references rewards (id),
    at bigint not null
);
create index coupon_drop_claims_campaign on coupon_drop_claims (campaign_id, coupon_id);

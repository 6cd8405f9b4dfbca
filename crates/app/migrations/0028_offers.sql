-- Offers: promotions that hold for a cart, coupons that people hold, and what each took off.

create table promotions (
    id bigint primary key,
    -- What shoppers read: in the shop's language and in English.
    name text not null unique,
    name_en text not null,
    currency text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    -- Promotions of one stack never share a line; the higher priority comes first.
    stack text not null,
    priority bigint not null,
    active bigint not null check (active in (0, 1)),
    -- domain::promotion::Scope and Effect as JSON.
    scope text not null,
    effect text not null,
    created_at bigint not null,
    version bigint not null,
    check (ends_at > starts_at)
);

-- Whose they are; everybody's when there is none.
create table promotion_groups (
    promotion_id bigint not null references promotions (id),
    group_id bigint not null references customer_groups (id),
    primary key (promotion_id, group_id)
);
create index promotion_groups_group on promotion_groups (group_id);

create table coupon_templates (
    id bigint primary key,
    name text not null unique,
    name_en text not null,
    -- domain::coupon::Template as JSON.
    rule text not null,
    -- What of it statements decide by.
    total bigint check (total >= 1),
    per_person bigint not null check (per_person >= 1),
    per_cluster bigint not null check (per_cluster >= per_person),
    -- How many were ever taken; those of codes count when they are redeemed.
    taken bigint not null default 0 check (taken >= 0 and (total is null or taken <= total)),
    -- Whether more can be taken; those that are held can be used all the same.
    active bigint not null check (active in (0, 1)),
    -- Whether everybody finds it in the claim centre, and what its link ends with.
    listed bigint not null check (listed in (0, 1)),
    link text unique,
    created_at bigint not null,
    version bigint not null
);

-- How many somebody has ever taken, and everybody of one household together.
create table coupon_counts (
    template_id bigint not null references coupon_templates (id),
    -- `person:…` or `cluster:…`.
    who text not null,
    taken bigint not null check (taken >= 0),
    primary key (template_id, who)
);

create table coupons (
    id bigint primary key,
    template_id bigint not null references coupon_templates (id),
    owner_id bigint not null references people (id),
    state text not null check (state in ('held', 'used', 'expired', 'taken_back')),
    -- The order that used it, paid or not yet.
    order_id bigint references orders (id),
    usable_from bigint not null,
    usable_until bigint not null,
    -- What this one takes off instead of what its template says, in minor units: a share.
    amount bigint check (amount > 0),
    -- How it came: centre, link, code, staff, share.
    source text not null check (source in ('centre', 'link', 'code', 'staff', 'share')),
    received_at bigint not null,
    reminded_at bigint,
    check (usable_until > usable_from),
    check ((state = 'used') = (order_id is not null))
);
create index coupons_owner on coupons (owner_id, state);
create index coupons_order on coupons (order_id) where order_id is not null;
create index coupons_template on coupons (template_id, id);
create index coupons_ends on coupons (usable_until) where state = 'held';

-- Every change of a coupon: what, when, by whom and for what.
create table coupon_moves (
    coupon_id bigint not null references coupons (id),
    seq bigint not null,
    -- Null for the first.
    from_state text,
    to_state text not null,
    -- claimed, used, unpaid, refunded, expired, taken_back.
    reason text not null,
    order_id bigint,
    actor_id bigint references people (id),
    at bigint not null,
    primary key (coupon_id, seq)
);

-- Codes that are printed or sent elsewhere: each makes one coupon for whoever types it first.
create table coupon_codes (
    code text primary key,
    template_id bigint not null references coupon_templates (id),
    batch text not null,
    created_at bigint not null,
    coupon_id bigint unique references coupons (id),
    redeemed_at bigint,
    check ((coupon_id is null) = (redeemed_at is null))
);
create index coupon_codes_template on coupon_codes (template_id, code);

-- How an order's price came about: what took something off, in its order.
create table order_steps (
    order_id bigint not null references orders (id),
    position bigint not null,
    cause text not null check (cause in ('benefit', 'bundle', 'spend_and_save',
        'platform_coupon', 'merchant_coupon', 'points', 'shipping_coupon', 'gift')),
    -- The promotion, coupon or variant; 0 where there is none.
    about_id bigint not null,
    -- What it was called then.
    name text not null,
    name_en text not null,
    -- What the goods it was for cost before it, what it took off, what all cost after it.
    matched bigint not null check (matched >= 0),
    off bigint not null check (off >= 0 and off <= matched),
    remains bigint not null check (remains >= 0),
    primary key (order_id, position)
);
create index order_steps_about on order_steps (about_id) where about_id <> 0;

-- Each line's share of a step: what a partial refund undoes of it.
create table order_line_discounts (
    line_id bigint not null references order_lines (id),
    position bigint not null,
    amount bigint not null check (amount > 0),
    primary key (line_id, position)
);

-- Goods that came along for nothing.
alter table order_lines add column gift bigint not null default 0 check (gift in (0, 1));

-- How many promotions are switched on, and how many kinds of coupons there are, so that an order
-- in a shop without any asks for none of them.
alter table shop add column promotions bigint not null default 0;
alter table shop add column coupons bigint not null default 0;

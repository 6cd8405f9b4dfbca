-- Campaigns: what every way to win has in common, whatever one wins in it.

create table campaigns (
    id bigint primary key,
    mechanic text not null check (mechanic in ('group_buy', 'promotion', 'coupon_drop',
        'fission_coupon', 'flash_sale', 'bargain', 'assist', 'red_packet', 'draw',
        'invite_reward', 'check_in', 'tasks', 'guess', 'quiz', 'gift', 'points_shop')),
    status text not null check (status in ('draft', 'checked', 'scheduled', 'running', 'paused',
        'ended', 'evaluated')),
    title text not null check (length(title) between 1 and 120),
    starts_at bigint not null,
    ends_at bigint not null check (ends_at > starts_at),
    -- domain::campaign::Frame as JSON.
    frame text not null,
    -- What its mechanic asks beside it (campaign::Terms) as JSON.
    terms text not null,
    -- What shoppers read and see of it.
    copy text not null check (length(copy) <= 2000),
    picture text not null,
    -- How many more rewards wait for what they depend on: none when it is evaluated.
    waiting bigint not null default 0 check (waiting >= 0),
    -- Whether its budget is closed: it has ended, and its mechanic has settled.
    closed bigint not null default 0 check (closed in (0, 1)),
    version bigint not null check (version > 0),
    created_by bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    check (status <> 'evaluated' or waiting = 0),
    check (closed = 0 or status in ('ended', 'evaluated'))
);
create index campaigns_status on campaigns (status, mechanic, ends_at);
create index campaigns_mechanic on campaigns (mechanic, id);

-- Every change of a campaign's state: who, when, why, from, to.
create table campaign_moves (
    campaign_id bigint not null references campaigns (id),
    seq bigint not null,
    from_status text,
    to_status text not null,
    -- Null: the clock.
    actor_id bigint,
    reason text not null,
    at bigint not null,
    primary key (campaign_id, seq)
);

-- Units that were set aside for it, of which `left_over` are free now.
create table campaign_stock (
    campaign_id bigint not null references campaigns (id),
    variant_id bigint not null references variants (id),
    -- What one costs in it, in minor units of the shop's currency; null where that is drawn.
    price bigint check (price >= 0),
    quota bigint check (quota > 0),
    left_over bigint check (left_over >= 0 and left_over <= quota),
    primary key (campaign_id, variant_id),
    check ((quota is null) = (left_over is null))
);
create index campaign_stock_variant on campaign_stock (variant_id);

-- How often something was won: by a person, on a day, by all who share a key, in all. The counter
-- its limit is kept with.
create table campaign_counts (
    campaign_id bigint not null references campaigns (id),
    scope text not null check (scope in ('person', 'day', 'device', 'payee', 'address', 'total',
        'helper', 'month')),
    key text not null,
    count bigint not null check (count >= 0),
    most bigint not null,
    primary key (campaign_id, scope, key),
    check (count <= most)
);

-- What was promised or given, once for each key. The books hold the value.
create table rewards (
    id bigint primary key,
    campaign_id bigint not null references campaigns (id),
    -- Why, whom, about what: the same key is the same reward.
    key text not null check (length(key) between 1 and 200),
    person_id bigint not null references people (id),
    purse text not null check (purse in ('store_credit', 'points', 'spent')),
    currency text not null,
    amount bigint not null check (amount > 0),
    state text not null check (state in ('waiting', 'given', 'released', 'clawed_back')),
    -- What came back of what was given, and what its receiver still owes.
    back bigint not null default 0 check (back >= 0),
    owed bigint not null default 0 check (owed >= 0),
    about text not null,
    about_id bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    unique (campaign_id, key),
    check (case when state = 'clawed_back' then back + owed = amount
        else back = 0 and owed = 0 end),
    check ((purse = 'points') = (currency = 'PTS'))
);
create index rewards_person on rewards (person_id, id);
create index rewards_about on rewards (about, about_id);
create index rewards_owed on rewards (person_id) where owed > 0;

-- What a reward's receiver still owed and repaid: each a fact of its own.
create table reward_repayments (
    id bigint primary key,
    reward_id bigint not null references rewards (id),
    amount bigint not null check (amount > 0),
    at bigint not null
);
create index reward_repayments_reward on reward_repayments (reward_id);

-- What was put into a campaign's budget, and what went back when it was over.
create table campaign_funds (
    id bigint primary key,
    campaign_id bigint not null references campaigns (id),
    currency text not null,
    amount bigint not null check (amount <> 0),
    by_id bigint,
    at bigint not null
);
create index campaign_funds_campaign on campaign_funds (campaign_id);

-- A named person's answers to what the check before launch found.
create table campaign_answers (
    id bigint primary key,
    campaign_id bigint not null references campaigns (id),
    rule text not null,
    field text not null,
    about text not null,
    sentence text not null,
    ground text not null,
    -- A list of texts as JSON: where the evidence is.
    evidence text not null,
    by_id bigint not null references people (id),
    at bigint not null
);
create index campaign_answers_campaign on campaign_answers (campaign_id);

-- People staff put on a list, for a campaign's audience.
create table saved_lists (
    id bigint primary key,
    name text not null unique check (length(name) between 1 and 60),
    created_by bigint not null,
    created_at bigint not null
);
create table saved_list_people (
    list_id bigint not null references saved_lists (id),
    person_id bigint not null references people (id),
    primary key (list_id, person_id)
);
create index saved_list_people_person on saved_list_people (person_id);

-- Somebody's asking for help, and who helped.
create table assists (
    id bigint primary key,
    campaign_id bigint not null references campaigns (id),
    person_id bigint not null references people (id),
    deadline bigint not null,
    -- How many steps were unlocked: what was unlocked stays so.
    unlocked bigint not null default 0 check (unlocked >= 0),
    created_at bigint not null
);
create index assists_person on assists (person_id, id);
create index assists_campaign on assists (campaign_id, person_id, id);
create table assist_helpers (
    assist_id bigint not null references assists (id),
    person_id bigint not null references people (id),
    number bigint not null check (number >= 1),
    counts bigint not null check (counts in (0, 1)),
    at bigint not null,
    primary key (assist_id, person_id),
    unique (assist_id, number)
);
create index assist_helpers_person on assist_helpers (person_id);
-- What those who take part in an assist are known by: nobody helps twice by another account.
create table assist_keys (
    assist_id bigint not null references assists (id),
    key text not null,
    primary key (assist_id, key)
);

-- Friends who came because somebody invited them; nobody is invited twice, and there is one level.
create table invites (
    id bigint primary key,
    campaign_id bigint not null references campaigns (id),
    inviter_id bigint not null references people (id),
    friend_id bigint not null unique references people (id),
    state text not null check (state in ('joined', 'ordered', 'rewarded', 'lapsed')),
    order_id bigint references orders (id),
    -- Whether whoever invited is rewarded for the order.
    rewards bigint not null default 0 check (rewards in (0, 1)),
    created_at bigint not null,
    check (inviter_id <> friend_id),
    check (state in ('joined', 'lapsed') or order_id is not null)
);
create index invites_inviter on invites (inviter_id, id);
create index invites_order on invites (order_id);

-- Customers: what staff note about them, what they allowed, who was made one, what they like and
-- looked at, and how they leave.

-- Somebody who was made one with another leads there; somebody who was erased is a number.
alter table people add column merged_into bigint references people (id);
alter table people add column erased_at bigint;
create index people_merged on people (merged_into) where merged_into is not null;

-- What may be needed of an act's words is their seal: the words themselves can be taken away.
-- `seal` is null for acts from before, whose words are in the chain themselves.
alter table staff_acts add column salt text;
alter table staff_acts add column seal text;
create index staff_acts_about on staff_acts (about, about_id);

-- Every time somebody allowed something or took it back. Nothing here is changed or deleted.
create table consents (
    id bigint primary key,
    person_id bigint not null references people (id),
    purpose text not null
        check (purpose in ('marketing_email', 'marketing_sms', 'browsing_history')),
    given bigint not null check (given in (0, 1)),
    -- The words that were agreed to: which version, in which language, and their hash.
    version bigint not null,
    locale text not null,
    wording_hash text not null,
    -- Where it was said: account, api, unsubscribe, import, staff, erasure, merge.
    channel text not null,
    -- Where an imported one comes from; empty otherwise.
    source text not null,
    -- When it was said, and when it was written down.
    said_at bigint not null,
    at bigint not null,
    actor_id bigint
);
create index consents_person on consents (person_id, purpose, id);

-- What holds now: the last of each.
create table consent_states (
    person_id bigint not null references people (id),
    purpose text not null,
    given bigint not null check (given in (0, 1)),
    consent_id bigint not null references consents (id),
    primary key (person_id, purpose)
);

-- A letter that sells names the consent it rests on.
alter table messages add column kind text not null default 'service'
    check (kind in ('service', 'marketing'));
alter table messages add column person_id bigint references people (id);
alter table messages add column consent_id bigint references consents (id);
alter table messages add column withheld bigint not null default 0 check (withheld in (0, 1));
create index messages_recipient on messages (recipient, id);
create index messages_marketing on messages (id) where kind = 'marketing';

-- What orders come to for each customer: for lists that are narrowed and sorted by it. It follows
-- the orders a little later; `counted_at` says when it was counted.
create table customer_sums (
    person_id bigint primary key references people (id),
    orders bigint not null check (orders >= 0),
    spent bigint not null check (spent >= 0),
    refunded bigint not null check (refunded >= 0),
    net bigint not null,
    first_order_at bigint,
    last_order_at bigint,
    counted_at bigint not null,
    check (net = spent - refunded)
);
create index customer_sums_net on customer_sums (net, person_id);
create index customer_sums_last on customer_sums (last_order_at, person_id);
-- Up to where the log was read for them.
create table customer_reading (
    id bigint primary key check (id = 1),
    cursor bigint not null
);
insert into customer_reading (id, cursor) values (1, 0);

create table customer_tags (
    person_id bigint not null references people (id),
    tag text not null,
    primary key (person_id, tag)
);
create index customer_tags_tag on customer_tags (tag, person_id);

-- What staff write down about a customer, for themselves.
create table customer_notes (
    id bigint primary key,
    person_id bigint not null references people (id),
    text text not null,
    actor_id bigint not null,
    at bigint not null
);
create index customer_notes_person on customer_notes (person_id, id);

-- Who may not come in, or not order, and why.
create table customer_blocks (
    person_id bigint primary key references people (id),
    sign_in bigint not null check (sign_in in (0, 1)),
    ordering bigint not null check (ordering in (0, 1)),
    reason text not null,
    actor_id bigint not null,
    at bigint not null,
    check (sign_in = 1 or ordering = 1)
);
create index customer_blocks_ordering on customer_blocks (person_id) where ordering = 1;

-- Two that were made one. `moved` names by number all that went over: the way back.
create table customer_merges (
    id bigint primary key,
    survivor_id bigint not null references people (id),
    other_id bigint not null references people (id),
    moved text not null,
    actor_id bigint not null,
    at bigint not null,
    undone_at bigint,
    undone_by bigint,
    check (survivor_id <> other_id),
    check ((undone_at is null) = (undone_by is null))
);
create unique index customer_merges_other on customer_merges (other_id) where undone_at is null;
create index customer_merges_survivor on customer_merges (survivor_id);

-- What somebody likes; a guest's belongs to the session. `price` and `sold_out` are as they were
-- when it was liked.
create table favourites (
    id bigint primary key,
    person_id bigint references people (id),
    session_id bigint,
    product_id bigint not null references products (id),
    price bigint not null,
    sold_out bigint not null check (sold_out in (0, 1)),
    added_at bigint not null,
    unique (person_id, product_id),
    unique (session_id, product_id),
    check ((person_id is null) <> (session_id is null))
);

-- What somebody looked at who allowed that to be kept.
create table browsed (
    person_id bigint not null references people (id),
    product_id bigint not null references products (id),
    at bigint not null,
    primary key (person_id, product_id)
);
create index browsed_latest on browsed (person_id, at);
-- Who does not want more of it to be kept for now.
create table browsing_pauses (
    person_id bigint primary key references people (id),
    since bigint not null
);

-- Everything held about somebody, put together for them.
create table data_exports (
    id bigint primary key,
    person_id bigint not null references people (id),
    state text not null check (state in ('asked', 'ready', 'gone')),
    asked_at bigint not null,
    ready_at bigint,
    expires_at bigint,
    bytes bytea,
    check ((state = 'ready') = (bytes is not null))
);
create index data_exports_person on data_exports (person_id, id);

-- Who asked to be forgotten, and how far it is. `keep_until` is when the last that the law wants
-- kept may go. Rows stay: they prove that it was done, and let it be done again after a restore.
create table erasures (
    id bigint primary key,
    person_id bigint not null references people (id),
    state text not null check (state in ('asked', 'cancelled', 'done', 'finished')),
    -- The member of staff who asked for them; null when they did themselves.
    actor_id bigint,
    asked_at bigint not null,
    due_at bigint not null,
    cancelled_at bigint,
    done_at bigint,
    keep_until bigint,
    finished_at bigint,
    check ((state in ('done', 'finished')) = (done_at is not null)),
    check ((state = 'finished') = (finished_at is not null))
);
create unique index erasures_person on erasures (person_id) where state <> 'cancelled';
create index erasures_due on erasures (due_at) where state = 'asked';
create index erasures_kept on erasures (keep_until) where state = 'done';

-- What the law wants kept of somebody who was erased, apart from everything else: only stored.
create table set_apart (
    about text not null check (about in ('order', 'return', 'return_move')),
    about_id bigint not null,
    seq bigint not null,
    person_id bigint not null references people (id),
    body text not null,
    until bigint not null,
    primary key (about, about_id, seq)
);
create index set_apart_until on set_apart (until);

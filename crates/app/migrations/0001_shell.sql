-- What everything else stands on: the shop itself, the event log, jobs, answered keys.

-- The one shop. `secret` signs share links and cursors.
create table shop (
    id bigint primary key check (id = 1),
    name text not null,
    currency text not null,
    locale text not null,
    secret bytea not null,
    demo bigint not null check (demo in (0, 1)),
    created_at bigint not null
);

-- What happened, in the transaction that made it happen. `about_seq` counts an object's changes.
create table events (
    id bigint primary key,
    name text not null,
    about text not null,
    about_id bigint not null,
    about_seq bigint,
    body text not null,
    at bigint not null,
    request_id text
);
create unique index events_about on events (about, about_id, about_seq);
create index events_at on events (at);

-- Work that outlives a request. `fence` grows with each claim, so that a worker whose lease ran
-- out cannot end a job that somebody else has taken over.
create table jobs (
    id bigint primary key,
    kind text not null,
    about_id bigint not null,
    unique_key text,
    state text not null check (state in ('ready', 'running', 'done', 'dead')),
    run_at bigint not null,
    lease_until bigint,
    fence bigint not null default 0,
    attempts bigint not null default 0,
    max_attempts bigint not null,
    last_error text,
    created_at bigint not null,
    updated_at bigint not null,
    check (attempts <= max_attempts),
    check ((state = 'running') = (lease_until is not null))
);
create unique index jobs_unique on jobs (unique_key) where state in ('ready', 'running');
create index jobs_due on jobs (run_at) where state = 'ready';
create index jobs_leases on jobs (lease_until) where state = 'running';

-- A key that was answered, with its answer: written in the transaction of its effect.
create table idempotency_keys (
    principal text not null,
    key text not null,
    fingerprint text not null,
    answer text,
    effect text,
    effect_id bigint,
    created_at bigint not null,
    primary key (principal, key)
);
create unique index idempotency_effects on idempotency_keys (effect, effect_id);
create index idempotency_age on idempotency_keys (created_at);

-- The ends of the hash chains: `journals` and `staff_acts`.
create table chain_heads (
    name text primary key,
    hash text not null,
    length bigint not null
);

-- What staff did, chained like the ledger.
create table staff_acts (
    id bigint primary key,
    actor_id bigint not null,
    action text not null,
    about text not null,
    about_id bigint not null,
    detail text not null,
    at bigint not null,
    prev_hash text not null,
    hash text not null unique
);
create unique index staff_acts_chain on staff_acts (prev_hash);

-- How often something was tried in a window of time: limits that hold on several nodes.
create table tries (
    bucket text not null,
    window_start bigint not null,
    count bigint not null check (count >= 0),
    primary key (bucket, window_start)
);

-- The results of the last audits.
create table audits (
    id bigint primary key,
    at bigint not null,
    took_us bigint not null,
    violations bigint not null,
    report text not null
);

-- Who is told what happens: endpoints, the secrets they check us by, and every delivery with every
-- try of it.

-- An endpoint. `names` is every event it wants, each between spaces; empty for all. It is told what
-- has an id above `since`; up to `cursor` the log has been read for it. `settled_at` is when it was
-- last switched on or given other names.
create table webhooks (
    id bigint primary key,
    url text not null unique,
    description text not null,
    names text not null,
    state text not null check (state in ('on', 'off')),
    why_off text check (why_off in ('staff', 'gone', 'failing')),
    since bigint not null,
    cursor bigint not null,
    settled_at bigint not null,
    failing_since bigint,
    last_sent_at bigint,
    version bigint not null,
    created_at bigint not null,
    check ((state = 'off') = (why_off is not null))
);

-- What signs. The newest has no end; the one before it signs too until its end.
create table webhook_secrets (
    id bigint primary key,
    webhook_id bigint not null references webhooks (id),
    secret bytea not null,
    created_at bigint not null,
    ends_at bigint
);
create index webhook_secrets_of on webhook_secrets (webhook_id, id);

-- An event on its way to an endpoint. `place` is where it stands among the events of its object;
-- `tries` counts from the last time it was asked for, `attempts` from the first.
create table webhook_deliveries (
    webhook_id bigint not null references webhooks (id),
    event_id bigint not null references events (id),
    name text not null,
    about text not null,
    about_id bigint not null,
    place bigint not null,
    state text not null check (state in ('waiting', 'sent', 'dead')),
    next_at bigint,
    tries bigint not null default 0 check (tries >= 0),
    attempts bigint not null default 0 check (attempts >= tries),
    created_at bigint not null,
    ended_at bigint,
    primary key (webhook_id, event_id),
    check ((state = 'waiting') = (next_at is not null)),
    check ((state = 'waiting') = (ended_at is null))
);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_at)
    where state = 'waiting';
create index webhook_deliveries_object on webhook_deliveries (webhook_id, about, about_id, place)
    where state = 'waiting';
create index webhook_deliveries_dead on webhook_deliveries (webhook_id, event_id)
    where state = 'dead';
create index webhook_deliveries_ended on webhook_deliveries (ended_at) where ended_at is not null;

-- One try: what came back, or why nothing did.
create table webhook_attempts (
    webhook_id bigint not null,
    event_id bigint not null,
    number bigint not null check (number >= 1),
    at bigint not null,
    took_us bigint not null,
    status bigint,
    means text not null check (means in ('done', 'gone', 'busy', 'failed')),
    said text not null,
    primary key (webhook_id, event_id, number),
    foreign key (webhook_id, event_id) references webhook_deliveries (webhook_id, event_id)
);
create index webhook_attempts_age on webhook_attempts (webhook_id, at);

-- Whoever tells others looks for work all the time, and mostly there is none.
create index jobs_others_due on jobs (run_at) where state = 'ready' and kind = 'webhook.send';

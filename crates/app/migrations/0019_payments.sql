-- Payment providers beside the sandbox: what they call a payment, how they are, what they say they
-- moved each day, and where that differs from our books.

-- The provider's own name for a payment; empty where ours is enough.
alter table payments add column theirs text not null default '';
-- When the address to pay at was made, and when the provider was last asked about it.
alter table payments add column url_at bigint;
alter table payments add column asked_at bigint;
-- The same of a top-up; our own name for it, as the provider writes it (its id); and when its money
-- came, since it changes again when some of it goes back.
alter table top_ups add column reference text not null default '';
update top_ups set reference = 'top_'
    || substr('0123456789abcdefghjkmnpqrstvwxyz', cast((id >> 60) & 31 as integer) + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', cast((id >> 55) & 31 as integer) + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', cast((id >> 50) & 31 as integer) + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', cast((id >> 45) & 31 as integer) + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', cast((id >> 40) & 31 as integer) + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', cast((id >> 35) & 31 as integer) + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', cast((id >> 30) & 31 as integer) + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', cast((id >> 25) & 31 as integer) + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', cast((id >> 20) & 31 as integer) + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', cast((id >> 15) & 31 as integer) + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', cast((id >> 10) & 31 as integer) + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', cast((id >> 5) & 31 as integer) + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', cast((id >> 0) & 31 as integer) + 1, 1);
alter table top_ups add column theirs text not null default '';
alter table top_ups add column url_at bigint;
alter table top_ups add column asked_at bigint;
alter table top_ups add column captured_at bigint;
update top_ups set captured_at = (select j.at from journals j
    where j.kind = 'top_up' and j.about = 'top_up' and j.about_id = top_ups.id)
    where status = 'captured';
create unique index top_ups_reference on top_ups (provider, reference);
create index top_ups_open on top_ups (created_at) where status = 'pending';
create index top_ups_captured on top_ups (provider, captured_at) where captured_at is not null;
create index top_up_refunds_done on top_up_refunds (updated_at) where status = 'succeeded';

create index payments_open on payments (created_at) where status in ('pending', 'failed');
create index payments_captured on payments (provider, updated_at) where status = 'captured';
create index payment_notices_received on payment_notices (provider, received_at);
create index refunds_done on refunds (updated_at) where status = 'succeeded';

alter table sandbox_payments add column paid_at bigint;
update sandbox_payments set paid_at = created_at where status = 'paid';
create index sandbox_payments_paid on sandbox_payments (paid_at) where paid_at is not null;
create index sandbox_refunds_made on sandbox_refunds (created_at);

-- How a provider answered last.
create table provider_health (
    provider text primary key,
    well_at bigint,
    trouble_at bigint,
    trouble text,
    check ((trouble_at is null) = (trouble is null))
);

-- A provider's statement of a day of its own, counted from 1970-01-01.
create table statements (
    id bigint primary key,
    provider text not null,
    day bigint not null,
    source text not null check (source in ('provider', 'file')),
    -- Where its day begins and ends.
    from_at bigint not null,
    to_at bigint not null,
    lines bigint not null check (lines >= 0),
    read_at bigint not null,
    -- Who brought it; null when the provider was asked.
    read_by bigint,
    -- Counts how often it was read.
    version bigint not null check (version >= 1),
    unique (provider, day),
    check (from_at < to_at)
);

create table statement_lines (
    statement_id bigint not null references statements (id),
    position bigint not null,
    provider text not null,
    kind text not null check (kind in ('payment', 'refund', 'odd')),
    -- Our name for it and theirs.
    reference text not null,
    theirs text not null,
    currency text not null,
    minor bigint not null check (minor >= 0),
    fee bigint,
    rate bigint,
    at bigint not null,
    state text not null check (state in ('done', 'underway', 'failed')),
    -- Where it stands in the file.
    number bigint not null,
    primary key (statement_id, position)
);
create index statement_lines_reference on statement_lines (provider, kind, reference);

-- What does not fit. It is found once, however often statements are read.
create table differences (
    id bigint primary key,
    statement_id bigint not null references statements (id),
    provider text not null,
    what text not null check (what in ('missing_here', 'missing_there', 'amount', 'currency',
        'twice', 'status', 'fee', 'day', 'unexpected')),
    kind text not null check (kind in ('payment', 'refund', 'odd')),
    -- Our name for what it is about, or else theirs.
    name text not null,
    order_id bigint references orders (id),
    -- The line of the file, where it is about one.
    number bigint,
    ours bigint,
    our_currency text,
    theirs bigint,
    their_currency text,
    -- gone: a statement that was read later no longer shows it.
    state text not null check (state in ('open', 'settled', 'gone')),
    note text not null,
    found_at bigint not null,
    ended_at bigint,
    ended_by bigint,
    unique (provider, what, kind, name),
    check ((state = 'open') = (ended_at is null)),
    check (state <> 'settled' or (note <> '' and ended_by is not null)),
    check ((ours is null) = (our_currency is null)),
    check ((theirs is null) = (their_currency is null))
);
create index differences_statement on differences (statement_id);
create index differences_open on differences (found_at) where state = 'open';

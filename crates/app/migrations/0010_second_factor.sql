-- The second step of signing in to the console: a secret shared with an app on somebody's phone.

create table second_factors (
    person_id bigint primary key references people (id),
    secret bytea not null,
    created_at bigint not null,
    -- Since when it is asked for; null until the first right code proved that the app has it.
    confirmed_at bigint,
    -- The step of the last code that was taken: no code is taken twice.
    last_step bigint not null default 0,
    check (confirmed_at is null or last_step > 0)
);

-- For the day the phone is gone. Kept as hashes only, each good for once.
create table recovery_codes (
    person_id bigint not null references second_factors (person_id),
    code_hash text not null,
    used_at bigint,
    primary key (person_id, code_hash)
);

-- Who gave the right password and still owes the code. The ticket is kept as a hash only.
create table sign_in_tickets (
    token_hash text primary key,
    person_id bigint not null references people (id),
    expires_at bigint not null
);
create index sign_in_tickets_person on sign_in_tickets (person_id);

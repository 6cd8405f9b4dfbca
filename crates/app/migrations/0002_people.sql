-- Shoppers and staff, how they come in, and what they are told.

create table people (
    id bigint primary key,
    name text not null,
    email text unique,
    phone text unique,
    locale text not null,
    role text not null check (role in ('shopper', 'manager', 'owner')),
    -- Argon2, staff only.
    password_hash text,
    created_at bigint not null,
    check (email is not null or phone is not null)
);

-- Codes are kept as hashes only.
create table sign_in_codes (
    id bigint primary key,
    contact text not null,
    code_hash text not null,
    expires_at bigint not null,
    tries bigint not null default 0,
    used_at bigint,
    created_at bigint not null
);
create index sign_in_codes_contact on sign_in_codes (contact, created_at);

-- A browser, signed in or not. The token is kept as a hash only.
create table sessions (
    id bigint primary key,
    token_hash text not null unique,
    csrf text not null,
    person_id bigint references people (id),
    created_at bigint not null,
    expires_at bigint not null
);
create index sessions_expiry on sessions (expires_at);
create index sessions_person on sessions (person_id);

-- Tokens for programs; scopes are separated by spaces.
create table tokens (
    id bigint primary key,
    person_id bigint not null references people (id),
    name text not null,
    hint text not null,
    token_hash text not null unique,
    scopes text not null,
    created_at bigint not null,
    last_used_at bigint,
    revoked_at bigint
);
create index tokens_person on tokens (person_id);

-- What was (or is to be) sent out by e-mail or phone.
create table messages (
    id bigint primary key,
    channel text not null check (channel in ('email', 'sms')),
    recipient text not null,
    subject text not null,
    body text not null,
    state text not null check (state in ('waiting', 'sent', 'failed')),
    created_at bigint not null,
    sent_at bigint
);
create index messages_created on messages (created_at);

-- What a person is told inside the shop. `about`/`about_id` is where the notice leads.
create table notices (
    id bigint primary key,
    person_id bigint not null references people (id),
    kind text not null,
    about text not null,
    about_id bigint not null,
    args text not null,
    created_at bigint not null,
    read_at bigint
);
create index notices_person on notices (person_id, id);

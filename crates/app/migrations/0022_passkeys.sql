-- Passkeys: signing in with what a phone, a computer or a stick holds, without a password.

create table passkeys (
    id bigint primary key,
    person_id bigint not null references people (id),
    -- What the browser calls it; whoever makes it up draws at least 16 bytes.
    credential_id bytea not null unique,
    -- As it came, in COSE. Only the other half, which never leaves the device, can sign.
    public_key bytea not null,
    -- How often it signed, as far as it says; 0 for those that do not count.
    sign_count bigint not null default 0,
    -- What its owner calls it.
    name text not null,
    -- Whether it is kept with a provider and so on more than one device.
    synced bigint not null default 0,
    created_at bigint not null,
    last_used_at bigint,
    check (length(credential_id) between 1 and 1023),
    check (sign_count >= 0),
    check (synced in (0, 1)),
    check (length(name) between 1 and 60)
);
create index passkeys_person on passkeys (person_id);

-- What a browser was given to sign, kept as a hash: good for five minutes and for once.
create table passkey_challenges (
    challenge_hash text primary key,
    -- Who adds a key with it; null while somebody signs in.
    person_id bigint references people (id),
    expires_at bigint not null
);
create index passkey_challenges_person on passkey_challenges (person_id);

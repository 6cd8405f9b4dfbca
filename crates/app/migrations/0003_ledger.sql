-- The books: the only truth about money. `+` is a credit to the account.

create table accounts (
    id bigint primary key,
    kind text not null,
    -- Whose it is: an order for escrow, 0 for the shop's own.
    owner_id bigint not null,
    currency text not null,
    balance bigint not null check (balance between -9007199254740991 and 9007199254740991),
    held bigint not null check (held >= 0),
    floor bigint,
    unique (kind, owner_id, currency),
    check (floor is null or balance - held >= floor)
);

-- One business fact, once. `length` is its place in the chain.
create table journals (
    id bigint primary key,
    kind text not null,
    about text not null,
    about_id bigint not null,
    reverses_id bigint unique references journals (id),
    at bigint not null,
    length bigint not null unique,
    prev_hash text not null unique,
    hash text not null unique,
    unique (kind, about, about_id)
);
create index journals_about on journals (about, about_id);

create table postings (
    journal_id bigint not null references journals (id),
    position bigint not null,
    account_id bigint not null references accounts (id),
    currency text not null,
    amount bigint not null
        check (amount <> 0 and amount between -9007199254740991 and 9007199254740991),
    primary key (journal_id, position)
);
create index postings_account on postings (account_id, journal_id);

-- Value that is promised but not yet gone.
create table holds (
    id bigint primary key,
    account_id bigint not null references accounts (id),
    amount bigint not null check (amount > 0),
    settled bigint not null check (settled >= 0 and settled <= amount),
    status text not null check (status in ('active', 'settled', 'released')),
    about text not null,
    about_id bigint not null,
    created_at bigint not null,
    unique (about, about_id)
);
create index holds_account on holds (account_id) where status = 'active';

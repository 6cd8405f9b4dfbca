-- Invoices, what a shop must say of itself, and the licences it shows.

-- One row: who issues invoices. Nobody may ask for one as long as the name is empty.
create table invoice_settings (
    id bigint primary key check (id = 1),
    seller_name text not null,
    seller_tax_number text not null,
    seller_address text not null,
    seller_bank text not null,
    -- What numbers begin with, before the year.
    prefix text not null,
    -- What is asked for is issued by itself once the goods have arrived.
    automatic bigint not null check (automatic in (0, 1)),
    version bigint not null
);
insert into invoice_settings (id, seller_name, seller_tax_number, seller_address, seller_bank,
                              prefix, automatic, version)
values (1, '', '', '', '', '', 0, 1);

-- Whom a buyer's invoices named, for the next time. JSON.
create table invoice_titles (
    id bigint primary key,
    person_id bigint not null references people (id),
    title text not null,
    used_at bigint not null,
    unique (person_id, title)
);

create table invoice_requests (
    id bigint primary key,
    order_id bigint not null references orders (id),
    status text not null check (status in ('asked', 'issued', 'red', 'declined', 'withdrawn')),
    -- JSON. Of what came to nothing no title is kept.
    title text not null,
    -- Why it was declined or taken back.
    reason text not null,
    asked_at bigint not null,
    answered_at bigint,
    answered_by bigint,
    check ((status = 'asked') = (answered_at is null)),
    check (status not in ('declined', 'red') or reason <> ''),
    check (status not in ('asked', 'issued', 'red') or title <> '')
);
create index invoice_requests_order on invoice_requests (order_id, id);
create index invoice_requests_status on invoice_requests (status, id);
-- One at a time.
create unique index invoice_requests_open on invoice_requests (order_id)
    where status in ('asked', 'issued');

-- The numbers of a year, each used once and none left out: whoever takes the next holds the row
-- until the invoice is written. The hash chains them.
create table invoice_series (
    year bigint primary key,
    last bigint not null check (last >= 0),
    hash text not null
);

-- What was issued. Rows are added and never changed.
create table invoices (
    id bigint primary key,
    request_id bigint not null references invoice_requests (id),
    order_id bigint not null references orders (id),
    -- How many the request had before it: two are never issued in place of one.
    copy bigint not null check (copy >= 0),
    -- Which one a red invoice takes back; each at most once.
    reverses bigint unique references invoices (id),
    year bigint not null,
    seq bigint not null check (seq >= 1),
    number text not null unique,
    -- JSON, as they were then.
    title text not null,
    seller text not null,
    currency text not null,
    net bigint not null,
    tax bigint not null,
    total bigint not null,
    -- Why it was taken back.
    reason text not null,
    issued_at bigint not null,
    -- Null when it was issued by itself.
    issued_by bigint,
    hash text not null,
    unique (year, seq),
    unique (request_id, copy),
    check (total = net + tax),
    check ((reverses is null and total > 0 and tax >= 0 and net >= 0 and reason = '')
        or (reverses is not null and total < 0 and tax <= 0 and net <= 0 and reason <> ''))
);
create index invoices_order on invoices (order_id, id);

create table invoice_lines (
    invoice_id bigint not null references invoices (id),
    position bigint not null,
    name text not null,
    spec text not null,
    quantity bigint not null check (quantity <> 0),
    amount bigint not null check (amount <> 0),
    tax bigint not null,
    rate bigint not null check (rate between 0 and 10000),
    primary key (invoice_id, position),
    check ((quantity > 0 and amount > 0 and tax between 0 and amount)
        or (quantity < 0 and amount < 0 and tax between amount and 0))
);

-- Terms, privacy and the like: every version that was ever published.
create table legal_texts (
    kind text not null check (kind in ('terms', 'privacy', 'refunds', 'shipping', 'imprint')),
    number bigint not null check (number >= 1),
    -- HTML that was cleaned on the way in, in the shop's language and in English.
    body text not null check (body <> ''),
    body_en text not null,
    -- What anybody can reckon anew, and so see that nothing was changed since.
    hash text not null,
    published_at bigint not null,
    published_by bigint not null,
    primary key (kind, number)
);

-- One row: what stands at the foot of every page.
create table shop_licence (
    id bigint primary key check (id = 1),
    -- JSON.
    licence text not null,
    -- The hash of a file, or empty.
    picture text not null,
    version bigint not null
);
insert into shop_licence (id, licence, picture, version) values (1, '{}', '', 1);

-- Which version of the terms holds for new orders; none while nothing was published.
alter table shop add column terms bigint check (terms >= 1);
-- Which version the buyer agreed to.
alter table orders add column terms bigint check (terms >= 1);

-- Letters: what is written to people for what happened, in words the merchant may change.

-- What a reader was told inside the shop and is still to be written by other channels.
alter table notices add column to_write bigint not null default 0 check (to_write in (0, 1));
create index notices_to_write on notices (id) where to_write = 1;

-- What staff are to be written about. A row is a fact: it is there once.
create table staff_news (
    id bigint primary key,
    letter text not null,
    about text not null,
    about_id bigint not null,
    args text not null,
    created_at bigint not null,
    to_write bigint not null check (to_write in (0, 1)),
    unique (letter, about, about_id)
);
create index staff_news_to_write on staff_news (id) where to_write = 1;

-- What somebody was reminded of, so that nobody is twice.
create table reminders (
    letter text not null,
    about_id bigint not null,
    person_id bigint not null references people (id),
    at bigint not null,
    primary key (letter, about_id, person_id)
);

-- Which goods staff were told run low; a row goes when there are enough again.
create table told_low (
    variant_id bigint primary key references variants (id),
    at bigint not null
);

-- Whether the buyer was told that their goods can be fetched.
alter table pickups add column told bigint not null default 0 check (told in (0, 1));
update pickups set told = 1;
create index pickups_to_tell on pickups (order_id) where told = 0;

-- Messages also go to chat apps, rest in a demo, and say which letter they are.
alter table messages rename to messages_before;
drop index messages_created;
drop index messages_recipient;
drop index messages_marketing;
create table messages (
    id bigint primary key,
    channel text not null check (channel in ('email', 'sms', 'chat')),
    -- An address, a number, or for a chat app the person's id.
    recipient text not null,
    subject text not null,
    body text not null,
    -- `caught`: a demo keeps its letters to be read, nothing leaves it.
    state text not null check (state in ('waiting', 'sent', 'failed', 'caught')),
    created_at bigint not null,
    sent_at bigint,
    kind text not null default 'service' check (kind in ('service', 'marketing')),
    person_id bigint references people (id),
    consent_id bigint references consents (id),
    withheld bigint not null default 0 check (withheld in (0, 1)),
    -- Which letter it is, of which group; null for codes and what staff write by hand.
    letter text,
    letter_group text,
    -- Whether its reader may switch such letters off.
    optional bigint not null default 0 check (optional in (0, 1)),
    about text,
    about_id bigint,
    -- What it is written for: one letter for each fact, reader and channel.
    fact text,
    -- Its tries are used up, and what was said last.
    gave_up bigint not null default 0 check (gave_up in (0, 1)),
    why text,
    check ((letter is null) = (letter_group is null)),
    check (letter is null or (person_id is not null and about is not null
        and about_id is not null))
);
insert into messages (id, channel, recipient, subject, body, state, created_at, sent_at, kind,
                      person_id, consent_id, withheld)
select id, channel, recipient, subject, body, state, created_at, sent_at, kind, person_id,
       consent_id, withheld from messages_before;
drop table messages_before;
create index messages_created on messages (created_at);
create index messages_recipient on messages (recipient, id);
create index messages_marketing on messages (id) where kind = 'marketing';
create index messages_person on messages (person_id, id) where person_id is not null;
create index messages_waiting on messages (created_at) where state = 'waiting';
create unique index messages_once on messages (fact, person_id, letter, channel)
    where fact is not null;

-- A merchant's own words for a letter.
create table letter_templates (
    letter text not null,
    channel text not null check (channel in ('email', 'sms', 'chat')),
    locale text not null check (locale in ('zh-CN', 'en')),
    subject text not null,
    body text not null check (body <> ''),
    updated_at bigint not null,
    updated_by bigint not null,
    primary key (letter, channel, locale)
);
-- How often the words were changed; it stays when they are taken back.
create table letter_versions (
    letter text not null,
    channel text not null,
    locale text not null,
    version bigint not null check (version > 0),
    primary key (letter, channel, locale)
);

-- Letters the merchant does not send by a channel.
create table letters_off (
    letter text not null,
    channel text not null check (channel in ('email', 'sms', 'chat')),
    primary key (letter, channel)
);

-- What a reader chose, where it is not the usual.
create table letter_choices (
    person_id bigint not null references people (id),
    letter_group text not null,
    channel text not null check (channel in ('email', 'sms', 'chat')),
    wanted bigint not null check (wanted in (0, 1)),
    -- `account`, `api` or `link`.
    said_by text not null,
    at bigint not null,
    primary key (person_id, letter_group, channel)
);

-- The merchant's gateways: where text and chat messages are posted, signed.
create table letter_gateways (
    channel text primary key check (channel in ('sms', 'chat')),
    url text not null,
    secret bytea not null,
    active bigint not null check (active in (0, 1)),
    version bigint not null check (version > 0),
    updated_at bigint not null
);

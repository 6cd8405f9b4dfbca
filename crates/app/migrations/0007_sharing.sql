-- Who showed what to whom.

create table share_links (
    id bigint primary key,
    code text not null unique,
    person_id bigint not null references people (id),
    object text not null,
    object_id bigint not null,
    created_at bigint not null,
    visits bigint not null default 0,
    unique (person_id, object, object_id)
);

create table visits (
    id bigint primary key,
    link_id bigint not null references share_links (id),
    session_id bigint,
    person_id bigint references people (id),
    bot bigint not null check (bot in (0, 1)),
    at bigint not null
);
create index visits_session on visits (session_id, at);
create index visits_link on visits (link_id, at);
create index visits_person on visits (person_id, at);
-- Which orders a link brought.
create index orders_visit on orders (visit_id) where visit_id is not null;

-- Search: what changed is read from the log, and words that mean the same.

create index events_products on events (id) where name = 'product.changed';

-- Words that find each other, or with `one_way` the first finds the others: a JSON array.
create table synonyms (
    id bigint primary key,
    words text not null,
    one_way bigint not null check (one_way in (0, 1)),
    made_at bigint not null
);

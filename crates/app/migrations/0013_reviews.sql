-- Reviews: what buyers say about what they received, how helpful others find it, who hid one why.
-- Nothing here is ever deleted but a vote that is taken back.

create table reviews (
    id bigint primary key,
    line_id bigint not null unique references order_lines (id),
    order_id bigint not null references orders (id),
    product_id bigint not null references products (id),
    person_id bigint not null references people (id),
    stars bigint not null check (stars between 1 and 5),
    text text not null,
    written_at bigint not null,
    follow_up text,
    followed_up_at bigint,
    answer text,
    answered_at bigint,
    answered_by bigint references people (id),
    -- How many pictures and votes it has.
    pictures bigint not null default 0 check (pictures between 0 and 6),
    votes bigint not null default 0 check (votes >= 0),
    -- The ruling that hides it; null while it is shown.
    hidden_by bigint,
    -- Counts its changes.
    version bigint not null,
    check ((follow_up is null) = (followed_up_at is null)),
    check ((answer is null) = (answered_at is null)),
    check ((answer is null) = (answered_by is null))
);
create index reviews_product on reviews (product_id, id);
create index reviews_person on reviews (person_id, id);
create index reviews_order on reviews (order_id);
create index reviews_unanswered on reviews (id) where answer is null;

create table review_pictures (
    review_id bigint not null references reviews (id),
    position bigint not null check (position between 0 and 5),
    file text not null references files (hash),
    thumb text not null references files (hash),
    width bigint not null,
    height bigint not null,
    color text not null,
    primary key (review_id, position),
    unique (review_id, file)
);

create table review_votes (
    review_id bigint not null references reviews (id),
    person_id bigint not null references people (id),
    at bigint not null,
    primary key (review_id, person_id)
);

-- Every act of moderation: a review was hidden, or shown again.
create table review_rulings (
    id bigint primary key,
    review_id bigint not null references reviews (id),
    hides bigint not null check (hides in (0, 1)),
    -- Why, by a code of a fixed list, and the law it rested on then. Empty for what is shown again.
    ground text not null,
    law text not null,
    reason text not null,
    actor_id bigint not null references people (id),
    at bigint not null,
    check ((hides = 1) = (ground <> '')),
    check (hides = 0 or (law <> '' and reason <> ''))
);
create index review_rulings_review on review_rulings (review_id, id);

-- What the reviews of a product come to: changed with them, and compared with them by the audit.
create table review_sums (
    product_id bigint primary key references products (id),
    stars1 bigint not null check (stars1 >= 0),
    stars2 bigint not null check (stars2 >= 0),
    stars3 bigint not null check (stars3 >= 0),
    stars4 bigint not null check (stars4 >= 0),
    stars5 bigint not null check (stars5 >= 0),
    -- Of those shown, how many have pictures; and how many are hidden.
    pictured bigint not null check (pictured >= 0),
    hidden bigint not null check (hidden >= 0)
);

-- What a merchant writes and arranges.

create table content_pages (
    id bigint primary key,
    slug text not null unique,
    title text not null check (title <> ''),
    title_en text not null,
    -- HTML that was cleaned on the way in.
    body text not null,
    body_en text not null,
    description text not null,
    published bigint not null check (published in (0, 1)),
    menu text not null check (menu in ('nowhere', 'foot', 'top')),
    position bigint not null,
    version bigint not null,
    updated_at bigint not null
);

-- The front page, part by part; empty as long as nobody arranged it.
create table home_sections (
    id bigint primary key,
    position bigint not null unique,
    part text not null,
    title text not null,
    title_en text not null,
    text text not null,
    text_en text not null,
    link text not null,
    category_id bigint references categories (id)
);

-- One row: what the shop looks like.
create table shop_look (
    id bigint primary key check (id = 1),
    -- `#rrggbb`, or empty for ours.
    colour text not null,
    -- The hash of a file, or empty.
    logo text not null,
    announcement text not null,
    announcement_en text not null,
    announcement_link text not null,
    announcement_until bigint,
    version bigint not null
);
insert into shop_look (id, colour, logo, announcement, announcement_en, announcement_link,
                       announcement_until, version)
values (1, '', '', '', '', '', null, 1);

create table redirects (
    id bigint primary key,
    from_path text not null unique,
    to_link text not null,
    created_at bigint not null
);

-- Group buys are campaigns: one life, one set of limits, one stock and one count for each person.
-- What is left of their own table says what a group buy is of; teams and orders point at it.

insert into campaigns (id, mechanic, status, title, starts_at, ends_at, frame, terms, copy,
                       picture, waiting, closed, version, created_by, created_at, updated_at)
select id, 'group_buy', status, title, starts_at, ends_at,
       '{"title":"' || replace(replace(title, '\', '\\'), '"', '\"') || '",'
       || '"goals":[{"measure":"participants","target":100}],"audience":{"kind":"everyone"},'
       || '"limits":{"per_person":9999,"per_cluster":9999,"per_day":null,"total":null},'
       || '"budget":null,"holdout":0,"channels":[{"channel":"shop","rewarded":true},'
       || '{"channel":"wechat","rewarded":false},{"channel":"link","rewarded":true}],'
       || '"combines":{"promotions":false,"coupons":false,"points":false,"commissions":false}}',
       '{"mechanic":"group_buy",' || substr(terms, 2),
       '', '', 0, case when status = 'ended' then 1 else 0 end, version, created_by, created_at,
       coalesce(ended_at, created_at)
from group_buys;

insert into campaign_moves (campaign_id, seq, from_status, to_status, actor_id, reason, at)
select id, 1, null, status, created_by, 'created', created_at from group_buys;

insert into campaign_stock (campaign_id, variant_id, price, quota, left_over)
select group_buy_id, variant_id, price, quota, left_over from group_buy_variants;
drop table group_buy_variants;

insert into campaign_people (campaign_id, person_id, quantity, most)
select group_buy_id, person_id, quantity, most from group_buy_people;
drop table group_buy_people;

drop index group_buys_product;
drop index group_buys_status;
alter table group_buys drop column title;
alter table group_buys drop column status;
alter table group_buys drop column ends_at;
alter table group_buys drop column starts_at;
alter table group_buys drop column terms;
alter table group_buys drop column created_by;
alter table group_buys drop column created_at;
alter table group_buys drop column ended_at;
alter table group_buys drop column version;
create index group_buys_product on group_buys (product_id);

-- An order of a group buy whose campaign limits who takes part is counted by it too.
drop index order_campaigns_campaign;
drop index order_campaigns_bargain;
alter table order_campaigns rename to order_campaigns_before;
create table order_campaigns (
    order_id bigint primary key references orders (id),
    campaign_id bigint not null references campaigns (id),
    mechanic text not null check (mechanic in ('flash_sale', 'bargain', 'group_buy')),
    -- The bargain it pays for; null where there is none.
    bargain_id bigint,
    person_id bigint not null references people (id),
    variant_id bigint not null references variants (id),
    quantity bigint not null check (quantity >= 1),
    -- How many of them still count: they are held, or bought and kept.
    counted bigint not null check (counted between 0 and quantity),
    -- The counters it was counted by, as JSON: given back when nothing of it counts any more.
    counters text not null,
    price bigint not null check (price >= 0),
    -- When the price was good, and when it was asked for.
    good_from bigint not null,
    good_until bigint not null,
    at bigint not null,
    check (at >= good_from and at < good_until),
    check ((mechanic = 'bargain') = (bargain_id is not null))
);
insert into order_campaigns (order_id, campaign_id, mechanic, bargain_id, person_id, variant_id,
                             quantity, counted, counters, price, good_from, good_until, at)
select order_id, campaign_id, mechanic, bargain_id, person_id, variant_id, quantity, counted,
       counters, price, good_from, good_until, at
from order_campaigns_before;
drop table order_campaigns_before;
create index order_campaigns_campaign on order_campaigns (campaign_id, person_id);
create index order_campaigns_bargain on order_campaigns (bargain_id) where bargain_id is not null;

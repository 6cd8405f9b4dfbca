-- Roles of the merchant's own: sets of grants, each "permission:level", apart by spaces.
create table roles (
    id bigint not null primary key,
    name text not null unique check (length(name) between 1 and 60),
    grants text not null check (grants <> ''),
    version bigint not null check (version > 0),
    created_at bigint not null,
    updated_at bigint not null
);

-- A member of staff who is less than a manager says here what they are; `role` is their rank.
alter table people add column staff_role text check (
    staff_role is null or (role = 'manager'
        and staff_role in ('viewer', 'analyst', 'content', 'warehouse', 'support', 'own')));
alter table people add column role_id bigint references roles (id) check (
    (role_id is not null) = (coalesce(staff_role, '') = 'own'));
create index people_of_role on people (role_id) where role_id is not null;

-- Who worked here before the staff log said who let them in.
alter table people add column worked_before bigint not null default 0
    check (worked_before in (0, 1));
update people set worked_before = 1 where role <> 'shopper';

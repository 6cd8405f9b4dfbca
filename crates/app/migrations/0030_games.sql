-- Games: lucky draws, red packets, guesses and quizzes. Each belongs to a campaign.

create table draws (
    campaign_id bigint primary key references campaigns (id),
    -- 64 hexadecimal digits: nobody is shown them before `revealed_at`. Their hash is public.
    seed text not null check (length(seed) = 64),
    hash text not null check (length(hash) = 64),
    -- How many were drawn: the number of the last one.
    drawn bigint not null default 0 check (drawn >= 0),
    committed_at bigint not null,
    revealed_at bigint
);

-- The prizes as they were published, in their order; the last is the consolation.
create table draw_prizes (
    campaign_id bigint not null references draws (campaign_id),
    place bigint not null check (place >= 0),
    name text not null check (length(name) between 1 and 60),
    gives text not null check (gives in ('nothing', 'credit', 'thing')),
    weight bigint not null check (weight >= 1),
    stock bigint check (stock >= 1),
    left_over bigint check (left_over >= 0 and left_over <= stock),
    -- In minor units of the shop's currency.
    value bigint not null check (value >= 0),
    primary key (campaign_id, place),
    check ((stock is null) = (left_over is null)),
    check ((stock is null) = (gives = 'nothing'))
);

-- Somebody's chances: earned by what `draw_grants` says, used by what `draw_records` says.
create table draw_chances (
    campaign_id bigint not null references draws (campaign_id),
    person_id bigint not null references people (id),
    earned bigint not null check (earned >= 0),
    used bigint not null default 0 check (used >= 0),
    primary key (campaign_id, person_id),
    check (used <= earned)
);

-- Why somebody has chances, once for each cause.
create table draw_grants (
    id bigint primary key,
    campaign_id bigint not null references draws (campaign_id),
    person_id bigint not null references people (id),
    source text not null check (source in ('daily', 'order', 'staff')),
    -- The day, the order, or what staff did.
    cause text not null,
    chances bigint not null check (chances between 1 and 100),
    by_id bigint,
    reason text not null default '',
    at bigint not null,
    unique (campaign_id, person_id, source, cause),
    check ((source = 'staff') = (by_id is not null))
);

-- Every draw with what it was made of. No row is ever changed or deleted, but for its hand-over.
create table draw_records (
    id bigint primary key,
    campaign_id bigint not null references draws (campaign_id),
    number bigint not null check (number >= 1),
    person_id bigint not null references people (id),
    salt text not null check (length(salt) <= 64),
    ticket bigint not null check (ticket >= 0),
    fell_on bigint not null,
    wins bigint not null,
    reward_id bigint references rewards (id),
    handed_at bigint,
    at bigint not null,
    unique (campaign_id, number),
    foreign key (campaign_id, wins) references draw_prizes (campaign_id, place)
);
create index draw_records_person on draw_records (person_id, campaign_id, id);

create table packets (
    campaign_id bigint primary key references campaigns (id),
    seed text not null check (length(seed) = 64),
    hash text not null check (length(hash) = 64),
    split text not null check (split in ('equal', 'random')),
    total bigint not null check (total >= 1),
    count bigint not null check (count between 1 and 10000),
    -- How many parts were taken: the number of the last one.
    taken bigint not null default 0 check (taken >= 0 and taken <= count),
    made_at bigint not null,
    expires_at bigint not null,
    -- When nothing more could be taken, and what was left then.
    closed_at bigint,
    returned bigint check (returned >= 0 and returned <= total),
    check ((closed_at is null) = (returned is null))
);

-- The parts, in the order they are taken.
create table packet_parts (
    campaign_id bigint not null references packets (campaign_id),
    number bigint not null check (number >= 1),
    amount bigint not null check (amount >= 1),
    person_id bigint references people (id),
    reward_id bigint references rewards (id),
    taken_at bigint,
    primary key (campaign_id, number),
    unique (campaign_id, person_id),
    check ((person_id is null) = (taken_at is null)),
    check ((person_id is null) = (reward_id is null))
);
create index packet_parts_person on packet_parts (person_id);

create table guess_games (
    campaign_id bigint primary key references campaigns (id),
    -- Sealed: nobody is shown the two before `revealed_at`. Their seal is public.
    answer bigint not null check (answer >= 1),
    salt text not null check (length(salt) = 32),
    seal text not null check (length(seal) = 64),
    -- How many guesses there are: the number of the last one.
    guessed bigint not null default 0 check (guessed >= 0),
    sealed_at bigint not null,
    closes_at bigint not null,
    revealed_at bigint
);

create table guess_people (
    campaign_id bigint not null references guess_games (campaign_id),
    person_id bigint not null references people (id),
    guessed bigint not null check (guessed >= 1),
    most bigint not null,
    primary key (campaign_id, person_id),
    check (guessed <= most)
);

create table guesses (
    id bigint primary key,
    campaign_id bigint not null references guess_games (campaign_id),
    number bigint not null check (number >= 1),
    person_id bigint not null references people (id),
    amount bigint not null check (amount >= 1),
    -- Which winner it is, from one up, and what it won.
    rank bigint check (rank >= 1),
    reward_id bigint references rewards (id),
    at bigint not null,
    unique (campaign_id, number),
    unique (campaign_id, rank),
    check (rank is not null or reward_id is null)
);
create index guesses_person on guesses (person_id, campaign_id, id);

create table quiz_attempts (
    id bigint primary key,
    campaign_id bigint not null references campaigns (id),
    person_id bigint not null references people (id),
    -- The day it was begun on, where the shop is, and which of that day it is.
    day bigint not null,
    try bigint not null check (try >= 1),
    -- Which questions, and what was answered: lists of numbers as JSON.
    questions text not null,
    answers text,
    right_ones bigint check (right_ones >= 0),
    passed bigint check (passed in (0, 1)),
    reward_id bigint references rewards (id),
    begun_at bigint not null,
    ends_at bigint not null,
    answered_at bigint,
    unique (campaign_id, person_id, day, try),
    check ((answers is null) = (answered_at is null)),
    check ((answers is null) = (passed is null)),
    check ((answers is null) = (right_ones is null)),
    check (reward_id is null or passed = 1)
);
create index quiz_attempts_person on quiz_attempts (person_id, campaign_id, id);

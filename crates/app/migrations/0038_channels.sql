-- Where a campaign rewards no sharing, since when: written as it is launched, and when a channel is
-- switched off under way. None is ever switched on under way.
create table campaign_silences (
    campaign_id bigint not null references campaigns (id),
    channel text not null,
    since bigint not null,
    primary key (campaign_id, channel)
);

-- Who last brought somebody a reward by what was done within an app's own browser.
create table campaign_channel_helps (
    campaign_id bigint not null references campaigns (id),
    channel text not null,
    person_id bigint not null references people (id),
    at bigint not null,
    primary key (campaign_id, channel, person_id)
);
create index campaign_channel_helps_person on campaign_channel_helps (person_id);

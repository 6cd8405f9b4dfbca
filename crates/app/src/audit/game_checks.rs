//! The checks of games: every draw is there with all it was made of, nothing is won twice, and no
//! more than was published.

use super::checks::{Check, check};

/// Every invariant of draws, packets, guesses and quizzes that can be seen in one state of the
/// database.
pub const CHECKS: &[Check] = &[
    check(
        "C1",
        "The draws of a campaign are numbered from one without a gap",
        "select d.campaign_id from draws d where d.drawn <>
           (select count(*) from draw_records r where r.campaign_id = d.campaign_id)
         or d.drawn <> coalesce((select max(r.number) from draw_records r
           where r.campaign_id = d.campaign_id), 0)",
    ),
    check(
        "C2",
        "Of each prize as many are gone as were won, and a ticket falls or goes to the last",
        "select z.campaign_id, z.place from draw_prizes z
         where z.stock is not null and z.stock - z.left_over <>
           (select count(*) from draw_records r
            where r.campaign_id = z.campaign_id and r.wins = z.place)
         union all select r.campaign_id, r.number from draw_records r
         where r.wins <> r.fell_on and r.wins <> (select max(z.place) from draw_prizes z
           where z.campaign_id = r.campaign_id)",
    ),
    check(
        "C3",
        "Chances are what was given, and each draw used one",
        "select c.campaign_id, c.person_id from draw_chances c
         where c.earned <> (select coalesce(sum(g.chances), 0) from draw_grants g
             where g.campaign_id = c.campaign_id and g.person_id = c.person_id)
           or c.used <> (select count(*) from draw_records r
             where r.campaign_id = c.campaign_id and r.person_id = c.person_id)
         union all select r.campaign_id, r.person_id from draw_records r where not exists
           (select 1 from draw_chances c
            where c.campaign_id = r.campaign_id and c.person_id = r.person_id)
         union all select g.campaign_id, g.person_id from draw_grants g where not exists
           (select 1 from draw_chances c
            where c.campaign_id = g.campaign_id and c.person_id = g.person_id)",
    ),
    check(
        "C4",
        "Whoever won a prize has its worth as a reward, and a thing was handed over once given",
        "select r.id, r.id from draw_records r
         join draw_prizes z on z.campaign_id = r.campaign_id and z.place = r.wins
         left join rewards w on w.id = r.reward_id
         where (z.gives = 'nothing') <> (r.reward_id is null)
           or (w.id is not null and (w.person_id <> r.person_id or w.amount <> z.value
             or w.campaign_id <> r.campaign_id
             or w.purse <> case when z.gives = 'thing' then 'spent' else 'store_credit' end
             or (z.gives = 'thing' and w.state in ('waiting', 'given')
               and (w.state = 'given') <> (r.handed_at is not null))))
         union all select w.id, w.id from rewards w where w.about = 'draw' and not exists
           (select 1 from draw_records r where r.reward_id = w.id)",
    ),
    check(
        "C5",
        "A seed is revealed when its draw is over, and nobody draws after that",
        "select d.campaign_id from draws d join campaigns c on c.id = d.campaign_id
         where (d.revealed_at is not null) <> (c.status in ('ended', 'evaluated'))
         union all select r.id from draw_records r join draws d on d.campaign_id = r.campaign_id
         where r.at > d.revealed_at
         union all select c.id from campaigns c where c.mechanic = 'draw'
           and c.status in ('scheduled', 'running', 'paused')
           and not exists (select 1 from draws d where d.campaign_id = c.id)",
    ),
    check(
        "C6",
        "The parts of a packet come to its total, and are taken in their order",
        "select k.campaign_id from packets k where k.total <>
           (select coalesce(sum(q.amount), 0) from packet_parts q
            where q.campaign_id = k.campaign_id)
         or k.count <> (select count(*) from packet_parts q where q.campaign_id = k.campaign_id)
         or k.taken <> (select count(*) from packet_parts q
            where q.campaign_id = k.campaign_id and q.person_id is not null)
         or k.taken <> (select coalesce(max(q.number), 0) from packet_parts q
            where q.campaign_id = k.campaign_id and q.person_id is not null)",
    ),
    check(
        "C7",
        "Whoever took a part of a packet in its time has it as a reward, and nobody else does",
        "select q.campaign_id, q.number from packet_parts q
         join packets k on k.campaign_id = q.campaign_id
         left join rewards w on w.id = q.reward_id
         where q.person_id is not null and (w.id is null or w.person_id <> q.person_id
           or w.amount <> q.amount or w.campaign_id <> q.campaign_id
           or q.taken_at >= k.expires_at or q.taken_at > k.closed_at)
         union all select w.id, w.id from rewards w where w.about = 'red_packet' and not exists
           (select 1 from packet_parts q where q.reward_id = w.id)",
    ),
    check(
        "C8",
        "A packet is closed when its time is over, and what went back is what nobody took",
        "select k.campaign_id from packets k where k.closed_at is not null and k.returned <>
           k.total - (select coalesce(sum(q.amount), 0) from packet_parts q
             where q.campaign_id = k.campaign_id and q.person_id is not null)
         union all select k.campaign_id from packets k join campaigns c on c.id = k.campaign_id
         where k.closed_at is null and (c.status in ('ended', 'evaluated')
           or (c.status in ('running', 'paused') and k.expires_at + {grace} < {now}))",
    ),
    check(
        "C9",
        "Guesses are numbered, counted and paid once a person, when the answer is out",
        "select g.campaign_id from guess_games g where g.guessed <>
           (select count(*) from guesses s where s.campaign_id = g.campaign_id)
         or g.guessed <> (select coalesce(sum(p.guessed), 0) from guess_people p
            where p.campaign_id = g.campaign_id)
         or (g.revealed_at is null and exists (select 1 from guesses s
            where s.campaign_id = g.campaign_id and s.rank is not null))
         union all select s.campaign_id from guesses s where s.rank is not null
         group by s.campaign_id, s.person_id having count(*) > 1
         union all select s.campaign_id from guesses s left join rewards w on w.id = s.reward_id
         where s.rank is not null and (w.id is null or w.person_id <> s.person_id
           or w.campaign_id <> s.campaign_id)
         union all select g.campaign_id from guess_games g
         join campaigns c on c.id = g.campaign_id
         where (g.revealed_at is not null) <> (c.status in ('ended', 'evaluated'))",
    ),
    check(
        "C10",
        "A quiz is answered in its time, and won by whoever passed, once",
        "select a.id from quiz_attempts a left join rewards w on w.id = a.reward_id
         where a.answered_at >= a.ends_at + 3000000
           or (a.reward_id is not null and (w.id is null or w.person_id <> a.person_id
             or w.campaign_id <> a.campaign_id))
         union all select min(a.id) from quiz_attempts a where a.reward_id is not null
         group by a.campaign_id, a.person_id having count(*) > 1
         union all select min(a.id) from quiz_attempts a where a.passed = 1
         group by a.campaign_id, a.person_id having count(a.reward_id) <> 1",
    ),
];

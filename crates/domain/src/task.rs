//! Lists of tasks (任务): something small to do, so often, for points or a chance to draw.
//!
//! What is done comes from facts of the shop, each with a key of its own (the order, the post, the
//! visitor who came by a share), so that nothing counts twice. No task pays for money given, for
//! stars in a review, or for bringing promoters (RULES CN-REV-03, CN-MLM-02): there is no such
//! deed.

use serde::{Deserialize, Serialize};

use crate::id::{Id, Kind};
use crate::moment::{Moment, Span};

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub id: Id<Task>,
    pub deed: Deed,
    /// How many different ones.
    pub count: i64,
    pub every: Every,
    pub reward: Reward,
}
impl Kind for Task {
    const PREFIX: &'static str = "tsk";
}
crate::id::described!(Task);

/// What counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = TaskDeed))]
pub enum Deed {
    CheckIn,
    /// Looks at a product.
    View,
    /// Somebody came by their share: a visitor, not a click of their own.
    ShareVisited,
    OrderPaid,
    OrderCompleted,
    /// Writes a review, whatever it says.
    Review,
    /// Takes part in a quiz or a guess.
    Play,
    /// Fills in their profile.
    Profile,
}
codes!(Deed {
    CheckIn = "check_in",
    View = "view",
    ShareVisited = "share_visited",
    OrderPaid = "order_paid",
    OrderCompleted = "order_completed",
    Review = "review",
    Play = "play",
    Profile = "profile",
});

/// How often it can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = TaskEvery))]
pub enum Every {
    Once,
    Day,
    /// From Monday to Sunday.
    Week,
}
codes!(Every { Once = "once", Day = "day", Week = "week" });

/// What it brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = TaskReward))]
pub enum Reward {
    Points {
        points: i64,
    },
    /// So many chances of the campaign's draw.
    Chances {
        chances: i64,
    },
}

/// What a merchant settles: one task after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = TaskTerms))]
pub struct Terms {
    pub list: Vec<Asked>,
}

/// One task as it is settled. Its place in the list is its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = TaskAsked))]
pub struct Asked {
    pub deed: Deed,
    pub count: i64,
    pub every: Every,
    pub reward: Reward,
}

/// Which setting cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTerms {
    /// One to twenty tasks, each of 1 to 100 deeds for 1 to 100,000 points.
    Tasks,
    /// The shop hears of no such deed.
    Deed,
}

/// What the shop hears of by itself.
pub const HEARD: [Deed; 5] =
    [Deed::CheckIn, Deed::ShareVisited, Deed::OrderPaid, Deed::OrderCompleted, Deed::Review];

impl Terms {
    /// What a merchant begins with.
    pub fn usual() -> Terms {
        let asked = |deed, count, every, points| {
            let reward = Reward::Points { points };
            Asked { deed, count, every, reward }
        };
        Terms {
            list: vec![
                asked(Deed::CheckIn, 3, Every::Week, 10),
                asked(Deed::OrderCompleted, 1, Every::Week, 50),
                asked(Deed::Review, 1, Every::Week, 20),
                asked(Deed::ShareVisited, 3, Every::Week, 30),
            ],
        }
    }

    pub fn check(&self) -> Result<(), BadTerms> {
        let points = |task: &Task| matches!(task.reward, Reward::Points { .. });
        let tasks = self.tasks();
        let right = tasks.iter().all(|task| task.is_sensible() && points(task));
        if !(1..=20).contains(&tasks.len()) || !right {
            return Err(BadTerms::Tasks);
        }
        if tasks.iter().all(|task| HEARD.contains(&task.deed)) {
            Ok(())
        } else {
            Err(BadTerms::Deed)
        }
    }

    /// The tasks, each with its place as its number.
    pub fn tasks(&self) -> Vec<Task> {
        let task = |(place, asked): (usize, &Asked)| {
            let Asked { deed, count, every, reward } = *asked;
            Task { id: Id::new(place as i64), deed, count, every, reward }
        };
        self.list.iter().enumerate().map(task).collect()
    }
}

impl Task {
    /// Whether it is 1 to 100 deeds for one reward or more.
    pub fn is_sensible(&self) -> bool {
        let rewards = match self.reward {
            Reward::Points { points: count } | Reward::Chances { chances: count } => count,
        };
        (1..=100).contains(&self.count) && (1..=100_000).contains(&rewards)
    }

    /// The number of the period a moment is in: what is done in one counts in no other.
    pub fn period(&self, now: Moment, zone: Span) -> i64 {
        match self.every {
            Every::Once => 0,
            Every::Day => now.day_in(zone),
            // 1970-01-01 was a Thursday.
            Every::Week => (now.day_in(zone) + 3).div_euclid(7),
        }
    }
}

/// How far somebody is with a task in its period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub period: i64,
    /// The keys of what was done.
    pub done: Vec<String>,
    pub claimed: bool,
}

impl Progress {
    pub fn is_complete(&self, task: &Task) -> bool {
        self.done.len() as i64 >= task.count
    }
}

/// The progress after a deed; `None` where it changes nothing: another deed, done already, or
/// enough was done.
pub fn done(
    task: &Task,
    progress: &Progress,
    deed: Deed,
    key: &str,
    now: Moment,
    zone: Span,
) -> Option<Progress> {
    if deed != task.deed {
        return None;
    }
    let period = task.period(now, zone);
    let fresh = Progress { period, ..Progress::default() };
    let current = if progress.period == period { progress.clone() } else { fresh };
    let counts = !current.is_complete(task) && !current.done.iter().any(|one| one == key);
    counts.then(|| {
        let done = current.done.iter().cloned().chain([key.to_string()]).collect();
        Progress { done, ..current }
    })
}

/// Why a reward is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// So many are still to be done.
    NotDone(i64),
    /// It was given already.
    Claimed,
    /// The period it was done in is over.
    TooLate,
}

/// Gives the reward of a task that was done, in its period.
pub fn claim(task: &Task, progress: &Progress, now: Moment, zone: Span) -> Result<Reward, Refusal> {
    if progress.period != task.period(now, zone) {
        return Err(Refusal::TooLate);
    }
    if progress.claimed {
        return Err(Refusal::Claimed);
    }
    if !progress.is_complete(task) {
        return Err(Refusal::NotDone(task.count - progress.done.len() as i64));
    }
    Ok(task.reward)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(every: Every) -> Task {
        Task {
            id: Id::new(1),
            deed: Deed::View,
            count: 2,
            every,
            reward: Reward::Points { points: 5 },
        }
    }

    fn at(day: i64) -> Moment {
        Moment(0).plus(Span::days(day))
    }

    const UTC: Span = Span(0);

    #[test]
    fn lists_that_cannot_be_are_refused() {
        assert_eq!(Terms::usual().check(), Ok(()));
        let with = |edit: fn(&mut Vec<Asked>)| {
            let mut terms = Terms::usual();
            edit(&mut terms.list);
            terms.check()
        };
        assert_eq!(with(Vec::clear), Err(BadTerms::Tasks));
        assert_eq!(with(|list| list[0].count = 0), Err(BadTerms::Tasks));
        assert_eq!(
            with(|list| list[0].reward = Reward::Chances { chances: 1 }),
            Err(BadTerms::Tasks)
        );
        assert_eq!(with(|list| list[0].deed = Deed::View), Err(BadTerms::Deed));
        assert_eq!(with(|list| *list = vec![list[0]; 20]), Ok(()));
        assert_eq!(with(|list| *list = vec![list[0]; 21]), Err(BadTerms::Tasks));
        assert_eq!(Terms::usual().tasks()[2].id, Id::new(2));
    }

    #[test]
    fn different_deeds_count_once_each() {
        let task = task(Every::Day);
        let begin = Progress::default();
        let view =
            |progress: &Progress, key, day| done(&task, progress, Deed::View, key, at(day), UTC);
        assert_eq!(done(&task, &begin, Deed::Review, "a", at(5), UTC), None);
        let one = view(&begin, "a", 5).unwrap();
        assert_eq!((one.period, one.done.len()), (5, 1));
        assert_eq!(view(&one, "a", 5), None, "the same again");
        assert_eq!(claim(&task, &one, at(5), UTC), Err(Refusal::NotDone(1)));
        let two = view(&one, "b", 5).unwrap();
        assert_eq!(view(&two, "c", 5), None, "enough was done");
        assert_eq!(claim(&task, &two, at(5), UTC), Ok(task.reward));
        assert_eq!(claim(&task, &two, at(6), UTC), Err(Refusal::TooLate));
        let claimed = Progress { claimed: true, ..two.clone() };
        assert_eq!(claim(&task, &claimed, at(5), UTC), Err(Refusal::Claimed));
        // The next day begins anew, with the same things.
        let next = view(&claimed, "a", 6).unwrap();
        assert_eq!((next.period, next.done.len(), next.claimed), (6, 1, false));
    }

    #[test]
    fn periods_are_days_weeks_or_for_ever() {
        let period = |every, day| task(every).period(at(day), UTC);
        assert_eq!(period(Every::Once, 0), period(Every::Once, 9_000));
        // 1970-01-05 was a Monday.
        assert_ne!(period(Every::Week, 3), period(Every::Week, 4));
        assert_eq!(period(Every::Week, 4), period(Every::Week, 10));
        assert_ne!(period(Every::Week, 10), period(Every::Week, 11));
        assert!(task(Every::Once).is_sensible());
        assert!(!Task { count: 0, ..task(Every::Once) }.is_sensible());
        assert!(!Task { count: 101, ..task(Every::Once) }.is_sensible());
        let nothing = Reward::Chances { chances: 0 };
        assert!(!Task { reward: nothing, ..task(Every::Once) }.is_sensible());
        assert!(Deed::ALL.iter().all(|deed| Deed::parse(deed.code()) == Some(*deed)));
    }
}

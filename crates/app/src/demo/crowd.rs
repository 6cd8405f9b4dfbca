//! Who comes to the demo shop, whom they know, and how they are.

use super::content::Someone;
use super::luck::Luck;

/// The four shoppers everybody knows, by their places in `people.csv`.
pub const ANN: usize = 0;
pub const BOB: usize = 1;
pub const EVE: usize = 2;
pub const LIN: usize = 3;

/// How somebody tends to behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// Pays within minutes.
    Steady,
    /// Often leaves before paying.
    Absent,
    /// Pays when it is nearly, or already, too late.
    Late,
    /// Changes their mind after paying.
    Regretful,
}

/// One of the crowd.
pub struct Shopper {
    pub someone: Someone,
    pub habit: Habit,
    /// How often they come, next to others.
    pub keen: i64,
    /// The top category they like, by number.
    pub likes: usize,
    /// How many times in a thousand a shared team is joined.
    pub joins: i64,
    /// Whom they share with, by place in the crowd.
    pub friends: Vec<usize>,
}

/// The crowd: a few come often and most now and then; friends are mostly people of the same taste,
/// and lin knows a whole community.
pub fn gather(people: Vec<Someone>, tastes: usize, luck: &Luck) -> Vec<Shopper> {
    let count = people.len();
    let likes: Vec<usize> = (0..count).map(|_| luck.weighted(&TASTES[..tastes.min(4)])).collect();
    let mut crowd: Vec<Shopper> = people
        .into_iter()
        .enumerate()
        .map(|(place, someone)| Shopper {
            someone,
            habit: [Habit::Steady, Habit::Absent, Habit::Late, Habit::Regretful]
                [luck.weighted(&[760, 110, 60, 70])],
            keen: [1, 2, 4, 9][luck.weighted(&[450, 320, 170, 60])],
            likes: likes[place],
            joins: luck.between(120, 420),
            friends: circle(place, &likes, luck),
        })
        .collect();
    cast(&mut crowd, luck);
    crowd
}

/// Tea and ceramics, beauty, mother and baby, food: tea leads, as the shop began with it.
const TASTES: [i64; 4] = [40, 22, 16, 22];

fn circle(place: usize, likes: &[usize], luck: &Luck) -> Vec<usize> {
    let wanted = luck.between(4, 14) as usize;
    let mut friends = Vec::new();
    for _ in 0..wanted * 4 {
        let other = luck.below(likes.len());
        let alike = likes[other] == likes[place] || luck.chance(250);
        if alike && other != place && !friends.contains(&other) {
            friends.push(other);
        }
        if friends.len() == wanted {
            break;
        }
    }
    friends
}

fn cast(crowd: &mut [Shopper], luck: &Luck) {
    let everyone = crowd.len();
    let habits = [
        (ANN, Habit::Steady, 9, 500),
        (BOB, Habit::Steady, 7, 930),
        (EVE, Habit::Late, 8, 600),
        (LIN, Habit::Steady, 9, 300),
    ];
    for (place, habit, keen, joins) in habits {
        if let Some(shopper) = crowd.get_mut(place) {
            (shopper.habit, shopper.keen, shopper.joins) = (habit, keen, joins);
            shopper.likes = 0;
        }
    }
    let mut community: Vec<usize> = (LIN + 1..everyone).collect();
    luck.shuffle(&mut community);
    community.truncate(60);
    community.push(BOB);
    if let Some(lin) = crowd.get_mut(LIN) {
        lin.friends = community;
    }
    if let Some(ann) = crowd.get_mut(ANN) {
        ann.friends.retain(|friend| *friend != BOB);
        ann.friends.insert(0, BOB);
    }
    // Bob joins whatever reaches him, so he is in many circles.
    for place in (LIN + 1..everyone).step_by(9) {
        if !crowd[place].friends.contains(&BOB) {
            crowd[place].friends.push(BOB);
        }
    }
}

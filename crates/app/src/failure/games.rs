//! Refusals of draws, red packets, guesses and quizzes, told as failures.

use domain::{draw, guess, quiz, red_packet};
use serde_json::json;

use super::Failure;

impl From<draw::Refusal> for Failure {
    fn from(refusal: draw::Refusal) -> Self {
        use draw::Refusal::*;
        match refusal {
            NoChance => Failure::refused("draw.no_chance"),
            BadSalt => Failure::field("draw.bad_salt", "salt"),
            Revealed => Failure::refused("draw.revealed"),
            Insider => Failure::refused("draw.insider"),
            BadTerms(which) => Failure::with("draw.bad_terms", json!({ "which": which })),
            OverBudget(worth) => Failure::with("draw.over_budget", json!({ "worth": worth })),
            BadChances => Failure::field("draw.bad_chances", "chances"),
            NoReason => Failure::field("draw.no_reason", "reason"),
            NotByHand => Failure::refused("draw.not_by_hand"),
            NothingToHandOver => Failure::refused("draw.nothing_to_hand_over"),
        }
    }
}

impl From<red_packet::Refusal> for Failure {
    fn from(refusal: red_packet::Refusal) -> Self {
        use red_packet::Refusal::*;
        match refusal {
            Expired => Failure::refused("packet.expired"),
            AllTaken => Failure::refused("packet.all_taken"),
            AlreadyTaken(amount) => {
                Failure::with("packet.already_taken", json!({ "amount": amount }))
            }
            EnoughForCluster(most) => {
                Failure::with("packet.enough_for_cluster", json!({ "most": most }))
            }
            BadTerms(which) => Failure::with("packet.bad_terms", json!({ "which": which })),
            OverBudget(total) => Failure::with("packet.over_budget", json!({ "total": total })),
            NotYet => Failure::refused("packet.not_yet"),
        }
    }
}

impl From<guess::Refusal> for Failure {
    fn from(refusal: guess::Refusal) -> Self {
        use guess::Refusal::*;
        match refusal {
            Closed => Failure::refused("guess.closed"),
            EnoughGuesses(most) => Failure::with("guess.enough", json!({ "most": most })),
            BadAmount => Failure::field("guess.bad_amount", "amount"),
            BadTerms => Failure::refused("guess.bad_terms"),
            OverBudget(worth) => Failure::with("guess.over_budget", json!({ "worth": worth })),
            Insider => Failure::refused("guess.insider"),
        }
    }
}

impl From<quiz::Refusal> for Failure {
    fn from(refusal: quiz::Refusal) -> Self {
        use quiz::Refusal::*;
        match refusal {
            EnoughToday(most) => Failure::with("quiz.enough_today", json!({ "most": most })),
            Answered => Failure::refused("quiz.answered"),
            TooLate => Failure::refused("quiz.too_late"),
            BadAnswers => Failure::field("quiz.bad_answers", "answers"),
            BadTerms(which) => Failure::with("quiz.bad_terms", json!({ "which": which })),
            AlreadyWon => Failure::refused("quiz.already_won"),
        }
    }
}

//! Quizzes (答题): some questions in some time, and a reward for enough right answers.
//!
//! Which questions somebody gets, and in which order, comes from a seed of their attempt, so that a
//! page that is loaded again shows the same ones. Right answers are known to the shop alone until
//! they are given.

use serde::{Deserialize, Serialize};

use crate::id::{Id, Kind};
use crate::moment::{Moment, Span};
use crate::money::LARGEST;
use crate::seed::Seed;

/// Somebody's attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub id: Id<Attempt>,
    /// Which questions, in their order.
    pub questions: Vec<usize>,
    pub ends_at: Moment,
    pub answered: bool,
}
impl Kind for Attempt {
    const PREFIX: &'static str = "qza";
}
crate::id::described!(Attempt);

/// A question's shape; its words are kept beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub options: usize,
    pub right: usize,
}

/// What a merchant settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = QuizTerms))]
pub struct Terms {
    /// How many questions somebody gets,
    pub ask: usize,
    /// and how many right answers pass.
    pub pass: usize,
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub time: Span,
    /// How often one may try in a day.
    pub per_day: i64,
}

/// Which setting cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTerms {
    /// 2 to 6 options, one of them right; at most 500 questions.
    Questions,
    /// One or more of the questions there are.
    Ask,
    /// One or more of those asked.
    Pass,
    /// Ten seconds to an hour.
    Time,
    /// One to a hundred.
    PerDay,
    /// Every question and every option is said, in at most 200 characters.
    Words,
    /// More than nothing.
    Reward,
}

impl Terms {
    /// What a merchant begins with, of so many questions: up to five in a minute, most of them
    /// right.
    pub fn usual(questions: usize) -> Terms {
        let ask = questions.clamp(1, 5);
        Terms { ask, pass: ask.div_ceil(2), time: Span::seconds(60), per_day: 1 }
    }

    pub fn check(&self, questions: &[Question]) -> Result<(), BadTerms> {
        let right = |one: &Question| (2..=6).contains(&one.options) && one.right < one.options;
        if questions.len() > 500 || !questions.iter().all(right) {
            return Err(BadTerms::Questions);
        }
        if !(1..=questions.len()).contains(&self.ask) {
            return Err(BadTerms::Ask);
        }
        if !(1..=self.ask).contains(&self.pass) {
            return Err(BadTerms::Pass);
        }
        if !(Span::seconds(10)..=Span::hours(1)).contains(&self.time) {
            return Err(BadTerms::Time);
        }
        if !(1..=100).contains(&self.per_day) {
            return Err(BadTerms::PerDay);
        }
        Ok(())
    }
}

/// A question in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = QuizQuestion))]
pub struct Asked {
    pub text: String,
    pub options: Vec<String>,
    /// Which option is right, from nought up. Nobody is shown it: it is nought then.
    pub right: usize,
}

/// A game: its questions, and what whoever passes gets, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = QuizGame))]
pub struct Game {
    pub rule: Terms,
    pub questions: Vec<Asked>,
    /// Store credit, in minor units.
    pub reward: i64,
}

impl Game {
    /// What a merchant begins with: one question to be written.
    pub fn usual() -> Game {
        let options = vec!["2".to_string(), "3".to_string()];
        let question = Asked { text: "1 + 1 = ?".to_string(), options, right: 0 };
        Game { rule: Terms::usual(1), questions: vec![question], reward: 100 }
    }

    /// The shapes of its questions.
    pub fn shapes(&self) -> Vec<Question> {
        let shape = |one: &Asked| Question { options: one.options.len(), right: one.right };
        self.questions.iter().map(shape).collect()
    }

    pub fn check(&self) -> Result<(), BadTerms> {
        self.rule.check(&self.shapes())?;
        let said = |text: &String| (1..=200).contains(&text.trim().chars().count());
        let all = |one: &Asked| said(&one.text) && one.options.iter().all(said);
        if !self.questions.iter().all(all) {
            return Err(BadTerms::Words);
        }
        if !(1..=LARGEST).contains(&self.reward) {
            return Err(BadTerms::Reward);
        }
        Ok(())
    }

    /// As everybody may see it.
    #[must_use]
    pub fn shown(&self) -> Game {
        let mut shown = self.clone();
        shown.questions.iter_mut().for_each(|one| one.right = 0);
        shown
    }
}

/// Why there is no attempt, or it does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Tried so often today.
    EnoughToday(i64),
    /// Answered already.
    Answered,
    /// The time is over.
    TooLate,
    /// Not one answer for each question, of those it has.
    BadAnswers,
    /// Settings that cannot be.
    BadTerms(BadTerms),
    /// Passed already: it is won once.
    AlreadyWon,
}

/// Begins an attempt: which questions, and until when.
pub fn begin(
    terms: &Terms,
    questions: usize,
    tried_today: i64,
    seed: &Seed,
    now: Moment,
) -> Result<(Vec<usize>, Moment), Refusal> {
    if tried_today >= terms.per_day {
        return Err(Refusal::EnoughToday(terms.per_day));
    }
    let mut order: Vec<usize> = (0..questions).collect();
    seed.numbers("quiz").shuffle(&mut order);
    order.truncate(terms.ask);
    Ok((order, now.plus(terms.time)))
}

/// How an attempt went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// Each answer, whether it was right.
    pub right: Vec<bool>,
    pub passed: bool,
}

/// Answers come on their way a little late: so much is forgiven.
pub const ON_ITS_WAY: Span = Span::seconds(3);

/// Counts the answers of an attempt, once.
pub fn answer(
    terms: &Terms,
    questions: &[Question],
    attempt: &Attempt,
    answers: &[usize],
    now: Moment,
) -> Result<Score, Refusal> {
    if attempt.answered {
        return Err(Refusal::Answered);
    }
    if now >= attempt.ends_at.plus(ON_ITS_WAY) {
        return Err(Refusal::TooLate);
    }
    let asked: Option<Vec<&Question>> =
        attempt.questions.iter().map(|at| questions.get(*at)).collect();
    let asked = asked.filter(|asked| asked.len() == answers.len()).ok_or(Refusal::BadAnswers)?;
    if asked.iter().zip(answers).any(|(question, given)| *given >= question.options) {
        return Err(Refusal::BadAnswers);
    }
    let right: Vec<bool> =
        asked.iter().zip(answers).map(|(question, given)| question.right == *given).collect();
    let passed = right.iter().filter(|right| **right).count() >= terms.pass;
    Ok(Score { right, passed })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: Terms = Terms { ask: 3, pass: 2, time: Span::seconds(30), per_day: 2 };

    fn questions() -> Vec<Question> {
        (0..5).map(|n| Question { options: 4, right: n % 4 }).collect()
    }

    #[test]
    fn an_attempt_has_its_own_questions() {
        let begin = |byte, tried| super::begin(&TERMS, 5, tried, &Seed::new([byte; 32]), Moment(0));
        let (first, ends) = begin(1, 0).unwrap();
        assert_eq!((first.len(), ends), (3, Moment(0).plus(Span::seconds(30))));
        assert_eq!(begin(1, 1).unwrap().0, first, "the same seed, the same questions");
        let mut sorted = first.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), 3, "none twice");
        assert!((0..20).any(|byte| begin(byte, 0).unwrap().0 != first));
        assert_eq!(begin(1, 2), Err(Refusal::EnoughToday(2)));
    }

    #[test]
    fn enough_right_answers_in_time_pass_once() {
        let attempt = |answered| Attempt {
            id: Id::new(1),
            questions: vec![4, 1, 2],
            ends_at: Moment(0).plus(Span::seconds(30)),
            answered,
        };
        let check = |answers: &[usize], seconds, want: Result<(usize, bool), Refusal>| {
            let now = Moment(0).plus(Span::seconds(seconds));
            let came = answer(&TERMS, &questions(), &attempt(false), answers, now);
            let came = came
                .map(|score| (score.right.iter().filter(|right| **right).count(), score.passed));
            assert_eq!(came, want, "{answers:?} at {seconds}");
        };
        check(&[0, 1, 2], 29, Ok((3, true)));
        check(&[0, 1, 3], 29, Ok((2, true)));
        check(&[3, 1, 3], 29, Ok((1, false)));
        check(&[0, 1, 2], 32, Ok((3, true)));
        check(&[0, 1, 2], 33, Err(Refusal::TooLate));
        check(&[0, 1], 9, Err(Refusal::BadAnswers));
        check(&[0, 1, 4], 9, Err(Refusal::BadAnswers));
        let again = answer(&TERMS, &questions(), &attempt(true), &[0, 1, 2], Moment(0));
        assert_eq!(again, Err(Refusal::Answered));
    }

    #[test]
    fn a_game_is_said_in_words_and_keeps_what_is_right() {
        let question = |right| Asked {
            text: "How many leaves?".into(),
            options: vec!["One".into(), "Two".into()],
            right,
        };
        let rule = Terms { ask: 2, pass: 1, ..TERMS };
        let game = Game { rule, questions: vec![question(1), question(0)], reward: 100 };
        assert_eq!(game.check(), Ok(()));
        assert!(game.shown().questions.iter().all(|one| one.right == 0));
        assert_eq!(game.shapes()[0], Question { options: 2, right: 1 });
        let check = |edit: fn(&mut Game), want| {
            let mut game = game.clone();
            edit(&mut game);
            assert_eq!(game.check(), Err(want));
        };
        check(|g| g.questions[1].options[0] = " ".into(), BadTerms::Words);
        check(|g| g.questions[0].text = "x".repeat(201), BadTerms::Words);
        check(|g| g.questions[0].right = 2, BadTerms::Questions);
        check(|g| g.reward = 0, BadTerms::Reward);
        check(|g| g.rule.ask = 3, BadTerms::Ask);
    }

    #[test]
    fn settings_that_cannot_be_are_named() {
        let check = |edit: fn(&mut Terms), want| {
            let mut terms = TERMS;
            edit(&mut terms);
            assert_eq!(terms.check(&questions()), want);
        };
        check(|_| (), Ok(()));
        check(|t| t.ask = 6, Err(BadTerms::Ask));
        check(|t| t.ask = 0, Err(BadTerms::Ask));
        check(|t| t.pass = 4, Err(BadTerms::Pass));
        check(|t| t.pass = 0, Err(BadTerms::Pass));
        check(|t| t.time = Span::seconds(9), Err(BadTerms::Time));
        check(|t| t.per_day = 0, Err(BadTerms::PerDay));
        let wrong = [Question { options: 2, right: 2 }];
        assert_eq!(TERMS.check(&wrong), Err(BadTerms::Questions));
        let one = [Question { options: 1, right: 0 }];
        assert_eq!(TERMS.check(&one), Err(BadTerms::Questions));
    }
}

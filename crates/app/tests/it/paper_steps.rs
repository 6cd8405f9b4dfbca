//! The steps that the shop and its model take, side by side. See `model`.

use proptest::prelude::*;

/// One step. Numbers choose among what there is.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Alone, to be sent somewhere or fetched.
    Buy {
        who: usize,
        to: usize,
    },
    Open {
        who: usize,
    },
    Join {
        who: usize,
        team: usize,
    },
    Pay {
        order: usize,
    },
    /// The buyer lets their wallet pay what it can, and leaves the rest for later.
    Promise {
        order: usize,
    },
    /// The shop gives somebody store credit.
    Give {
        who: usize,
        units: i64,
    },
    End {
        order: usize,
    },
    Ship {
        order: usize,
    },
    /// Its code is shown at the counter, the first time or again.
    Collect {
        order: usize,
    },
    /// What arrived goes back, fine or not.
    Back {
        order: usize,
        fine: bool,
    },
    /// Staff say what it costs, perhaps while it is being paid for.
    Reprice {
        order: usize,
        total: i64,
    },
    /// The buyer asks for an invoice, and staff issue it.
    Invoice {
        order: usize,
    },
    Wait {
        minutes: i64,
    },
    Receive {
        units: i64,
    },
    /// So much is off for a while.
    Sale {
        off: i64,
        minutes: i64,
    },
    Tax {
        points: i64,
    },
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (who, any) = (0..5_usize, 0..1_000_usize);
    let step = prop_oneof![
        4 => (who.clone(), 0..6_usize).prop_map(|(who, to)| Step::Buy { who, to }),
        3 => who.clone().prop_map(|who| Step::Open { who }),
        5 => (who.clone(), any.clone()).prop_map(|(who, team)| Step::Join { who, team }),
        7 => any.clone().prop_map(|order| Step::Pay { order }),
        3 => any.clone().prop_map(|order| Step::Promise { order }),
        2 => (who.clone(), 1..90_i64).prop_map(|(who, units)| Step::Give { who, units }),
        2 => any.clone().prop_map(|order| Step::End { order }),
        2 => any.clone().prop_map(|order| Step::Ship { order }),
        2 => any.clone().prop_map(|order| Step::Collect { order }),
        3 => any.clone().prop_map(|order| Step::Invoice { order }),
        2 => (any.clone(), prop::bool::ANY)
            .prop_map(|(order, fine)| Step::Back { order, fine }),
        2 => (any, 2_000..20_000_i64).prop_map(|(order, total)| Step::Reprice { order, total }),
        2 => (1..40_i64).prop_map(|minutes| Step::Wait { minutes }),
        1 => (1..4_i64).prop_map(|units| Step::Receive { units }),
        1 => (1..9_999_i64, 1..60_i64)
            .prop_map(|(off, minutes)| Step::Sale { off, minutes }),
        1 => (0..3_000_i64).prop_map(|points| Step::Tax { points }),
    ];
    prop::collection::vec(step, 1..60)
}

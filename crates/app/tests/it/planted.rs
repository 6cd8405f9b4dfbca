//! Would our tests find it? Each fault of `app::planted` is switched on in a process of its own,
//! and the tests named beside it must fail there; with none switched on the same tests must pass.
//!
//! `cargo test -p app --features planted --test it planted::`

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;

use crate::postgres;

/// A fault, the tests that must find it, and whether it takes two connections at once to show:
/// then it shows on PostgreSQL alone, since SQLite has one writer.
type Planted = (&'static str, &'static [&'static str], bool);

const RACE: bool = true;
const ALONE: bool = false;

const PLANTED: &[Planted] = &[
    ("stock_check_then_act", &["races::two_hundred_and_fifty_six_buy_ten_units"], RACE),
    ("lane_looks_away", &["races::two_hundred_and_fifty_six_buy_ten_units"], ALONE),
    ("refusal_kept", &["lanes::one_refusal_leaves_the_others_alone"], ALONE),
    ("key_of_another_request", &["lanes::a_key_counts_once_however_often_it_comes_at_once"], ALONE),
    ("batch_forgets_a_journal", &["notices::crowds_of_notices"], ALONE),
    ("naive_counter", &["races::nobody_passes_their_limit_in_parallel"], RACE),
    ("place_unguarded", &["races::sixty_four_join_for_the_last_place"], RACE),
    (
        "key_apart",
        &[
            "races::one_key_places_one_order",
            "boundaries::whoever_dies_at_one_comes_back_and_does_it_once",
        ],
        ALONE,
    ),
    ("job_unfenced", &["leases::who_lost_a_lease_cannot_end_the_job"], ALONE),
    ("stock_kept_at_expiry", &["model::the_shop_follows_the_paper"], ALONE),
    ("team_one_too_few", &["teams::a_team_that_does_not_fill_refunds_each_payer_once"], ALONE),
    ("expiry_by_client_clock", &["model::the_shop_follows_the_paper"], ALONE),
    ("posting_unbalanced", &["model::the_shop_follows_the_paper"], ALONE),
    (
        "deadline_by_job",
        &["teams::money_that_comes_after_its_team_was_decided_goes_on_elsewhere_or_back"],
        ALONE,
    ),
    (
        "set_aside_lost",
        &["teams::a_unit_set_aside_that_nobody_paid_for_is_the_group_buy_s_again"],
        ALONE,
    ),
    ("signature_unchecked", &["notices::two_thousand_shuffles"], ALONE),
    ("amount_unchecked", &["notices::two_thousand_shuffles"], ALONE),
    ("late_money_back_twice", &["notices::two_thousand_shuffles"], ALONE),
    ("late_money_takes_nothing", &["notices::two_thousand_shuffles"], ALONE),
    ("cancelled_order_revives", &["orders::money_for_an_order_its_buyer_ended_goes_back"], ALONE),
    ("others_orders_readable", &["orders::another_buyer_s_order_is_not_found"], ALONE),
    ("others_returns_changeable", &["after_sale::another_buyer_s_return_is_not_found"], ALONE),
    (
        "damaged_goods_sold_again",
        &["after_sale::a_part_of_a_discounted_order_goes_back_to_the_cent"],
        ALONE,
    ),
    (
        "returned_member_stays",
        &["after_sale_teams::a_member_who_returns_everything_is_not_shown_in_the_team"],
        ALONE,
    ),
    (
        "return_time_by_job",
        &["after_sale::whom_nobody_answers_the_owner_does_and_her_word_is_the_last"],
        ALONE,
    ),
    ("return_unlocked", &["after_sale_races::one_unit_is_asked_for_once"], RACE),
    ("review_of_any_line", &["reviews::a_review_is_of_what_one_received"], ALONE),
    ("review_not_counted", &["reviews::reviews_are_read_in_the_order_asked_for"], ALONE),
    ("vote_counted_twice", &["reviews::a_vote_counts_once_and_never_for_oneself"], ALONE),
    ("hidden_readable", &["reviews::what_is_hidden_is_seen_by_its_author_and_staff_alone"], ALONE),
    ("hidden_listed", &["reviews::what_is_hidden_is_seen_by_its_author_and_staff_alone"], ALONE),
    ("chance_not_used", &["games::chances_are_earned_once_and_used_once"], ALONE),
    ("daily_twice", &["games::chances_are_earned_once_and_used_once"], ALONE),
    ("insiders_win", &["games::whoever_works_here_wins_nothing"], ALONE),
    ("consolation_forgotten", &["games::every_draw_through_the_shop_is_reproduced"], ALONE),
    (
        "flash_stock_kept",
        &["flash::what_nobody_paid_is_sold_again", "deals_model::deals_follow_the_paper"],
        ALONE,
    ),
    ("flash_limit_kept", &["flash::what_nobody_paid_is_sold_again"], ALONE),
    ("late_money_jumps_the_line", &["flash::late_money_passes_nobody_who_waits"], ALONE),
    (
        "flash_mark_stays",
        &["flash::sold_out_is_known_without_asking_and_only_while_it_is_so"],
        ALONE,
    ),
    (
        "flash_last_come_first_served",
        &["flash::those_who_wait_are_served_in_the_order_they_came"],
        ALONE,
    ),
    ("flash_queue_jumped", &["flash::those_who_wait_are_served_in_the_order_they_came"], ALONE),
    ("flash_sold_before_its_slot", &["flash::it_sells_in_its_hours_at_its_price"], ALONE),
    ("drop_unguarded", &["coupon_drops::sixty_four_take_the_last_coupons"], RACE),
    (
        "drop_given_at_once",
        &["coupon_drops::its_worth_waits_until_the_order_that_used_it_was_kept"],
        ALONE,
    ),
    ("drop_expiry_kept", &["coupon_drops::what_comes_to_nothing_goes_back"], ALONE),
    ("drop_unfunded", &["coupon_drops::what_cannot_be_dropped_is_said_before_it_starts"], ALONE),
    ("packet_part_unguarded", &["games_races::sixty_four_take_the_last_parts"], RACE),
    ("fission_taker_unguarded", &["fission_races::one_takes_one_friends_part"], RACE),
    ("fission_one_cent_more", &["fissions::friends_take_parts_and_use_them"], ALONE),
    ("fission_household_unguarded", &["fissions::who_takes_none"], ALONE),
    ("fission_rest_kept", &["fissions::what_nobody_took_or_used_goes_back"], ALONE),
    ("coupon_cost_kept", &["fissions::what_nobody_took_or_used_goes_back"], ALONE),
    ("gift_taken_twice", &["gifts::sixty_four_strangers_take_one_gift"], RACE),
    ("gift_ships_untaken", &["gifts::a_friend_says_where_it_goes"], ALONE),
    ("gift_link_unread", &["gifts::a_friend_says_where_it_goes"], ALONE),
    ("gift_goes_anywhere", &["gifts::a_friend_says_where_it_goes"], ALONE),
    ("gift_tells_where", &["gifts::a_friend_says_where_it_goes"], ALONE),
    ("gift_keeps_the_money", &["gifts::what_nobody_took_goes_back"], ALONE),
    ("points_shop_unguarded", &["points_shop::sixty_four_exchange_for_the_last_coupons"], RACE),
    ("points_shop_for_nothing", &["points_shop::points_become_a_coupon_that_is_used"], ALONE),
    (
        "points_shop_unit_lost",
        &[
            "points_shop::money_besides_that_is_not_paid_gives_everything_back",
            "gifts_model::gifts_and_exchanges_follow_the_paper",
        ],
        ALONE,
    ),
    (
        "points_shop_limit_looked_at",
        &["points_shop::nobody_has_more_than_they_may_however_often_they_ask_at_once"],
        RACE,
    ),
    (
        "points_shop_keeps_after_its_end",
        &["points_shop::what_nobody_paid_is_not_set_aside_again_when_it_is_over"],
        ALONE,
    ),
    ("packet_one_cent_more", &["games::a_packet_is_taken_part_by_part"], ALONE),
    ("guess_wins_twice", &["games::the_nearest_guess_wins_what_was_sealed"], ALONE),
    ("letter_written_again", &["letters::a_letter_is_written_once_whoever_tries_again"], ALONE),
    ("letter_choice_ignored", &["letters::readers_choose_and_are_asked_again_as_it_leaves"], ALONE),
    ("letter_asked_once", &["letters::readers_choose_and_are_asked_again_as_it_leaves"], ALONE),
    (
        "letter_unchecked",
        &["letters::the_merchant_s_words_are_sent_and_only_known_names_are_taken"],
        ALONE,
    ),
    (
        "letter_words_ignored",
        &["letters::the_merchant_s_words_are_sent_and_only_known_names_are_taken"],
        ALONE,
    ),
    (
        "letter_code_kept",
        &["letters_ways::what_can_be_fetched_comes_with_its_code_and_the_outbox_keeps_none"],
        ALONE,
    ),
    ("ended_list_counts", &["prices::a_list_that_ends_between_quote_and_order_is_told"], ALONE),
    (
        "tax_stays_on_refund",
        &["taxes::tax_that_is_added_goes_back_with_its_line_and_is_owed_when_settled"],
        ALONE,
    ),
    ("old_price_settles", &["desk_edit::late_money_of_an_old_price_goes_back"], ALONE),
    ("taken_out_is_kept", &["desk_edit::what_is_taken_out_before_sending_is_paid_back"], ALONE),
    ("any_pay_link_opens", &["desk_drafts::a_link_is_of_one_order_until_its_time"], ALONE),
    (
        "stripe_signature_unchecked",
        &["gateways::news::nobody_but_the_provider_is_believed_and_nothing_of_it_is_kept"],
        ALONE,
    ),
    ("wechat_notice_unchecked", &["gateways::news::every_byte_of_a_notice_counts"], ALONE),
    ("alipay_notice_unchecked", &["gateways::news::every_byte_of_a_notice_counts"], ALONE),
    (
        "clearing_of_another",
        &["gateways::journeys::a_lost_notice_is_found_before_the_order_closes"],
        ALONE,
    ),
    (
        "reconciliation_skips_what_is_missing",
        &["gateways::statements::twenty_planted_differences_are_found_and_no_other"],
        ALONE,
    ),
    (
        "reconciliation_blind_to_currency",
        &["gateways::statements::twenty_planted_differences_are_found_and_no_other"],
        ALONE,
    ),
    (
        "invoice_number_too_early",
        &["invoices::what_is_declined_or_withdrawn_can_be_asked_for_again"],
        ALONE,
    ),
    (
        "invoice_of_credit",
        &["invoices::credit_is_on_no_invoice_and_topped_up_money_is_once"],
        ALONE,
    ),
    ("refund_not_on_invoice", &["invoices::what_goes_back_is_on_no_invoice"], ALONE),
    ("others_invoices_readable", &["invoices::a_buyer_asks_and_staff_issue"], ALONE),
    ("red_not_whole", &["invoices::what_goes_back_is_on_no_invoice"], ALONE),
    ("terms_overwritten", &["invoices::terms_are_kept_and_orders_remember_theirs"], ALONE),
    ("points_twice", &["points::a_job_that_runs_twice_earns_once"], ALONE),
    ("points_debt_forgiven", &["points::a_completed_order_earns_and_its_refund_takes_back"], ALONE),
    (
        "points_expired_spent",
        &["points::what_has_expired_is_worth_nothing_before_a_job_says_so"],
        ALONE,
    ),
    (
        "points_kept_after_refund",
        &["points::a_completed_order_earns_and_its_refund_takes_back"],
        ALONE,
    ),
    (
        "level_kept_for_ever",
        &["points::levels_rise_with_orders_and_are_judged_after_a_year"],
        ALONE,
    ),
    ("wallet_unchecked", &["wallets::nobody_spends_more_than_there_is"], ALONE),
    (
        "wallet_promise_kept",
        &["wallets::what_was_promised_is_free_again_when_the_order_ends"],
        ALONE,
    ),
    ("refund_to_one_purse", &["wallets::what_goes_back_goes_to_where_it_came_from"], ALONE),
    (
        "marketing_without_consent",
        &["customers::no_letter_that_sells_leaves_without_consent"],
        ALONE,
    ),
    ("consent_not_taken_back", &["customers::no_letter_that_sells_leaves_without_consent"], ALONE),
    (
        "browsing_without_consent",
        &["customers::what_one_looked_at_is_kept_only_if_they_like"],
        ALONE,
    ),
    (
        "customer_not_counted",
        &["customers::customers_are_found_by_what_they_are_and_bought"],
        ALONE,
    ),
    ("merge_forgets_orders", &["customers::two_are_made_one_and_two_again"], ALONE),
    (
        "erasure_forgets_addresses",
        &["own_data::whoever_is_forgotten_leaves_no_trace_in_any_table"],
        ALONE,
    ),
    ("role_above", &["roles::nobody_gives_more_than_they_have"], ALONE),
    ("role_unwritten", &["people::staff_come_in_by_password_only"], ALONE),
    (
        "passkey_any_origin",
        &["passkeys::what_is_not_for_us_not_signed_or_not_verified_opens_nothing"],
        ALONE,
    ),
    ("passkey_twice", &["passkeys::a_challenge_is_for_one_for_once_and_for_five_minutes"], ALONE),
    ("passkey_copies", &["passkeys::a_copy_of_a_key_that_counts_is_seen"], ALONE),
    ("passkey_of_others", &["passkeys::nobody_sees_names_or_takes_away_somebody_else_s"], ALONE),
    (
        "passkey_beside_password",
        &["passkeys::staff_come_in_with_it_alone_and_no_longer_with_the_password_alone"],
        ALONE,
    ),
    ("any_mark_will_do", &["people::coming_in_is_news_from_a_new_browser_only"], ALONE),
    ("nowhere_served", &["delivery::nothing_is_ordered_to_where_nothing_goes"], ALONE),
    ("weight_rounded_down", &["delivery::a_fee_depends_on_where_and_how_heavy"], ALONE),
    (
        "free_from_before_discount",
        &["delivery::free_from_counts_what_the_goods_cost_after_discounts"],
        ALONE,
    ),
    ("pickup_code_twice", &["delivery::what_is_fetched_is_given_out_once"], ALONE),
    ("gone_stays_found", &["search_paper::who_looks_at_everything_finds_the_same"], ALONE),
    ("facet_of_the_page", &["search_paper::who_looks_at_everything_finds_the_same"], ALONE),
    ("edit_never_followed", &["search_paper::who_looks_at_everything_finds_the_same"], ALONE),
    ("stock_not_followed", &["search_paper::who_looks_at_everything_finds_the_same"], ALONE),
    ("commission_on_shipping", &["sellers::a_completed_order_is_parted_and_split_once"], ALONE),
    ("commission_kept_on_refund", &["paper_sellers::sellers_are_owed_what_the_paper_says"], ALONE),
    ("seller_money_is_sales", &["sellers::a_completed_order_is_parted_and_split_once"], ALONE),
    ("split_asked_anew", &["sellers::a_completed_order_is_parted_and_split_once"], ALONE),
    ("seller_sees_others", &["sellers_apart::nobody_of_a_seller_s_sees_what_is_another_s"], ALONE),
    ("seller_paid_by_hand", &["sellers::what_cannot_be_split_does_not_pay_for_a_seller"], ALONE),
    (
        "coupon_kept_at_expiry",
        &["coupons::it_comes_back_from_an_order_that_closes_and_expires_where_it_lies"],
        ALONE,
    ),
    (
        "coupon_by_client_clock",
        &["coupons::it_comes_back_from_an_order_that_closes_and_expires_where_it_lies"],
        ALONE,
    ),
    (
        "coupon_limit_unguarded",
        &["coupon_races::one_person_takes_no_more_than_theirs_in_parallel"],
        RACE,
    ),
    ("coupon_code_twice", &["coupon_races::a_code_is_redeemed_by_one_of_many"], ALONE),
    ("coupons_stack_freely", &["coupons::what_is_not_to_be_had_with_a_coupon_is_not"], ALONE),
    (
        "discount_shares_forgotten",
        &["offers::bundles_come_before_spend_and_save_and_each_line_keeps_its_share"],
        ALONE,
    ),
    (
        "campaign_limit_looked_at",
        &["campaigns::limits_hold_for_whoever_comes_often_at_once"],
        ALONE,
    ),
    (
        "reward_undone_for_free",
        &["campaigns::what_is_undone_comes_back_or_is_owed_and_repaid_first"],
        ALONE,
    ),
    ("bargain_one_cent_more", &["bargains::friends_cut_a_price_down_and_it_is_bought_once"], ALONE),
    ("bargain_helper_twice", &["bargains::friends_cut_a_price_down_and_it_is_bought_once"], ALONE),
    (
        "bargain_cut_while_paid",
        &["bargains::at_any_price_its_order_keeps_the_price_it_was_placed_at"],
        ALONE,
    ),
    (
        "bargain_burnt_by_an_unpaid_order",
        &["bargains::an_order_that_closes_unpaid_frees_its_bargain"],
        ALONE,
    ),
    (
        "bargain_by_late_money",
        &["bargains::late_money_buys_the_bargain_that_is_still_good_or_goes_back_once"],
        ALONE,
    ),
    (
        "bargain_unlocked",
        &["bargains::two_hundred_help_at_once_and_every_part_is_taken_once"],
        RACE,
    ),
    ("helper_twice", &["friends::friends_help_and_unlock_a_reward_once"], ALONE),
    (
        "rewarded_in_any_channel",
        &["channels::friends_help_and_take_in_a_browser_where_an_app_allows_no_reward"],
        ALONE,
    ),
    ("unchecked_while_it_runs", &["campaigns::what_is_said_while_it_runs_is_checked_again"], ALONE),
    (
        "campaign_of_sellers_goods",
        &["sellers_apart::what_a_seller_earns_is_in_no_campaign_of_the_shops"],
        ALONE,
    ),
    ("scope_ignored", &["people::tokens_do_what_they_say_and_no_more"], ALONE),
];

/// Found by the power failures of `tests/disk`, which say so themselves.
const ELSEWHERE: &[&str] = &["event_apart", "synchronous_normal"];

/// Runs tests of this very executable in a process of their own.
fn run(fault: &str, tests: &[&str]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(tests).args(["--exact", "--test-threads=1"]);
    command.env("PINWHEEL_PLANTED", fault);
    // Small, and the same every time.
    command.env("PINWHEEL_ROUNDS", "2").env("PINWHEEL_SHUFFLES", "150");
    command.env("PINWHEEL_CASES", "16").env("PINWHEEL_SHRINKS", "0");
    command.env("PROPTEST_RNG_SEED", "20261121");
    command.env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "true");
    // No disk is to be waited for: nothing here loses power.
    if Path::new("/dev/shm").is_dir() {
        command.env("TMPDIR", "/dev/shm");
    }
    // The server that runs already; `CI` is ours to answer for.
    if let Some(server) = postgres::server() {
        command.env("DATABASE_URL", server);
    }
    command.env_remove("CI").output().unwrap()
}

/// The tests that did not find a fault, with what they said; empty when all of them did.
fn missed_by(fault: &str, tests: &[&str]) -> String {
    let out = run(fault, tests);
    let said = String::from_utf8_lossy(&out.stdout);
    let missed = tests.iter().filter(|test| !ended(&out, test, "FAILED"));
    missed.map(|test| format!("{fault} by {test}: {said}\n")).collect()
}

fn ended(out: &Output, test: &str, how: &str) -> bool {
    let said = String::from_utf8_lossy(&out.stdout);
    said.lines().any(|line| line.starts_with(&format!("test {test} ")) && line.ends_with(how))
}

#[test]
fn every_planted_fault_is_found() {
    let races = postgres::server().is_some();
    let todo = Mutex::new(PLANTED.iter().rev().filter(|one| races || one.2 == ALONE).collect());
    let missed = Mutex::new(Vec::new());
    let next = || Vec::<&Planted>::pop(&mut todo.lock().unwrap());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((fault, tests, race)) = next() {
                    // Two at once may pass each other by: once in three tries is enough.
                    let tries = if *race { 3 } else { 1 };
                    let misses = (0..tries).map(|_| missed_by(fault, tests));
                    let mut misses = misses.take_while(|missed| !missed.is_empty());
                    missed.lock().unwrap().extend(misses.nth(tries - 1));
                }
            });
        }
    });
    let missed = missed.into_inner().unwrap();
    assert!(missed.is_empty(), "not found:\n{}", missed.join("\n"));
}

#[test]
fn without_one_the_same_tests_find_nothing() {
    let tests: BTreeSet<&str> = PLANTED.iter().flat_map(|one| one.1).copied().collect();
    let tests: Vec<&str> = tests.into_iter().collect();
    let out = run("", &tests);
    for test in tests {
        assert!(ended(&out, test, "ok"), "{test}: {}", String::from_utf8_lossy(&out.stdout));
    }
}

/// A fault that is planted and named nowhere would never be looked for.
#[test]
fn every_fault_that_is_planted_is_looked_for() {
    let mut planted = BTreeSet::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut planted);
    planted.remove("name");
    let looked_for: BTreeSet<String> = PLANTED
        .iter()
        .map(|one| one.0)
        .chain(ELSEWHERE.iter().copied())
        .map(String::from)
        .collect();
    assert_eq!(planted, looked_for);
    assert!(planted.len() >= 12);
}

fn read(folder: &Path, planted: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, planted);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let names = text.split("planted!(\"").skip(1);
        planted.extend(names.filter_map(|rest| rest.split('"').next()).map(String::from));
    }
}

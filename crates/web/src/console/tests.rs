//! Every text the console makes of a code is there, in both languages.

use domain::inventory::Cause;
use domain::ledger::AccountKind;
use domain::order::Status;
use domain::person::{Permission, Role, Scope};

use super::SAID;
use super::rail::{GROUPS, PAGES};
use crate::locale::Locale;

fn known(id: &str) {
    for locale in Locale::ALL {
        assert!(locale.has(id), "{} lacks {id}", locale.code());
    }
}

#[test]
fn pages_and_what_they_say_was_done_have_words() {
    PAGES.iter().for_each(|(_, _, name, _)| known(name));
    SAID.iter().for_each(|said| known(&format!("console-{said}")));
    assert_eq!(GROUPS.last().map(|(end, _)| *end), Some(PAGES.len()));
}

#[test]
fn every_state_has_words() {
    for status in Status::ALL {
        known(&format!("console-status-{}", status.code()));
        known(&format!("console-event-{}", status.code()));
    }
    for status in domain::campaign::Status::ALL {
        known(&format!("console-campaign-status-{}", status.code()));
    }
    for status in domain::catalog::Status::ALL {
        known(&format!("console-product-{}", status.code()));
    }
    Cause::ALL.iter().for_each(|cause| known(&format!("console-cause-{}", cause.code())));
    AccountKind::ALL.iter().for_each(|kind| known(&format!("console-account-{}", kind.code())));
    Role::STAFF.iter().for_each(|role| known(&format!("console-role-{}", role.code())));
    for word in ["seller-active", "seller-paused", "split-pending", "split-succeeded"] {
        known(&format!("console-{word}"));
    }
    for kind in ["sale", "refund", "split"] {
        known(&format!("console-entry-{kind}"));
    }
    known(&format!("console-role-{}", Role::Seller.code()));
    for permission in Permission::ALL {
        known(&format!("console-may-{}", permission.code()));
        known(&format!("console-may-{}-say", permission.code()));
    }
    Scope::ALL.iter().for_each(|scope| known(&format!("console-scope-{}", scope.code())));
}

#[test]
fn every_template_and_every_fault_of_a_file_has_words() {
    for template in app::group_buy::templates() {
        known(&format!("console-gb-t-{}", template.code));
        known(&format!("console-gb-t-{}-text", template.code));
    }
    app::product_csv::REASONS.iter().for_each(|why| known(&format!("console-fault-{why}")));
}

#[test]
fn every_invariant_is_said_in_both_languages() {
    app::audit::every_check().for_each(|one| known(&format!("console-invariant-{}", one.id)));
}

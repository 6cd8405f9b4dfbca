//! Roles: who may give which, to whom, and that what is given holds from the next request on.

use app::person::{self, GiveRole, OwnRole, PersonView, PutRole, RemoveStaff};
use app::{Known, Visitor, order_desk};
use domain::id::Id;
use domain::person::{CustomRole, Level, Permission, Person, Role};

use crate::people::refusal;
use crate::races::at_once;
use crate::support::{TestShop, both_engines};

fn hire(shop: &TestShop, name: &str, role: Role) -> Visitor {
    let contact = format!("{name}@example.com");
    let password = "correct horse battery";
    let made = person::add_staff_from_terminal(&shop.app, name, &contact, role, password).unwrap();
    Visitor::of(made.id, name, role)
}

fn id(visitor: &Visitor) -> Id<Person> {
    visitor.person.as_ref().unwrap().id
}

fn put(name: &str, grants: &[&str], version: i64) -> PutRole {
    let grants = grants.iter().map(|grant| grant.to_string()).collect();
    PutRole { name: name.into(), grants, version }
}

fn own(shop: &TestShop, by: &Visitor, name: &str, grants: &[&str]) -> OwnRole {
    person::add_role(&shop.app, by, put(name, grants, 0)).unwrap().own_role.unwrap()
}

fn give(role: Role, own: Option<Id<CustomRole>>) -> GiveRole {
    GiveRole { role, own_role: own }
}

/// The person as the database knows them now.
fn again(shop: &TestShop, by: &Visitor, visitor: &Visitor) -> Visitor {
    let all = person::list_staff(&shop.app, by).unwrap();
    let found: PersonView = all.into_iter().find(|person| person.id == id(visitor)).unwrap();
    let grants = domain::person::Grants::parse(&found.grants).unwrap();
    let person = Known { id: found.id, name: found.name, role: found.role, grants, seller: None };
    Visitor { person: Some(person), ..visitor.clone() }
}

#[test]
fn a_role_of_one_s_own_allows_what_it_says() {
    both_engines(|shop| {
        let app = &shop.app;
        let lee = hire(shop, "lee", Role::Viewer);
        let picker = own(shop, &shop.zoe, "Picker", &["shipping:change", "orders:view"]);
        let given = give(Role::Own, Some(picker.id));
        let view = person::give_role(app, &shop.zoe, id(&lee), &given).unwrap();
        assert_eq!((view.role, view.own_role.as_ref()), (Role::Own, Some(&picker)));
        assert_eq!(view.grants, ["orders:view", "shipping:change"]);

        let now = again(shop, &shop.zoe, &lee);
        assert!(now.may(Permission::Shipping, Level::Change));
        assert!(!now.may(Permission::Orders, Level::Change));
        assert!(order_desk::counts(app, &now).is_ok());
        assert_eq!(refusal(app::reports::overview(app, &now)), "forbidden");

        // What the role says anew holds for whoever has it.
        let version = 1;
        let less = put("Picker", &["orders:view"], version);
        person::change_role(app, &shop.zoe, picker.id, less.clone()).unwrap();
        let stale = person::change_role(app, &shop.zoe, picker.id, less);
        assert_eq!(refusal(stale), "stale");
        let now = again(shop, &shop.zoe, &lee);
        assert!(!now.may(Permission::Shipping, Level::View));

        // Nobody takes it away under them.
        let removed = person::remove_role(app, &shop.zoe, picker.id);
        assert_eq!(refusal(removed), "person.role_in_use {}");
        person::give_role(app, &shop.zoe, id(&lee), &give(Role::Support, None)).unwrap();
        person::remove_role(app, &shop.zoe, picker.id).unwrap();
        let roles = person::list_roles(app, &shop.zoe).unwrap();
        let support = roles.iter().find(|role| role.role == Role::Support).unwrap();
        assert_eq!((roles.len(), support.people), (Role::STAFF.len(), 1));

        let acts = app::staff_act::list(app, &shop.zoe, None, 20).unwrap();
        let mut done: Vec<&str> = acts.iter().map(|act| act.action.as_str()).collect();
        done.retain(|action| action.starts_with("role.") || *action == "staff.role");
        assert_eq!(done, ["role.remove", "staff.role", "role.change", "staff.role", "role.add"]);
        let moved = acts.iter().find(|act| act.action == "staff.role").unwrap();
        assert_eq!(moved.detail, r#"{"after":"support","before":"own: Picker"}"#);
    });
}

#[test]
fn nobody_gives_more_than_they_have() {
    both_engines(|shop| {
        let app = &shop.app;
        let above = "person.role_above_yours {}";
        let lee = hire(shop, "lee", Role::Viewer);
        let kim = hire(shop, "kim", Role::Warehouse);
        let lead = ["staff:change", "shipping:change", "orders:view", "goods:view", "stock:change"];
        let lead = [&lead[..], &["delivery:view"]].concat();
        let lead = own(shop, &shop.zoe, "Lead", &lead);
        let lead_role = give(Role::Own, Some(lead.id));
        person::give_role(app, &shop.zoe, id(&lee), &lead_role).unwrap();
        let lee = again(shop, &shop.zoe, &lee);

        // Within what she has, she may: a narrower role, and somebody who has one.
        let picker = own(shop, &lee, "Picker", &["shipping:change"]);
        person::give_role(app, &lee, id(&kim), &give(Role::Own, Some(picker.id))).unwrap();
        person::give_role(app, &lee, id(&kim), &give(Role::Warehouse, None)).unwrap();
        // Beyond it she may not: no role that says more, for nobody, and nobody who is more.
        for role in [Role::Owner, Role::Manager, Role::Viewer] {
            assert_eq!(refusal(person::give_role(app, &lee, id(&kim), &give(role, None))), above);
        }
        let more = person::add_role(app, &lee, put("More", &["refunds:view"], 0));
        assert_eq!(refusal(more), above);
        let more = person::change_role(app, &lee, picker.id, put("P", &["orders:change"], 1));
        assert_eq!(refusal(more), above);
        for whom in [&shop.zoe, &shop.mo] {
            let narrow = give(Role::Warehouse, None);
            assert_eq!(refusal(person::give_role(app, &lee, id(whom), &narrow)), above);
            let remove = RemoveStaff { person: id(whom) };
            assert_eq!(refusal(person::remove_staff(app, &lee, remove)), above);
        }
        // Not even the role she has herself, nor her own place.
        let mine = person::change_role(app, &lee, lead.id, put("Lead", &["staff:change"], 1));
        assert_eq!(refusal(mine), above);
        assert_eq!(refusal(person::give_role(app, &lee, id(&lee), &lead_role)), above);
        assert_eq!(refusal(person::give_role(app, &shop.mo, id(&kim), &lead_role)), "forbidden");
        let shopper = person::give_role(app, &shop.zoe, id(&shop.ann), &lead_role);
        assert_eq!(refusal(shopper), "not_found");
    });
}

#[test]
fn what_is_no_role_is_refused() {
    both_engines(|shop| {
        let (app, zoe) = (&shop.app, &shop.zoe);
        let bad = "person.bad_role {\"field\":\"role\"}";
        for (name, grants) in
            [("", &["goods:view"][..]), ("A", &[]), ("A", &["goods"]), ("A", &["goods:burn"])]
        {
            let made = person::add_role(app, zoe, put(name, grants, 0));
            assert!(refusal(made).starts_with("person.bad_role"), "{name} {grants:?}");
        }
        let packer = own(shop, zoe, "Packer", &["shipping:change"]);
        let again = person::add_role(app, zoe, put(" Packer ", &["goods:view"], 0));
        assert!(refusal(again).starts_with("person.role_name_taken"));
        own(shop, zoe, "Clerk", &["goods:view"]);
        let taken = person::change_role(app, zoe, packer.id, put("Clerk", &["goods:view"], 1));
        assert!(refusal(taken).starts_with("person.role_name_taken"));
        for (role, own) in
            [(Role::Own, None), (Role::Shopper, None), (Role::Manager, Some(packer.id))]
        {
            let given = refusal(person::give_role(app, zoe, id(&shop.mo), &give(role, own)));
            assert!(given.starts_with("person.bad_role"), "{given} is not {bad}");
        }
        let gone = give(Role::Own, Some(Id::new(1)));
        assert_eq!(refusal(person::give_role(app, zoe, id(&shop.mo), &gone)), "not_found");
    });
}

#[test]
fn two_owners_who_demote_each_other_leave_one() {
    both_engines(|shop| {
        for round in 0..10 {
            let (one, two) = (&shop.zoe, &hire(shop, &format!("pat{round}"), Role::Owner));
            let narrow = give(Role::Support, None);
            let done = at_once(2, |n| {
                let (by, whom) = if n == 0 { (one, two) } else { (two, one) };
                person::give_role(&shop.app, by, id(whom), &narrow).is_ok()
            });
            assert!(done.iter().any(|done| *done), "{done:?}");
            let all = person::list_staff(&shop.app, two).unwrap();
            let owners: Vec<_> = all.iter().filter(|one| one.role == Role::Owner).collect();
            assert_eq!(owners.len(), 1, "{done:?}");
            // For the next round zoe is the owner again.
            if owners[0].id == id(two) {
                let back = give(Role::Owner, None);
                person::give_role(&shop.app, two, id(one), &back).unwrap();
                person::give_role(&shop.app, one, id(two), &narrow).unwrap();
            }
        }
    });
}

//! People who shop over HTTP and write down what they asked and what they were told.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use app::clock::{Clock, Held, Wall};
use app::config::Config;
use app::db::{Database, Place, Seams};
use app::dice::{Ids, Seeded, System, below};
use app::group_buy::{self, NewGroupBuy, OfferedVariant};
use app::outside::Outside;
use app::token::{self, NewToken};
use app::{App, Visitor, person};
use domain::id::Id;
use domain::moment::Span;
use domain::person::{Person, Role, Scope};
use serde_json::{Value, json};

use crate::http::{Answer, ask};
use crate::program::ends;

/// One product in plenty.
const GOODS: &str = "\
Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,\
Variant Inventory Qty,Variant Inventory Policy,Variant Price,Status
cup,Cup,TRUE,Title,Default Title,CUP-1,shopify,900000,deny,39.50,active
";

/// What is for sale, and who may buy.
pub struct Market {
    pub variant: String,
    pub group_buy: String,
    pub tokens: Vec<String>,
}

/// What was asked and what was answered.
#[derive(Default)]
pub struct Log {
    pub asked: u64,
    /// Every key of an order, before it was sent.
    pub attempted: BTreeSet<String>,
    /// Keys that were answered, with their orders.
    pub placed: BTreeMap<String, String>,
    /// Of these the ones nobody has looked at again yet.
    pub fresh: Vec<Fresh>,
    /// Payments the bank acknowledged.
    pub paid: BTreeSet<String>,
    pub cancelled: BTreeSet<String>,
    /// Keys that were sent and never answered: who, and what.
    pub open: Vec<(usize, String, String)>,
    pub lost: u64,
    /// How many of those turned out to have happened when they were asked again.
    pub again: u64,
    /// What was answered before, asked once more and answered alike.
    pub alike: u64,
    /// How often somebody patient was told to come again, or was not answered.
    pub refused: u64,
    /// Of these, how many were told so without a word about when.
    pub unclean: u64,
    /// How often asking once more did not help.
    pub failed: u64,
    /// How long each answer took that was the one wanted, first or second.
    pub waits: Vec<Duration>,
}

/// An order that was just acknowledged: who asked for it, under which key, with which words.
#[derive(Clone, Debug)]
pub struct Fresh {
    pub order: String,
    pub buyer: usize,
    pub key: String,
    pub body: String,
}

/// The shop's own code on the shop's data, with a clock that is held where the wall's is now.
pub fn open(site: &[&str]) -> (App, Arc<Held>) {
    let place = match site {
        ["--data", folder] => Place::Folder((*folder).into()),
        ["--database", address] => Place::Postgres(address.to_string()),
        other => panic!("{other:?} is no site"),
    };
    let clock = Arc::new(Held::at(Wall.now()));
    let ids = Ids::new(&System);
    let seams = Seams { clock: clock.clone(), dice: Arc::new(System), ids };
    let db = Database::open(&place, false, &seams).unwrap();
    let config = Config::plain("http://127.0.0.1:3000");
    let app = App::of(db, seams, config, Outside::remembered());
    (app, clock)
}

impl Market {
    /// A shop with one product, one group buy and so many shoppers with tokens.
    pub fn prepare(site: &[&str], folder: &Path, shoppers: usize) -> Market {
        let file = folder.join("goods.csv");
        std::fs::write(&file, GOODS).unwrap();
        let file = file.display().to_string();
        let mut import = vec!["import", "products", &file];
        import.extend(site);
        ends(0, &import);
        let (app, _) = open(site);
        let (contact, password) = ("zoe@example.com", "turning in the wind");
        let zoe = person::add_staff_from_terminal(&app, "zoe", contact, Role::Owner, password);
        let zoe = Visitor::of(zoe.unwrap().id, "zoe", Role::Owner);
        let (product, variant) = app
            .read(|tx| {
                tx.one("select product_id, id from variants", &[], |row| (row.get(0), row.get(1)))
            })
            .unwrap();
        let mut settings = group_buy::templates().remove(0).settings;
        settings.per_person = 9_999;
        let new = NewGroupBuy {
            title: "Cups together".into(),
            product,
            starts_at: app.now(),
            ends_at: app.now().plus(Span::days(7)),
            settings,
            variants: vec![OfferedVariant { variant, price: 2_950, quota: None }],
            launch: true,
        };
        app::rehearsal::licensed(&app, &zoe).unwrap();
        let keyed = zoe.with_key("the-one-group-buy", "prepare").unwrap();
        let group_buy = group_buy::create(&app, &keyed, new).unwrap().id;
        let tokens = (0..shoppers).map(|number| token(&app, number)).collect();
        Market { variant: variant.to_string(), group_buy: group_buy.to_string(), tokens }
    }
}

fn token(app: &App, number: usize) -> String {
    let name = format!("shopper-{number}");
    let id: Id<Person> = app
        .write(|tx| {
            let id: Id<Person> = tx.id();
            tx.run(
                "insert into people (id, name, email, locale, role, created_at)
                 values ($1, $2, $3, 'en', 'shopper', $4)",
                &[
                    id.into(),
                    name.clone().into(),
                    format!("{name}@example.com").into(),
                    tx.now.into(),
                ],
            )?;
            Ok(id)
        })
        .unwrap();
    let visitor = Visitor::of(id, &name, Role::Shopper);
    let new = NewToken { name, scopes: vec![Scope::Read, Scope::Shop] };
    token::make(app, &visitor, new).unwrap().token
}

fn address() -> Value {
    json!({ "name": "Ann", "phone": "+8613800138000", "country": "CN", "region": "浙江省",
            "city": "杭州市", "line1": "龙井路 1 号" })
}

/// One shopper with a browser that gives up when the server does.
pub struct Buyer {
    pub number: usize,
    pub address: String,
    pub market: Arc<Market>,
    pub log: Arc<Mutex<Log>>,
    pub dice: Seeded,
    /// Asks once more when told to come again, and does not go when the server does.
    pub patient: bool,
}

/// A patient buyer asks less often than the shop allows.
const PACE: Duration = Duration::from_millis(55);

impl Buyer {
    /// As many as the market knows, each shopping on a thread until told to stop.
    pub fn crowd(
        market: &Arc<Market>,
        log: &Arc<Mutex<Log>>,
        stop: &Arc<AtomicBool>,
        luck: u64,
        patient: bool,
        address: impl Fn(usize) -> String,
    ) -> Vec<JoinHandle<()>> {
        let buyer = |number: usize| Buyer {
            number,
            address: address(number),
            market: Arc::clone(market),
            log: Arc::clone(log),
            dice: Seeded::new(luck ^ number as u64),
            patient,
        };
        let begin = |buyer: Buyer| {
            let stop = Arc::clone(stop);
            std::thread::spawn(move || buyer.shop_until(&stop))
        };
        (0..market.tokens.len()).map(buyer).map(begin).collect()
    }

    /// Shops until told to stop, or until the server is gone.
    pub fn shop_until(&self, stop: &AtomicBool) {
        while !stop.load(Ordering::SeqCst) {
            let gone = self.ask_again().is_none() || self.one_purchase().is_none();
            if gone && !self.patient {
                return;
            }
        }
    }

    /// What was not answered is asked again under the same key: it happens once.
    pub fn ask_again(&self) -> Option<()> {
        loop {
            let mut log = self.log.lock().unwrap();
            let mine = log.open.iter().position(|(buyer, ..)| *buyer == self.number);
            let Some(mine) = mine else { return Some(()) };
            let (_, key, body) = log.open.swap_remove(mine);
            drop(log);
            self.place(&key, &body, true)?;
        }
    }

    /// Opens a team and pays for it.
    pub fn opens_a_team(&self) -> String {
        let (variant, group_buy) = (&self.market.variant, &self.market.group_buy);
        let what = json!({ "kind": "open_team", "group_buy": group_buy, "variant": variant,
                           "quantity": 1 });
        self.buys(&what);
        // It opens when the bank's notice has come.
        let began = Instant::now();
        loop {
            if let Some(team) = self.open_team().expect("the server answers") {
                return team;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "the team is not open");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Joins a team and pays for it.
    pub fn joins(&self, team: &str) {
        let variant = &self.market.variant;
        self.buys(&json!({ "kind": "join_team", "team": team, "variant": variant,
                           "quantity": 1 }));
    }

    fn buys(&self, what: &Value) {
        let order = self.orders(what).expect("the server answers");
        self.pay(&order.expect("the order is taken")).expect("the server answers");
    }

    /// Orders one for itself. Whether the server took it.
    pub fn orders_one(&self) -> bool {
        let variant = &self.market.variant;
        let what = json!({ "kind": "now", "variant": variant, "quantity": 1 });
        self.orders(&what).is_some_and(|order| order.is_some())
    }

    fn orders(&self, what: &Value) -> Option<Option<String>> {
        let key = format!("key-{}-{:016x}", self.number, self.roll(u64::MAX));
        let body = json!({ "what": what, "address": address() }).to_string();
        self.place(&key, &body, false)
    }

    fn one_purchase(&self) -> Option<()> {
        let (variant, group_buy) = (&self.market.variant, &self.market.group_buy);
        let what = match self.roll(3) {
            0 => json!({ "kind": "now", "variant": variant, "quantity": 1 }),
            1 => json!({ "kind": "open_team", "group_buy": group_buy, "variant": variant,
                         "quantity": 1 }),
            _ => match self.open_team()? {
                Some(team) => json!({ "kind": "join_team", "team": team, "variant": variant,
                                      "quantity": 1 }),
                None => json!({ "kind": "now", "variant": variant, "quantity": 2 }),
            },
        };
        let Some(order) = self.orders(&what)? else { return Some(()) };
        if self.roll(8) == 0 {
            return self.cancel(&order);
        }
        self.pay(&order)?;
        if self.roll(8) == 0 { self.cancel(&order) } else { Some(()) }
    }

    /// An order, `None` inside when it was refused, `None` outside when the server is gone.
    fn place(&self, key: &str, body: &str, again: bool) -> Option<Option<String>> {
        self.log.lock().unwrap().attempted.insert(key.to_string());
        let answer = self.api("POST", "/api/v1/orders", key, body);
        let mut log = self.log.lock().unwrap();
        let Some(answer) = answer else {
            log.open.push((self.number, key.to_string(), body.to_string()));
            log.lost += 1;
            return None;
        };
        match answer.status {
            200 | 201 => {
                let order = answer.json()["order"].as_str().unwrap_or_default().to_string();
                assert!(order.starts_with("ord_"), "{}", answer.body);
                log.again += u64::from(again && answer.headers.contains("idempotency-replayed"));
                let before = log.placed.insert(key.to_string(), order.clone());
                assert!(before.is_none_or(|before| before == order), "{key} twice");
                let (key, body) = (key.to_string(), body.to_string());
                log.fresh.push(Fresh { order: order.clone(), buyer: self.number, key, body });
                Some(Some(order))
            }
            // Somebody was quicker, or the team is one's own.
            409 => Some(None),
            // It may have happened all the same.
            503 => {
                log.open.push((self.number, key.to_string(), body.to_string()));
                None
            }
            other => panic!("{other}: {}", answer.body),
        }
    }

    fn pay(&self, order: &str) -> Option<()> {
        let key = format!("pay-{order}-{:016x}", self.roll(u64::MAX));
        let answer = self.api("POST", &format!("/api/v1/orders/{order}/payment"), &key, "{}")?;
        if answer.status != 200 {
            assert!(matches!(answer.status, 409 | 503), "{}", answer.body);
            return Some(());
        }
        let begun = answer.json();
        let reference = begun["payment"].as_str().unwrap_or_default().to_string();
        let url = begun["pay_url"].as_str().unwrap_or_default();
        let path = url.find("/sandbox/").map(|at| url[at..].to_string())?;
        let page = self.send("GET", &path, &[], "")?;
        if page.status == 503 {
            return None;
        }
        let cookie = page
            .raw
            .lines()
            .find_map(|line| line.strip_prefix("set-cookie: "))
            .and_then(|line| line.split(';').next())
            .unwrap_or_default();
        let csrf = page.body.split("name=\"csrf\" value=\"").nth(1);
        let csrf = csrf.and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let form = [("content-type", "application/x-www-form-urlencoded"), ("cookie", cookie)];
        let paid = self.send("POST", &path, &form, &format!("csrf={csrf}&act=pay"))?;
        assert!(matches!(paid.status, 302 | 303 | 503), "{}: {}", paid.status, paid.body);
        // The bank may have had to close it a moment before: only what it took counts.
        let page = self.send("GET", &path, &[], "")?;
        if page.body.contains("state paid") {
            self.log.lock().unwrap().paid.insert(reference);
        }
        Some(())
    }

    fn cancel(&self, order: &str) -> Option<()> {
        let key = format!("end-{order}-{:016x}", self.roll(u64::MAX));
        let path = format!("/api/v1/orders/{order}/cancellation");
        let answer = self.api("POST", &path, &key, "{}")?;
        match answer.status {
            200 => {
                self.log.lock().unwrap().cancelled.insert(order.to_string());
            }
            // Its payment was on its way, its team complete, its parcel sent: not any more.
            409 | 503 => (),
            other => panic!("{other}: {}", answer.body),
        }
        Some(())
    }

    /// An open team of somebody, if there is one.
    fn open_team(&self) -> Option<Option<String>> {
        let path = format!("/api/v1/teams?group_buy={}&limit=20", self.market.group_buy);
        let answer = self.api("GET", &path, "", "")?;
        let teams: Value = answer.json();
        let teams = teams["data"].as_array().cloned().unwrap_or_default();
        if teams.is_empty() {
            return Some(None);
        }
        let one = &teams[self.roll(teams.len() as u64) as usize];
        Some(one["id"].as_str().map(str::to_string))
    }

    fn api(&self, method: &str, path: &str, key: &str, body: &str) -> Option<Answer> {
        let bearer = format!("Bearer {}", self.market.tokens[self.number]);
        let mut headers =
            vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        if !key.is_empty() {
            headers.push(("idempotency-key", key));
        }
        let answer = self.send(method, path, &headers, body)?;
        assert_ne!(answer.status, 500, "{path}: {}", answer.body);
        Some(answer)
    }

    /// `None` when the server is gone.
    fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Option<Answer> {
        self.log.lock().unwrap().asked += 1;
        if !self.patient {
            return ask(&self.address, method, path, headers, body).ok();
        }
        std::thread::sleep(PACE);
        let began = Instant::now();
        let first = ask(&self.address, method, path, headers, body).ok();
        let first = match first {
            Some(answer) if answer.status != 503 => {
                self.log.lock().unwrap().waits.push(began.elapsed());
                return Some(answer);
            }
            other => other,
        };
        let told = first.as_ref().and_then(|answer| {
            let line = answer.headers.lines().find_map(|line| line.strip_prefix("retry-after: "));
            line?.trim().parse().ok()
        });
        {
            let mut log = self.log.lock().unwrap();
            log.refused += 1;
            log.unclean += u64::from(first.is_some() && told.is_none());
        }
        std::thread::sleep(Duration::from_secs(told.unwrap_or(1)));
        let second = ask(&self.address, method, path, headers, body).ok();
        let mut log = self.log.lock().unwrap();
        match &second {
            Some(answer) if answer.status != 503 => log.waits.push(began.elapsed()),
            _ => log.failed += 1,
        }
        second
    }

    fn roll(&self, bound: u64) -> u64 {
        below(&self.dice, bound)
    }
}

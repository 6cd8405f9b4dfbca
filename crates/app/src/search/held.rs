//! The index as this process holds it, and how it follows the database.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, RwLock};
use std::time::{Duration, Instant};

use domain::catalog::Product;
use domain::id::{CHOSEN_BITS, Id};
use engine::search::{Document, Group, Index, Synonyms};

use super::store;
use crate::catalog::{Sought, goods, sought};
use crate::failure::Failure;
use crate::{App, Visitor};

/// The languages of the interface.
const LOCALES: [&str; 2] = ["zh-CN", "en"];
/// The index follows the database at most so often.
const PATIENCE: Duration = Duration::from_millis(250);
/// And the stock, which moves with every order.
const STOCK_PATIENCE: Duration = Duration::from_secs(5);
/// Whoever began to write before another may commit after them: the last so many seconds are read
/// again.
const OVERLAP_SECONDS: i64 = 5;
/// How many products are read at once.
const BATCH: i64 = 250;

/// The indexes of a process.
#[derive(Default)]
pub struct Searcher {
    held: RwLock<Option<Held>>,
    /// When the database was looked at last; who looks has the lock.
    looked: Mutex<Looked>,
    /// Whoever makes the indexes has it.
    making: Mutex<()>,
}

#[derive(Default)]
struct Looked {
    log: Option<Instant>,
    stock: Option<Instant>,
}

struct Held {
    by_locale: HashMap<&'static str, Index>,
    /// Whether each product was in stock when it was read.
    in_stock: HashMap<i64, bool>,
    log: Read,
    moves: Read,
    /// The newest group of synonyms and how many there are.
    synonyms: (i64, i64),
}

/// How far a list whose ids grow with time was read.
#[derive(Default)]
struct Read {
    last: i64,
    /// What was read of the part that is read again.
    recent: HashSet<i64>,
}

impl Read {
    /// Where to read on from.
    fn from(&self) -> i64 {
        let overlap = (OVERLAP_SECONDS * 1_000) << CHOSEN_BITS;
        (self.last - overlap).max(0)
    }

    fn is_new(&self, id: i64) -> bool {
        !self.recent.contains(&id)
    }

    fn take(&mut self, id: i64) {
        self.last = self.last.max(id);
        self.recent.insert(id);
    }

    fn forget_old(&mut self) {
        let from = self.from();
        self.recent.retain(|id| *id > from);
    }
}

fn instant() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "measures an age, decides nothing")]
    Instant::now()
}

impl Searcher {
    /// Whether there are indexes to ask.
    pub fn is_ready(&self) -> bool {
        self.held.read().unwrap_or_else(|poisoned| poisoned.into_inner()).is_some()
    }

    /// Asks the index of the visitor's language, which is made first if need be. Whoever has just
    /// written finds what they wrote.
    pub fn ask<T>(
        &self,
        app: &App,
        visitor: &Visitor,
        question: impl FnOnce(&Index) -> T,
    ) -> Result<T, Failure> {
        self.prepare(app)?;
        self.follow(app, visitor.fresh)?;
        let held = self.held.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        let index = held.as_ref().and_then(|held| {
            held.by_locale.get(visitor.locale.as_str()).or_else(|| held.by_locale.get(LOCALES[0]))
        });
        index.map(question).ok_or_else(|| Failure::broken("the search has no index"))
    }

    /// Makes the indexes, once; whoever comes meanwhile waits for them.
    pub fn prepare(&self, app: &App) -> Result<(), Failure> {
        if self.is_ready() {
            return Ok(());
        }
        let _making = self.making.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if !self.is_ready() {
            let held = make(app)?;
            *self.held.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(held);
        }
        Ok(())
    }

    /// Reads what changed since the last look, if that is long ago or `now` is asked for. What
    /// cannot be read is read the next time.
    fn follow(&self, app: &App, now: bool) -> Result<(), Failure> {
        planted!("edit_never_followed", return Ok(()));
        let mut looked = match (self.looked.try_lock(), now) {
            (Ok(looked), _) => looked,
            (Err(_), false) => return Ok(()),
            (Err(_), true) => self.looked.lock().unwrap_or_else(|gone| gone.into_inner()),
        };
        let due =
            |at: Option<Instant>, patience| now || at.is_none_or(|at| at.elapsed() >= patience);
        if !due(looked.log, PATIENCE) {
            return Ok(());
        }
        let with_stock = due(looked.stock, STOCK_PATIENCE);
        let seen = |held: &Held| (held.log.from(), held.moves.from(), held.synonyms);
        let Some((log, moves, synonyms)) = self.known(seen) else { return Ok(()) };
        let news = app.read(|tx| {
            let newest = store::newest_synonyms(tx)?;
            Ok(News {
                changed: store::changed(tx, log)?,
                moved: if with_stock { store::moved(tx, moves)? } else { Vec::new() },
                groups: if newest == synonyms { None } else { Some((newest, store::groups(tx)?)) },
            })
        })?;
        let ids = self.known(|held| held.due(&news)).unwrap_or_default();
        let mut read: Vec<(&'static str, Sought)> = Vec::new();
        for some in ids.chunks(BATCH as usize) {
            for locale in LOCALES {
                let found = app.read(|tx| sought(tx, some, locale))?;
                read.extend(found.into_iter().map(|one| (locale, one)));
            }
        }
        let mut held = self.held.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(known) = held.as_mut() {
            known.take(news, &ids, read);
        }
        looked.log = Some(instant());
        if with_stock {
            looked.stock = looked.log;
        }
        Ok(())
    }

    fn known<T>(&self, of: impl FnOnce(&Held) -> T) -> Option<T> {
        self.held.read().unwrap_or_else(|poisoned| poisoned.into_inner()).as_ref().map(of)
    }
}

/// What happened since the last look.
struct News {
    /// Events and products.
    changed: Vec<(i64, i64)>,
    /// Moves, products, and whether they have units.
    moved: Vec<(i64, i64, bool)>,
    /// Words that mean the same, when they are others than before.
    groups: Option<((i64, i64), Vec<Group>)>,
}

impl Held {
    /// The products that must be read again.
    fn due(&self, news: &News) -> Vec<Id<Product>> {
        let changed = news.changed.iter().filter(|(event, _)| self.log.is_new(*event));
        let mut due: BTreeSet<i64> = changed.map(|(_, product)| *product).collect();
        for (step, product, in_stock) in &news.moved {
            planted!("stock_not_followed", continue);
            let other = self.in_stock.get(product).is_some_and(|was| was != in_stock);
            if other && self.moves.is_new(*step) {
                due.insert(*product);
            }
        }
        due.into_iter().map(Id::new).collect()
    }

    /// Puts in what was read, takes out what is not to be seen any more, and remembers how far it
    /// was read.
    fn take(&mut self, news: News, ids: &[Id<Product>], read: Vec<(&'static str, Sought)>) {
        let there: HashSet<i64> = read.iter().map(|(_, one)| one.id.0).collect();
        for gone in ids.iter().filter(|id| !there.contains(&id.0)) {
            planted!("gone_stays_found", continue);
            self.by_locale.values_mut().for_each(|index| {
                index.remove(gone.0);
            });
        }
        for (locale, one) in read {
            self.in_stock.insert(one.id.0, one.in_stock);
            if let Some(index) = self.by_locale.get_mut(locale) {
                index.put(document(one));
            }
        }
        news.changed.iter().for_each(|(event, _)| self.log.take(*event));
        news.moved.iter().for_each(|(step, ..)| self.moves.take(*step));
        self.log.forget_old();
        self.moves.forget_old();
        if let Some((newest, groups)) = news.groups {
            let groups = Synonyms::new(groups);
            self.by_locale.values_mut().for_each(|index| index.set_synonyms(groups.clone()));
            self.synonyms = newest;
        }
    }
}

/// Everything, as it is at one moment.
fn make(app: &App) -> Result<Held, Failure> {
    // Read before the goods are: what changes meanwhile is read again.
    let (log, moves) = app.read(|tx| Ok((store::last_event(tx)?, store::last_move(tx)?)))?;
    let mut documents: HashMap<&'static str, Vec<Document>> = HashMap::new();
    let mut in_stock = HashMap::new();
    let mut after: Id<Product> = Id::new(0);
    loop {
        let ids = app.read(|tx| goods::after(tx, after, BATCH))?;
        let Some(last) = ids.last() else { break };
        after = *last;
        for locale in LOCALES {
            for one in app.read(|tx| sought(tx, &ids, locale))? {
                in_stock.insert(one.id.0, one.in_stock);
                documents.entry(locale).or_default().push(document(one));
            }
        }
    }
    let (synonyms, groups) =
        app.read(|tx| Ok((store::newest_synonyms(tx)?, store::groups(tx)?)))?;
    let groups = Synonyms::new(groups);
    let by_locale = LOCALES.map(|locale| {
        let mut index = Index::build(documents.remove(locale).unwrap_or_default());
        index.set_synonyms(groups.clone());
        (locale, index)
    });
    let read = |last| Read { last, recent: HashSet::new() };
    Ok(Held {
        by_locale: by_locale.into_iter().collect(),
        in_stock,
        log: read(log),
        moves: read(moves),
        synonyms,
    })
}

fn document(sought: Sought) -> Document {
    let others = [sought.other_title];
    Document {
        id: sought.id.0,
        title: sought.title,
        names: others.into_iter().filter(|name| !name.is_empty()).collect(),
        brand: sought.vendor,
        tags: sought.tags,
        category: sought.category,
        options: sought.options,
        skus: sought.skus,
        brief: sought.story,
        price: sought.price,
        in_stock: sought.in_stock,
        added: sought.added.0,
        sold: u64::try_from(sought.sold).unwrap_or(0),
        popularity: u32::try_from(sought.sold).unwrap_or(u32::MAX),
    }
}

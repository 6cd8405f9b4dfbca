//! How many connections there are, and from where.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use app::config::Proxies;

/// The connections that are open.
pub struct Places {
    most: usize,
    proxies: Proxies,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by: HashMap<IpAddr, usize>,
}

/// A place at the table; it is free again when this goes.
pub struct Place {
    of: Arc<Places>,
    from: IpAddr,
}

impl Places {
    pub fn new(most: usize, proxies: Proxies) -> Arc<Places> {
        Arc::new(Places { most, proxies, taken: Mutex::default() })
    }

    /// A place for somebody from `from`, while there is one. Who is no proxy may have half.
    pub fn take(self: &Arc<Places>, from: IpAddr) -> Option<Place> {
        let from = from.to_canonical();
        let most = if self.proxies.has(from) { self.most } else { self.most.div_ceil(2) };
        let mut taken = self.lock();
        let theirs = taken.by.get(&from).copied().unwrap_or(0);
        if taken.all >= self.most || theirs >= most {
            return None;
        }
        taken.all += 1;
        taken.by.insert(from, theirs + 1);
        Some(Place { of: Arc::clone(self), from })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(|gone| gone.into_inner())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.of.lock();
        taken.all -= 1;
        match taken.by.get_mut(&self.from) {
            Some(theirs) if *theirs > 1 => *theirs -= 1,
            _ => drop(taken.by.remove(&self.from)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_half_and_a_proxy_all() {
        let places = Places::new(4, Proxies::parse("10.0.0.0/8").unwrap());
        let (eve, ann): (IpAddr, IpAddr) =
            ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let proxy = "10.1.2.3".parse().unwrap();
        let eves: Vec<_> = (0..3).map(|_| places.take(eve)).collect();
        assert_eq!(eves.iter().flatten().count(), 2);
        let anns = places.take(ann);
        assert!(anns.is_some());
        drop(eves);
        let more: Vec<_> = (0..4).map(|_| places.take(proxy)).collect();
        assert_eq!(more.iter().flatten().count(), 3, "ann has one");
        drop((anns, more));
        assert!(places.lock().by.is_empty());
        assert_eq!(places.lock().all, 0);
    }
}

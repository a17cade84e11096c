//! What is to be looked at, handed from those who find it to those who look at it.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::source::Item;

/// Items that wait for somebody to look at them.
#[derive(Debug, Default)]
pub(super) struct Feed {
    waiting: Mutex<Waiting>,
    more: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    items: VecDeque<Item>,
    /// Whether no more will come.
    closed: bool,
}

impl Feed {
    /// All that there is.
    pub(super) fn of(items: Vec<Item>) -> Feed {
        let waiting = Waiting {
            items: items.into(),
            closed: true,
        };
        Feed {
            waiting: Mutex::new(waiting),
            more: Condvar::new(),
        }
    }

    /// How many items wait.
    pub(super) fn len(&self) -> usize {
        self.lock().items.len()
    }

    /// Adds some.
    pub(super) fn put(&self, items: Vec<Item>) {
        self.lock().items.extend(items);
        self.more.notify_all();
    }

    /// The next one, once there is one; none when no more will come.
    pub(super) fn next(&self) -> Option<Item> {
        let waiting = self.lock();
        let waiting = self.more.wait_while(waiting, |waiting| {
            waiting.items.is_empty() && !waiting.closed
        });
        waiting
            .unwrap_or_else(PoisonError::into_inner)
            .items
            .pop_front()
    }

    /// Says, when it is dropped, that no more will come: whoever waits must not wait forever, whatever happens.
    pub(super) const fn closes(&self) -> Closes<'_> {
        Closes(self)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// See [`Feed::closes`].
pub(super) struct Closes<'f>(&'f Feed);

impl Drop for Closes<'_> {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.more.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;

    fn items(number: usize) -> Vec<Item> {
        let item = |_| Item::stdin_bytes(None, Arc::new(Vec::new()));
        (0..number).map(item).collect()
    }

    #[test]
    fn every_item_is_taken_once_and_nobody_waits_when_there_are_no_more() {
        let feed = Feed::default();
        let taken = thread::scope(|scope| {
            let takers: Vec<_> = (0..3)
                .map(|_| scope.spawn(|| std::iter::from_fn(|| feed.next()).count()))
                .collect();
            let closes = feed.closes();
            for number in 0..20 {
                feed.put(items(number));
            }
            drop(closes);
            takers
                .into_iter()
                .map(|taker| taker.join().unwrap())
                .sum::<usize>()
        });
        assert_eq!(taken, 190);
        assert!(Feed::of(Vec::new()).next().is_none());
    }

    #[test]
    fn a_panic_of_whoever_puts_items_in_ends_the_waiting() {
        let feed = Feed::default();
        let put = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _closes = feed.closes();
            panic!("on purpose");
        }));
        assert!(put.is_err() && feed.next().is_none());
    }
}

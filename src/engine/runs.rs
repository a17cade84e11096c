//! Who looks at what: items are handed to threads, and what those come to is put together and sorted.

use std::num::NonZero;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use super::feed::Feed;
use super::{Engine, Scratch};
use crate::config::Settings;
use crate::model::{Judged, Outcome, Progress, Question};
use crate::rules::RuleSet;
use crate::source::{Gathered, Item, WalkSettings, gather, gather_to};

/// Looks at everything that was gathered, with so many threads; 0 for as many as there are cores.
///
/// # Errors
/// The threads could not be started.
pub fn scan(
    gathered: Gathered,
    rules: &RuleSet,
    settings: &Settings,
    threads: usize,
) -> Result<Outcome, rayon::ThreadPoolBuildError> {
    let progress = Progress::default();
    scan_answering(gathered, rules, settings, threads, None, &progress)
}

/// As [`scan`], until `deadline`, if there is one: what was not looked at by then is unscanned.
///
/// # Errors
/// The threads could not be started.
pub fn scan_until(
    gathered: Gathered,
    rules: &RuleSet,
    settings: &Settings,
    threads: usize,
    deadline: Option<Instant>,
) -> Result<Outcome, rayon::ThreadPoolBuildError> {
    let progress = Progress::default();
    run(
        gathered,
        rules,
        settings,
        threads,
        (deadline, &progress),
        None,
    )
}

/// As [`scan`], and tells how far it has come; with a question, findings carry how they came about, and the outcome what was
/// not reported and why.
///
/// # Errors
/// The threads could not be started.
pub fn scan_answering(
    gathered: Gathered,
    rules: &RuleSet,
    settings: &Settings,
    threads: usize,
    question: Option<&Question>,
    progress: &Progress,
) -> Result<Outcome, rayon::ThreadPoolBuildError> {
    run(
        gathered,
        rules,
        settings,
        threads,
        (None, progress),
        question,
    )
}

/// Looks at the files below `paths` and at `more`; a tree's files as they are found, so that no processor waits for the walk.
///
/// # Errors
/// The threads could not be started.
pub fn scan_paths(
    paths: &[PathBuf],
    more: Vec<Item>,
    walk: &WalkSettings,
    rules: &RuleSet,
    settings: &Settings,
    question: Option<&Question>,
) -> Result<Outcome, rayon::ThreadPoolBuildError> {
    let progress = Progress::default();
    let threads = threads_for(usize::MAX, walk.threads);
    // A file may be in two trees, which is told when all are known.
    let is_tree = matches!(paths, [path] if path.is_dir());
    if threads == 1 || !is_tree {
        let mut gathered = gather(paths, walk);
        gathered.items.extend(more);
        let time = (None, &progress);
        return run(gathered, rules, settings, walk.threads, time, question);
    }
    let engine = Engine::new(rules, settings, question, None);
    let feed = Feed::default();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()?;
    let shares = Mutex::new(Vec::new());
    let gathered = pool.in_place_scope(|scope| {
        scope.spawn_broadcast(|_, _| {
            let share = engine.share(&feed, &progress);
            shares
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(share);
        });
        let _closes = feed.closes();
        feed.put(more);
        gather_to(paths, walk, &|items| feed.put(items))
    });
    let shares = shares.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(engine.conclude(shares, gathered))
}

fn run(
    mut gathered: Gathered,
    rules: &RuleSet,
    settings: &Settings,
    threads: usize,
    (deadline, progress): (Option<Instant>, &Progress),
    question: Option<&Question>,
) -> Result<Outcome, rayon::ThreadPoolBuildError> {
    let engine = Engine::new(rules, settings, question, deadline);
    let items = std::mem::take(&mut gathered.items);
    if items.len() > 1 {
        progress.begin(items.len() as u64);
    }
    let threads = threads_for(items.len(), threads);
    let feed = Feed::of(items);
    let shares = match threads {
        // What one thread can do, this one does; starting another would take longer than most items.
        1 => vec![engine.share(&feed, progress)],
        threads => rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()?
            .broadcast(|_| engine.share(&feed, progress)),
    };
    Ok(engine.conclude(shares, gathered))
}

/// How many threads look at so many items: as many as were asked for, or as there are cores, and none that has no item.
fn threads_for(items: usize, asked: usize) -> usize {
    let threads = match asked {
        0 if items > 1 => thread::available_parallelism().map_or(1, NonZero::get),
        _ => asked,
    };
    threads.min(items).max(1)
}

impl Engine<'_> {
    /// Looks at one item after the other that no other thread has taken, until there is none left, and tells what it came to,
    /// sorted. So threads are done at about the same time, however the long files lie.
    fn share(&self, feed: &Feed, progress: &Progress) -> Outcome {
        let mut share = Outcome::default();
        share.judged.reserve(feed.len());
        let mut scratch = Scratch::default();
        while let Some(item) = feed.next() {
            let looked = self.look(&item, &mut scratch);
            looked.tell(item.origin, &mut share);
            progress.step();
        }
        // What is sorted in parts is soon sorted as a whole.
        sort(&mut share.judged);
        share
    }

    /// What all threads came to, and what was gathered besides items.
    fn conclude(&self, shares: Vec<Outcome>, gathered: Gathered) -> Outcome {
        let mut outcome = shares.into_iter().fold(Outcome::default(), joined);
        outcome.unscanned.extend(gathered.unscanned);
        outcome.skipped = gathered.skipped;
        self.destination.clone_into(&mut outcome.destination);
        outcome.stats.rules = self.rules.len();
        outcome.stats.items = outcome.judged.len() as u64;
        self.look_at_other_names(&gathered.links, &mut outcome);
        self.mask_authors(&mut outcome);
        sort(&mut outcome.judged);
        // A file may have been named, and found as well.
        outcome.unscanned.sort();
        outcome.unscanned.dedup();
        outcome.skipped.sort();
        outcome
            .not_reported
            .sort_by(|left, right| left.origin.cmp(&right.origin));
        let milliseconds = self.begun.elapsed().as_millis();
        outcome.stats.milliseconds = u64::try_from(milliseconds).unwrap_or(u64::MAX);
        outcome
    }
}

/// What two threads came to.
fn joined(mut all: Outcome, share: Outcome) -> Outcome {
    match all.judged.is_empty() {
        true => all.judged = share.judged,
        false => all.judged.extend(share.judged),
    }
    all.unscanned.extend(share.unscanned);
    all.not_reported.extend(share.not_reported);
    all.stats.bytes += share.stats.bytes;
    all.stats.below_threshold += share.stats.below_threshold;
    all
}

fn sort(judged: &mut [Judged]) {
    judged.sort_by(|left, right| left.origin.cmp(&right.origin));
}

//! All that a repository ever held: each blob is looked at once, at every path where that can make a difference. What stands in
//! many versions of a file is one finding, told of the commit that brought it.

use std::cmp::Reverse;
use std::collections::hash_map::{Entry, RandomState};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use thiserror::Error;

use super::found::{Found, Looked};
use super::{Engine, guarded};
use crate::config::Settings;
use crate::decode::Decoder;
use crate::matcher;
use crate::model::{
    Commit, Judged, JudgedFinding, NotReported, Origin, Outcome, Progress, Question, Stats,
    Unscanned, Verdict, Why,
};
use crate::rules::RuleSet;
use crate::source::{Depth, Git, GitError, History, Object, Place, TextPart, Thing, slices};

/// How many items that could not be looked at are told one by one.
const MOST_UNSCANNED: usize = 1000;

/// Why a history could not be looked at at all.
#[derive(Debug, Error)]
pub enum HistoryError {
    /// Git has not what is needed.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The threads could not be started.
    #[error(transparent)]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// Looks at the whole history of a repository, with so many threads; 0 for as many as there are cores.
///
/// # Errors
/// The history cannot be told, or the threads could not be started. What cannot be read of it is in the outcome.
pub fn scan_history(
    git: &Arc<Git>,
    depth: Depth,
    (rules, settings): (&RuleSet, &Settings),
    threads: usize,
    question: Option<&Question>,
    progress: &Progress,
) -> Result<Outcome, HistoryError> {
    let begun = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()?;
    let history = pool.install(|| git.history(depth))?;
    progress.begin(history.len());
    let engine = Engine::new(rules, settings, question, None);
    let scan = Scan {
        engine: &engine,
        history: &history,
        by_path: rules.of_some_paths(),
        hasher: RandomState::new(),
        hits: Mutex::default(),
        clean_people: Mutex::default(),
    };
    let kept: Vec<Kept> = pool.install(|| {
        history.look(|kept: &mut Kept, object| {
            scan.object(object, kept);
            progress.step();
        })
    });
    let mut outcome = scan.outcome(kept);
    outcome.destination.clone_from(&settings.destination.name);
    outcome.stats.milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(outcome)
}

/// One run over a history.
struct Scan<'s> {
    engine: &'s Engine<'s>,
    history: &'s History,
    /// The rules that look at some paths only.
    by_path: Vec<usize>,
    hasher: RandomState,
    hits: Mutex<HashMap<Key, Hit>>,
    /// Who made commits, where nothing was found in that.
    clean_people: Mutex<HashSet<Vec<u8>>>,
}

/// Where findings are the same if they say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Spot {
    /// A path or, without one, a blob.
    File(u32, Option<u32>),
    /// A commit's or tag's text.
    Text(u32, TextPart),
    /// Who made commits.
    Person,
}

/// A spot and a digest of what was found there.
type Key = (Spot, u64);

/// Where a finding is told to be: the first of its spot's blobs or texts that has it.
#[derive(Clone, Copy, Debug)]
enum Source {
    Blob(Place),
    Text(u32, TextPart),
}

/// A finding, of all that say the same the one to report.
struct Hit {
    /// The worst verdict counts, then what came first.
    rank: (Reverse<Verdict>, i64, u32),
    source: Source,
    in_head: bool,
    judged: JudgedFinding,
}

/// What one thread keeps.
#[derive(Default)]
struct Kept {
    matcher: matcher::Scratch,
    items: u64,
    bytes: u64,
    below_threshold: u64,
    unscanned: Vec<(Source, Why)>,
    not_reported: Vec<NotReported>,
}

impl Scan<'_> {
    fn object(&self, object: &Object<'_>, kept: &mut Kept) {
        kept.items += 1;
        match (&object.thing, &object.bytes) {
            (Thing::Blob(places), Ok(bytes)) => self.blob(places, bytes, kept),
            (Thing::Blob(places), Err(why)) => {
                let sources = places.iter().map(|place| Source::Blob(*place));
                kept.unscanned
                    .extend(sources.map(|source| (source, why.clone())));
            }
            (Thing::Text(text), Ok(bytes)) => self.text(*text, bytes, kept),
            // That it cannot be read is known since its history was.
            (Thing::Text(_), Err(_)) => {}
        }
    }

    /// Looks at a blob at its first path, and at others if something was found or if other rules look there.
    fn blob(&self, places: &[Place], bytes: &[u8], kept: &mut Kept) {
        let mut looked_as: Option<Vec<usize>> = None;
        let mut is_clean = true;
        kept.bytes += bytes.len() as u64;
        for place in places {
            let origin = Origin::git(self.history.kind(place), self.history.path(place), None);
            let rules = match places {
                // Nothing to compare with.
                [_] => Vec::new(),
                _ => self.rules_for(&origin.shown, bytes, &mut kept.matcher),
            };
            let is_known = is_clean && looked_as.as_ref() == Some(&rules);
            if is_known && !place.is_new_path {
                continue;
            }
            let bytes = (!is_known).then_some(bytes);
            let looked = self.look(origin, place.is_new_path, bytes, kept);
            if !is_known {
                is_clean = looked.unscanned.is_empty() && looked.findings.is_empty();
                looked_as = Some(rules);
            }
            self.keep(
                Source::Blob(*place),
                looked,
                bytes.unwrap_or_default(),
                kept,
            );
        }
    }

    /// The rules that the path of a file calls for, or keeps away, in order.
    fn rules_for(&self, path: &str, bytes: &[u8], scratch: &mut matcher::Scratch) -> Vec<usize> {
        let rules = self.engine.rules;
        let of_file = matcher::find_file(rules, bytes, path, scratch);
        let some = self.by_path.iter().copied();
        some.filter(|&rule| rules.rules[rule].looks_at(path))
            .chain(of_file.whole)
            .chain(of_file.lines)
            .collect()
    }

    fn text(&self, text: u32, bytes: &[u8], kept: &mut Kept) {
        kept.bytes += bytes.len() as u64;
        for (part, bytes) in self.history.parts(text, bytes) {
            if bytes.is_empty() || part.is_person() && lock(&self.clean_people).contains(bytes) {
                continue;
            }
            let origin = self.history.text_origin(text, part.name(), None);
            let is_name = part == TextPart::Tag;
            let looked = self.look(origin, is_name, Some(bytes), kept);
            if part.is_person() && looked.verdict.is_some() && looked.findings.is_empty() {
                lock(&self.clean_people).insert(bytes.to_vec());
            }
            self.keep(Source::Text(text, part), looked, bytes, kept);
        }
    }

    /// Looks at a name if it is new, and at bytes if there are any; a panic on the way is that item's alone.
    fn look(&self, origin: Origin, is_new: bool, bytes: Option<&[u8]>, kept: &mut Kept) -> Looked {
        let looked = guarded(|| {
            let mut found = match is_new {
                true => self.engine.look_at_name(&origin, None, &mut kept.matcher),
                false => Found::new(&origin),
            };
            let Some(bytes) = bytes else {
                return found.into_looked(0);
            };
            let path = &origin.shown;
            let mut decoder: Option<Decoder> = None;
            slices(bytes, |stretch| {
                let decoder = decoder.get_or_insert_with(|| {
                    let matcher = &mut kept.matcher;
                    self.engine
                        .look_at_file(path, stretch.bytes, matcher, &mut found);
                    Decoder::new(stretch.bytes)
                });
                for view in decoder.views(stretch) {
                    let cut = stretch.base > 0;
                    let matcher = &mut kept.matcher;
                    let seen = self
                        .engine
                        .look_within(path, &view, cut, matcher, &mut found);
                    self.engine.report(path, &view, seen, &mut found);
                }
            });
            if let Some((encoding, at)) = decoder.and_then(|decoder| decoder.broken()) {
                let encoding = encoding.as_str();
                found.overloaded(Why::BrokenText { encoding, at });
            }
            found.into_looked(0)
        });
        looked.unwrap_or_else(|| {
            // What was half done is worth nothing.
            kept.matcher = matcher::Scratch::default();
            Looked::unscanned(None, Why::Panicked)
        })
    }

    fn keep(&self, source: Source, looked: Looked, bytes: &[u8], kept: &mut Kept) {
        kept.below_threshold += looked.below_threshold;
        kept.not_reported.extend(looked.not_reported);
        let unscanned = looked.unscanned.into_iter();
        kept.unscanned.extend(unscanned.map(|why| (source, why)));
        for judged in looked.findings {
            let in_head = match &source {
                Source::Blob(place) => self.history.is_in_head(place),
                Source::Text(..) => false,
            };
            let (time, number) = match &source {
                Source::Blob(place) => (i64::from(place.step), place.blob),
                Source::Text(text, _) => self.history.rank(*text),
            };
            let key = (spot(&source), self.digest(&judged, bytes));
            let hit = Hit {
                rank: (Reverse(judged.verdict), time, number),
                source,
                in_head,
                judged,
            };
            match lock(&self.hits).entry(key) {
                Entry::Vacant(vacant) => {
                    vacant.insert(hit);
                }
                Entry::Occupied(mut occupied) => {
                    let in_head = in_head || occupied.get().in_head;
                    if hit.rank < occupied.get().rank {
                        occupied.insert(hit);
                    }
                    occupied.get_mut().in_head = in_head;
                }
            }
        }
    }

    /// The same for findings of one rule that found the same bytes.
    fn digest(&self, judged: &JudgedFinding, bytes: &[u8]) -> u64 {
        let finding = &judged.finding;
        let range = (finding.excerpt.as_ref()).and_then(|_| {
            let start = usize::try_from(finding.span.byte_start).ok()?;
            let end = usize::try_from(finding.span.byte_end).ok()?;
            bytes.get(start..end)
        });
        let via: Vec<&str> = finding.via.iter().map(|via| via.as_str()).collect();
        self.hasher
            .hash_one((&*finding.rule.id, &finding.masked, via, range))
    }

    fn outcome(self, kept: Vec<Kept>) -> Outcome {
        let mut outcome = Outcome {
            unscanned: self.history.unscanned(),
            stats: Stats {
                rules: self.engine.rules.len(),
                ..Stats::default()
            },
            ..Outcome::default()
        };
        let mut unscanned = BTreeMap::new();
        for kept in kept {
            outcome.stats.items += kept.items;
            outcome.stats.bytes += kept.bytes;
            outcome.stats.below_threshold += kept.below_threshold;
            outcome.not_reported.extend(kept.not_reported);
            let sources = kept.unscanned.into_iter();
            unscanned.extend(sources.map(|(source, why)| ((order(&source), why), source)));
        }
        let more = unscanned.len().saturating_sub(MOST_UNSCANNED);
        let mut told = Told::default();
        for ((_, why), source) in unscanned.into_iter().take(MOST_UNSCANNED) {
            let origin = self.origin(&source, None, &mut told);
            outcome.unscanned.push(Unscanned { origin, why });
        }
        if more > 0 {
            let kind = crate::model::OriginKind::Object;
            outcome.unscanned.push(Unscanned {
                origin: Origin::git(kind, "objects".into(), None),
                why: Why::Unreadable(format!("{more} more could not be looked at, or not whole")),
            });
        }
        self.report_hits(&mut outcome, &mut told);
        self.engine.look_at_other_names(&[], &mut outcome);
        self.engine.mask_authors(&mut outcome);
        outcome
            .judged
            .sort_by(|left, right| left.origin.cmp(&right.origin));
        outcome.unscanned.sort();
        outcome.unscanned.dedup();
        outcome
    }

    fn report_hits(&self, outcome: &mut Outcome, told: &mut Told) {
        let mut hits = std::mem::take(&mut *lock(&self.hits));
        let mut items: BTreeMap<_, Vec<Hit>> = BTreeMap::new();
        #[expect(clippy::iter_over_hash_type, reason = "they are sorted below")]
        for (_, hit) in hits.drain() {
            let key = (order(&hit.source), hit.in_head);
            items.entry(key).or_default().push(hit);
        }
        for ((_, in_head), hits) in items {
            let Some(source) = hits.first().map(|hit| hit.source) else {
                continue;
            };
            let is_file = matches!(source, Source::Blob(_));
            let origin = self.origin(&source, is_file.then_some(in_head), told);
            let mut findings: Vec<JudgedFinding> = hits.into_iter().map(|hit| hit.judged).collect();
            findings.sort_by(|left, right| {
                let key = |it: &JudgedFinding| (it.finding.span, it.finding.rule.id.clone());
                key(left).cmp(&key(right))
            });
            let verdict = findings.iter().map(|judged| judged.verdict).max();
            outcome.judged.push(Judged {
                origin,
                verdict: verdict.unwrap_or(Verdict::Cleared),
                findings,
            });
        }
    }

    /// Where something comes from, as reports may tell it.
    fn origin(&self, source: &Source, in_head: Option<bool>, told: &mut Told) -> Origin {
        let history = self.history;
        let mut origin = match source {
            Source::Blob(place) => {
                let commit = told.steps.entry(place.step);
                let commit = commit.or_insert_with(|| history.commit_of(place.step));
                Origin::git(history.kind(place), history.path(place), commit.clone())
            }
            Source::Text(text, part) => {
                let commit = history.told(*text);
                history.text_origin(*text, part.name(), commit)
            }
        };
        origin.in_head = in_head;
        let mut scratch = matcher::Scratch::default();
        let found = guarded(|| self.engine.look_at_name(&origin, None, &mut scratch));
        let renamed = found.and_then(|found| found.renamed().cloned());
        renamed.unwrap_or(origin)
    }
}

/// Commits that were told of already, by their steps.
#[derive(Default)]
struct Told {
    steps: BTreeMap<u32, Option<Arc<Commit>>>,
}

/// Where findings of a source are the same if they say the same.
const fn spot(source: &Source) -> Spot {
    match source {
        Source::Blob(place) if place.has_path() => Spot::File(place.path, None),
        Source::Blob(place) => Spot::File(place.path, Some(place.blob)),
        Source::Text(_, part) if part.is_person() => Spot::Person,
        Source::Text(text, part) => Spot::Text(*text, *part),
    }
}

/// The order of sources in a report, before their names are known.
const fn order(source: &Source) -> (u32, u32, u32, Option<TextPart>) {
    match source {
        Source::Blob(place) => (place.path, place.step, place.blob, None),
        Source::Text(text, part) => (0, 0, *text, Some(*part)),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|gone| gone.into_inner())
}

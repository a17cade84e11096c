//! The working tree: which files are looked at, and for everything that is not, why not. Opens no file to scan it.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::{DirEntry, IncrementalIgnore, WalkBuilder, WalkState};

use super::item::{Item, points_to};
use super::read::special;
use super::trees::{has_tree_name, is_tagged};
use crate::model::{Origin, SkipReason, Skipped, Unscanned, Why};

/// The file in which a project lists what withhold should leave out, in the syntax of `.gitignore`.
const IGNORE_FILE: &str = ".withholdignore";

/// What git and withhold read in a folder to know what to leave out.
const CONTROL_FILES: [&str; 3] = [".gitignore", IGNORE_FILE, ".git/info/exclude"];

/// The longest such file, in bytes.
const LONGEST_CONTROL_FILE: u64 = 16 << 20;

/// Which part of a tree is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All that an assistant could read: tracked, untracked, hidden and ignored alike, but for built trees.
    Agent,
    /// What git would commit.
    Commit,
    /// Everything but git's own folder.
    All,
}

/// What to walk, and how.
#[derive(Clone, Debug)]
pub struct WalkSettings {
    /// Which part of each tree.
    pub scope: Scope,
    /// If there are any, only paths that match one of them.
    pub include: Vec<Glob>,
    /// No path that matches one of them.
    pub exclude: Vec<Glob>,
    /// The longest file, in bytes.
    pub max_file_size: Option<u64>,
    /// Whether links are followed, as far as they stay within the roots.
    pub follow_links: bool,
    /// How many threads walk; 0 for as many as there are cores.
    pub threads: usize,
}

/// What a walk came to.
#[derive(Debug, Default)]
pub struct Gathered {
    /// What is to be looked at, sorted.
    pub items: Vec<Item>,
    /// What cannot be looked at.
    pub unscanned: Vec<Unscanned>,
    /// What is left out on purpose.
    pub skipped: Vec<Skipped>,
    /// Links that are no items, and what they say that they point to.
    pub links: Vec<(Origin, String)>,
}

/// Gathers the files below `paths`. A file that is itself among `paths` is taken whatever the settings say.
pub fn gather(paths: &[PathBuf], settings: &WalkSettings) -> Gathered {
    let items = Mutex::new(Vec::new());
    let mut gathered = gather_to(paths, settings, &|mut some| lock(&items).append(&mut some));
    gathered.items = items.into_inner().unwrap_or_else(PoisonError::into_inner);
    gathered
        .items
        .sort_by(|left, right| left.origin.cmp(&right.origin));
    // One file may lie below two of the given paths.
    gathered
        .items
        .dedup_by(|later, earlier| is_same(&later.origin, &earlier.origin));
    gathered
}

/// As [`gather`], but what is to be looked at is handed to `take` as it is found, in any order and by any thread.
pub(crate) fn gather_to(
    paths: &[PathBuf],
    settings: &WalkSettings,
    take: &(dyn Fn(Vec<Item>) + Sync),
) -> Gathered {
    let mut gathered = Gathered::default();
    let mut roots = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => match root_unusable(path, settings.scope) {
                None => roots.push(path.clone()),
                Some(why) => gathered.unscanned.push(Unscanned {
                    origin: Origin::file(path.clone()),
                    why,
                }),
            },
            Ok(_) => take(vec![Item::named_file(path.clone())]),
            Err(error) => {
                let link = points_to(path).map(|target| (Origin::file(path.clone()), target));
                gathered.links.extend(link);
                gathered.unscanned.push(Unscanned {
                    origin: Origin::file(path.clone()),
                    why: Why::Unreadable(error.to_string()),
                });
            }
        }
    }
    if !roots.is_empty() {
        Walk::new(&roots, settings).run(take, &mut gathered);
    }
    gathered.unscanned.sort();
    gathered.unscanned.dedup();
    gathered.skipped.sort();
    gathered.skipped.dedup();
    gathered.links.sort();
    gathered.links.dedup();
    gathered
}

/// Whether two origins are one; what tells most apart is asked first.
fn is_same(this: &Origin, other: &Origin) -> bool {
    this.shown == other.shown && this == other
}

/// A walk's shared state.
struct Walk<'s> {
    roots: &'s [PathBuf],
    settings: &'s WalkSettings,
    filter: Arc<Filter>,
}

/// What decides about one entry; shared by the walker's threads.
struct Filter {
    scope: Scope,
    include: Option<GlobSet>,
    exclude: Option<GlobSet>,
    max_file_size: Option<u64>,
    follow_links: bool,
    roots: Vec<PathBuf>,
    real_roots: Vec<PathBuf>,
    /// What git ignores, one matcher a root; made for the first built tree, as most trees have none.
    git: Mutex<Option<Vec<(PathBuf, IncrementalIgnore)>>>,
    left_out: Mutex<Vec<(PathBuf, SkipReason)>>,
    /// Folders that were not entered, because reading what is to be left out in them might never end.
    unusable: Mutex<Vec<Unscanned>>,
}

/// What the walker's threads gather.
#[derive(Default)]
struct Seen {
    files: Vec<Item>,
    /// The paths of files that were handed over already, where they matter still.
    handed_over: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    /// Those that were reached over a link.
    linked_folders: Vec<PathBuf>,
    unscanned: Vec<Unscanned>,
    loops: Vec<PathBuf>,
    has_ignore_file: bool,
}

impl<'s> Walk<'s> {
    fn new(roots: &'s [PathBuf], settings: &'s WalkSettings) -> Walk<'s> {
        let globs = |globs: &[Glob]| (!globs.is_empty()).then(|| glob_set(globs));
        let filter = Filter {
            scope: settings.scope,
            include: globs(&settings.include),
            exclude: globs(&settings.exclude),
            max_file_size: settings.max_file_size,
            follow_links: settings.follow_links,
            roots: roots.to_vec(),
            real_roots: roots
                .iter()
                .filter_map(|root| fs::canonicalize(root).ok())
                .collect(),
            git: Mutex::default(),
            left_out: Mutex::default(),
            unusable: Mutex::default(),
        };
        Walk {
            roots,
            settings,
            filter: Arc::new(filter),
        }
    }

    fn run(&self, take: &(dyn Fn(Vec<Item>) + Sync), gathered: &mut Gathered) {
        let seen = Mutex::new(Seen::default());
        let mut builder = self.builder();
        builder.threads(self.settings.threads);
        let filter = Arc::clone(&self.filter);
        builder.filter_entry(move |entry| filter.takes(entry));
        builder.build_parallel().run(|| {
            // Each thread gathers for itself; files it hands over by and by, and the rest when it is done.
            let mut own = Handover {
                seen: Seen::default(),
                shared: &seen,
                take,
                remembers: self.settings.scope != Scope::All,
            };
            Box::new(move |entry| {
                own.seen.add(entry);
                if own.seen.files.len() == AT_ONCE {
                    own.hand_over_files();
                }
                WalkState::Continue
            })
        });
        let seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.account_for_the_rest(&seen, gathered);
        gathered.unscanned.extend(seen.unscanned);
        gathered.unscanned.append(&mut lock(&self.filter.unusable));
        let loops = seen
            .loops
            .into_iter()
            .map(|path| (path, SkipReason::LinkLoop));
        let left_out = std::mem::take(&mut *lock(&self.filter.left_out));
        let left_out: Vec<(PathBuf, SkipReason)> = left_out.into_iter().chain(loops).collect();
        let links = left_out
            .iter()
            .filter(|(_, reason)| reason.is_link())
            .map(|(path, _)| path);
        let links = links.chain(&seen.linked_folders);
        gathered
            .links
            .extend(links.filter_map(|path| Some((Origin::file(path.clone()), points_to(path)?))));
        gathered
            .skipped
            .extend(left_out.into_iter().map(|(path, reason)| Skipped {
                origin: Origin::file(path),
                reason,
            }));
    }

    /// The walker, with the ignore files that the scope honours.
    fn builder(&self) -> WalkBuilder {
        let mut builder = WalkBuilder::empty();
        for root in self.roots {
            builder.add(root);
        }
        let git = self.settings.scope == Scope::Commit;
        builder
            .standard_filters(false)
            .git_ignore(git)
            .git_global(git)
            .git_exclude(git)
            .parents(true)
            .require_git(false);
        builder.follow_links(self.settings.follow_links);
        if self.settings.scope != Scope::All {
            builder.add_custom_ignore_filename(IGNORE_FILE);
        }
        builder
    }

    /// Ignore files make the walker pass entries over without a word. So whatever lies in a folder that was walked, and was
    /// neither taken nor left out for a known reason, is left out because of one of them.
    fn account_for_the_rest(&self, seen: &Seen, gathered: &mut Gathered) {
        let honours_git = self.settings.scope == Scope::Commit;
        let parent_ignores = || self.roots.iter().any(|root| has_ignore_file_above(root));
        if self.settings.scope == Scope::All
            || !(honours_git || seen.has_ignore_file || parent_ignores())
        {
            return;
        }
        let left_out = lock(&self.filter.left_out);
        let unusable = lock(&self.filter.unusable);
        let mut known: HashSet<&Path> = left_out.iter().map(|(path, _)| path.as_path()).collect();
        known.extend(
            unusable
                .iter()
                .map(|unscanned| unscanned.origin.path.as_path()),
        );
        known.extend(seen.handed_over.iter().map(PathBuf::as_path));
        known.extend(seen.folders.iter().map(PathBuf::as_path));
        known.extend(seen.loops.iter().map(PathBuf::as_path));
        known.extend(
            seen.unscanned
                .iter()
                .map(|unscanned| unscanned.origin.path.as_path()),
        );
        let mut own = self.own_matchers();
        for folder in &seen.folders {
            for path in children(folder) {
                if known.contains(path.as_path()) || known.contains(plain(&path)) {
                    continue;
                }
                let by_own = own
                    .iter_mut()
                    .any(|(root, matcher)| is_ignored(root, matcher, &path));
                let reason = if by_own {
                    SkipReason::WithholdIgnored
                } else {
                    SkipReason::GitIgnored
                };
                gathered.skipped.push(Skipped {
                    origin: Origin::file(path),
                    reason,
                });
            }
        }
    }

    fn own_matchers(&self) -> Vec<(PathBuf, IncrementalIgnore)> {
        let mut builder = WalkBuilder::empty();
        for root in self.roots {
            builder.add(root);
        }
        builder
            .standard_filters(false)
            .parents(true)
            .require_git(false)
            .add_custom_ignore_filename(IGNORE_FILE);
        self.roots
            .iter()
            .cloned()
            .zip(builder.build_matchers())
            .collect()
    }
}

impl Filter {
    /// Whether an entry is taken; if not, why not is written down.
    fn takes(&self, entry: &DirEntry) -> bool {
        let is_folder = entry
            .file_type()
            .is_some_and(|file_type| file_type.is_dir());
        if is_folder
            && self.scope != Scope::All
            && !self.excludes(entry.path())
            && let Some(why) = unusable(entry.path())
        {
            lock(&self.unusable).push(Unscanned {
                origin: Origin::file(entry.path().to_path_buf()),
                why,
            });
            return false;
        }
        match self.reason_against(entry) {
            None => true,
            Some(reason) => {
                lock(&self.left_out).push((entry.path().to_path_buf(), reason));
                false
            }
        }
    }

    fn reason_against(&self, entry: &DirEntry) -> Option<SkipReason> {
        let path = entry.path();
        if entry.path_is_symlink() {
            let inside = fs::canonicalize(path)
                .is_ok_and(|real| self.real_roots.iter().any(|root| real.starts_with(root)));
            match (inside, self.follow_links) {
                (false, _) => return Some(SkipReason::LinkOutside),
                (true, false) => return Some(SkipReason::Link),
                (true, true) => {}
            }
        }
        let is_folder = entry
            .file_type()
            .is_some_and(|file_type| file_type.is_dir());
        if entry.file_name() == ".git" && is_folder {
            return Some(SkipReason::GitFolder);
        }
        if self.excludes(path) {
            return Some(SkipReason::Excluded);
        }
        if is_folder {
            let built = self.scope == Scope::Agent
                && has_tree_name(path)
                && (is_tagged(path) || self.git_ignores(path));
            return built.then_some(SkipReason::BuiltTree);
        }
        if let Some(include) = &self.include
            && !include.is_match(plain(path))
        {
            return Some(SkipReason::NotIncluded);
        }
        if let Some(most) = self.max_file_size
            && entry.metadata().is_ok_and(|metadata| metadata.len() > most)
        {
            return Some(SkipReason::TooLarge);
        }
        None
    }

    /// Whether `--exclude` leaves a path out.
    fn excludes(&self, path: &Path) -> bool {
        let exclude = self.exclude.as_ref();
        exclude.is_some_and(|exclude| exclude.is_match(plain(path)))
    }

    /// Whether git ignores a folder: by a rule above it, or by one within it that ignores all there is, as tools write them.
    fn git_ignores(&self, folder: &Path) -> bool {
        let mut git = lock(&self.git);
        let matchers = git.get_or_insert_with(|| git_matchers(&self.roots));
        matchers.iter_mut().any(|(root, matcher)| {
            is_ignored(root, matcher, folder)
                || is_ignored(root, matcher, &folder.join("a-file-of-any-name"))
        })
    }
}

/// What git ignores below each root.
fn git_matchers(roots: &[PathBuf]) -> Vec<(PathBuf, IncrementalIgnore)> {
    let mut builder = WalkBuilder::empty();
    builder
        .standard_filters(false)
        .git_ignore(true)
        .git_global(true)
        .git_exclude(true)
        .parents(true)
        .require_git(false);
    for root in roots {
        builder.add(root);
    }
    let matchers = builder.build_matchers();
    roots.iter().cloned().zip(matchers).collect()
}

/// A path as the globs of flags are about it.
fn plain(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

impl Seen {
    fn add(&mut self, entry: Result<DirEntry, ignore::Error>) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return self.add_error(&error, None),
        };
        if let Some(error) = entry.error() {
            self.add_error(error, Some(entry.path()));
        }
        let path = entry.path();
        let Some(file_type) = entry.file_type() else {
            return;
        };
        if file_type.is_dir() {
            if entry.path_is_symlink() {
                self.linked_folders.push(path.to_path_buf());
            }
            self.folders.push(path.to_path_buf());
        } else if let Some(kind) = special(file_type) {
            self.unscanned.push(Unscanned {
                origin: Origin::file(path.to_path_buf()),
                why: Why::NotAFile(kind),
            });
        } else {
            self.has_ignore_file |= entry.file_name() == IGNORE_FILE;
            let target = if entry.path_is_symlink() {
                fs::canonicalize(path).ok()
            } else {
                None
            };
            self.files
                .push(Item::walked_file(entry.into_path(), target));
        }
    }

    fn add_error(&mut self, error: &ignore::Error, about: Option<&Path>) {
        if let Some(path) = loop_of(error) {
            return self.loops.push(path);
        }
        let path = path_of(error)
            .or_else(|| about.map(Path::to_path_buf))
            .unwrap_or_else(|| PathBuf::from("."));
        let words = error
            .io_error()
            .map_or_else(|| error.to_string(), ToString::to_string);
        self.unscanned.push(Unscanned {
            origin: Origin::file(path),
            why: Why::Unreadable(words),
        });
    }

    fn append(&mut self, mut other: Seen) {
        self.handed_over.append(&mut other.handed_over);
        self.folders.append(&mut other.folders);
        self.linked_folders.append(&mut other.linked_folders);
        self.unscanned.append(&mut other.unscanned);
        self.loops.append(&mut other.loops);
        self.has_ignore_file |= other.has_ignore_file;
    }
}

/// How many files are handed over at once: so few that others have them soon, and so many that they do not wait for each other.
const AT_ONCE: usize = 32;

/// Hands over what one thread has seen when the thread is done with it.
struct Handover<'a> {
    seen: Seen,
    shared: &'a Mutex<Seen>,
    /// Who takes the files.
    take: &'a (dyn Fn(Vec<Item>) + Sync),
    /// Whether their paths matter still.
    remembers: bool,
}

impl Handover<'_> {
    fn hand_over_files(&mut self) {
        let files = std::mem::take(&mut self.seen.files);
        if self.remembers {
            let paths = files.iter().map(|file| file.origin.path.clone());
            self.seen.handed_over.extend(paths);
        }
        (self.take)(files);
    }
}

impl Drop for Handover<'_> {
    fn drop(&mut self) {
        self.hand_over_files();
        lock(self.shared).append(std::mem::take(&mut self.seen));
    }
}

/// The path that an error of the walker is about.
fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}

/// The link that leads back to a folder above it.
fn loop_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::Loop { child, .. } => Some(child.clone()),
        ignore::Error::WithPath { err, .. }
        | ignore::Error::WithDepth { err, .. }
        | ignore::Error::WithLineNumber { err, .. } => loop_of(err),
        _ => None,
    }
}

fn is_ignored(root: &Path, matcher: &mut IncrementalIgnore, path: &Path) -> bool {
    path.strip_prefix(root)
        .is_ok_and(|relative| matcher.matched(relative, path.is_dir()).is_ignore())
}

/// Why a given folder cannot be walked: what is to be left out is read in the folders above it, too.
fn root_unusable(root: &Path, scope: Scope) -> Option<Why> {
    let real = fs::canonicalize(root)
        .ok()
        .filter(|_| scope != Scope::All)?;
    real.ancestors().find_map(unusable)
}

/// Why a folder cannot be entered: a file that says what to leave out is a pipe or a device, or far too long.
fn unusable(folder: &Path) -> Option<Why> {
    CONTROL_FILES.iter().find_map(|name| {
        let metadata = fs::metadata(folder.join(name)).ok()?;
        if metadata.is_file() {
            return (metadata.len() > LONGEST_CONTROL_FILE)
                .then(|| Why::Unreadable(format!("its {name} is far too long")));
        }
        let kind = special(metadata.file_type())?;
        Some(Why::Unreadable(format!(
            "its {name} is a {kind}, so what to leave out cannot be told"
        )))
    })
}

fn has_ignore_file_above(root: &Path) -> bool {
    fs::canonicalize(root).is_ok_and(|root| {
        root.ancestors()
            .any(|folder| folder.join(IGNORE_FILE).is_file())
    })
}

fn children(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .map(|entries| {
            entries
                .filter_map(Result::ok)
                .map(|entry| entry.path())
                .collect()
        })
        .unwrap_or_default()
}

pub(super) fn glob_set(globs: &[Glob]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        set.add(glob.clone());
    }
    set.build().expect("a set of valid globs is valid")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // What a panicking thread had added is as good as the rest.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

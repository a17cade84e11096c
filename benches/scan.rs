//! Bytes a second of each room by itself, and of the whole for each kind of file, on the corpus of `benches/corpus.sh`, in
//! one thread, in memory but for `read`. Every timed run must count what the run before it counted, and the whole must
//! report as many findings as `benches/corpus/findings.txt` says.
//!
//! `cargo bench --bench scan` runs all, `cargo bench --bench scan -- kinds` those whose name has a word in it;
//! `WITHHOLD_CORPUS` names a corpus that is not at `target/corpus`.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a program of its own, which is told where the corpus is"
)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, LazyLock};

use divan::Bencher;
use divan::counter::BytesCount;
use withhold::config::{ConfigFiles, Overrides, Settings, load};
use withhold::model::Origin;
use withhold::rooms::{Anchored, Matched, Rooms};
use withhold::rules::RuleSet;
use withhold::source::{Gathered, Item};

/// How many findings there are in each kind of file: a word and a number a line.
const FINDINGS: &str = include_str!("corpus/findings.txt");

/// How often each case is timed.
const SAMPLES: u32 = 7;

/// The kinds of file: the corpus's folders.
const KINDS: [&str; 10] = [
    "source", "minified", "map", "json", "csv", "lock", "log", "sql", "base64", "binary",
];

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| match std::env::var_os("WITHHOLD_CORPUS") {
    Some(folder) => PathBuf::from(folder),
    None => Path::new(env!("CARGO_MANIFEST_DIR")).join("target/corpus"),
});

static RULES: LazyLock<RuleSet> =
    LazyLock::new(|| RuleSet::new(&[], &BTreeMap::new()).expect("the builtin rules"));

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| {
    let nothing_said = Overrides {
        destination: None,
        min_confidence: None,
        min_severity: None,
        marks: None,
        here: PathBuf::new(),
    };
    let loaded = load(&ConfigFiles::None, &nothing_said);
    loaded.expect("the defaults").settings
});

static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
    let mut files = Vec::new();
    for kind in KINDS {
        collect(kind, &FOLDER.join(kind), &mut files);
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
});

/// One file of the corpus.
struct File {
    kind: &'static str,
    path: PathBuf,
    /// Its path within the corpus.
    name: String,
    bytes: Arc<Vec<u8>>,
}

/// `source`: every file is opened and read, out of the system's cache.
#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let nothing = |_: &mut Rooms<'_>, _: &File| ();
    time(bencher, nothing, |rooms, file, ()| {
        rooms.read(&file.path).expect("a file of the corpus") as usize
    });
}

/// `decode`: which encoding a file is in, and out of it if that is not UTF-8.
#[divan::bench]
fn sniff(bencher: Bencher<'_, '_>) {
    let nothing = |_: &mut Rooms<'_>, _: &File| ();
    time(bencher, nothing, |rooms, file, ()| rooms.sniff(&file.bytes));
}

/// `matcher`: the pass that finds every anchor.
#[divan::bench]
fn anchors(bencher: Bencher<'_, '_>) {
    let nothing = |_: &mut Rooms<'_>, _: &File| ();
    time(bencher, nothing, |rooms, file, ()| {
        rooms.anchors(&file.bytes)
    });
}

/// `matcher`: windows and patterns around the anchors that were found before.
#[divan::bench]
fn patterns(bencher: Bencher<'_, '_>) {
    let anchored = |rooms: &mut Rooms<'_>, file: &File| rooms.anchored(&file.bytes);
    time(bencher, anchored, |rooms, file, anchored: &Anchored| {
        rooms.patterns(&file.bytes, &file.name, anchored)
    });
}

/// `check`: the checks of the candidates that were found before.
#[divan::bench]
fn checks(bencher: Bencher<'_, '_>) {
    let matched = |rooms: &mut Rooms<'_>, file: &File| {
        let anchored = rooms.anchored(&file.bytes);
        rooms.matched(&file.bytes, &file.name, &anchored)
    };
    time(bencher, matched, |rooms, file, matched: &Matched| {
        rooms.checks(&file.bytes, matched)
    });
}

/// `decode`: all that is encoded within the files, undone but not matched.
#[divan::bench]
fn decode(bencher: Bencher<'_, '_>) {
    let nothing = |_: &mut Rooms<'_>, _: &File| ();
    time(bencher, nothing, |rooms, file, ()| {
        rooms.decode(&file.bytes)
    });
}

/// The whole but reading: from bytes to findings.
#[divan::bench]
fn whole(bencher: Bencher<'_, '_>) {
    scan(bencher, &KINDS);
}

/// The whole for each kind of file: the slowest and the fastest are to be close.
#[divan::bench(args = KINDS)]
fn kinds(bencher: Bencher<'_, '_>, kind: &'static str) {
    scan(bencher, &[kind]);
}

fn main() -> ExitCode {
    if let Some(missing) = KINDS.iter().find(|kind| !FOLDER.join(kind).is_dir()) {
        eprintln!(
            "{} has no folder {missing}: make the corpus with benches/corpus.sh",
            FOLDER.display()
        );
        return ExitCode::FAILURE;
    }
    divan::Divan::from_args().sample_count(SAMPLES).main();
    ExitCode::SUCCESS
}

fn collect(kind: &'static str, folder: &Path, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the corpus") {
        let path = entry.expect("an entry of the corpus").path();
        if path.is_dir() {
            collect(kind, &path, files);
        } else {
            let bytes = Arc::new(std::fs::read(&path).expect("a file of the corpus"));
            let name = path.strip_prefix(&*FOLDER).expect("below the corpus");
            let name = name.to_string_lossy().into_owned();
            files.push(File {
                kind,
                path,
                name,
                bytes,
            });
        }
    }
}

/// Times `run`, which counts something, over all files, of which each has been `prepared`.
fn time<P>(
    bencher: Bencher<'_, '_>,
    prepare: impl Fn(&mut Rooms<'_>, &File) -> P,
    run: impl Fn(&mut Rooms<'_>, &File, &P) -> usize,
) {
    let mut rooms = Rooms::new(&RULES);
    let prepared: Vec<(&File, P)> = FILES
        .iter()
        .map(|file| (file, prepare(&mut rooms, file)))
        .collect();
    let mut once = || -> usize {
        let counts = prepared
            .iter()
            .map(|(file, prepared)| run(&mut rooms, file, prepared));
        counts.sum()
    };
    // Untimed: it compiles the patterns, too.
    let before = once();
    assert!(before > 0);
    bencher.counter(bytes_of(&*FILES)).bench_local(|| {
        assert_eq!(once(), before);
    });
}

/// Times the whole over the files of some kinds.
fn scan(bencher: Bencher<'_, '_>, kinds: &[&'static str]) {
    let files = || FILES.iter().filter(|file| kinds.contains(&file.kind));
    let items: Vec<Item> = files()
        .map(|file| {
            Item::bytes(
                Origin::file(file.name.clone().into()),
                Arc::clone(&file.bytes),
            )
        })
        .collect();
    let once = || {
        let gathered = Gathered {
            items: items.clone(),
            ..Gathered::default()
        };
        let outcome = withhold::scan(gathered, &RULES, &SETTINGS, 1).expect("one thread");
        assert!(outcome.unscanned.is_empty());
        let findings = outcome.judged.iter().map(|judged| judged.findings.len());
        findings.sum::<usize>()
    };
    let expected: usize = kinds.iter().map(|kind| recorded(kind)).sum();
    let found = once();
    assert_eq!(
        found, expected,
        "findings in {kinds:?}; see benches/corpus/findings.txt"
    );
    bencher.counter(bytes_of(files())).bench_local(|| {
        assert_eq!(black_box(once()), expected);
    });
}

fn recorded(kind: &str) -> usize {
    let lines = FINDINGS.lines().filter_map(|line| line.split_once(' '));
    let mut counts = lines.filter(|(name, _)| *name == kind);
    let (_, count) = counts.next().expect("every kind has a line");
    count.parse().expect("a number")
}

fn bytes_of<'f>(files: impl IntoIterator<Item = &'f File>) -> BytesCount {
    BytesCount::new(
        files
            .into_iter()
            .map(|file| file.bytes.len())
            .sum::<usize>(),
    )
}

//! Bytes a second of each room by itself and of the whole, on the corpus of `benches/corpus.sh` and on each kind of file in
//! it, in one thread, in memory but for `read`. Every timed run must count what an untimed run counted, and the whole must
//! report as many findings as `benches/corpus/findings.txt` says. The rooms take each file as one text, as it is; the whole
//! cuts long ones up, and looks at what is encoded in them as well, so its time is more than the sum of theirs.
//!
//! `cargo bench --bench scan` runs all, `cargo bench --bench scan -- whole` those whose name has a word in it: there the
//! slowest kind of file stands beside the fastest. `WITHHOLD_CORPUS` names a corpus that is not at `target/corpus`.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a program of its own, which is told where the corpus is"
)]

use std::collections::BTreeMap;
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
const SAMPLES: u32 = 5;

/// What each case is timed on: a kind of file, or all of them.
const PARTS: [&str; 11] = [
    ALL, "source", "minified", "map", "json", "csv", "lock", "log", "sql", "base64", "binary",
];
const ALL: &str = "all";

/// The kinds of file: the corpus's folders.
const KINDS: &[&str] = PARTS.split_at(1).1;

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
    for &kind in KINDS {
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
#[divan::bench(args = PARTS)]
fn read(bencher: Bencher<'_, '_>, part: &str) {
    time(bencher, part, nothing, |rooms, file, ()| {
        rooms.read(&file.path).expect("a file of the corpus") as usize
    });
}

/// `decode`: which encoding a file is in, and out of it if that is not UTF-8.
#[divan::bench(args = PARTS)]
fn sniff(bencher: Bencher<'_, '_>, part: &str) {
    time(bencher, part, nothing, |rooms, file, ()| {
        rooms.sniff(&file.bytes)
    });
}

/// `matcher`: the pass that finds every anchor.
#[divan::bench(args = PARTS)]
fn anchors(bencher: Bencher<'_, '_>, part: &str) {
    time(bencher, part, nothing, |rooms, file, ()| {
        rooms.anchors(&file.bytes)
    });
}

/// `matcher`: windows and patterns around the anchors that were found before.
#[divan::bench(args = PARTS)]
fn patterns(bencher: Bencher<'_, '_>, part: &str) {
    let anchored = |rooms: &mut Rooms<'_>, file: &File| rooms.anchored(&file.bytes);
    time(
        bencher,
        part,
        anchored,
        |rooms, file, anchored: &Anchored| rooms.patterns(&file.bytes, &file.name, anchored),
    );
}

/// `check`: the checks of the candidates that were found before.
#[divan::bench(args = PARTS)]
fn checks(bencher: Bencher<'_, '_>, part: &str) {
    let matched = |rooms: &mut Rooms<'_>, file: &File| {
        let anchored = rooms.anchored(&file.bytes);
        rooms.matched(&file.bytes, &file.name, &anchored)
    };
    time(bencher, part, matched, |rooms, file, matched: &Matched| {
        rooms.checks(&file.bytes, &file.name, matched)
    });
}

/// `decode`: all that is encoded within the files, undone but not matched.
#[divan::bench(args = PARTS)]
fn decode(bencher: Bencher<'_, '_>, part: &str) {
    time(bencher, part, nothing, |rooms, file, ()| {
        rooms.decode(&file.bytes)
    });
}

/// All rooms but reading: from bytes to findings.
#[divan::bench(args = PARTS)]
fn whole(bencher: Bencher<'_, '_>, part: &str) {
    scan(bencher, part);
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

/// For what needs no preparation.
fn nothing(_: &mut Rooms<'_>, _: &File) {}

fn files(part: &str) -> impl Iterator<Item = &'static File> {
    FILES
        .iter()
        .filter(move |file| part == ALL || part == file.kind)
}

/// Times `run`, which counts something, over the files, of which each has been prepared.
fn time<P>(
    bencher: Bencher<'_, '_>,
    part: &str,
    prepare: impl Fn(&mut Rooms<'_>, &File) -> P,
    run: impl Fn(&mut Rooms<'_>, &File, &P) -> usize,
) {
    let mut rooms = Rooms::new(&RULES);
    let prepared: Vec<(&File, P)> = files(part)
        .map(|file| (file, prepare(&mut rooms, file)))
        .collect();
    let mut once = || -> usize {
        let runs = prepared.iter();
        runs.map(|(file, prepared)| run(&mut rooms, file, prepared))
            .sum()
    };
    // Untimed: it compiles the patterns, too.
    let before = once();
    assert!(before > 0 || part != ALL, "nothing was counted");
    bencher.counter(bytes_of(part)).bench_local(|| {
        assert_eq!(once(), before);
    });
}

/// Times the whole.
fn scan(bencher: Bencher<'_, '_>, part: &str) {
    let items: Vec<Item> = files(part)
        .map(|file| {
            Item::bytes(
                Origin::file(file.name.clone().into()),
                Arc::clone(&file.bytes),
            )
        })
        .collect();
    let once = || -> usize {
        let gathered = Gathered {
            items: items.clone(),
            ..Gathered::default()
        };
        let outcome = withhold::scan(gathered, &RULES, &SETTINGS, 1).expect("one thread");
        assert!(outcome.unscanned.is_empty());
        let judged = outcome.judged.iter();
        judged.map(|judged| judged.findings.len()).sum()
    };
    let recorded = recorded(part);
    assert_eq!(once(), recorded, "{part}: see benches/corpus/findings.txt");
    bencher.counter(bytes_of(part)).bench_local(|| {
        assert_eq!(once(), recorded);
    });
}

/// How many findings there should be.
fn recorded(part: &str) -> usize {
    let lines = FINDINGS.lines().filter_map(|line| line.split_once(' '));
    let counts = lines.filter(|(kind, _)| part == ALL || part == *kind);
    counts
        .map(|(_, count)| count.parse::<usize>().expect("a number"))
        .sum()
}

fn bytes_of(part: &str) -> BytesCount {
    BytesCount::new(files(part).map(|file| file.bytes.len()).sum::<usize>())
}

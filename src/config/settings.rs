//! What the program needs, resolved from files and flags. A scanned project's own file may say what the user's file
//! leaves open; where both speak, the stricter word holds, so that no project can loosen its reader's policy.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::discover::ConfigFiles;
use super::file::{WrittenConfig, parse};
use crate::model::{Confidence, Level, Severity};
use crate::toml_doc::{TomlError, suggestion};

/// The destination that verdicts are about when nothing else is said.
const DEFAULT_DESTINATION: &str = "external-ai";
/// What that destination may get.
const DEFAULT_CLEARANCE: Level = Level::Internal;
/// Findings less sure than this are not reported.
const DEFAULT_MIN_CONFIDENCE: Confidence = Confidence::from_thousandths(500);
/// Findings less severe than this warn instead of withholding.
const DEFAULT_WITHHOLD_SEVERITY: Severity = Severity::Medium;

/// The longest configuration or rule file, in bytes.
const LONGEST_FILE: u64 = 16 << 20;

/// All that a run needs to know of configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who would receive what is scanned.
    pub destination: Destination,
    /// Less sure findings are not reported.
    pub min_confidence: Confidence,
    /// Less severe findings are not reported.
    pub min_severity: Severity,
    /// Less severe findings warn instead of withholding.
    pub withhold_severity: Severity,
    /// Whether marks in the text can lift a finding.
    pub marks: Marks,
    /// Rules turned on or off, by id.
    pub switches: BTreeMap<String, bool>,
    /// Extra rule files: path and text.
    pub rule_files: Vec<(PathBuf, String)>,
    /// Findings that may go, by path.
    pub paths: Vec<PathRule>,
    /// The folder that items' relative paths start from.
    pub here: PathBuf,
}

/// Who would receive content, and the highest level that it may get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Its name in the configuration.
    pub name: String,
    /// The highest level that it may get.
    pub clearance: Level,
}

/// Whether inline marks such as `withhold:allow` lift findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Marks {
    /// They do; each is counted.
    Honour,
    /// They do not: whoever wrote the text does not decide about it.
    Refuse,
}

/// Findings of some rules in some paths may go, for a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathRule {
    /// Globs on the item's path, relative to `folder`.
    pub globs: Vec<String>,
    /// Where the file lies that says so.
    pub folder: PathBuf,
    /// Rule ids, or `*` for all.
    pub rules: Vec<String>,
    /// Why.
    pub reason: String,
}

/// What flags say; a `None` leaves it to the files.
#[derive(Clone, Debug)]
pub struct Overrides {
    /// The destination's name.
    pub destination: Option<String>,
    /// The least confidence to report.
    pub min_confidence: Option<Confidence>,
    /// The least severity to report.
    pub min_severity: Option<Severity>,
    /// Whether marks are honoured.
    pub marks: Option<Marks>,
    /// The folder that relative paths start from.
    pub here: PathBuf,
}

/// Where a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody said anything.
    Default,
    /// The scanned project's file.
    Project(PathBuf),
    /// The user's file, or the one named on the command line.
    User(PathBuf),
    /// A flag.
    Flag,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Default => f.write_str("default"),
            Source::Project(file) | Source::User(file) => write!(f, "{}", file.display()),
            Source::Flag => f.write_str("command line"),
        }
    }
}

/// One setting as `config show` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its key.
    pub key: String,
    /// Its value, in TOML.
    pub value: String,
    /// Where it came from.
    pub source: Source,
}

/// Settings, where each came from, and what the project's file made looser than the defaults.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What the program needs.
    pub settings: Settings,
    /// Every setting with its source.
    pub shown: Vec<Setting>,
    /// What the project's file lets go: it must not do so in silence.
    pub loosened: Vec<String>,
    /// What the project's file says that is looser than the user's word or the defaults, and does not hold.
    pub refused: Vec<String>,
}

/// Why settings could not be resolved.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file could not be read.
    #[error("{0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// A path is no regular file, or a file of many megabytes.
    #[error("{0} is not a configuration file: it is no regular file, or far too long for one")]
    NotAFile(PathBuf),
    /// A file is not valid.
    #[error(transparent)]
    File(#[from] TomlError),
    /// A folder holds both names of a project's file.
    #[error("{0} and {1} both exist; keep one")]
    Twice(PathBuf, PathBuf),
    /// Two scanned roots have different files.
    #[error(
        "the given paths have different configuration files ({0} and {1}); choose one with --config, or scan them one by one"
    )]
    Ambiguous(String, String),
    /// A destination that nobody describes.
    #[error("there is no destination `{0}`{1}")]
    UnknownDestination(String, String),
}

/// Resolves files and flags.
///
/// # Errors
/// A file cannot be read or is not valid, or the destination is not known.
pub fn load(files: &ConfigFiles, overrides: &Overrides) -> Result<Loaded, ConfigError> {
    let (project, user) = match files {
        ConfigFiles::None => (Layer::default(), Layer::default()),
        ConfigFiles::Named(file) => (Layer::default(), Layer::read(file, Source::User)?),
        ConfigFiles::Found { project, user } => (
            project.as_deref().map_or_else(
                || Ok(Layer::default()),
                |file| Layer::read(file, Source::Project),
            )?,
            user.as_deref().map_or_else(
                || Ok(Layer::default()),
                |file| Layer::read(file, Source::User),
            )?,
        ),
    };
    Resolver {
        project,
        user,
        shown: Vec::new(),
        loosened: Vec::new(),
        refused: Vec::new(),
    }
    .resolve(overrides)
}

/// The text of a configuration or rule file, which a scanned project may name: no pipe is waited for, no device is read.
fn read(file: &Path) -> Result<String, ConfigError> {
    let unreadable = |error| ConfigError::Unreadable(file.to_path_buf(), error);
    let metadata = fs::metadata(file).map_err(unreadable)?;
    if !metadata.is_file() || metadata.len() > LONGEST_FILE {
        return Err(ConfigError::NotAFile(file.to_path_buf()));
    }
    fs::read_to_string(file).map_err(unreadable)
}

/// One file's word.
#[derive(Debug, Default)]
struct Layer {
    written: WrittenConfig,
    source: Option<Source>,
    folder: PathBuf,
}

impl Layer {
    fn read(file: &Path, source: fn(PathBuf) -> Source) -> Result<Layer, ConfigError> {
        let text = read(file)?;
        let folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
        Ok(Layer {
            written: parse(file, &text)?,
            source: Some(source(file.to_path_buf())),
            folder,
        })
    }

    fn source(&self) -> Source {
        self.source.clone().unwrap_or(Source::Default)
    }
}

struct Resolver {
    project: Layer,
    user: Layer,
    shown: Vec<Setting>,
    loosened: Vec<String>,
    refused: Vec<String>,
}

impl Resolver {
    fn resolve(mut self, overrides: &Overrides) -> Result<Loaded, ConfigError> {
        let destination = self.destination(overrides)?;
        let confidence = |layer: &Layer| {
            layer
                .written
                .min_confidence
                .as_ref()
                .and_then(|given| Confidence::new(*given.get_ref()))
        };
        let least = |a: Confidence, b: Confidence| a.min(b);
        let (project, user) = (confidence(&self.project), confidence(&self.user));
        let min_confidence = self.pick(
            "min-confidence",
            DEFAULT_MIN_CONFIDENCE,
            project,
            user,
            overrides.min_confidence,
            least,
        );
        let (project, user) = (
            self.project.written.min_severity,
            self.user.written.min_severity,
        );
        let min_severity = self.pick(
            "min-severity",
            Severity::Low,
            project,
            user,
            overrides.min_severity,
            Ord::min,
        );
        let (project, user) = (
            self.project.written.withhold_severity,
            self.user.written.withhold_severity,
        );
        let withhold_severity = self.pick(
            "withhold-severity",
            DEFAULT_WITHHOLD_SEVERITY,
            project,
            user,
            None,
            Ord::min,
        );
        let (project, user) = (self.project.written.marks, self.user.written.marks);
        // Refusing is the stricter word, and the default is the looser one: a project can only tighten.
        let marks = self.pick(
            "marks",
            Marks::Honour,
            project,
            user,
            overrides.marks,
            Ord::max,
        );
        let settings = Settings {
            destination,
            min_confidence,
            min_severity,
            withhold_severity,
            marks,
            switches: self.switches(),
            rule_files: self.rule_files()?,
            paths: self.paths(&overrides.here),
            here: overrides.here.clone(),
        };
        Ok(Loaded {
            settings,
            shown: self.shown,
            loosened: self.loosened,
            refused: self.refused,
        })
    }

    /// The flag's word, else the stricter of the two files' words, else the default.
    fn pick<T: Copy + PartialEq + Shown>(
        &mut self,
        key: &str,
        default: T,
        project: Option<T>,
        user: Option<T>,
        flag: Option<T>,
        stricter: fn(T, T) -> T,
    ) -> T {
        // Where the user is silent, the default is the user's word.
        let bound = user.unwrap_or(default);
        let (value, source) = match (flag, project, user) {
            (Some(flag), _, _) => (flag, Source::Flag),
            (None, Some(project), _) if stricter(project, bound) != bound => {
                (project, self.project.source())
            }
            (None, Some(project), _) if project == bound => (project, self.project.source()),
            (None, project, user) => {
                if project.is_some() {
                    self.refused
                        .push(format!("{key} = {}", project.unwrap_or(bound).shown()));
                }
                (
                    bound,
                    if user.is_some() {
                        self.user.source()
                    } else {
                        Source::Default
                    },
                )
            }
        };
        self.show(key.to_owned(), value.shown(), source);
        value
    }

    fn show(&mut self, key: String, value: String, source: Source) {
        self.shown.push(Setting { key, value, source });
    }

    fn destination(&mut self, overrides: &Overrides) -> Result<Destination, ConfigError> {
        // Who receives is for the user to say before the project.
        let (name, source) = match (
            &overrides.destination,
            &self.user.written.destination,
            &self.project.written.destination,
        ) {
            (Some(name), _, _) => (name.clone(), Source::Flag),
            (None, Some(name), _) => (name.clone(), self.user.source()),
            (None, None, Some(name)) => (name.clone(), self.project.source()),
            (None, None, None) => (DEFAULT_DESTINATION.to_owned(), Source::Default),
        };
        self.show(
            "destination".to_owned(),
            format!("\"{name}\""),
            source.clone(),
        );
        let mut names: BTreeSet<String> = BTreeSet::from([DEFAULT_DESTINATION.to_owned()]);
        names.extend(self.project.written.destinations.keys().cloned());
        names.extend(self.user.written.destinations.keys().cloned());
        let chosen_by_project = matches!(source, Source::Project(_));
        let mut chosen = None;
        for known in &names {
            let clearance = |layer: &Layer| {
                layer
                    .written
                    .destinations
                    .get(known)
                    .map(|written| written.clearance)
            };
            let (project, user) = (clearance(&self.project), clearance(&self.user));
            let key = format!("destinations.{known}.clearance");
            // A destination of the project's own has the clearance that the project gives it, if it is the user who chose it.
            let default = if known == DEFAULT_DESTINATION || chosen_by_project {
                DEFAULT_CLEARANCE
            } else {
                Level::Restricted
            };
            let default = if project.or(user).is_some() {
                default
            } else {
                DEFAULT_CLEARANCE
            };
            let level = self.pick(&key, default, project, user, None, Ord::min);
            if *known == name {
                chosen = Some(Destination {
                    name: name.clone(),
                    clearance: level,
                });
            }
        }
        chosen.ok_or_else(|| {
            let hint = suggestion(&name, names.iter().map(String::as_str));
            ConfigError::UnknownDestination(name.clone(), hint)
        })
    }

    /// A rule that one file turns on stays on, whatever the other says.
    fn switches(&mut self) -> BTreeMap<String, bool> {
        let mut switches = BTreeMap::new();
        let word = |layer: &Layer, id: &str| {
            layer
                .written
                .rules
                .get(id)
                .map(|word| word.get_ref() == "on")
        };
        let ids: BTreeSet<String> = self
            .project
            .written
            .rules
            .keys()
            .chain(self.user.written.rules.keys())
            .cloned()
            .collect();
        for id in ids {
            let (project, user) = (word(&self.project, &id), word(&self.user, &id));
            let on = project == Some(true) || user == Some(true);
            let source = if user == Some(on) {
                self.user.source()
            } else {
                self.project.source()
            };
            if !on && matches!(source, Source::Project(_)) {
                self.loosened.push(format!("rule {id} off"));
            }
            self.show(
                format!("rules.{id}"),
                format!("\"{}\"", if on { "on" } else { "off" }),
                source,
            );
            switches.insert(id, on);
        }
        switches
    }

    /// Rule files only add rules; both files' count. Their paths are relative to the file that names them.
    fn rule_files(&mut self) -> Result<Vec<(PathBuf, String)>, ConfigError> {
        let mut files = Vec::new();
        for layer in [&self.project, &self.user] {
            for name in &layer.written.rule_files {
                let path = layer.folder.join(name);
                let text = read(&path)?;
                self.shown.push(Setting {
                    key: "rule-files".to_owned(),
                    value: format!("{name:?}"),
                    source: layer.source(),
                });
                files.push((path, text));
            }
        }
        Ok(files)
    }

    fn paths(&mut self, here: &Path) -> Vec<PathRule> {
        let mut rules = Vec::new();
        for layer in [&self.project, &self.user] {
            for written in &layer.written.paths {
                let globs: Vec<String> = written
                    .globs
                    .iter()
                    .map(|glob| glob.get_ref().clone())
                    .collect();
                let rule = PathRule {
                    globs,
                    folder: here.join(&layer.folder),
                    rules: written.rules.clone(),
                    reason: written.reason.get_ref().clone(),
                };
                let value = format!(
                    "{{ match = {:?}, rules = {:?}, reason = {:?} }}",
                    rule.globs, rule.rules, rule.reason
                );
                self.shown.push(Setting {
                    key: "paths".to_owned(),
                    value,
                    source: layer.source(),
                });
                if matches!(layer.source, Some(Source::Project(_))) {
                    self.loosened.push(format!(
                        "{} allowed in {}",
                        rule.rules.join(", "),
                        rule.globs.join(", ")
                    ));
                }
                rules.push(rule);
            }
        }
        rules
    }
}

/// A value in TOML.
trait Shown {
    fn shown(&self) -> String;
}

impl Shown for Confidence {
    fn shown(&self) -> String {
        self.as_f64().to_string()
    }
}

impl Shown for Severity {
    fn shown(&self) -> String {
        format!("\"{self}\"")
    }
}

impl Shown for Level {
    fn shown(&self) -> String {
        format!("\"{self}\"")
    }
}

impl Shown for Marks {
    fn shown(&self) -> String {
        match self {
            Marks::Honour => "\"honour\"".to_owned(),
            Marks::Refuse => "\"refuse\"".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no_flags() -> Overrides {
        let here = PathBuf::new();
        Overrides {
            destination: None,
            min_confidence: None,
            min_severity: None,
            marks: None,
            here,
        }
    }

    fn resolve(project: &str, user: &str) -> Loaded {
        let folder = tempfile::tempdir().unwrap();
        let (project_file, user_file) = (
            folder.path().join("withhold.toml"),
            folder.path().join("user.toml"),
        );
        fs::write(&project_file, project).unwrap();
        fs::write(&user_file, user).unwrap();
        load(
            &ConfigFiles::Found {
                project: Some(project_file),
                user: Some(user_file),
            },
            &no_flags(),
        )
        .unwrap()
    }

    #[test]
    fn the_defaults_stand_when_nobody_speaks() {
        let loaded = load(&ConfigFiles::None, &no_flags()).unwrap();
        assert_eq!(
            loaded.settings.destination,
            Destination {
                name: "external-ai".to_owned(),
                clearance: Level::Internal
            }
        );
        assert!(
            loaded
                .shown
                .iter()
                .all(|setting| setting.source == Source::Default)
        );
    }

    #[test]
    fn a_project_cannot_loosen_its_readers_policy() {
        let loaded = resolve(
            "min-confidence = 0.9\nwithhold-severity = 'critical'\ndestination = 'x'\nmarks = 'honour'\n\
             [destinations.external-ai]\nclearance = 'restricted'\n[rules]\na = 'off'",
            "min-confidence = 0.6\nwithhold-severity = 'low'\ndestination = 'external-ai'\nmarks = 'refuse'\n\
             [destinations.external-ai]\nclearance = 'public'\n[rules]\na = 'on'",
        );
        assert_eq!(
            loaded.settings.min_confidence,
            Confidence::from_thousandths(600)
        );
        assert_eq!(loaded.settings.withhold_severity, Severity::Low);
        assert_eq!(loaded.settings.destination.clearance, Level::Public);
        assert_eq!(loaded.settings.marks, Marks::Refuse);
        assert!(loaded.settings.switches["a"]);
        assert_eq!(loaded.loosened, Vec::<String>::new());
    }

    #[test]
    fn a_project_can_let_go_by_name_but_not_by_threshold() {
        let loaded = resolve(
            "min-confidence = 0.9\n[destinations.external-ai]\nclearance = 'restricted'\n[rules]\na = 'off'\n\
             [[paths]]\nmatch = ['x/**']\nrules = ['*']\nreason = 'r'",
            "",
        );
        assert_eq!(loaded.loosened, ["rule a off", "* allowed in x/**"]);
        assert_eq!(
            loaded.refused,
            [
                "destinations.external-ai.clearance = \"restricted\"",
                "min-confidence = 0.9"
            ]
        );
        assert_eq!(loaded.settings.min_confidence, DEFAULT_MIN_CONFIDENCE);
        assert_eq!(loaded.settings.destination.clearance, DEFAULT_CLEARANCE);
    }

    #[test]
    fn a_projects_own_destination_counts_when_the_user_chooses_it() {
        let written = "[destinations.onprem]\nclearance = 'confidential'\n";
        let project = resolve(&format!("destination = 'onprem'\n{written}"), "");
        assert_eq!(project.settings.destination.clearance, DEFAULT_CLEARANCE);
        let user = resolve(written, "destination = 'onprem'");
        assert_eq!(user.settings.destination.clearance, Level::Confidential);
        assert_eq!((user.loosened.len(), user.refused.len()), (0, 0));
    }

    #[test]
    fn an_unknown_destination_is_an_error_with_a_suggestion() {
        let overrides = Overrides {
            destination: Some("external-a".to_owned()),
            ..no_flags()
        };
        let error = load(&ConfigFiles::None, &overrides).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no destination `external-a`, did you mean `external-ai`?"
        );
    }
}

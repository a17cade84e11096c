//! What git would do about hooks: where it looks for them, which ones its configuration names, and how it cleans a message.
//! Reads only; whether a hook is any good is for others to say.

use std::path::{Path, PathBuf};

use gix::bstr::{BString, ByteSlice};
use gix::config::file::Metadata;
use gix::config::{File, Source, file, source};

use super::error::GitError;
use super::open::Git;

/// Whose word a value of git's configuration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetBy {
    /// The machine's administrator.
    System,
    /// The user, for all repositories.
    User,
    /// The repository's own configuration.
    Repository,
    /// The command line or the environment, for this one run.
    Command,
}

/// A value of git's configuration that is a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathSetting {
    /// As it is written.
    pub value: String,
    /// What it stands for; relative to the top of the working tree, or to the folder of a bare repository.
    pub path: PathBuf,
    /// Whose word it is.
    pub set_by: SetBy,
    /// The file that says it, where one does.
    pub file: Option<PathBuf>,
}

/// A hook that git's configuration names: `hook.<name>.command` and `.event`, which git runs from 2.54 on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredHook {
    /// Its name.
    pub name: String,
    /// What git would run; nothing if it is not said.
    pub command: Option<String>,
    /// The events that it is for.
    pub events: Vec<String>,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Whose word the command is.
    pub set_by: SetBy,
}

/// What git's configuration says about hooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookConfig {
    /// `core.hooksPath`, if it is set.
    pub hooks_path: Option<PathSetting>,
    /// The hooks that are named in it.
    pub configured: Vec<ConfiguredHook>,
    /// Events whose configured hooks are switched off, all of them.
    pub switched_off: Vec<String>,
}

/// Where a repository's hooks are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookFacts {
    /// The folder in which git looks for hooks, absolute.
    pub folder: PathBuf,
    /// The folder in which it would look without `core.hooksPath`, absolute; one for all linked worktrees.
    pub own_folder: PathBuf,
    /// The top of the working tree, absolute; none in a bare repository.
    pub top: Option<PathBuf>,
    /// What the configuration says.
    pub config: HookConfig,
}

/// The user's own configuration of git.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlobalHooks {
    /// The file that `git config --global` writes to; none if the user has no folder.
    pub file: Option<PathBuf>,
    /// What it and the machine's configuration say.
    pub config: HookConfig,
}

/// What git does to a commit's message before it becomes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageCleanup {
    /// What a comment line begins with; none if git chooses it by the message.
    pub comment: Option<String>,
    /// `commit.cleanup`, if it is set.
    pub mode: Option<String>,
}

impl Git {
    /// Where git looks for hooks, and what its configuration says of them.
    ///
    /// # Errors
    /// The configuration, or `core.hooksPath` in it, cannot be understood.
    pub fn hooks(&self) -> Result<HookFacts, GitError> {
        let repository = self.local();
        let absolute = |path: &Path| gix::path::realpath(path).unwrap_or_else(|_| path.to_owned());
        let own_folder = absolute(repository.common_dir()).join("hooks");
        let top = repository.workdir().map(absolute);
        let base = top
            .clone()
            .unwrap_or_else(|| absolute(repository.git_dir()));
        let config = read(&configuration(Some(&repository))?)?;
        let folder = config
            .hooks_path
            .as_ref()
            .map_or_else(|| own_folder.clone(), |set| base.join(&set.path));
        Ok(HookFacts {
            folder,
            own_folder,
            top,
            config,
        })
    }

    /// The id of what a revision names, in hexadecimal digits.
    ///
    /// # Errors
    /// It names nothing that is here.
    pub fn id_of(&self, revision: &str) -> Result<String, GitError> {
        let repository = self.local();
        let id = repository.rev_parse_single(revision);
        id.map(|id| id.detach().to_string())
            .map_err(|error| GitError::broken(revision, &error))
    }

    /// The id of the commit that is checked out; none before the first.
    ///
    /// # Errors
    /// It cannot be told.
    pub fn head_id(&self) -> Result<Option<String>, GitError> {
        let repository = self.local();
        let head = repository.head();
        let head = head.map_err(|error| GitError::broken("HEAD cannot be read", &error))?;
        Ok(head.id().map(|id| id.to_string()))
    }

    /// How git would clean a commit's message.
    ///
    /// # Errors
    /// The configuration cannot be understood.
    pub fn message_cleanup(&self) -> Result<MessageCleanup, GitError> {
        let config = configuration(Some(&self.local()))?;
        let text = |key: &str| {
            let value = config.string(key)?;
            Some(value.to_str_lossy().into_owned())
        };
        let comment = text("core.commentString")
            .or_else(|| text("core.commentChar"))
            .unwrap_or_else(|| "#".to_owned());
        Ok(MessageCleanup {
            comment: (comment != "auto" && !comment.is_empty()).then_some(comment),
            mode: text("commit.cleanup"),
        })
    }
}

/// What the user's and the machine's configuration of git say about hooks, whatever repository is here.
///
/// # Errors
/// A file cannot be read or is not as git has it.
pub fn global_hooks() -> Result<GlobalHooks, GitError> {
    // As git does: the file in the home folder, unless only the other one is there.
    let file = match (place(Source::User), place(Source::Git)) {
        (Some(user), Some(other)) if !user.is_file() && other.is_file() => Some(other),
        (Some(user), _) => Some(user),
        (None, other) => other,
    };
    Ok(GlobalHooks {
        file,
        config: read(&configuration(None)?)?,
    })
}

/// Where a configuration that is no repository's would be.
fn place(source: Source) -> Option<PathBuf> {
    source.storage_location(&mut |name| gix::path::env::var(name))
}

/// All that git would read, of the machine, the user, the repository and the environment; however carefully the repository
/// itself was opened. It decides where hooks are and how messages are cleaned, and nothing else.
fn configuration(repository: Option<&gix::Repository>) -> Result<File, GitError> {
    let broken = |error: &gix::Error| GitError::broken("git's configuration", error);
    let home = gix::path::env::home_dir();
    let mut includes = file::includes::Options::follow_without_conditional(home.as_deref());
    includes.conditional.git_dir = repository.map(gix::Repository::git_dir);
    let options = file::init::Options {
        includes,
        ..Default::default()
    };
    let load = |places: &[(Source, Option<PathBuf>)]| {
        let metas = places.iter().filter_map(|(source, path)| {
            Some(Metadata {
                path: Some(path.clone().filter(|path| path.is_file())?),
                source: *source,
                level: 0,
                trust: gix::sec::Trust::Full,
            })
        });
        let config = File::from_paths_metadata(metas, options);
        config
            .map(Option::unwrap_or_default)
            .map_err(|error| broken(&error))
    };
    let of_repository = |name: &str| repository.map(|it| it.common_dir().join(name));
    let mut config = load(&[
        (Source::System, place(Source::System)),
        (Source::Git, place(Source::Git)),
        (Source::User, place(Source::User)),
        (Source::Local, of_repository("config")),
    ])?;
    let has_own = matches!(config.boolean("extensions.worktreeConfig"), Ok(Some(true)));
    let of_worktree = repository.map(|it| it.git_dir().join("config.worktree"));
    if let Some(path) = of_worktree.filter(|_| has_own) {
        let own = load(&[(Source::Worktree, Some(path))])?;
        config.append(own).map_err(|error| broken(&error))?;
    }
    let environment = File::from_environment_overrides().map_err(|error| broken(&error))?;
    config.append(environment).map_err(|error| broken(&error))?;
    Ok(config)
}

/// A path in the configuration, with what stands for folders in it put in.
fn interpolated(value: &BString) -> Result<PathBuf, GitError> {
    let home = gix::path::env::home_dir();
    let context = gix::config::path::interpolate::Context {
        git_install_dir: None,
        home_dir: home.as_deref(),
        home_for_user: Some(gix::config::path::interpolate::home_for_user),
    };
    gix::config::Path::from(value.clone())
        .interpolate(context)
        .map(|path| path.to_path_buf())
        .map_err(|error| GitError::Broken(format!("core.hooksPath: {error}")))
}

/// What is said about hooks.
fn read(config: &File) -> Result<HookConfig, GitError> {
    let mut read = HookConfig {
        hooks_path: None,
        configured: Vec::new(),
        switched_off: Vec::new(),
    };
    if let Ok((value, section)) = config.raw_value_with_section("core.hooksPath") {
        let written = value.to_str_lossy().into_owned();
        read.hooks_path = Some(PathSetting {
            path: interpolated(&value)?,
            value: written,
            set_by: set_by(section.meta().source),
            file: section.meta().path.clone(),
        });
    }
    for section in config.sections_by_name("hook").into_iter().flatten() {
        let Some(name) = section.header().subsection_name() else {
            continue;
        };
        let name = name.to_str_lossy().into_owned();
        let at = read.configured.iter().position(|hook| hook.name == name);
        let at = at.unwrap_or_else(|| {
            read.configured.push(ConfiguredHook {
                name,
                command: None,
                events: Vec::new(),
                enabled: true,
                set_by: set_by(section.meta().source),
            });
            read.configured.len() - 1
        });
        let hook = &mut read.configured[at];
        if let Some(command) = section.value("command") {
            hook.command = Some(command.to_str_lossy().into_owned());
            hook.set_by = set_by(section.meta().source);
        }
        for event in section.values("event") {
            // An empty value takes back what was said before.
            match event.is_empty() {
                true => hook.events.clear(),
                false => hook.events.push(event.to_str_lossy().into_owned()),
            }
        }
        if let Some(value) = section.value_implicit("enabled") {
            hook.enabled = value.is_none_or(|value| is_true(&value));
        }
    }
    // What has no command and no event, but is switched off, is an event.
    let is_event =
        |hook: &ConfiguredHook| hook.command.is_none() && hook.events.is_empty() && !hook.enabled;
    read.switched_off = read
        .configured
        .iter()
        .filter(|hook| is_event(hook))
        .map(|hook| hook.name.clone())
        .collect();
    read.configured.retain(|hook| !is_event(hook));
    Ok(read)
}

fn is_true(value: &BString) -> bool {
    gix::config::Boolean::try_from(value.clone()).is_ok_and(|value| value.0)
}

const fn set_by(source: Source) -> SetBy {
    match source.kind() {
        source::Kind::GitInstallation | source::Kind::System => SetBy::System,
        source::Kind::Global => SetBy::User,
        source::Kind::Repository => SetBy::Repository,
        source::Kind::Override => SetBy::Command,
    }
}

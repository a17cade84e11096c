//! Which repository is meant, and whether it may be read. Like git, it follows the `GIT_*` variables that git sets for hooks;
//! of the repository's own configuration it uses what says how things are stored, and follows no include.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gix::discover::upwards;
use gix::open::{Options, Permissions, permissions};
use gix::sec::Trust;
use gix::{ThreadSafeRepository, odb};
use tempfile::TempDir;

use super::cache;
use super::error::{GitError, said};
use super::files;
use super::owner;
use super::reader::LARGEST;

/// An open repository.
#[derive(Debug)]
pub struct Git {
    repository: ThreadSafeRepository,
    /// Where its objects are.
    objects: Vec<PathBuf>,
    /// Lists the object folders that the environment names; it is gone when the repository is closed.
    _listing: Option<TempDir>,
}

impl Git {
    /// The repository that `GIT_DIR` names, or else the one that holds `start`.
    ///
    /// # Errors
    /// There is none, it is another user's and not in git's `safe.directory`, or it is broken.
    pub fn discover(start: &Path) -> Result<Arc<Git>, GitError> {
        let named = variable("GIT_DIR").map(PathBuf::from);
        let folder = match &named {
            Some(folder) => folder.clone(),
            None => found(start)?,
        };
        files::check(&git_folder(&folder))?;
        let options = Options::default()
            .permissions(Permissions {
                config: permissions::Config {
                    env: true,
                    ..permissions::Config::isolated()
                },
                ..Permissions::default()
            })
            .with(Trust::Full)
            // What the commits really say counts, not what `refs/replace` would put in their place.
            .config_overrides([
                "core.useReplaceRefs=false".to_owned(),
                format!("gitoxide.objects.allocLimit={LARGEST}"),
            ])
            .open_path_as_is(true);
        let broken = |what: &str, words: &str| GitError::Broken(format!("{what}: {words}"));
        let mut repository = ThreadSafeRepository::open_opts(&folder, options)
            .map_err(|error| broken("the repository cannot be opened", &said(&error)))?;
        let git_folder = repository.refs.git_dir().to_path_buf();
        // It may not be the one that was looked at before.
        files::check(&git_folder)?;
        // Whoever names the repository itself answers for it; git, too, asks nothing then.
        if named.is_none() {
            owner::check(&git_folder, repository.work_tree.as_deref())?;
        }
        refuse_reftable(&repository)?;
        let common = repository.common_dir.as_deref().unwrap_or(&git_folder);
        let own = common.join("objects");
        let from_environment = object_folders_of_environment(&own);
        let listing = match &from_environment {
            None => None,
            Some(folders) => Some(listing(folders).map_err(|error| {
                broken(
                    "GIT_OBJECT_DIRECTORY cannot be followed",
                    &error.to_string(),
                )
            })?),
        };
        if let Some(listing) = &listing {
            let options = odb::store::init::Options {
                alloc_limit_bytes: usize::try_from(LARGEST).ok(),
                ..odb::store::init::Options::default()
            };
            let hash = repository.objects.object_hash();
            let store = odb::Store::at_opts(
                listing.path().to_path_buf(),
                hash,
                &mut std::iter::empty(),
                options,
            )
            .map_err(|error| {
                broken(
                    "the object folders of the environment cannot be opened",
                    &error.to_string(),
                )
            })?;
            repository.objects = gix::parallel::OwnShared::new(store);
        }
        let mut objects = Vec::new();
        for folder in from_environment.unwrap_or_else(|| vec![own]) {
            objects.extend(files::object_folders(&folder)?);
        }
        Ok(Arc::new(Git {
            repository,
            objects,
            _listing: listing,
        }))
    }

    /// The root of the working tree, if there is one.
    pub fn top(&self) -> Option<PathBuf> {
        self.repository.work_tree.clone()
    }

    /// Whether a working tree is the repository's by more than the repository's own word.
    pub(super) fn is_own_tree(&self, top: &Path) -> bool {
        let git = git_folder(&top.join(".git"));
        let own = fs::canonicalize(self.repository.refs.git_dir());
        let is_own = own.is_ok_and(|own| fs::canonicalize(git).is_ok_and(|git| git == own));
        is_own || variable("GIT_WORK_TREE").is_some()
    }

    /// The folder that holds its objects and references.
    pub(super) fn common(&self) -> &Path {
        let own = self.repository.refs.git_dir();
        self.repository.common_dir.as_deref().unwrap_or(own)
    }

    /// What an object's own file is, if it is a pipe or a device, which must not be opened.
    pub(super) fn odd_kind(&self, id: &gix::oid) -> Option<&'static str> {
        let name = id.to_string();
        let (folder, file) = name.split_at(2);
        self.objects
            .iter()
            .find_map(|objects| files::odd_kind(&objects.join(folder).join(file)))
    }

    /// A handle for one thread. What the commits really say counts, not what `refs/replace` would put in their place.
    pub(super) fn local(&self) -> gix::Repository {
        let mut repository = self.repository.to_thread_local();
        repository.objects.ignore_replacements = true;
        repository.objects.set_pack_cache(cache::new);
        repository
    }
}

/// The repository that holds `start`: its `.git`, or its folder if it is bare.
fn found(start: &Path) -> Result<PathBuf, GitError> {
    let real = fs::canonicalize(start).unwrap_or_else(|_| start.to_path_buf());
    let no_repository = || GitError::NoRepository(real.clone());
    // What gix would open while it searches.
    let candidate = real.ancestors().find_map(|folder| {
        let git = folder.join(".git");
        let is_bare = || folder.join("HEAD").exists() && folder.join("objects").is_dir();
        match fs::symlink_metadata(&git) {
            Ok(_) => Some(git),
            Err(_) => is_bare().then(|| folder.to_path_buf()),
        }
    });
    let candidate = candidate.ok_or_else(no_repository)?;
    if let Some(kind) = files::odd_kind(&candidate) {
        return Err(GitError::Broken(format!(
            "{} is a {kind}",
            candidate.display()
        )));
    }
    files::check(&git_folder(&candidate))?;
    let options = upwards::Options {
        trust: upwards::TrustPolicy::Assume(Trust::Full),
        match_ceiling_dir_or_error: false,
        ..upwards::Options::default()
    };
    match gix::discover::upwards_opts(&real, options.apply_environment()) {
        Ok((path, _)) => {
            let (git_folder, top) = path.into_repository_and_work_tree_directories();
            // Through the working tree's own `.git`, so that gix knows which working tree it is.
            let through = top.map(|top| top.join(".git"));
            Ok(through.filter(|git| git.exists()).unwrap_or(git_folder))
        }
        Err(_) if variable("GIT_CEILING_DIRECTORIES").is_some() => Err(no_repository()),
        Err(_) => Err(GitError::Broken(format!(
            "{} is no repository that can be opened",
            candidate.display()
        ))),
    }
}

/// The folder that a `.git` file points to; any other path itself.
fn git_folder(path: &Path) -> PathBuf {
    files::pointed_to(path).unwrap_or_else(|| path.to_path_buf())
}

/// A repository that keeps its references in tables looks, to whoever does not know of them, as if it had none.
fn refuse_reftable(repository: &ThreadSafeRepository) -> Result<(), GitError> {
    let repository = repository.to_thread_local();
    match repository.config_snapshot().string("extensions.refStorage") {
        Some(kind) if !kind.eq_ignore_ascii_case(b"files") => Err(GitError::Broken(
            "references are kept in a form that is not known here; `git refs migrate --ref-format=files` changes it"
                .to_owned(),
        )),
        _ => Ok(()),
    }
}

/// The object folders that the environment names, as git names them to hooks that see objects before they are accepted.
fn object_folders_of_environment(own: &Path) -> Option<Vec<PathBuf>> {
    let instead = variable("GIT_OBJECT_DIRECTORY");
    let besides = variable("GIT_ALTERNATE_OBJECT_DIRECTORIES");
    if instead.is_none() && besides.is_none() {
        return None;
    }
    let first = instead.map_or_else(|| own.to_path_buf(), PathBuf::from);
    let others: Vec<PathBuf> = besides
        .map(|list| env::split_paths(&list).collect())
        .unwrap_or_default();
    let absolute = |folder: PathBuf| fs::canonicalize(&folder).unwrap_or(folder);
    let all = std::iter::once(first).chain(others);
    Some(
        all.filter(|folder| !folder.as_os_str().is_empty())
            .map(absolute)
            .collect(),
    )
}

/// A folder of objects that has none itself and borrows from `folders`: gix knows of borrowing by such a list alone.
fn listing(folders: &[PathBuf]) -> std::io::Result<TempDir> {
    let listing = tempfile::Builder::new().prefix("withhold-").tempdir()?;
    let mut lines = Vec::new();
    for folder in folders {
        let path = folder.as_os_str().as_encoded_bytes();
        if path.contains(&b'\n') || !folder.is_dir() {
            let words = format!("{} is no folder of objects", folder.display());
            return Err(std::io::Error::other(words));
        }
        lines.extend_from_slice(path);
        lines.push(b'\n');
    }
    fs::create_dir(listing.path().join("info"))?;
    fs::write(listing.path().join("info/alternates"), lines)?;
    Ok(listing)
}

/// A variable of git's; one that is empty counts as unset.
#[expect(
    clippy::disallowed_methods,
    reason = "these variables are how git tells its hooks which repository they run for"
)]
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

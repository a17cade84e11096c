//! Which repository is meant, and whether it may be read. Like git, it follows the `GIT_*` variables that git sets for hooks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gix::sec::trust::{DefaultForLevel, Mapping};
use gix::{ThreadSafeRepository, open};

use super::cache;
use super::error::GitError;

/// An open repository.
#[derive(Debug)]
pub struct Git {
    repository: ThreadSafeRepository,
}

impl Git {
    /// The repository that `GIT_DIR` names, or else the one that holds `start`.
    ///
    /// # Errors
    /// There is none, it is another user's and not in git's `safe.directory`, or it is broken.
    pub fn discover(start: &Path) -> Result<Arc<Git>, GitError> {
        let options = |level| open::Options::default_for_level(level).bail_if_untrusted(true);
        let trust = Mapping {
            full: options(gix::sec::Trust::Full),
            reduced: options(gix::sec::Trust::Reduced),
        };
        let found = ThreadSafeRepository::discover_with_environment_overrides_opts(
            start,
            gix::discover::upwards::Options::default(),
            trust,
        );
        match found {
            Ok(repository) => Ok(Arc::new(Git { repository })),
            Err(error) => Err(GitError::broken("the repository cannot be opened", &error)),
        }
    }

    /// The root of the working tree, if there is one.
    pub fn top(&self) -> Option<PathBuf> {
        self.repository
            .to_thread_local()
            .workdir()
            .map(Path::to_path_buf)
    }

    /// A handle for one thread. What the commits really say counts, not what `refs/replace` would put in their place.
    pub(super) fn local(&self) -> gix::Repository {
        let mut repository = self.repository.to_thread_local();
        repository.objects.ignore_replacements = true;
        repository.objects.set_pack_cache(cache::new);
        repository
    }
}

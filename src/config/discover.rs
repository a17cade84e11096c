//! Where configuration files lie. Reads none of them.

use std::path::{Path, PathBuf};

use super::settings::ConfigError;

/// The names of a project's configuration file; a folder may hold one of them.
const PROJECT_NAMES: [&str; 2] = ["withhold.toml", ".withhold.toml"];

/// The files that a run's settings come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigFiles {
    /// None: the defaults and the flags alone.
    None,
    /// The one that the user named; it stands alone.
    Named(PathBuf),
    /// Those that were found.
    Found {
        /// The project's, which is whoever wrote the project's.
        project: Option<PathBuf>,
        /// The user's own.
        user: Option<PathBuf>,
    },
}

/// The project's configuration file for `roots`, which are absolute: looked for upwards from each root to the top of
/// its repository; outside of a repository, in the root alone.
///
/// # Errors
/// A folder holds both names, or two roots have different files.
pub fn project_file(roots: &[PathBuf]) -> Result<Option<PathBuf>, ConfigError> {
    let mut found: Option<Option<PathBuf>> = None;
    for root in roots {
        let file = upwards(root)?;
        match &found {
            Some(other) if *other != file => {
                return Err(ConfigError::Ambiguous(
                    describe(other.as_deref()),
                    describe(file.as_deref()),
                ));
            }
            _ => found = Some(file),
        }
    }
    Ok(found.flatten())
}

fn upwards(root: &Path) -> Result<Option<PathBuf>, ConfigError> {
    let start = if root.is_dir() {
        root
    } else {
        root.parent().unwrap_or(root)
    };
    let top = start
        .ancestors()
        .find(|folder| folder.join(".git").exists())
        .unwrap_or(start);
    for folder in start.ancestors() {
        let mut here = PROJECT_NAMES
            .iter()
            .map(|name| folder.join(name))
            .filter(|file| file.is_file());
        match (here.next(), here.next()) {
            (Some(first), Some(second)) => return Err(ConfigError::Twice(first, second)),
            (Some(file), None) => return Ok(Some(file)),
            _ if folder == top => break,
            _ => {}
        }
    }
    Ok(None)
}

fn describe(file: Option<&Path>) -> String {
    file.map_or_else(|| "none".to_owned(), |file| file.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn looks_upwards_as_far_as_the_repository_goes() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("repo/.git")).unwrap();
        fs::create_dir_all(at("repo/a/b")).unwrap();
        fs::write(at("withhold.toml"), "").unwrap();
        assert_eq!(project_file(&[at("repo/a/b")]).unwrap(), None);
        fs::write(at("repo/.withhold.toml"), "").unwrap();
        assert_eq!(
            project_file(&[at("repo/a/b")]).unwrap(),
            Some(at("repo/.withhold.toml"))
        );
        fs::write(at("repo/a/withhold.toml"), "").unwrap();
        assert_eq!(
            project_file(&[at("repo/a/b")]).unwrap(),
            Some(at("repo/a/withhold.toml"))
        );
        assert!(matches!(
            project_file(&[at("repo/a"), at("repo")]),
            Err(ConfigError::Ambiguous(..))
        ));
        fs::write(at("repo/a/.withhold.toml"), "").unwrap();
        assert!(matches!(
            project_file(&[at("repo/a/b")]),
            Err(ConfigError::Twice(..))
        ));
    }
}

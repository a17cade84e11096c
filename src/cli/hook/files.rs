//! Hook files: what is at a hook's place, and putting a script there so that whatever was there before is kept and comes back
//! as it was.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::script::{Also, Script};

/// What is at a hook's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    /// A script of ours, as it was written.
    Ours(Script),
    /// A script of ours that an older or newer version wrote, or that was changed by hand.
    OursChanged,
    /// Another's hook.
    Another,
}

/// What became of a hook's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// It is as it was before.
    Nothing,
    /// A script was put where nothing was.
    Written,
    /// A script of ours was brought up to date.
    Renewed,
    /// A script was put where another's hook was, which has this name now.
    MovedAside(String),
    /// A script of ours was taken away.
    Removed,
    /// And what was there before was put back.
    PutBack,
}

/// What is at `place`.
///
/// # Errors
/// It cannot be read.
pub(super) fn find(place: &Path) -> anyhow::Result<Found> {
    match fs::symlink_metadata(place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(error).with_context(|| place.display().to_string()),
        Ok(metadata) if metadata.is_dir() => bail!("{} is a folder", place.display()),
        // A link is never ours, whatever it points to.
        Ok(metadata) if !metadata.is_file() => return Ok(Found::Another),
        Ok(_) => {}
    }
    let text = fs::read(place).with_context(|| place.display().to_string())?;
    Ok(match Script::read(&text) {
        Some(script) => Found::Ours(script),
        None if Script::is_ours(&text) => Found::OursChanged,
        None => Found::Another,
    })
}

/// Puts a script for `hook` into `folder`.
///
/// # Errors
/// Something cannot be read or written; then what was there is there still.
pub(super) fn install(folder: &Path, hook: &str, program: &Path) -> anyhow::Result<Done> {
    let place = folder.join(hook);
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let script = |before: String| Script::new(hook, true, program, Also::Before(before));
    match find(&place)? {
        Found::Nothing => {
            write(&place, &script(unused(folder, hook)).text())?;
            Ok(Done::Written)
        }
        found @ (Found::Ours(_) | Found::OursChanged) => {
            let before = name_before(&place).unwrap_or_else(|| standard(hook));
            let script = script(before);
            if found == Found::Ours(script.clone()) && is_executable(&place) {
                return Ok(Done::Nothing);
            }
            write(&place, &script.text())?;
            Ok(Done::Renewed)
        }
        Found::Another => {
            let before = unused(folder, hook);
            let aside = folder.join(&before);
            fs::rename(&place, &aside).with_context(|| place.display().to_string())?;
            if let Err(error) = write(&place, &script(before.clone()).text()) {
                fs::rename(&aside, &place).with_context(|| aside.display().to_string())?;
                return Err(error);
            }
            Ok(Done::MovedAside(before))
        }
    }
}

/// Takes away a script of ours, and puts back what was there before it.
///
/// # Errors
/// Something cannot be read or written.
pub(super) fn uninstall(place: &Path) -> anyhow::Result<Done> {
    match find(place)? {
        Found::Nothing | Found::Another => return Ok(Done::Nothing),
        Found::Ours(_) | Found::OursChanged => {}
    }
    let before = name_before(place).map(|name| place.with_file_name(name));
    match before.filter(|path| fs::symlink_metadata(path).is_ok()) {
        Some(before) => {
            fs::rename(&before, place).with_context(|| before.display().to_string())?;
            Ok(Done::PutBack)
        }
        None => {
            fs::remove_file(place).with_context(|| place.display().to_string())?;
            Ok(Done::Removed)
        }
    }
}

/// The name that a script of ours at `place`, or at least its line about that, gives to what was there before. It is a name in
/// the same folder and nothing else.
fn name_before(place: &Path) -> Option<String> {
    let text = fs::read_to_string(place).ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("before='"))?;
    let name = line.trim_end().strip_suffix('\'')?;
    let hook = place.file_name()?.to_str()?;
    name.starts_with(&standard(hook))
        .then(|| name.to_owned())
        .filter(|name| !name.contains(['/', '\\', '\'']))
}

/// What another's hook is called from now on.
fn standard(hook: &str) -> String {
    format!("{hook}.before-withhold")
}

/// The same, or with a number behind it if something has that name already: what somebody put there is theirs.
fn unused(folder: &Path, hook: &str) -> String {
    let standard = standard(hook);
    let names = (1_u32..).map(|number| match number {
        1 => standard.clone(),
        _ => format!("{standard}-{number}"),
    });
    let mut names = names.filter(|name| fs::symlink_metadata(folder.join(name)).is_err());
    names.next().unwrap_or(standard.clone())
}

/// Writes an executable file, whole or not at all.
pub(super) fn write(place: &Path, text: &str) -> anyhow::Result<()> {
    let folder = place.parent().unwrap_or(Path::new("."));
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let temporary: PathBuf = folder.join(format!("{name}.withhold-{}", std::process::id()));
    let written = || -> io::Result<()> {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        make_executable(&file)?;
        drop(file);
        fs::rename(&temporary, place)
    };
    written().map_err(|error| {
        // Nobody is helped by half a file.
        let _ = fs::remove_file(&temporary);
        anyhow::Error::from(error).context(place.display().to_string())
    })
}

#[cfg(unix)]
fn make_executable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &fs::File) -> io::Result<()> {
    Ok(())
}

/// Whether git would run a file.
#[cfg(unix)]
pub(super) fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

/// Whether git would run a file; there is no such mode here.
#[cfg(not(unix))]
pub(super) fn is_executable(path: &Path) -> bool {
    path.is_file()
}

//! The user's own configuration of git: a block of lines is added at its end and taken away again, and nothing else in it is
//! touched. Where git or the user has put more into the block meanwhile, that stays.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};

const BEGIN: &str = "# withhold: begin; `withhold hook uninstall --global` takes this away";
/// The same where the file's last line had no end, or there was no file: what is to come back.
const BEGIN_UNENDED: &str = "# withhold: begin, the line above had no end; `withhold hook uninstall --global` takes this away";
const BEGIN_NEW: &str =
    "# withhold: begin, there was no file; `withhold hook uninstall --global` takes this away";
const END: &str = "# withhold: end";

/// Lines of git's configuration: a section's header and what is in it.
pub(super) type Section = (String, Vec<String>);

/// `text` with `sections` in a block of ours at its end; none stands for no file.
fn with(text: Option<&str>, sections: &[Section]) -> String {
    let (mut all, begin) = match text {
        None => (String::new(), BEGIN_NEW),
        Some(text) if !text.is_empty() && !text.ends_with('\n') => {
            (format!("{text}\n"), BEGIN_UNENDED)
        }
        Some(text) => (text.to_owned(), BEGIN),
    };
    all += &format!("{begin}\n");
    for (header, lines) in sections {
        all += &format!("{header}\n");
        for line in lines {
            all += &format!("\t{line}\n");
        }
    }
    all + END + "\n"
}

/// `text` without our block, and whether there would be a file at all; nothing if there is no block.
fn without(text: &str, is_ours: impl Fn(&str) -> bool) -> Option<(String, bool)> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let begins = |line: &&str| [BEGIN, BEGIN_UNENDED, BEGIN_NEW].contains(&line.trim_end());
    let from = lines.iter().position(begins)?;
    let to = from
        + lines[from..]
            .iter()
            .position(|line| line.trim_end() == END)?;
    let begin = lines[from].trim_end();
    let mut above = lines[..from].concat();
    let below = lines[to + 1..].concat();
    let kept = foreign(&lines[from + 1..to], is_ours);
    if begin == BEGIN_UNENDED && kept.is_empty() && below.is_empty() {
        above.truncate(above.len() - usize::from(above.ends_with('\n')));
    }
    let rest = above + &kept + &below;
    let exists = begin != BEGIN_NEW || !rest.is_empty();
    Some((rest, exists))
}

/// What of a block is not ours, under the headers that it stands under.
fn foreign(block: &[&str], is_ours: impl Fn(&str) -> bool) -> String {
    let mut kept = String::new();
    let mut header = "";
    for line in block {
        if line.starts_with('[') {
            header = line;
        } else if !is_ours(line.trim()) {
            kept += std::mem::take(&mut header);
            kept += line;
        }
    }
    kept
}

/// Puts a block with `sections` at the end of `file`, in place of one that is there already. Whether anything changed.
///
/// # Errors
/// The file cannot be read or written, or another program is writing it.
pub(super) fn add(
    file: &Path,
    sections: &[Section],
    is_ours: impl Fn(&str) -> bool,
) -> anyhow::Result<bool> {
    let before = read(file)?;
    let bare = match before.as_deref().and_then(|text| without(text, is_ours)) {
        Some((text, exists)) => exists.then_some(text),
        None => before.clone(),
    };
    let after = with(bare.as_deref(), sections);
    if before.as_ref() == Some(&after) {
        return Ok(false);
    }
    replace(file, Some(&after))?;
    Ok(true)
}

/// Takes our block away from `file`. Whether there was one.
///
/// # Errors
/// The file cannot be read or written, or another program is writing it.
pub(super) fn remove(file: &Path, is_ours: impl Fn(&str) -> bool) -> anyhow::Result<bool> {
    let before = read(file)?;
    let Some((after, exists)) = before.as_deref().and_then(|text| without(text, is_ours)) else {
        return Ok(false);
    };
    replace(file, exists.then_some(after.as_str()))?;
    Ok(true)
}

/// The text; none if there is no file.
fn read(file: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| file.display().to_string()),
    }
}

/// Writes the file as git does: beside it under the name that keeps others from writing, and then in its place. Where it is a
/// link, what that points to is replaced.
fn replace(file: &Path, text: Option<&str>) -> anyhow::Result<()> {
    let file = &fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let mut name = file.as_os_str().to_owned();
    name.push(".lock");
    let lock = Path::new(&name);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let mut locked = match fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(lock)
    {
        Ok(locked) => locked,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => bail!(
            "{} is there: another program is writing the file, or was killed while it did",
            lock.display()
        ),
        Err(error) => return Err(error).with_context(|| lock.display().to_string()),
    };
    let mut write = || -> io::Result<()> {
        let Some(text) = text else {
            fs::remove_file(file)?;
            return fs::remove_file(lock);
        };
        locked.write_all(text.as_bytes())?;
        locked.sync_all()?;
        if let Ok(metadata) = fs::metadata(file) {
            locked.set_permissions(metadata.permissions())?;
        }
        fs::rename(lock, file)
    };
    write().map_err(|error| {
        let _ = fs::remove_file(lock);
        anyhow::Error::from(error).context(file.display().to_string())
    })
}

/// A value of git's configuration that stands for itself.
pub(super) fn value(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sections() -> Vec<Section> {
        vec![("[core]".to_owned(), vec!["hooksPath = \"/x\"".to_owned()])]
    }

    fn is_ours(line: &str) -> bool {
        line.starts_with("hooksPath = ")
    }

    #[test]
    fn a_block_comes_and_goes_and_leaves_nothing() {
        for text in [
            None,
            Some(""),
            Some("[a]\n\tb = c\n"),
            Some("[a]\n\tb = c"),
            Some("[a]\r\n\tb\r\n"),
        ] {
            let all = with(text, &sections());
            assert!(all.contains("\n[core]\n\thooksPath = \"/x\"\n"), "{all}");
            let (back, exists) = without(&all, is_ours).unwrap();
            assert_eq!(exists.then_some(back.as_str()), text);
        }
        assert_eq!(without("[a]\n", is_ours), None);
    }

    #[test]
    fn what_git_put_into_the_block_stays() {
        let all = with(Some("[a]\n"), &sections());
        let all = all.replace(END, &format!("\teditor = vi\n{END}"));
        let (back, _) = without(&all, is_ours).unwrap();
        assert_eq!(back, "[a]\n[core]\n\teditor = vi\n");
    }
}

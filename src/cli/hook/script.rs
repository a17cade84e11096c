//! The text of the hooks that are installed: small scripts for any POSIX shell that call the program, and how they are told
//! from the hooks of others. Writes nothing.

use std::path::Path;

/// What the second line of every script of ours begins with; the layout's number and the hook's name are behind it.
const MARK: &str = "# withhold-hook ";

/// The number of the layout that is written now.
pub(super) const LAYOUT: u32 = 1;

/// What a script is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Script {
    /// The hook's name, as git spells it.
    pub(super) hook: String,
    /// The program that it calls.
    pub(super) program: String,
    /// The version of the program that wrote it.
    pub(super) version: String,
    /// Whether the program looks at something there, or the script only calls what else there is.
    pub(super) looks: bool,
    /// What else it calls.
    pub(super) also: Also,
}

/// What else a script calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Also {
    /// The hook that was here before, by its new name in the same folder.
    Before(String),
    /// The repository's own hook of the same name: the script is for all repositories.
    Own,
}

impl Script {
    /// A script for `hook`; git knows more hooks than those that look at something.
    pub(super) fn new(hook: &str, looks: bool, program: &Path, also: Also) -> Script {
        let program = program.to_string_lossy().into_owned();
        Script {
            hook: hook.to_owned(),
            // The shell that comes with git understands both.
            program: match cfg!(windows) {
                true => program.replace('\\', "/"),
                false => program,
            },
            version: env!("CARGO_PKG_VERSION").to_owned(),
            looks,
            also,
        }
    }

    /// Whether `text` is a script of ours.
    pub(super) fn is_ours(text: &[u8]) -> bool {
        text.split(|&byte| byte == b'\n')
            .nth(1)
            .is_some_and(|line| line.starts_with(MARK.as_bytes()))
    }

    /// What a script of ours was made of; none for another's, and for one of ours that was changed.
    pub(super) fn read(text: &[u8]) -> Option<Script> {
        let text = std::str::from_utf8(text).ok()?;
        let mark = text.lines().nth(1)?.strip_prefix(MARK)?;
        let mut words = mark.split(' ');
        let (layout, hook) = (words.next()?, words.next()?);
        let version = words.next()?;
        let value = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            unquoted(line)
        };
        let script = Script {
            hook: hook.to_owned(),
            program: value("program=")?,
            version: version.to_owned(),
            looks: words.next().is_none(),
            also: match value("before=") {
                Some(name) => Also::Before(name),
                None => Also::Own,
            },
        };
        (layout == LAYOUT.to_string() && script.text() == text).then_some(script)
    }

    /// The script. Without the program nothing was looked at, so nothing goes on.
    pub(super) fn text(&self) -> String {
        let Script {
            hook,
            program,
            version,
            looks,
            also,
        } = self;
        let (program, what) = (quoted(program), refused(hook));
        let whose = match also {
            Also::Before(_) => {
                "what was here before is called as well, and put back by `withhold hook uninstall`"
            }
            Also::Own => {
                "for all repositories; the repository's own hook is called as well; see `withhold hook uninstall --global`"
            }
        };
        let passes = if *looks { "" } else { " passes-on" };
        let mut text = format!("#!/bin/sh\n{MARK}{LAYOUT} {hook} {version}{passes}\n# {whose}\n");
        let run = looks.then(|| format!("\"$program\" hook run {hook} -- \"$@\""));
        if run.is_some() {
            text += &format!(
                "program={program}\n\
                 if [ ! -x \"$program\" ]; then\n\
                 \tmissing=$program\n\
                 \tprogram=$(command -v withhold) || {{\n\
                 \t\techo \"withhold refuses {what}: $missing is not there, and no withhold on PATH: nothing was looked at.\" >&2\n\
                 \t\techo \"Install withhold and run 'withhold hook install' again, or remove this hook: $0\" >&2\n\
                 \t\texit 2\n\
                 \t}}\n\
                 fi\n"
            );
        } else {
            text += &format!("program={program}\n");
        }
        text += &match also {
            Also::Before(name) => format!("before={}\nother=${{0%/*}}/$before\n", quoted(name)),
            Also::Own => format!(
                "folder=${{GIT_DIR:-.git}}\n\
                 [ -d \"$folder/hooks\" ] || folder=$(git rev-parse --git-common-dir 2>/dev/null)\n\
                 other=$folder/hooks/{hook}\n"
            ),
        };
        text += &match run {
            None => "[ ! -x \"$other\" ] || exec \"$other\" \"$@\"\n".to_owned(),
            // What it reads is for both. Nothing may leave before it was looked at: other hooks upload files.
            Some(run) if reads_input(hook) => format!(
                "[ -x \"$other\" ] || exec {run}\n\
                 input=$(cat && echo .) || exit 2\n\
                 input=${{input%.}}\n\
                 printf %s \"$input\" | {run} || exit\n\
                 printf %s \"$input\" | \"$other\" \"$@\"\n"
            ),
            // Other hooks change what is staged, or the message: what they made of it is looked at.
            Some(run) => format!(
                "if [ -x \"$other\" ]; then\n\
                 \t\"$other\" \"$@\" || exit\n\
                 fi\n\
                 exec {run}\n"
            ),
        };
        text
    }
}

/// Whether git gives the hook something to read.
fn reads_input(hook: &str) -> bool {
    matches!(hook, "pre-push" | "pre-receive")
}

fn refused(hook: &str) -> &'static str {
    match hook {
        "pre-commit" | "pre-merge-commit" | "commit-msg" => "this commit",
        _ => "this push",
    }
}

/// As a shell's word that stands for itself.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn unquoted(word: &str) -> Option<String> {
    let text = word.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(text.replace("'\\''", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(hook: &str, also: Also) -> Script {
        let program = Path::new("/o'clock $HOME/withhold");
        Script::new(hook, hook != "post-checkout", program, also)
    }

    #[test]
    fn a_script_tells_what_it_was_made_of() {
        for hook in ["pre-commit", "commit-msg", "pre-push", "post-checkout"] {
            for also in [Also::Before(format!("{hook}.before-withhold")), Also::Own] {
                let script = script(hook, also);
                let text = script.text();
                assert_eq!(Script::read(text.as_bytes()), Some(script), "{text}");
                assert!(!text.contains('\r') && text.ends_with('\n'));
                let changed = text.replace("exec", "echo");
                assert!(Script::is_ours(changed.as_bytes()));
                assert_eq!(Script::read(changed.as_bytes()), None, "{changed}");
            }
        }
    }

    #[test]
    fn what_others_wrote_is_not_ours() {
        for text in [
            "",
            "#!/bin/sh\n",
            "#!/bin/sh\necho withhold-hook\n",
            "\0\n\u{1}",
        ] {
            assert!(!Script::is_ours(text.as_bytes()));
            assert_eq!(Script::read(text.as_bytes()), None);
        }
    }
}

//! What must be beside an anchor for any rule to be tried there: most anchors that stand in a text are parts of other words. Says
//! no sooner, and never where a rule would say yes. Shared with `build.rs`.

use std::fmt;

/// A name's part of at most so many bytes must be a word of its own within the name: `key` is in `monkey`.
pub(crate) const SHORT_NAME: usize = 4;

/// A word that begins with so many letters may be glued to letters before it: `MYACMEKEY`. Shorter ones are in other words.
pub(crate) const LONG_WORD: usize = 6;

/// What may be glued to a word in a name: `acmetoken`.
pub(crate) const CONTINUATIONS: &[&str] = &[
    "api", "key", "token", "secret", "pass", "pwd", "auth", "cred", "access", "client", "private",
    "app", "pat", "org",
];

/// As many letters of a token as are asked for behind an anchor at most.
const LONGEST_RUN: usize = 8;

/// Where an anchor counts, from the least strict to the strictest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Start {
    Anywhere,
    /// Where a part of a word may begin: no letter is before it, or the case turns, as in `apiKey`.
    Part,
    /// Where no letter, digit or underscore is before it.
    Word,
}

/// What must be beside an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) start: Start,
    /// How many letters of a token must follow.
    pub(crate) run: u8,
    /// Which lower-case letters may follow, by their lowest five bits.
    pub(crate) lower: u32,
}

impl Bounds {
    /// Nothing.
    pub(crate) const NONE: Bounds = Bounds {
        start: Start::Anywhere,
        run: 0,
        lower: u32::MAX,
    };

    /// For a part of a name that a value is given to: see `matcher/assignment.rs`.
    pub(crate) fn of_name(part: &str) -> Bounds {
        let is_short =
            part.len() <= SHORT_NAME && part.starts_with(|it: char| it.is_ascii_alphabetic());
        Bounds {
            start: if is_short {
                Start::Part
            } else {
                Start::Anywhere
            },
            lower: if ends_in_letter(part) { 0 } else { u32::MAX },
            ..Bounds::NONE
        }
    }

    /// For a word that tells whose a value is: see `matcher/context.rs`.
    pub(crate) fn of_word(word: &str) -> Bounds {
        let letters = word.bytes().take_while(u8::is_ascii_alphabetic).count();
        let glued = CONTINUATIONS.iter().filter_map(|more| more.bytes().next());
        Bounds {
            start: match (1..LONG_WORD).contains(&letters) {
                true => Start::Part,
                false => Start::Anywhere,
            },
            lower: match ends_in_letter(word) {
                true => glued.fold(0, |all, letter| all | bit(letter)),
                false => u32::MAX,
            },
            ..Bounds::NONE
        }
    }

    /// What one or the other asks for.
    pub(crate) fn or(self, other: Bounds) -> Bounds {
        Bounds {
            start: self.start.min(other.start),
            run: self.run.min(other.run),
            lower: self.lower | other.lower,
        }
    }

    /// Whether an anchor from `start` to `end` has them.
    #[inline(always)]
    pub(crate) fn are_at(&self, text: &[u8], start: usize, end: usize) -> bool {
        let before = start.checked_sub(1).map(|before| text[before]);
        let starts = match (self.start, before) {
            (Start::Anywhere, _) | (_, None) => true,
            (Start::Part, Some(before)) => begins_part(before, text[start]),
            (Start::Word, Some(before)) => !(before.is_ascii_alphanumeric() || before == b'_'),
        };
        let follows = |next: &u8| !next.is_ascii_lowercase() || self.lower & bit(*next) != 0;
        let run = text.get(end..end + usize::from(self.run));
        starts
            && text.get(end).is_none_or(follows)
            && run.is_some_and(|run| run.iter().all(|&byte| is_of_token(byte)))
    }
}

impl fmt::Debug for Start {
    /// As code, which `build.rs` writes.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Start::Anywhere => "Start::Anywhere",
            Start::Part => "Start::Part",
            Start::Word => "Start::Word",
        })
    }
}

/// How many letters of a token must follow an anchor, if the rest of every match behind it is made of these bytes and has so many
/// of them at least.
pub(crate) fn least_run(follow: &[bool; 256], least: usize) -> u8 {
    let mut bytes = (0..=u8::MAX).filter(|&byte| follow[usize::from(byte)]);
    match bytes.all(is_of_token) {
        true => least.min(LONGEST_RUN) as u8,
        false => 0,
    }
}

/// Whether a part of a word may begin with `byte` behind `before`. A `D` before it is taken for no letter: `-Dkey=` sets a
/// property of a Java program.
#[inline(always)]
const fn begins_part(before: u8, byte: u8) -> bool {
    let turns = byte.is_ascii_uppercase() && !before.is_ascii_uppercase();
    !before.is_ascii_alphabetic() || before == b'D' || turns
}

const fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=' | b'.')
}

fn ends_in_letter(text: &str) -> bool {
    text.ends_with(|it: char| it.is_ascii_alphabetic())
}

const fn bit(letter: u8) -> u32 {
    1 << (letter & 0x1f)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether `anchor` has its bounds where it stands in `text`.
    fn are_in(bounds: Bounds, anchor: &str, text: &str) -> bool {
        let start = text.find(anchor).expect("it is there");
        bounds.are_at(text.as_bytes(), start, start + anchor.len())
    }

    #[test]
    fn parts_of_other_words_do_not_count() {
        for (anchor, text, expected) in [
            ("key", "api_key", true),
            ("key", "monkey", false),
            ("key", "keyboard", false),
            ("key", "keyId", true),
            ("Key", "apiKey", true),
            ("key", "-Dkey=", true),
            ("password", "dbpassword", true),
            ("password", "passwords", false),
            ("_pw", "db_pwd", false),
        ] {
            let bounds = Bounds::of_name(&anchor.to_ascii_lowercase());
            assert_eq!(are_in(bounds, anchor, text), expected, "{text}");
        }
        for (anchor, text, expected) in [
            ("box", "checkbox", false),
            ("box", "boxes", false),
            ("box", "boxtoken", true),
            ("box", "box.com", true),
            ("acmeworks", "myacmeworks", true),
            ("acme_x", "myacme_x", false),
        ] {
            assert_eq!(
                are_in(Bounds::of_word(anchor), anchor, text),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn what_follows_a_prefix_is_as_long_as_every_match_has_it() {
        let run = |letters: &[u8], least| {
            let mut follow = [false; 256];
            letters
                .iter()
                .for_each(|&it| follow[usize::from(it)] = true);
            least_run(&follow, least)
        };
        assert_eq!(
            (run(b"aZ9_-", 5), run(b"aZ9", 80), run(b"a ", 80)),
            (5, 8, 0)
        );
        let bounds = Bounds {
            run: 4,
            ..Bounds::NONE
        };
        assert!(are_in(bounds, "EAA", "EAAb-c4") && !are_in(bounds, "EAA", "EAAE,SAA"));
        assert!(!are_in(bounds, "EAA", "EAAbcd"));
    }

    #[test]
    fn of_several_rules_the_least_strict_counts() {
        let strict = Bounds {
            start: Start::Word,
            run: 8,
            lower: 0,
        };
        assert_eq!(strict.or(Bounds::NONE), Bounds::NONE);
        assert_eq!(strict.or(strict), strict);
    }
}

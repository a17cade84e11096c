//! What a pattern's syntax tells of its matches: how far before its anchor one begins, what stands right before the anchor, and
//! which bytes follow it.
//! Compiles nothing, and searches nothing.

use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// What is known of every match of a pattern.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// The most bytes that a match has before an anchor of it.
    pub(crate) lead: usize,
    /// Whether no word goes on with the anchor: what stands before it is no letter, digit or underscore.
    pub(crate) begins: bool,
    /// The fewest.
    pub(crate) least_lead: usize,
    /// The bytes of which the rest of a match behind that anchor is made, one byte at its end aside that may bound it.
    pub(crate) follow: Box<[bool; 256]>,
    /// How many of those a match has at least.
    pub(crate) least: usize,
}

impl Shape {
    /// Of a pattern every match of which holds one of the anchors, if that can be told; with `fold` in any ASCII case.
    pub(crate) fn of<'a>(
        hir: &Hir,
        anchors: impl Iterator<Item = &'a str> + Clone,
        fold: bool,
    ) -> Option<Shape> {
        let mut parts = Vec::new();
        flatten(hir, &mut parts);
        let folded: Vec<Hir> = match fold {
            true => parts.iter().map(|part| in_lower_case(part)).collect(),
            false => parts.iter().map(|&part| part.clone()).collect(),
        };
        let (mut before, mut least_before) = (0_usize, 0_usize);
        for (index, part) in parts.iter().enumerate() {
            // The first part on that begins with anchors, whatever the match.
            let rest = &folded[index..];
            let place = anchor_in(rest, anchors.clone(), fold)
                .or_else(|| in_each(&folded[index], anchors.clone(), fold));
            if let Some(place) = place {
                let core = without_bound(&parts, index);
                let shortest = core.iter().map(|part| part.properties().minimum_len());
                let shortest = shortest.map(Option::unwrap_or_default).sum::<usize>();
                return Some(Shape {
                    begins: begins(&parts, &folded, index, anchors, fold),
                    lead: before.checked_add(place.latest_start)?,
                    least_lead: least_before.checked_add(place.earliest_start)?,
                    follow: follow(core, place.earliest_end),
                    least: shortest.saturating_sub(place.latest_end),
                });
            }
            before = before.checked_add(part.properties().maximum_len()?)?;
            let least = part.properties().minimum_len().unwrap_or_default();
            least_before = least_before.saturating_add(least);
        }
        None
    }
}

/// Where an anchor is in what some parts match, in bytes from their beginning.
struct Place {
    earliest_start: usize,
    latest_start: usize,
    earliest_end: usize,
    latest_end: usize,
}

/// Where an anchor is in every text that begins as these parts do, if there is one in all of them.
fn anchor_in<'a>(
    parts: &[Hir],
    anchors: impl Iterator<Item = &'a str> + Clone,
    fold: bool,
) -> Option<Place> {
    let beginnings = Extractor::new().extract(&Hir::concat(parts.to_vec()));
    let mut place = Place {
        earliest_start: usize::MAX,
        latest_start: 0,
        earliest_end: usize::MAX,
        latest_end: 0,
    };
    for beginning in beginnings
        .literals()
        .filter(|literals| !literals.is_empty())?
    {
        let first = anchors.clone().filter_map(|anchor| {
            let anchor = match fold {
                true => anchor.to_ascii_lowercase(),
                false => anchor.to_owned(),
            };
            let at = find(beginning.as_bytes(), anchor.as_bytes())?;
            Some((at, at + anchor.len()))
        });
        let (start, end) = first.min()?;
        place.earliest_start = place.earliest_start.min(start);
        place.latest_start = place.latest_start.max(start);
        place.earliest_end = place.earliest_end.min(end);
        place.latest_end = place.latest_end.max(end);
    }
    Some(place)
}

/// Whether no word goes on with an anchor that is in what the parts from `index` on match.
fn begins<'a>(
    parts: &[&Hir],
    folded: &[Hir],
    index: usize,
    anchors: impl Iterator<Item = &'a str> + Clone,
    fold: bool,
) -> bool {
    let place_from = |at: usize| anchor_in(folded.get(at..)?, anchors.clone(), fold);
    // What bounds the anchor has a byte, or none.
    let mut at = index;
    while parts[at].properties().maximum_len() <= Some(1) && place_from(at + 1).is_some() {
        at += 1;
    }
    let starts = place_from(at).is_some_and(|place| place.latest_start == 0);
    let bound = at.checked_sub(1).map(|bound| parts[bound]);
    starts && bound.is_some_and(|bound| ends_words(bound, anchors.clone()))
}

/// Whether no word goes on from what matches this part to an anchor right behind it.
fn ends_words<'a>(part: &Hir, mut anchors: impl Iterator<Item = &'a str> + Clone) -> bool {
    match part.kind() {
        HirKind::Look(Look::Start | Look::StartLF | Look::StartCRLF | Look::WordStartAscii) => true,
        HirKind::Look(Look::WordAscii) => {
            anchors.all(|anchor| anchor.bytes().next().is_some_and(is_of_word))
        }
        HirKind::Class(Class::Bytes(class)) => class
            .ranges()
            .iter()
            .all(|range| !(range.start()..=range.end()).any(is_of_word)),
        HirKind::Alternation(parts) => parts.iter().all(|part| match part.kind() {
            HirKind::Look(_) | HirKind::Class(_) => ends_words(part, anchors.clone()),
            _ => false,
        }),
        _ => false,
    }
}

/// Whether a byte is a letter, a digit or an underscore.
pub(crate) const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where an anchor is in every alternative of a part.
fn in_each<'a>(
    part: &Hir,
    anchors: impl Iterator<Item = &'a str> + Clone,
    fold: bool,
) -> Option<Place> {
    let HirKind::Alternation(alternatives) = part.kind() else {
        return None;
    };
    let places = alternatives.iter().map(|alternative| {
        let mut parts = Vec::new();
        flatten(alternative, &mut parts);
        let parts: Vec<Hir> = parts.into_iter().cloned().collect();
        let (mut most, mut least) = (0_usize, 0);
        for (index, part) in parts.iter().enumerate() {
            if let Some(place) = anchor_in(&parts[index..], anchors.clone(), fold) {
                return Some(Place {
                    earliest_start: least + place.earliest_start,
                    latest_start: most.checked_add(place.latest_start)?,
                    earliest_end: least + place.earliest_end,
                    latest_end: most.checked_add(place.latest_end)?,
                });
            }
            least += part.properties().minimum_len().unwrap_or_default();
            most = most.checked_add(part.properties().maximum_len()?)?;
        }
        None
    });
    let places: Option<Vec<Place>> = places.collect();
    places?.into_iter().reduce(|one, other| Place {
        earliest_start: one.earliest_start.min(other.earliest_start),
        latest_start: one.latest_start.max(other.latest_start),
        earliest_end: one.earliest_end.min(other.earliest_end),
        latest_end: one.latest_end.max(other.latest_end),
    })
}

/// The parts from `first` on, without one at their end that is a byte or nothing: it bounds what stands before it.
fn without_bound<'p, 'h>(parts: &'p [&'h Hir], first: usize) -> &'p [&'h Hir] {
    let longest = |part: &Hir| part.properties().maximum_len();
    let mut end = parts.len();
    while end > first + 1 && longest(parts[end - 1]) == Some(0) {
        end -= 1;
    }
    if end > first + 1 && longest(parts[end - 1]) == Some(1) {
        end -= 1;
    }
    &parts[first..end]
}

/// The bytes that may follow the first so many.
fn follow(parts: &[&Hir], first: usize) -> Box<[bool; 256]> {
    let mut bytes = Box::new([false; 256]);
    let mut passed = Some(0);
    for part in parts {
        let properties = part.properties();
        let length = properties.maximum_len();
        let begins = passed.filter(|&passed| passed < first);
        passed = passed
            .zip(length.filter(|_| length == properties.minimum_len()))
            .map(|(passed, length)| passed + length);
        match (begins, part.kind()) {
            (Some(begins), HirKind::Literal(literal)) => {
                let rest = literal.0.iter().skip(first - begins);
                rest.for_each(|&byte| bytes[usize::from(byte)] = true);
            }
            // All of it is among the first.
            (Some(_), _) if passed.is_some_and(|passed| passed <= first) => {}
            _ => add_bytes(part, &mut bytes),
        }
    }
    bytes
}

/// What the first byte of a pattern's matches may be.
pub(crate) fn first_bytes(hir: &Hir) -> Box<[bool; 256]> {
    let mut bytes = Box::new([false; 256]);
    if may_be_empty(hir, &mut bytes) {
        bytes.fill(true);
    }
    bytes
}

/// Adds the bytes that a part's matches begin with; whether it may match no byte at all.
fn may_be_empty(hir: &Hir, first: &mut [bool; 256]) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => literal.0.first().is_none_or(|&byte| {
            first[usize::from(byte)] = true;
            false
        }),
        HirKind::Class(_) => {
            add_bytes(hir, first);
            false
        }
        HirKind::Repetition(repetition) => {
            may_be_empty(&repetition.sub, first) || repetition.min == 0
        }
        HirKind::Capture(capture) => may_be_empty(&capture.sub, first),
        HirKind::Concat(parts) => parts.iter().all(|part| may_be_empty(part, first)),
        HirKind::Alternation(parts) => {
            let empty = parts.iter().filter(|part| may_be_empty(part, first));
            empty.count() > 0
        }
    }
}

/// Every byte that a match may be made of.
pub(super) fn bytes_of(hir: &Hir) -> Box<[bool; 256]> {
    let mut bytes = Box::new([false; 256]);
    add_bytes(hir, &mut bytes);
    bytes
}

/// Adds every byte that a part's matches may be made of.
fn add_bytes(hir: &Hir, bytes: &mut [bool; 256]) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => {
            for &byte in &literal.0 {
                bytes[usize::from(byte)] = true;
            }
        }
        HirKind::Class(Class::Bytes(class)) => {
            for range in class.ranges() {
                bytes[usize::from(range.start())..=usize::from(range.end())].fill(true);
            }
        }
        HirKind::Class(Class::Unicode(class)) => {
            for range in class.ranges() {
                match (u8::try_from(range.start()), u8::try_from(range.end())) {
                    (Ok(start), Ok(end)) if end.is_ascii() => {
                        bytes[usize::from(start)..=usize::from(end)].fill(true);
                    }
                    // Of the bytes of other letters each may be any.
                    _ => bytes.fill(true),
                }
            }
        }
        HirKind::Repetition(repetition) => add_bytes(&repetition.sub, bytes),
        HirKind::Capture(capture) => add_bytes(&capture.sub, bytes),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().for_each(|part| add_bytes(part, bytes));
        }
    }
}

/// The same with a letter's two cases taken for the lower one.
fn in_lower_case(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Literal(literal) => Hir::literal(literal.0.to_ascii_lowercase()),
        HirKind::Class(Class::Bytes(class)) => match class.ranges() {
            [upper, lower]
                if upper.start() == upper.end()
                    && lower.start() == lower.end()
                    && upper.start().is_ascii_uppercase()
                    && upper.start().to_ascii_lowercase() == lower.start() =>
            {
                Hir::literal([lower.start()])
            }
            _ => hir.clone(),
        },
        HirKind::Repetition(repetition) => {
            let mut repetition = repetition.clone();
            repetition.sub = Box::new(in_lower_case(&repetition.sub));
            Hir::repetition(repetition)
        }
        HirKind::Capture(capture) => in_lower_case(&capture.sub),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(in_lower_case).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(in_lower_case).collect()),
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Unicode(_)) => hir.clone(),
    }
}

/// The parts of a pattern that follow one another, groups opened.
pub(super) fn flatten<'h>(hir: &'h Hir, parts: &mut Vec<&'h Hir>) {
    match hir.kind() {
        HirKind::Capture(capture) => flatten(&capture.sub, parts),
        HirKind::Concat(concat) => concat.iter().for_each(|part| flatten(part, parts)),
        _ => parts.push(hir),
    }
}

/// Where a text holds a part for the first time.
pub(super) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape_of(pattern: &str, anchors: &[&str]) -> Option<Shape> {
        let fold = pattern.starts_with("(?i)");
        Shape::of(&parsed(pattern), anchors.iter().copied(), fold)
    }

    fn shape(pattern: &str, anchors: &[&str]) -> Option<(usize, usize, String)> {
        let shape = shape_of(pattern, anchors)?;
        let follow = (b' '..=b'~').filter(|&byte| shape.follow[usize::from(byte)]);
        Some((
            shape.lead,
            shape.least,
            follow.map(char::from).collect::<String>(),
        ))
    }

    #[test]
    fn a_match_begins_so_far_before_its_anchor_and_goes_on_with_these_bytes() {
        for (pattern, anchors, expected) in [
            (
                r"\bab_[0-9]{4,9}\b",
                &["ab_"][..],
                Some((0, 4, "0123456789")),
            ),
            (
                r"(?:^|[^A-Z])(?<secret>(?:ab|cd)_[01]{4})(?:[^A-Z]|$)",
                &["ab_", "cd_"],
                Some((1, 4, "01")),
            ),
            (
                r"(?:^|[^a-z])(?<secret>(?:x[01]{3}(?:ab|cd)|y(?:ef)?ab)[gh]{2,5})",
                &["ab", "cd"],
                Some((5, 0, "01abcdefghxy")),
            ),
            (r"(?:x[01]{3}ab|y[01]+ab)[gh]", &["ab"], None),
            (r"x{1,7}ab=[01]{2}", &["ab="], Some((7, 2, "01"))),
            (r"(?i)bearer [01]{2,3}", &["Bearer"], Some((0, 3, " 01"))),
            (
                r"(?i)authorization[01]",
                &["authorization"],
                Some((0, 0, "")),
            ),
            // Not every match has the anchor, or any number of bytes before it.
            (r"(?:ab_|[01]{3})[01]", &["ab_"], None),
            (r"[01]+ab_", &["ab_"], None),
            (r"a[bc]_[01]", &["ab_"], None),
        ] {
            let expected = expected.map(|(lead, least, follow)| (lead, least, follow.to_owned()));
            let found = shape(pattern, anchors);
            assert_eq!(found, expected, "{pattern}");
        }
    }

    #[test]
    fn some_patterns_match_only_where_no_word_goes_on() {
        for (pattern, anchors, expected) in [
            (r"\bab_[01]", &["ab_"][..], true),
            (r"(?i)\b(?<secret>ab_[01])", &["ab_"], true),
            (r"\b(?:ab|cd)_[01]", &["ab_", "cd_"], true),
            (r"(?:^|[^A-Za-z0-9_+/-])ab_[01]", &["ab_"], true),
            (r"(?:^|[\s,])ab_[01]", &["ab_"], true),
            // Letters may come first, or anything, or the anchor is no word.
            (r"(?:^|[^A-Z0-9_])ab_[01]", &["ab_"], false),
            (r"\bx?ab_[01]", &["ab_"], false),
            (r"\bxab_[01]", &["ab_"], false),
            (r"\b-ab_[01]", &["-ab_"], false),
            (r"\B_ab_[01]", &["_ab_"], false),
            (r"(?:^|[^A-Za-z0-9_]|-x)ab_[01]", &["ab_"], false),
            (r"ab_[01]", &["ab_"], false),
        ] {
            let shape = shape_of(pattern, anchors).unwrap();
            assert_eq!(shape.begins, expected, "{pattern}");
        }
    }

    #[test]
    fn a_match_begins_with_these_bytes_and_no_closer_to_its_anchor() {
        for (pattern, anchor, first, least_lead) in [
            (r"\b(?:x|[yz])?(?<secret>ab_[01])", "ab_", "axyz", 0),
            (r":[0-9]{3,10}:(?<secret>[0-9a-f]{4}):::", ":::", ":", 9),
            ("(?i)(?:key|(?:t|u){2,3})=[01]", "=", "KTUktu", 2),
        ] {
            let hir = parsed(pattern);
            let bytes = first_bytes(&hir);
            let bytes = (0..=u8::MAX).filter(|&byte| bytes[usize::from(byte)]);
            assert_eq!(
                bytes.map(char::from).collect::<String>(),
                first,
                "{pattern}"
            );
            let shape = Shape::of(&hir, [anchor].into_iter(), false).unwrap();
            assert_eq!(shape.least_lead, least_lead, "{pattern}");
        }
        let empty = parsed("(?:a|)(?:b?)*");
        assert!(first_bytes(&empty).iter().all(|&byte| byte));
    }

    fn parsed(pattern: &str) -> Hir {
        let mut parser = regex_syntax::ParserBuilder::new();
        let hir = parser.unicode(false).utf8(false).build().parse(pattern);
        hir.unwrap()
    }
}

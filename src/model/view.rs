//! What is matched: an item's bytes as they are or decoded, with the way back to the source. Decodes nothing itself.

use std::borrow::Cow;
use std::ops::Range;

use serde::Serialize;

use super::offsets::OffsetMap;
use super::span::{Position, Span, ViewRange};

/// How a view's bytes were had from the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-16, least significant byte first.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, most significant byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// UTF-32, least significant byte first.
    #[serde(rename = "utf-32le")]
    Utf32Le,
    /// UTF-32, most significant byte first.
    #[serde(rename = "utf-32be")]
    Utf32Be,
    /// Base64 with the letters of RFC 4648, section 4.
    Base64,
    /// Base64 with the letters of RFC 4648, section 5, safe in URLs.
    #[serde(rename = "base64url")]
    Base64Url,
    /// Hexadecimal digits, two a byte.
    Hex,
    /// `%41`.
    Percent,
    /// `\u0041` and its kin, as in JSON.
    UnicodeEscape,
    /// `\x41`.
    HexEscape,
    /// `&#65;`, `&#x41;` or a name such as `&amp;`.
    HtmlEntity,
    /// `=41` and line ends behind `=`.
    QuotedPrintable,
    /// Full-width forms of ASCII.
    FullWidth,
    /// Characters that take no room when shown.
    ZeroWidth,
    /// Pieces of a literal that the program or the shell puts together.
    Concatenation,
    /// Nothing was undone: it is in the item's name.
    FileName,
    /// Nothing was undone: it is in what a link points to.
    LinkTarget,
}

impl Encoding {
    /// Its name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::Utf32Le => "utf-32le",
            Encoding::Utf32Be => "utf-32be",
            Encoding::Base64 => "base64",
            Encoding::Base64Url => "base64url",
            Encoding::Hex => "hex",
            Encoding::Percent => "percent",
            Encoding::UnicodeEscape => "unicode-escape",
            Encoding::HexEscape => "hex-escape",
            Encoding::HtmlEntity => "html-entity",
            Encoding::QuotedPrintable => "quoted-printable",
            Encoding::FullWidth => "full-width",
            Encoding::ZeroWidth => "zero-width",
            Encoding::Concatenation => "concatenation",
            Encoding::FileName => "file-name",
            Encoding::LinkTarget => "link-target",
        }
    }
}

/// Some bytes to match, and where they came from: an item's text, or what was decoded from a part of another view.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// What is matched.
    pub bytes: Cow<'a, [u8]>,
    /// From offsets in `bytes` to offsets in `parent`, or in the source if there is none.
    pub map: OffsetMap,
    /// The view that this one was decoded from a part of; none for an item's text as a whole.
    pub parent: Option<&'a View<'a>>,
    /// What was undone to get here from the parent or the source. None for the raw bytes, and for a part in which escapes
    /// of several kinds were undone in place.
    pub via: Option<Encoding>,
    /// The line and column of the first byte of an item's text, counted in that text.
    pub origin: Position,
    /// Which candidates are this view's to report, by where they start in `parent` or the source: what lies to both
    /// sides is there as context.
    pub own: Range<u64>,
}

impl<'a> View<'a> {
    /// A text that stands for itself.
    pub fn whole(text: &'a [u8]) -> View<'a> {
        View {
            bytes: Cow::Borrowed(text),
            map: OffsetMap::raw(0),
            parent: None,
            via: None,
            origin: Position::START,
            own: 0..u64::MAX,
        }
    }

    /// The item's text that this view is part of, and where `range` is in it: all that what lies in `range` was decoded
    /// from.
    pub fn in_text(&self, range: ViewRange) -> (&View<'a>, ViewRange) {
        match self.parent {
            None => (self, range),
            Some(parent) => parent.in_text(self.in_parent(range)),
        }
    }

    /// Where `range` is in the parent.
    pub fn in_parent(&self, range: ViewRange) -> ViewRange {
        let (start, end) = self.map.range_to_source(range);
        // Parents are in memory, so their offsets fit.
        ViewRange::new(
            usize::try_from(start).unwrap_or(usize::MAX),
            usize::try_from(end).unwrap_or(usize::MAX),
        )
    }

    /// Whether `range` holds anything that was decoded, at every step on the way to the item's text: where it does not,
    /// the same is in the parent, too.
    pub fn is_decoded(&self, range: ViewRange) -> bool {
        self.parent.is_none_or(|parent| {
            self.map.is_decoded(range) && parent.is_decoded(self.in_parent(range))
        })
    }

    /// Whether what begins at `at` is this view's to report, and not that of one with which it shares context. Of an item's
    /// text as a whole everything is: which stretch reports it is asked when all is seen.
    pub fn owns(&self, at: usize) -> bool {
        self.parent.is_none_or(|parent| {
            let at = self.map.to_source(at);
            let in_parent = usize::try_from(at).unwrap_or(usize::MAX);
            self.own.contains(&at) && parent.owns(in_parent)
        })
    }

    /// Whether what begins at `at` of an item's text is this stretch's to report.
    pub fn reports(&self, at: usize) -> bool {
        self.own.contains(&self.map.to_source(at))
    }
}

/// Finds the places of ranges of an item's text. Ranges that come in order cost one pass over the text in all.
#[derive(Debug)]
pub struct Locator<'v> {
    view: &'v View<'v>,
    known: (usize, Position),
}

impl<'v> Locator<'v> {
    /// A locator at the text's first byte; `view` is no part of another.
    pub const fn new(view: &'v View<'v>) -> Locator<'v> {
        Locator {
            view,
            known: (0, view.origin),
        }
    }

    /// The place in the source of `range`.
    pub fn span(&mut self, range: ViewRange) -> Span {
        if range.start < self.known.0 {
            self.known = (0, self.view.origin);
        }
        let (offset, position) = self.known;
        let start = position.after(&self.view.bytes[offset..range.start]);
        self.known = (range.start, start);
        let (byte_start, byte_end) = self.view.map.range_to_source(range);
        Span {
            byte_start,
            byte_end,
            start,
            end: start.after(range.of(&self.view.bytes)),
        }
    }
}

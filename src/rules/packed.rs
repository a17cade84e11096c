//! From the bytes that the program holds of a rule to the rule. `build.rs` packs the builtin rules, with `pack.rs`, and a run
//! unpacks those that it needs. A table of structs would be as ready to use, but is full of pointers, and at every start each
//! pointer in a program must be set to where the program was loaded. Shared with `build.rs`.

use std::borrow::Cow;

use super::data::{CheckKind, CheckSpec, Line, Literal, Method, Near, RuleData, Text};
use super::sieve::Place;
use crate::model::{Class, Confidence, Level, RuleCard, Severity};

/// Which method follows.
pub(super) const PATTERN: u8 = 0;
pub(super) const VALUE: u8 = 1;
pub(super) const CONTEXT: u8 = 2;
pub(super) const FILE: u8 = 3;

/// The rule that these bytes, are of.
pub(crate) fn unpack(bytes: &'static [u8]) -> RuleData {
    let mut rest = Unpacker(bytes);
    let (id, enabled, fallback) = (rest.text(), rest.flag(), rest.flag());
    RuleData {
        card: RuleCard {
            id: Cow::Borrowed(id),
            title: Cow::Borrowed(rest.text()),
            class: Class::ALL[usize::from(rest.byte())],
            level: Level::ALL[usize::from(rest.byte())],
            severity: Severity::ALL[usize::from(rest.byte())],
            remedy: Cow::Borrowed(rest.text()),
            docs: Cow::Borrowed(rest.text()),
        },
        provider: Cow::Borrowed(rest.text()),
        confidence: rest.confidence(),
        method: rest.method(),
        checks: rest.list(|rest| CheckSpec {
            kind: CheckKind::ALL[usize::from(rest.byte())].0,
            parameter: f32::from_le_bytes(rest.bytes()),
        }),
        only: rest.texts(),
        never: rest.texts(),
        fallback,
        enabled,
    }
}

/// The name of the rule that these bytes are of, and whether it is on by default.
pub(crate) fn name_and_default(bytes: &'static [u8]) -> (&'static str, bool) {
    let mut rest = Unpacker(bytes);
    (rest.text(), rest.flag())
}

/// What is not unpacked yet. It was packed when the program was built: that all of it is there needs no second look.
struct Unpacker(&'static [u8]);

impl Unpacker {
    fn bytes<const LENGTH: usize>(&mut self) -> [u8; LENGTH] {
        let (bytes, rest) = self.0.split_first_chunk().expect("it was packed whole");
        self.0 = rest;
        *bytes
    }

    fn byte(&mut self) -> u8 {
        let [byte] = self.bytes();
        byte
    }

    fn flag(&mut self) -> bool {
        self.byte() != 0
    }

    fn number(&mut self) -> usize {
        u32::from_le_bytes(self.bytes()) as usize
    }

    fn text(&mut self) -> &'static str {
        let length = self.number();
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        str::from_utf8(text).expect("it was packed as text")
    }

    fn list<T: Clone>(&mut self, mut each: impl FnMut(&mut Unpacker) -> T) -> Cow<'static, [T]> {
        match self.number() {
            0 => Cow::Borrowed(&[]),
            number => Cow::Owned((0..number).map(|_| each(self)).collect()),
        }
    }

    fn texts(&mut self) -> Cow<'static, [Text]> {
        self.list(|rest| Cow::Borrowed(rest.text()))
    }

    fn literals(&mut self) -> Cow<'static, [Literal]> {
        self.list(|rest| Literal {
            text: Cow::Borrowed(rest.text()),
            place: Place {
                offset: rest.byte(),
                group: rest.byte(),
            },
        })
    }

    fn maybe<T>(&mut self, each: impl FnOnce(&mut Unpacker) -> T) -> Option<T> {
        self.flag().then(|| each(self))
    }

    fn confidence(&mut self) -> Confidence {
        Confidence::from_thousandths(u16::from_le_bytes(self.bytes()))
    }

    fn method(&mut self) -> Method {
        match self.byte() {
            PATTERN => Method::Pattern {
                anchors: self.literals(),
                ignore_case: self.flag(),
                begins: self.flag(),
                run: self.byte(),
                pattern: Cow::Borrowed(self.text()),
                reach: self.number(),
                lead: self.number(),
                then: self.maybe(Unpacker::byte),
                near: self.maybe(|rest| Near {
                    pattern: Cow::Borrowed(rest.text()),
                    lines: rest.number(),
                    alone: rest.maybe(Unpacker::confidence),
                }),
            },
            VALUE => Method::Value {
                anchors: self.literals(),
                value: Cow::Borrowed(self.text()),
            },
            CONTEXT => Method::Context {
                words: self.literals(),
                ordinary: self.flag(),
                body: Cow::Borrowed(self.text()),
                distinctive: self.flag(),
                lengths: (self.number(), self.number()),
            },
            FILE => Method::File {
                names: self.texts(),
                magic: self.list(|rest| rest.list(|rest| rest.maybe(Unpacker::byte))),
                line: self.maybe(|rest| Line {
                    pattern: Cow::Borrowed(rest.text()),
                    holds: rest.texts(),
                }),
            },
            method => unreachable!("no method is packed as {method}"),
        }
    }
}

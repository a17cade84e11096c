//! The rules that are on, in order. Each is made when first asked for; until then nothing but its place is known.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Index;
use std::sync::OnceLock;

use super::builtin;
use super::data::RuleData;
use super::rule::Rule;

/// The rules that are on.
#[derive(Debug)]
pub(crate) struct Rules {
    /// Which: the builtin rules by their number, and behind them the user's.
    on: Cow<'static, [u16]>,
    /// Which are not.
    off: Cow<'static, [u16]>,
    /// The user's.
    own: Vec<RuleData>,
    /// Those that were asked for.
    made: Box<[OnceLock<Box<Rule>>]>,
}

impl Rules {
    /// The builtin rules that are on by default.
    pub(super) fn builtin() -> Rules {
        Rules::with(
            Cow::Borrowed(builtin::ON),
            Cow::Borrowed(builtin::OFF),
            Vec::new(),
        )
    }

    /// The builtin rules and a user's own, switched on and off by id; where nothing is said of a rule, by its default.
    pub(super) fn new(own: Vec<RuleData>, switches: &BTreeMap<String, bool>) -> Rules {
        let is_on = |(name, default): (&str, bool)| switches.get(name).copied().unwrap_or(default);
        let own_on = own.iter().map(|rule| is_on((&rule.card.id, rule.enabled)));
        let every = builtin::names_and_defaults().map(is_on).chain(own_on);
        let (on, off): (Vec<_>, Vec<_>) = (0..).zip(every).partition(|(_, is_on)| *is_on);
        let numbers =
            |rules: Vec<(u16, bool)>| rules.into_iter().map(|(number, _)| number).collect();
        let (on, off) = (numbers(on), numbers(off));
        Rules::with(Cow::Owned(on), Cow::Owned(off), own)
    }

    fn with(on: Cow<'static, [u16]>, off: Cow<'static, [u16]>, own: Vec<RuleData>) -> Rules {
        Rules {
            made: on.iter().map(|_| OnceLock::new()).collect(),
            on,
            off,
            own,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.on.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.on.is_empty()
    }

    /// All of them, made.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Rule> {
        (0..self.len()).map(|index| &self[index])
    }

    /// How many were asked for.
    #[cfg(test)]
    pub(crate) fn made(&self) -> usize {
        self.made.iter().filter(|rule| rule.get().is_some()).count()
    }

    /// What all of them are made of.
    pub(super) fn data(&self) -> impl Iterator<Item = Cow<'_, RuleData>> {
        self.on.iter().map(|&number| self.data_of(number))
    }

    /// Their ids.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.on.iter().map(|&number| self.id(number))
    }

    /// The ids of those that are on and of those that are off.
    pub(super) fn every_id(&self) -> impl Iterator<Item = &str> {
        let every = self.on.iter().chain(self.off.iter());
        every.map(|&number| self.id(number))
    }

    fn id(&self, number: u16) -> &str {
        match self.own(number) {
            Some(own) => &own.card.id,
            None => builtin::name(number.into()),
        }
    }

    fn data_of(&self, number: u16) -> Cow<'_, RuleData> {
        match self.own(number) {
            Some(own) => Cow::Borrowed(own),
            None => Cow::Owned(builtin::rule(number.into())),
        }
    }

    /// The user's rule of this number, if it is one of theirs.
    fn own(&self, number: u16) -> Option<&RuleData> {
        let index = usize::from(number).checked_sub(builtin::NUMBER)?;
        self.own.get(index)
    }
}

impl Index<usize> for Rules {
    type Output = Rule;

    #[inline]
    fn index(&self, index: usize) -> &Rule {
        self.made[index]
            .get_or_init(|| Box::new(Rule::new(self.data_of(self.on[index]).into_owned())))
    }
}

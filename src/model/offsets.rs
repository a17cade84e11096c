//! The way back from a view to what it was decoded from.

use super::span::ViewRange;

/// From a view's offsets to the source's: runs in which both advance at fixed rates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OffsetMap {
    /// Most maps have one run, and take no memory for more.
    first: Option<Run>,
    more: Vec<Run>,
}

/// From `view` on, each `view_step` bytes of the view stand for `source_step` bytes of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    view: usize,
    source: u64,
    view_step: u8,
    source_step: u8,
}

impl OffsetMap {
    /// The view is the source from its byte `base` on.
    pub const fn raw(base: u64) -> OffsetMap {
        OffsetMap {
            first: Some(Run {
                view: 0,
                source: base,
                view_step: 1,
                source_step: 1,
            }),
            more: Vec::new(),
        }
    }

    /// An empty map; characters are added with [`OffsetMap::push`].
    pub const fn decoded() -> OffsetMap {
        OffsetMap {
            first: None,
            more: Vec::new(),
        }
    }

    /// The character at `view` in the view, `view_step` bytes long, was `source_step` bytes at `source`.
    /// Characters come in order; neighbours of one shape share a run.
    pub fn push(&mut self, view: usize, source: u64, view_step: u8, source_step: u8) {
        let run = Run {
            view,
            source,
            view_step,
            source_step,
        };
        match self.more.last().or(self.first.as_ref()) {
            None => self.first = Some(run),
            Some(last)
                if (last.view_step, last.source_step) == (view_step, source_step)
                    && last.at(view) == source => {}
            Some(_) => self.more.push(run),
        }
    }

    /// The last run of which `is_before` is true; it is not true of any behind one of which it is not.
    fn last_run(&self, is_before: impl Fn(&Run) -> bool) -> Option<&Run> {
        match self.more.partition_point(&is_before) {
            0 => self.first.as_ref().filter(|run| is_before(run)),
            after => self.more.get(after - 1),
        }
    }

    /// The source offset of a view offset. Within a character it is that of the character's first byte; past the
    /// view's end it goes on at the last run's rate.
    pub fn to_source(&self, view: usize) -> u64 {
        match self.last_run(|run| run.view <= view) {
            Some(run) => run.at(view),
            None => self.first.map_or(0, |run| run.source),
        }
    }

    /// Where in the source a range of the view is: from the first byte of its first character up to the last byte of its last.
    /// What was dropped after the last is not part of it.
    pub fn range_to_source(&self, range: ViewRange) -> (u64, u64) {
        let start = self.to_source(range.start);
        if range.is_empty() {
            return (start, start);
        }
        let last = range.end - 1;
        let run = self.last_run(|run| run.view <= last);
        let end = run.map_or(start, |run| run.end_at(last));
        (start, end.max(start))
    }

    /// Whether anything in a range of the view is not as it is in the source. Whatever is undone gets shorter.
    pub fn is_decoded(&self, range: ViewRange) -> bool {
        let (start, end) = self.range_to_source(range);
        end - start != range.len() as u64
    }

    /// The view offset of a source offset, at most `end`: the inverse of [`OffsetMap::to_source`] at characters' starts.
    pub fn to_view(&self, source: u64, end: usize) -> usize {
        let Some(run) = self.last_run(|run| run.source <= source) else {
            return 0;
        };
        let characters = (source - run.source) / u64::from(run.source_step.max(1));
        let view = run.view as u64 + characters * u64::from(run.view_step);
        usize::try_from(view).unwrap_or(end).min(end)
    }
}

impl Run {
    /// Where the character ends in the source that `view` is in.
    fn end_at(&self, view: usize) -> u64 {
        self.at(view) + u64::from(self.source_step)
    }

    fn at(&self, view: usize) -> u64 {
        let characters = (view - self.view) / usize::from(self.view_step.max(1));
        self.source + characters as u64 * u64::from(self.source_step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoded_map_leads_back_to_each_character() {
        // "aé€b" in UTF-16 after a two-byte mark: view offsets 0, 1, 3, 6; source offsets 2, 4, 6, 8.
        let mut map = OffsetMap::decoded();
        for (view, source, step) in [(0, 2, 1), (1, 4, 2), (3, 6, 3), (6, 8, 1)] {
            map.push(view, source, step, 2);
        }
        assert_eq!(
            [0, 1, 2, 3, 5, 6, 7].map(|at| map.to_source(at)),
            [2, 4, 4, 6, 6, 8, 10]
        );
    }

    #[test]
    fn a_range_ends_with_its_last_character_and_is_decoded_if_anything_in_it_is() {
        // "x%41b" and two zero-width bytes before a "c": view "xAbc".
        let mut map = OffsetMap::decoded();
        for (view, source, step) in [(0, 0, 1), (1, 1, 3), (2, 4, 1), (3, 7, 1)] {
            map.push(view, source, 1, step);
        }
        let at = |start, end| map.range_to_source(ViewRange::new(start, end));
        assert_eq!(
            [at(0, 1), at(1, 2), at(0, 3), at(2, 4)],
            [(0, 1), (1, 4), (0, 5), (4, 8)]
        );
        let decoded = |start, end| map.is_decoded(ViewRange::new(start, end));
        assert_eq!(
            [decoded(0, 1), decoded(0, 2), decoded(2, 3), decoded(2, 4)],
            [false, true, false, true]
        );
        assert_eq!(at(2, 2), (4, 4));
    }

    #[test]
    fn neighbours_of_one_shape_share_a_run() {
        let mut map = OffsetMap::decoded();
        for at in 0..1000 {
            map.push(at, at as u64 * 2, 1, 2);
        }
        assert!(map.more.is_empty());
    }
}

//! Which commits are meant: those that some commits lead back to, without those that others lead back to, as `git rev-list` has
//! it. A commit is left out only if a way to it from one of the others was seen, so what is not known is looked at.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use gix::ObjectId;

use super::error::GitError;
use super::objects::Objects;
use crate::model::Why;

/// How far back in time, in seconds, hidden commits are followed beyond the oldest that is wanted: clocks differ.
const SLACK: i64 = 24 * 60 * 60;

/// Marks of a commit: what leads back to it.
pub(super) type Marks = u8;
/// The left side, of which only what is not on the right side is wanted.
pub(super) const LEFT: Marks = 1;
/// The right side, and the only one where there are not two.
pub(super) const RIGHT: Marks = 2;
/// What is not wanted.
pub(super) const HIDDEN: Marks = 4;

/// The commits that are meant.
#[derive(Default)]
pub(super) struct Ancestry {
    /// The oldest first, and no commit before its parents, as far as their clocks agree.
    pub(super) commits: Vec<ObjectId>,
    /// Those whose parents are not here, since the clone is shallow.
    pub(super) cut: HashSet<ObjectId>,
    /// Commits that cannot be read.
    pub(super) unread: Vec<(ObjectId, Why)>,
    /// The trees of all commits that were met.
    pub(super) trees: HashMap<ObjectId, ObjectId>,
}

struct Node {
    marks: Marks,
    parents: Vec<ObjectId>,
    waiting: bool,
}

struct Walk<'o> {
    objects: &'o Objects,
    shallow: &'o HashSet<ObjectId>,
    nodes: HashMap<ObjectId, Node>,
    trees: HashMap<ObjectId, ObjectId>,
    /// By date; what came first, first.
    queue: BinaryHeap<(i64, Reverse<usize>, ObjectId)>,
    /// How many of the queue are wanted.
    wanted: usize,
    unread: Vec<(ObjectId, Why)>,
    bytes: Vec<u8>,
}

impl Ancestry {
    /// Of all that `tips` lead back to, what is wanted.
    pub(super) fn of(
        objects: &Objects,
        tips: &[(ObjectId, Marks)],
        shallow: &HashSet<ObjectId>,
    ) -> Ancestry {
        let mut walk = Walk {
            objects,
            shallow,
            nodes: HashMap::new(),
            trees: HashMap::new(),
            queue: BinaryHeap::new(),
            wanted: 0,
            unread: Vec::new(),
            bytes: Vec::new(),
        };
        for &(tip, marks) in tips {
            walk.meet(tip, marks);
        }
        let (mut seen, mut oldest) = (Vec::new(), i64::MAX);
        while let Some(&(date, _, id)) = walk.queue.peek() {
            if walk.wanted == 0 && (seen.is_empty() || date < oldest.saturating_sub(SLACK)) {
                break;
            }
            walk.queue.pop();
            let Some(node) = walk.nodes.get_mut(&id) else {
                continue;
            };
            node.waiting = false;
            let (marks, parents) = (node.marks, node.parents.clone());
            if is_wanted(marks) {
                walk.wanted -= 1;
                oldest = oldest.min(date);
                seen.push(id);
            }
            for parent in parents {
                walk.meet(parent, marks);
            }
        }
        seen.retain(|id| walk.nodes.get(id).is_some_and(|node| is_wanted(node.marks)));
        seen.reverse();
        let cut = seen.iter().filter(|id| shallow.contains(*id));
        Ancestry {
            cut: cut.copied().collect(),
            commits: seen,
            unread: walk.unread,
            trees: walk.trees,
        }
    }

    /// One commit alone.
    pub(super) fn alone(id: ObjectId, shallow: &HashSet<ObjectId>) -> Ancestry {
        Ancestry {
            commits: vec![id],
            cut: shallow.get(&id).copied().into_iter().collect(),
            ..Ancestry::default()
        }
    }
}

impl Walk<'_> {
    /// A commit is led back to.
    fn meet(&mut self, id: ObjectId, marks: Marks) {
        if self.nodes.contains_key(&id) {
            return self.mark(id, marks);
        }
        let (parents, date) = match self.objects.commit(id, &mut self.bytes) {
            Ok(parts) => {
                self.trees.insert(id, parts.tree);
                let date = parts.committed(&self.bytes);
                match self.shallow.contains(&id) {
                    true => (Vec::new(), date),
                    false => (parts.parents, date),
                }
            }
            // What is not wanted need not be here.
            Err(_) if !is_wanted(marks) => return,
            Err(why) => {
                if !self.unread.iter().any(|(unread, _)| *unread == id) {
                    self.unread.push((id, why));
                }
                return;
            }
        };
        self.wanted += usize::from(is_wanted(marks));
        self.queue.push((date, Reverse(self.nodes.len()), id));
        let node = Node {
            marks,
            parents,
            waiting: true,
        };
        self.nodes.insert(id, node);
    }

    /// Adds marks to a commit that was met before, and to all that it was seen to lead back to.
    fn mark(&mut self, id: ObjectId, marks: Marks) {
        let mut todo = vec![(id, marks)];
        while let Some((id, marks)) = todo.pop() {
            let Some(node) = self.nodes.get_mut(&id) else {
                continue;
            };
            let was = node.marks;
            node.marks |= marks;
            if node.marks == was {
                continue;
            }
            if node.waiting {
                self.wanted -= usize::from(is_wanted(was) && !is_wanted(node.marks));
            } else {
                todo.extend(node.parents.iter().map(|parent| (*parent, node.marks)));
            }
        }
    }
}

/// Whether a commit is on one side, and on no other.
fn is_wanted(marks: Marks) -> bool {
    marks == LEFT || marks == RIGHT
}

/// Where a shallow clone ends; nowhere if it is whole.
///
/// # Errors
/// The list of these commits cannot be read.
pub(super) fn shallow(objects: &Objects) -> Result<HashSet<ObjectId>, GitError> {
    let list = objects.repository.shallow_commits();
    let list = list.map_err(|error| GitError::broken("the shallow file cannot be read", &error))?;
    Ok(list.map_or_else(HashSet::new, |list| list.iter().copied().collect()))
}

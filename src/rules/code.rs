//! The code of the default set's tables. For `build.rs` alone.

use super::names::{Asks, NameTables, Named, Wild};
use super::table::{AnchorTable, KeyTable};

/// The code of a table of anchors.
pub(crate) fn anchors(table: &AnchorTable) -> String {
    let AnchorTable {
        texts,
        starts,
        users,
        first_users,
        bounds,
        groups,
        filter,
        long,
        short,
    } = table;
    let texts: String = texts
        .iter()
        .map(|byte| byte.escape_ascii().to_string())
        .collect();
    format!(
        "AnchorTable {{ texts: Ready::Here(b\"{texts}\"), starts: Ready::Here(&{starts:?}), users: Ready::Here(&{users:?}), first_users: Ready::Here(&{first_users:?}), bounds: Ready::Here(&{bounds:?}), groups: {groups:?}, filter: {filter:?}, long: {}, short: {} }}",
        keys(long),
        keys(short),
    )
}

fn keys<const SLOTS: usize>(table: &KeyTable<SLOTS>) -> String {
    let KeyTable { slots, entries } = table;
    format!("KeyTable {{ slots: {slots:?}, entries: Ready::Here(&{entries:?}) }}")
}

/// The code of the tables of file names.
pub(crate) fn file_names(
    NameTables {
        whole,
        ends,
        wild,
        magic,
    }: &NameTables,
) -> String {
    let named = |Named { key, end, rule }: &Named| {
        format!(
            "Named {{ key: {}, end: {}, rule: {rule} }}",
            text(key),
            text(end)
        )
    };
    let wild_one = |Wild { glob, asks, rule }: &Wild| {
        let asks = match asks {
            Asks::Begins(part) => format!("Asks::Begins({})", text(part)),
            Asks::Holds(part) => format!("Asks::Holds({})", text(part)),
        };
        format!(
            "Wild {{ glob: {}, asks: {asks}, rule: {rule} }}",
            text(glob)
        )
    };
    format!(
        "NameTables {{ whole: {}, ends: {}, wild: {}, magic: {} }}",
        list(whole, named),
        list(ends, named),
        list(wild, wild_one),
        list(magic, |(bytes, rule)| format!(
            "(Cow::Borrowed(&{bytes:?}), {rule})"
        )),
    )
}

fn text(text: &str) -> String {
    format!("Cow::Borrowed({text:?})")
}

fn list<T>(list: &[T], each: impl Fn(&T) -> String) -> String {
    let list: Vec<String> = list.iter().map(each).collect();
    format!("Cow::Borrowed(&[{}])", list.join(",\n"))
}

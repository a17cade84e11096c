//! Git's deltas: how a version of an object is made of another. Whoever packed them may have meant harm, so that every length and
//! place is checked. Format: git's `Documentation/gitformat-pack.adoc`, "Deltified representation".

/// Why a delta makes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BrokenDelta;

/// How long what a delta makes is, in bytes, as the delta says it.
pub(super) fn result_size(delta: &[u8]) -> Result<u64, BrokenDelta> {
    let (_, rest) = size(delta)?;
    Ok(size(rest)?.0)
}

/// Makes what `delta` makes of `base`, in place of what was in `out`.
///
/// # Errors
/// The delta is of another base, reaches beyond it, is cut off or makes more or less than it says; or there is no room.
pub(super) fn apply(base: &[u8], delta: &[u8], out: &mut Vec<u8>) -> Result<(), BrokenDelta> {
    let (base_size, rest) = size(delta)?;
    let (made, mut rest) = size(rest)?;
    let made = usize::try_from(made).map_err(|_| BrokenDelta)?;
    if base_size != base.len() as u64 {
        return Err(BrokenDelta);
    }
    out.clear();
    out.try_reserve_exact(made).map_err(|_| BrokenDelta)?;
    while let Some((&command, after)) = rest.split_first() {
        rest = after;
        let part = match command {
            0 => return Err(BrokenDelta),
            1..=127 => {
                let (part, after) = rest
                    .split_at_checked(usize::from(command))
                    .ok_or(BrokenDelta)?;
                rest = after;
                part
            }
            _ => {
                let mut number = |bits: u8| {
                    let mut number = 0;
                    for byte in (0..8).filter(|byte| bits >> byte & 1 == 1) {
                        let (&next, after) = rest.split_first().ok_or(BrokenDelta)?;
                        rest = after;
                        number |= usize::from(next) << (8 * byte);
                    }
                    Ok(number)
                };
                let start = number(command & 0b1111)?;
                let length = match number(command >> 4 & 0b111)? {
                    0 => 0x10000,
                    length => length,
                };
                base.get(start..)
                    .and_then(|from| from.get(..length))
                    .ok_or(BrokenDelta)?
            }
        };
        if part.len() > made - out.len() {
            return Err(BrokenDelta);
        }
        out.extend_from_slice(part);
    }
    (out.len() == made).then_some(()).ok_or(BrokenDelta)
}

/// A length in front of a delta, seven bits a byte, the lowest first.
fn size(delta: &[u8]) -> Result<(u64, &[u8]), BrokenDelta> {
    let mut size = 0_u64;
    for (at, &byte) in delta.iter().enumerate().take(9) {
        size |= u64::from(byte & 0x7f) << (7 * at);
        if byte < 0x80 {
            return Ok((size, &delta[at + 1..]));
        }
    }
    Err(BrokenDelta)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(base: &[u8], delta: &[u8]) -> Result<Vec<u8>, BrokenDelta> {
        let mut out = Vec::new();
        apply(base, delta, &mut out).map(|()| out)
    }

    #[test]
    fn copies_and_inserts_make_the_object() {
        // Copy 3 bytes from 1, insert two, copy the last byte.
        let delta = [6, 6, 0b1001_0001, 1, 3, 2, b'x', b'y', 0b1001_0001, 5, 1];
        assert_eq!(applied(b"abcdef", &delta), Ok(b"bcdxyf".to_vec()));
        assert_eq!(result_size(&delta), Ok(6));
        // A copy that gives no length is of 64 KiB.
        let base = vec![7; 0x10000];
        assert_eq!(
            applied(&base, &[0x80, 0x80, 4, 0x80, 0x80, 4, 0x80]),
            Ok(base.clone())
        );
    }

    #[test]
    fn a_delta_that_lies_makes_nothing() {
        for delta in [
            &[][..],
            &[0x80],
            &[6],
            // Another base.
            &[5, 1, 1, b'x'],
            // Beyond the base, in two ways.
            &[6, 3, 0b1001_0001, 5, 3],
            &[6, 3, 0b1001_1111, 255, 255, 255, 255, 3],
            // Cut off.
            &[6, 3, 0b1001_0001, 1],
            &[6, 3, 3, b'x'],
            // More and less than it says.
            &[6, 1, 2, b'x', b'y'],
            &[6, 3, 2, b'x', b'y'],
            // A command that there is not.
            &[6, 0, 0],
            // More than there can be.
            &[6, 255, 255, 255, 255, 255, 255, 255, 255, 127, 1, b'x'],
            &[255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255],
        ] {
            assert_eq!(applied(b"abcdef", delta), Err(BrokenDelta), "{delta:?}");
        }
    }
}

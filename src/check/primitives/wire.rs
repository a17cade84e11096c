//! Bytes read from the front: big-endian numbers, varints, and strings behind their lengths, as OpenSSH, macaroons and protocol
//! buffers have them. Sources: RFC 4251 section 5, and the protocol buffers' encoding.

/// What has not been read yet.
#[derive(Clone, Copy)]
pub(crate) struct Wire<'d> {
    pub(crate) rest: &'d [u8],
}

impl<'d> Wire<'d> {
    pub(crate) const fn new(bytes: &'d [u8]) -> Wire<'d> {
        Wire { rest: bytes }
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    pub(crate) fn bytes(&mut self, length: u64) -> Option<&'d [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(taken)
    }

    /// A big-endian number of `length` bytes, at most eight.
    pub(crate) fn number(&mut self, length: u8) -> Option<u64> {
        let bytes = self.bytes(u64::from(length))?;
        Some(
            bytes
                .iter()
                .fold(0, |number, byte| number << 8 | u64::from(*byte)),
        )
    }

    /// A string behind its length in four bytes.
    pub(crate) fn string(&mut self) -> Option<&'d [u8]> {
        let length = self.number(4)?;
        self.bytes(length)
    }

    /// Seven bits a byte, least significant first.
    pub(crate) fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_past_the_end() {
        assert_eq!(Wire::new(b"\0\0\0\x02ab").string(), Some(&b"ab"[..]));
        assert_eq!(Wire::new(b"\0\0\0\x03ab").string(), None);
        assert_eq!(Wire::new(b"\xff\xff\xff\xff").string(), None);
        assert_eq!(Wire::new(b"\xac\x02").varint(), Some(300));
        assert_eq!(Wire::new(&[0xff; 12]).varint(), None);
        assert_eq!(Wire::new(&[0x80]).varint(), None);
    }
}

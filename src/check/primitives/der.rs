//! A reader of DER, as far as keys need it: elements of definite length, one after another. Source: ITU-T X.690, clauses 8
//! and 10.

/// The tags that keys are made of.
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;

/// The longest integer that is multiplied, in bytes: a key of 16,384 bits.
const LONGEST: usize = 2048;

/// Elements that have not been read yet.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'d> {
    rest: &'d [u8],
}

impl<'d> Reader<'d> {
    /// The elements of `bytes`.
    pub(crate) const fn new(bytes: &'d [u8]) -> Reader<'d> {
        Reader { rest: bytes }
    }

    /// The elements of the one sequence that `bytes` are, from the first byte to the last.
    pub(crate) fn whole(bytes: &'d [u8]) -> Option<Reader<'d>> {
        let mut outer = Reader::new(bytes);
        let inside = outer.take(SEQUENCE)?;
        outer.is_empty().then_some(Reader::new(inside))
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.rest.is_empty()
    }

    /// The next element's tag.
    pub(crate) fn tag(self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element's contents, if it has this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Option<&'d [u8]> {
        let [found, length, rest @ ..] = self.rest else {
            return None;
        };
        if *found != tag {
            return None;
        }
        let (length, rest) = match *length {
            short @ 0..=0x7f => (usize::from(short), rest),
            long @ 0x81..=0x84 => {
                let (length, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
                let length = length
                    .iter()
                    .fold(0_u64, |length, byte| length << 8 | u64::from(*byte));
                (usize::try_from(length).ok()?, rest)
            }
            _ => return None,
        };
        let (contents, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some(contents)
    }

    /// The elements of the next element, if it is a sequence.
    pub(crate) fn sequence(&mut self) -> Option<Reader<'d>> {
        self.take(SEQUENCE).map(Reader::new)
    }

    /// The next element, if it is an integer that is not negative: its bytes without leading zeros.
    pub(crate) fn integer(&mut self) -> Option<&'d [u8]> {
        match self.take(INTEGER)? {
            [] | [0x80..=0xff, ..] => None,
            bytes => Some(without_zeros(bytes)),
        }
    }

    /// Skips the next element, whatever it is.
    pub(crate) fn skip(&mut self) -> Option<()> {
        self.take(self.tag()?).map(|_| ())
    }
}

/// Big-endian bytes without their leading zeros.
pub(crate) fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    &bytes[zeros..]
}

/// How many bits a number has that begins with no zero byte.
pub(crate) fn bits(number: &[u8]) -> usize {
    number
        .first()
        .map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

/// Whether `left` times `right` is `product`; all are big-endian and begin with no zero byte.
pub(crate) fn is_product(left: &[u8], right: &[u8], product: &[u8]) -> bool {
    if left.is_empty() || right.is_empty() || product.len() > LONGEST {
        return false;
    }
    if !(product.len()..=product.len() + 1).contains(&(left.len() + right.len())) {
        return false;
    }
    let (left, right) = (limbs(left), limbs(right));
    let mut result = vec![0_u64; left.len() + right.len()];
    for (at, &limb) in left.iter().enumerate() {
        let mut carry = 0;
        for (other, &factor) in right.iter().enumerate() {
            // At most (2^32 - 1)^2 + 2 (2^32 - 1), which is 2^64 - 1.
            let sum = result[at + other] + limb * factor + carry;
            result[at + other] = sum & 0xffff_ffff;
            carry = sum >> 32;
        }
        result[at + right.len()] = carry;
    }
    let expected = limbs(product);
    let zeros = |limbs: &[u64]| limbs.iter().all(|&limb| limb == 0);
    let shared = result.len().min(expected.len());
    result[..shared] == expected[..shared] && zeros(&result[shared..]) && zeros(&expected[shared..])
}

/// Limbs of 32 bits, least significant first.
fn limbs(number: &[u8]) -> Vec<u64> {
    number
        .rchunks(4)
        .map(|chunk| {
            chunk
                .iter()
                .fold(0, |limb, byte| limb << 8 | u64::from(*byte))
        })
        .collect()
}

/// Whether a big-endian number of 32 bytes is a private key of a curve of that `order`: neither zero nor too large.
pub(crate) fn is_scalar(number: &[u8], order: &[u8; 32]) -> bool {
    number.len() == 32 && number.iter().any(|&byte| byte != 0) && number < order.as_slice()
}

/// The order of the curve secp256k1. Source: SEC 2, section 2.4.1.
pub(crate) const SECP256K1_ORDER: &[u8; 32] = &[
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
    0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_must_fit() {
        assert!(Reader::whole(b"\x30\x03\x02\x01\x05").is_some());
        assert!(Reader::whole(b"\x30\x81\x03\x02\x01\x05").is_some());
        for wrong in [
            &b""[..],
            b"\x30",
            b"\x30\x04\x02\x01\x05",
            b"\x30\x02\x02\x01\x05",
            b"\x30\x80\x02\x01\x05\x00\x00",
            b"\x30\x84\xff\xff\xff\xff",
            b"\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff",
        ] {
            assert!(Reader::whole(wrong).is_none(), "{wrong:x?}");
        }
    }

    #[test]
    fn products_are_recognised() {
        assert!(is_product(&[251], &[241], &[0xec, 0x4b]));
        assert!(!is_product(&[251], &[241], &[0xec, 0x4c]));
        assert!(is_product(
            &[0xff; 5],
            &[0xff; 4],
            b"\xff\xff\xff\xfe\xff\0\0\0\x01"
        ));
        assert!(is_product(&[2], &[3], &[6]));
        assert!(!is_product(&[2], &[3], &[]));
        assert!(!is_product(&[], &[], &[]));
    }
}

//! Checksums that no crate in use has: CRC-16 (XMODEM), CRC-24 (OpenPGP) and Marvin32. Sources: the XMODEM protocol, RFC 4880
//! section 6.1, and .NET's `Marvin`.

/// Polynomial 0x1021, begins with 0, not reflected.
pub(crate) fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
            crc << 1 ^ if crc & 0x8000 == 0 { 0 } else { 0x1021 }
        })
    })
}

/// Polynomial 0x1864CFB, begins with 0xB704CE, not reflected.
pub(crate) fn crc24(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x00b7_04ce, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte) << 16, |crc, _| {
            let crc = crc << 1;
            crc ^ if crc & 0x0100_0000 == 0 {
                0
            } else {
                0x0186_4cfb
            }
        })
    })
}

/// The 32-bit form of Marvin: its two halves, one over the other.
pub(crate) fn marvin32(seed: u64, bytes: &[u8]) -> u32 {
    let (low, high) = marvin(seed, bytes);
    low ^ high
}

fn marvin(seed: u64, bytes: &[u8]) -> (u32, u32) {
    let (mut low, mut high) = ((seed & 0xffff_ffff) as u32, (seed >> 32) as u32);
    let (words, rest) = bytes.as_chunks::<4>();
    for word in words {
        mix(&mut low, &mut high, u32::from_le_bytes(*word));
    }
    let mut last = [0; 4];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 0x80;
    mix(&mut low, &mut high, u32::from_le_bytes(last));
    mix(&mut low, &mut high, 0);
    (low, high)
}

const fn mix(low: &mut u32, high: &mut u32, word: u32) {
    *low = low.wrapping_add(word);
    *high ^= *low;
    *low = low.rotate_left(20).wrapping_add(*high);
    *high = high.rotate_left(9) ^ *low;
    *low = low.rotate_left(27).wrapping_add(*high);
    *high = high.rotate_left(19);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_check_values_come_out() {
        assert_eq!(crc16(b"123456789"), 0x31c3);
        assert_eq!(crc24(b"123456789"), 0x0021_cf02);
        let (low, high) = marvin(0xd53c_d9ce_cd08_93b7, b"abc");
        assert_eq!(
            u64::from(high) << 32 | u64::from(low),
            0x22c7_4339_4927_69bf
        );
    }
}

//! Whether a public key belongs to a private one, on the curves P-256 and Ed25519. It only ever confirms what both stand in a
//! file that is being looked at, so it need not hide how long it takes. Sources: FIPS 186-4 appendix D.1.2.3, RFC 8032 section
//! 5.1, and Hankerson, Menezes and Vanstone, "Guide to Elliptic Curve Cryptography", for the formulas.

use sha2::{Digest, Sha512};

use super::der::is_scalar;

/// A number below 2^256, least significant limb first; inside a field in Montgomery's form.
type Number = [u64; 4];

/// Arithmetic modulo a prime.
struct Field {
    prime: Number,
    /// Minus one over the prime, modulo 2^64.
    inverse: u64,
    /// 2^512 modulo the prime, which brings numbers into Montgomery's form.
    square: Number,
}

impl Field {
    fn new(prime: Number) -> Field {
        // Newton's iteration doubles the right bits each time.
        let inverse = (0..6).fold(1_u64, |inverse, _| {
            inverse.wrapping_mul(2_u64.wrapping_sub(prime[0].wrapping_mul(inverse)))
        });
        let mut field = Field {
            prime,
            inverse: inverse.wrapping_neg(),
            square: [1, 0, 0, 0],
        };
        for _ in 0..512 {
            field.square = field.add(&field.square, &field.square);
        }
        field
    }

    /// A big-endian number, brought into the field.
    fn number(&self, bytes: &[u8; 32]) -> Number {
        self.multiply(&limbs(bytes), &self.square)
    }

    fn add(&self, left: &Number, right: &Number) -> Number {
        let (sum, carry) = sum_of(left, right);
        self.reduced(sum, carry)
    }

    fn subtract(&self, left: &Number, right: &Number) -> Number {
        let (difference, borrowed) = difference(left, right);
        if borrowed {
            // Below zero: the prime is added, and the carry that comes out takes back the borrow.
            sum_of(&difference, &self.prime).0
        } else {
            difference
        }
    }

    fn reduced(&self, number: Number, overflowed: bool) -> Number {
        let (smaller, borrowed) = difference(&number, &self.prime);
        if overflowed || !borrowed {
            smaller
        } else {
            number
        }
    }

    /// Montgomery's product.
    fn multiply(&self, left: &Number, right: &Number) -> Number {
        let mut sum = [0_u64; 4];
        let mut above = 0_u64;
        for &factor in right {
            let mut carry = 0;
            for at in 0..4 {
                (sum[at], carry) = left[at].carrying_mul_add(factor, sum[at], carry);
            }
            let (top, first) = above.overflowing_add(carry);
            // Makes the lowest limb zero, and drops it.
            let zeroing = sum[0].wrapping_mul(self.inverse);
            let (_, mut carry) = zeroing.carrying_mul_add(self.prime[0], sum[0], 0);
            for at in 1..4 {
                (sum[at - 1], carry) = zeroing.carrying_mul_add(self.prime[at], sum[at], carry);
            }
            let (top, second) = top.overflowing_add(carry);
            sum[3] = top;
            // The sum stays below twice the prime: no more than one of the two happens.
            above = u64::from(first || second);
        }
        self.reduced(sum, above > 0)
    }

    fn squared(&self, number: &Number) -> Number {
        self.multiply(number, number)
    }

    /// One over a number: its power by the prime less two.
    fn inverted(&self, number: &Number) -> Number {
        let (exponent, _) = difference(&self.prime, &[2, 0, 0, 0]);
        let one = self.multiply(&[1, 0, 0, 0], &self.square);
        (0..256).rev().fold(one, |power, bit| {
            let power = self.squared(&power);
            if exponent[bit / 64] >> (bit % 64) & 1 == 1 {
                self.multiply(&power, number)
            } else {
                power
            }
        })
    }
}

fn sum_of(left: &Number, right: &Number) -> (Number, bool) {
    let mut sum = [0; 4];
    let mut carry = false;
    for at in 0..4 {
        (sum[at], carry) = left[at].carrying_add(right[at], carry);
    }
    (sum, carry)
}

fn difference(left: &Number, right: &Number) -> (Number, bool) {
    let mut result = [0; 4];
    let mut borrow = false;
    for at in 0..4 {
        (result[at], borrow) = left[at].borrowing_sub(right[at], borrow);
    }
    (result, borrow)
}

fn limbs(bytes: &[u8; 32]) -> Number {
    let mut limbs = [0; 4];
    let (chunks, _) = bytes.as_chunks::<8>();
    for (limb, chunk) in limbs.iter_mut().rev().zip(chunks) {
        *limb = u64::from_be_bytes(*chunk);
    }
    limbs
}

/// The order of P-256.
const P256_ORDER: &[u8; 32] = &[
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

const P256_PRIME: Number = [
    0xffff_ffff_ffff_ffff,
    0x0000_0000_ffff_ffff,
    0,
    0xffff_ffff_0000_0001,
];

const P256_X: Number = [
    0xf4a1_3945_d898_c296,
    0x7703_7d81_2deb_33a0,
    0xf8bc_e6e5_63a4_40f2,
    0x6b17_d1f2_e12c_4247,
];

const P256_Y: Number = [
    0xcbb6_4068_37bf_51f5,
    0x2bce_3357_6b31_5ece,
    0x8ee7_eb4a_7c0f_9e16,
    0x4fe3_42e2_fe1a_7f9b,
];

/// Whether `private` can be a private key of P-256.
pub(crate) fn is_p256_private(private: &[u8]) -> bool {
    is_scalar(private, P256_ORDER)
}

/// Whether the point (`x`, `y`) is `private` times the generator of P-256.
pub(crate) fn is_p256_pair(private: &[u8; 32], x: &[u8; 32], y: &[u8; 32]) -> bool {
    if !is_p256_private(private) {
        return false;
    }
    let field = Field::new(P256_PRIME);
    let base = [
        field.multiply(&P256_X, &field.square),
        field.multiply(&P256_Y, &field.square),
    ];
    let mut point: Option<[Number; 3]> = None;
    for bit in (0..256).map(|bit| private[bit / 8] >> (7 - bit % 8) & 1 == 1) {
        point = point.map(|point| doubled(&field, &point));
        if bit {
            point = match point {
                None => Some([
                    base[0],
                    base[1],
                    field.multiply(&[1, 0, 0, 0], &field.square),
                ]),
                Some(point) => plus(&field, &point, &base),
            };
        }
    }
    // (X, Y, Z) stands for (X / Z^2, Y / Z^3).
    point.is_some_and(|[found_x, found_y, z]| {
        let z_squared = field.squared(&z);
        let z_cubed = field.multiply(&z_squared, &z);
        field.multiply(&field.number(x), &z_squared) == found_x
            && field.multiply(&field.number(y), &z_cubed) == found_y
    })
}

/// Twice a point in Jacobian coordinates, on a curve whose `a` is minus three.
fn doubled(field: &Field, [x, y, z]: &[Number; 3]) -> [Number; 3] {
    let z_squared = field.squared(z);
    let product = field.multiply(&field.subtract(x, &z_squared), &field.add(x, &z_squared));
    let slope = field.add(&product, &field.add(&product, &product));
    let y_doubled = field.add(y, y);
    let new_z = field.multiply(&y_doubled, z);
    let y_squared = field.squared(&y_doubled);
    let cross = field.multiply(&y_squared, x);
    let new_x = field.subtract(&field.squared(&slope), &field.add(&cross, &cross));
    // Half the fourth power of twice y: eight times y^4.
    let fourth = field.multiply(&y_squared, &field.squared(y));
    let new_y = field.subtract(
        &field.multiply(&slope, &field.subtract(&cross, &new_x)),
        &field.add(&fourth, &fourth),
    );
    [new_x, new_y, new_z]
}

/// A point in Jacobian coordinates plus one in affine ones; none where both lie on one vertical line, which no multiple of
/// the generator below the order does.
fn plus(field: &Field, [x, y, z]: &[Number; 3], base: &[Number; 2]) -> Option<[Number; 3]> {
    let z_squared = field.squared(z);
    let run = field.subtract(&field.multiply(&base[0], &z_squared), x);
    let rise = field.subtract(&field.multiply(&base[1], &field.multiply(&z_squared, z)), y);
    if run == [0; 4] {
        return None;
    }
    let run_squared = field.squared(&run);
    let run_cubed = field.multiply(&run_squared, &run);
    let cross = field.multiply(x, &run_squared);
    let new_x = field.subtract(
        &field.subtract(&field.squared(&rise), &run_cubed),
        &field.add(&cross, &cross),
    );
    let new_y = field.subtract(
        &field.multiply(&rise, &field.subtract(&cross, &new_x)),
        &field.multiply(y, &run_cubed),
    );
    Some([new_x, new_y, field.multiply(z, &run)])
}

const ED25519_PRIME: Number = [
    0xffff_ffff_ffff_ffed,
    0xffff_ffff_ffff_ffff,
    0xffff_ffff_ffff_ffff,
    0x7fff_ffff_ffff_ffff,
];

const ED25519_D: Number = [
    0x75eb_4dca_1359_78a3,
    0x0070_0a4d_4141_d8ab,
    0x8cc7_4079_7779_e898,
    0x5203_6cee_2b6f_fe73,
];

const ED25519_X: Number = [
    0xc956_2d60_8f25_d51a,
    0x692c_c760_9525_a7b2,
    0xc0a4_e231_fdd6_dc5c,
    0x2169_36d3_cd6e_53fe,
];

const ED25519_Y: Number = [
    0x6666_6666_6666_6658,
    0x6666_6666_6666_6666,
    0x6666_6666_6666_6666,
    0x6666_6666_6666_6666,
];

/// Whether `public` is the Ed25519 public key of `seed`.
pub(crate) fn is_ed25519_pair(seed: &[u8], public: &[u8]) -> bool {
    let (Ok(seed), Ok(mut y)) = (<&[u8; 32]>::try_from(seed), <[u8; 32]>::try_from(public)) else {
        return false;
    };
    let hash = Sha512::digest(seed);
    let mut scalar = [0; 32];
    scalar.copy_from_slice(&hash[..32]);
    scalar[0] &= 0xf8;
    scalar[31] = scalar[31] & 0x7f | 0x40;

    let field = Field::new(ED25519_PRIME);
    let inside = |number: &Number| field.multiply(number, &field.square);
    let (x0, y0, one) = (
        inside(&ED25519_X),
        inside(&ED25519_Y),
        inside(&[1, 0, 0, 0]),
    );
    let d = inside(&ED25519_D);
    let twice_d = field.add(&d, &d);
    // (X, Y, Z, T) stands for (X / Z, Y / Z), and T for X Y / Z.
    let base = [x0, y0, one, field.multiply(&x0, &y0)];
    let mut point = [[0; 4], one, one, [0; 4]];
    for bit in (0..256).rev() {
        point = sum(&field, &twice_d, &point, &point);
        if scalar[bit / 8] >> (bit % 8) & 1 == 1 {
            point = sum(&field, &twice_d, &point, &base);
        }
    }
    let odd = y[31] & 0x80 != 0;
    y[31] &= 0x7f;
    y.reverse();
    if field.multiply(&field.number(&y), &point[2]) != point[1] {
        return false;
    }
    let x = field.multiply(&point[0], &field.inverted(&point[2]));
    (field.multiply(&x, &[1, 0, 0, 0])[0] & 1 == 1) == odd
}

/// The sum of two points in extended coordinates, which may be the same.
fn sum(field: &Field, twice_d: &Number, left: &[Number; 4], right: &[Number; 4]) -> [Number; 4] {
    let a = field.multiply(
        &field.subtract(&left[1], &left[0]),
        &field.subtract(&right[1], &right[0]),
    );
    let b = field.multiply(
        &field.add(&left[1], &left[0]),
        &field.add(&right[1], &right[0]),
    );
    let c = field.multiply(&field.multiply(&left[3], twice_d), &right[3]);
    let d = field.multiply(&field.add(&left[2], &left[2]), &right[2]);
    let (e, f) = (field.subtract(&b, &a), field.subtract(&d, &c));
    let (g, h) = (field.add(&d, &c), field.add(&b, &a));
    [
        field.multiply(&e, &f),
        field.multiply(&g, &h),
        field.multiply(&f, &g),
        field.multiply(&e, &h),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::encoding::hex;
    use super::*;

    fn bytes(text: &str) -> [u8; 32] {
        hex(text.as_bytes()).unwrap().try_into().unwrap()
    }

    #[test]
    fn ed25519_keys_of_rfc_8032_are_pairs() {
        for (seed, public) in [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            ),
            (
                "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
            ),
        ] {
            let (seed, mut public) = (bytes(seed), bytes(public));
            assert!(is_ed25519_pair(&seed, &public));
            public[31] ^= 0x80;
            assert!(!is_ed25519_pair(&seed, &public));
            public[31] ^= 0x80;
            public[3] ^= 1;
            assert!(!is_ed25519_pair(&seed, &public));
        }
        assert!(!is_ed25519_pair(b"", b""));
    }

    #[test]
    fn p256_keys_of_the_standard_are_pairs() {
        // RFC 6979, appendix A.2.5, and the generator itself.
        let key = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
        let x = bytes("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
        let mut y = bytes("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
        assert!(is_p256_pair(&bytes(key), &x, &y));
        y[0] ^= 1;
        assert!(!is_p256_pair(&bytes(key), &x, &y));
        let mut one = [0; 32];
        one[31] = 1;
        let x = bytes("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
        let y = bytes("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
        assert!(is_p256_pair(&one, &x, &y));
        // The order less one gives the generator's mirror image.
        let mut last = *P256_ORDER;
        last[31] -= 1;
        assert!(!is_p256_pair(&last, &x, &y));
        assert!(!is_p256_pair(P256_ORDER, &x, &y));
        assert!(!is_p256_pair(&[0; 32], &x, &y));
    }
}

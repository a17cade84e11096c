//! How surprising a text's letters are, for telling words from random letters, and which keys are side by side. Decides nothing.

/// Letter pairs of English words: a row for the first letter, a column for the second; index 0 is a word's edge, 1 to 26 are
/// `a` to `z`. A cell is the surprise of the second after the first, the negative binary logarithm of its share, in eighths
/// of a bit. Counted over the documentation comments and Markdown files of the crates that this program is built from.
#[rustfmt::skip]
const PAIRS: [[u8; 27]; 27] = [
    [127, 31, 37, 27, 32, 34, 36, 44, 42, 33, 66, 57, 38, 35, 43, 41, 30, 60, 31, 25, 34, 40, 48, 42, 71, 67, 69],
    [48, 70, 36, 29, 37, 85, 59, 43, 75, 38, 80, 51, 23, 40, 26, 93, 35, 86, 25, 32, 19, 50, 49, 62, 66, 50, 68],
    [35, 26, 56, 40, 66, 26, 84, 66, 80, 25, 58, 69, 18, 53, 62, 29, 63, 84, 32, 30, 49, 28, 66, 102, 82, 49, 102],
    [36, 25, 92, 40, 64, 24, 68, 69, 28, 35, 115, 32, 38, 60, 74, 18, 66, 77, 38, 52, 25, 38, 70, 87, 84, 58, 115],
    [10, 38, 70, 83, 47, 17, 66, 64, 77, 24, 65, 94, 48, 70, 63, 39, 72, 81, 45, 37, 66, 40, 55, 77, 87, 56, 113],
    [21, 36, 67, 34, 25, 46, 46, 51, 72, 61, 82, 73, 37, 41, 26, 62, 44, 57, 22, 25, 37, 66, 49, 60, 40, 67, 95],
    [32, 30, 103, 53, 52, 25, 28, 55, 103, 17, 103, 103, 31, 61, 66, 23, 82, 103, 37, 40, 41, 33, 103, 68, 103, 43, 103],
    [9, 37, 71, 68, 108, 23, 69, 46, 39, 33, 108, 108, 46, 58, 36, 43, 82, 108, 32, 41, 65, 37, 79, 73, 87, 68, 77],
    [23, 19, 67, 76, 65, 16, 76, 102, 102, 24, 75, 102, 56, 45, 56, 23, 73, 102, 36, 51, 39, 43, 102, 72, 102, 50, 102],
    [53, 39, 45, 31, 38, 38, 43, 39, 101, 88, 90, 62, 37, 36, 14, 27, 46, 79, 44, 33, 27, 87, 39, 96, 59, 121, 41],
    [28, 25, 72, 72, 72, 16, 72, 72, 72, 37, 72, 72, 72, 72, 52, 18, 72, 72, 72, 30, 49, 21, 72, 72, 72, 72, 72],
    [16, 35, 59, 65, 55, 15, 54, 65, 95, 24, 95, 78, 48, 72, 39, 42, 63, 67, 54, 26, 42, 47, 59, 55, 95, 61, 95],
    [26, 28, 69, 61, 42, 20, 58, 72, 86, 21, 115, 66, 26, 71, 65, 27, 58, 89, 79, 44, 42, 44, 59, 82, 115, 25, 98],
    [29, 20, 40, 64, 56, 18, 75, 74, 85, 23, 108, 73, 51, 38, 69, 30, 23, 86, 69, 39, 64, 35, 75, 75, 108, 59, 108],
    [23, 34, 74, 32, 29, 29, 46, 20, 72, 35, 73, 53, 55, 67, 51, 40, 63, 89, 67, 27, 22, 51, 49, 73, 95, 61, 80],
    [43, 53, 48, 36, 38, 66, 51, 45, 73, 47, 75, 51, 34, 31, 16, 42, 35, 100, 22, 37, 40, 32, 42, 37, 62, 71, 81],
    [30, 24, 81, 60, 59, 22, 69, 62, 47, 34, 111, 91, 27, 79, 84, 27, 32, 88, 22, 39, 33, 39, 86, 74, 83, 55, 111],
    [35, 79, 79, 79, 53, 62, 79, 79, 79, 79, 79, 79, 79, 79, 55, 61, 56, 56, 51, 45, 79, 2, 79, 79, 79, 79, 79],
    [24, 25, 64, 47, 45, 16, 55, 53, 74, 26, 119, 50, 53, 41, 48, 29, 56, 119, 42, 32, 36, 43, 55, 63, 88, 45, 95],
    [12, 45, 82, 41, 67, 24, 63, 72, 39, 29, 95, 58, 51, 59, 64, 40, 39, 75, 77, 35, 23, 36, 73, 65, 120, 49, 94],
    [21, 31, 78, 51, 60, 18, 62, 78, 38, 18, 99, 92, 46, 66, 70, 35, 63, 120, 29, 33, 42, 43, 74, 63, 66, 42, 103],
    [55, 35, 38, 33, 51, 37, 47, 46, 92, 36, 109, 89, 28, 33, 20, 54, 33, 109, 25, 26, 27, 72, 72, 86, 58, 109, 69],
    [35, 23, 99, 78, 80, 7, 59, 69, 99, 20, 99, 99, 99, 55, 75, 35, 75, 99, 75, 62, 67, 63, 99, 99, 71, 70, 99],
    [23, 20, 66, 64, 57, 26, 95, 57, 29, 23, 95, 95, 50, 73, 28, 27, 78, 95, 30, 37, 54, 95, 95, 57, 95, 63, 95],
    [19, 30, 91, 31, 54, 25, 72, 91, 46, 24, 91, 91, 73, 56, 58, 52, 19, 91, 91, 58, 23, 57, 51, 70, 59, 59, 91],
    [4, 54, 51, 58, 101, 46, 68, 62, 68, 38, 101, 101, 48, 45, 39, 47, 38, 101, 61, 34, 48, 73, 68, 52, 101, 101, 74],
    [37, 21, 58, 67, 84, 7, 84, 84, 84, 23, 84, 60, 84, 53, 84, 44, 84, 84, 84, 54, 84, 48, 84, 84, 84, 48, 43],
];

/// The mean surprise of a run of letters, in bits per letter, its edges counted; 0 without letters. Common words have 2.5 to
/// 4.5, random letters 4.5 to 8.
pub(super) fn surprise(word: &[u8]) -> f32 {
    let letters = word.iter().filter(|byte| byte.is_ascii_alphabetic());
    let (sum, count) = surprises(letters);
    if count < 2 {
        0.0
    } else {
        sum as f32 / count as f32 / 8.0
    }
}

/// The same in whole eighths of a bit, of letters alone.
pub(super) fn eighths(letters: &[u8]) -> usize {
    let (sum, count) = surprises(letters.iter());
    sum.checked_div(count).unwrap_or_default() as usize
}

/// What the pairs of letters surprise together, and how many pairs there are.
fn surprises<'l>(letters: impl Iterator<Item = &'l u8>) -> (u32, u32) {
    let (mut sum, mut count, mut before) = (0, 1, 0);
    for letter in letters {
        // Of a letter in any case the last five bits are its number.
        let letter = usize::from(letter % 32);
        sum += u32::from(PAIRS[before][letter]);
        count += 1;
        before = letter;
    }
    (sum + u32::from(PAIRS[before][0]), count)
}

/// The keyboard's rows.
const ROWS: &[&[u8]] = &[b"1234567890", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];

/// Where each character's key is; 0 for those of no row.
static KEYS: [u8; 256] = {
    let mut keys = [0; 256];
    let mut row = 0;
    while row < ROWS.len() {
        let mut at = 0;
        while at < ROWS[row].len() {
            let place = (row * 16 + at + 1) as u8;
            keys[ROWS[row][at] as usize] = place;
            keys[ROWS[row][at].to_ascii_uppercase() as usize] = place;
            at += 1;
        }
        row += 1;
    }
    keys
};

/// Whether two keys are beside each other on the keyboard.
pub(super) fn is_beside(left: u8, right: u8) -> bool {
    let (left, right) = (KEYS[usize::from(left)], KEYS[usize::from(right)]);
    // Rows are further apart than that.
    left != 0 && right != 0 && left.abs_diff(right) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_surprise_less_than_random_letters() {
        for word in [
            "password",
            "secret",
            "token",
            "changeme",
            "keyboard",
            "Production",
        ] {
            assert!(
                surprise(word.as_bytes()) < 4.95,
                "{word} {}",
                surprise(word.as_bytes())
            );
        }
        for noise in ["mylfno", "xqzjtk", "cpwmktkptkr", "yycrev"] {
            assert!(
                surprise(noise.as_bytes()) > 5.5,
                "{noise} {}",
                surprise(noise.as_bytes())
            );
        }
        assert!(surprise(b"").abs() < f32::EPSILON);
    }
}

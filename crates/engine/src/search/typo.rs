//! How far a word is from another, and which words are near enough to be meant.
//!
//! Distance is counted in edits: a letter too many, missing or wrong, or two swapped (optimal
//! string alignment). Two integers a word keep the search quick: a mark for each letter in it and
//! its length. An edit changes at most two marks, so most of a vocabulary is passed over without
//! being read.

/// How many edits a query word may have, by its length. Han and words with digits have none.
pub fn allowed(letters: usize) -> usize {
    match letters {
        0..=2 => 0,
        3..=6 => 1,
        _ => 2,
    }
}

/// Longer words are never misspelt ones.
const LONGEST: usize = 32;

/// Whether a word takes part: letters alone, and not too many.
pub fn takes_part(word: &str) -> bool {
    word.chars().count() <= LONGEST && word.chars().all(char::is_alphabetic)
}

/// What is known of a word before it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    letters: u32,
    length: u8,
}

impl Mark {
    pub fn of(word: &str) -> Mark {
        let mut mark = Mark { letters: 0, length: 0 };
        for c in word.chars() {
            let bit =
                if c.is_ascii_lowercase() { c as u32 - 'a' as u32 } else { 26 + c as u32 % 6 };
            mark.letters |= 1 << bit;
            mark.length = mark.length.saturating_add(1);
        }
        mark
    }

    /// Whether words of these marks can be within `most` edits of each other.
    #[inline]
    pub fn is_near(self, other: Mark, most: u32) -> bool {
        u32::from(self.length.abs_diff(other.length)) <= most
            && (self.letters ^ other.letters).count_ones() <= 2 * most
    }

    /// Whether this word can be within `most` edits of a beginning of the other.
    #[inline]
    pub fn is_near_beginning(self, other: Mark, most: u32) -> bool {
        u32::from(self.length) <= u32::from(other.length) + most
            && (self.letters & !other.letters).count_ones() <= most
    }
}

/// The fewest edits from `a` to `b`, if there are at most `most`.
pub fn distance(a: &[char], b: &[char], most: usize) -> Option<usize> {
    let row = last_row(a, b, most)?;
    row.last().copied().filter(|edits| *edits <= most)
}

/// The fewest edits from `a` to any beginning of `b`, if there are at most `most`.
pub fn distance_to_beginning(a: &[char], b: &[char], most: usize) -> Option<usize> {
    let b = &b[..b.len().min(a.len() + most)];
    last_row(a, b, most)?.into_iter().min().filter(|edits| *edits <= most)
}

/// Edits from the whole of `a` to each beginning of `b`; `None` once all are more than `most`.
fn last_row(a: &[char], b: &[char], most: usize) -> Option<Vec<usize>> {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        let mut least = i;
        for j in 1..=b.len() {
            let wrong = usize::from(a[i - 1] != b[j - 1]);
            let mut edits = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + wrong);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                edits = edits.min(before[j - 2] + 1);
            }
            row[j] = edits;
            least = least.min(edits);
        }
        // A swap may still reach back to the row above, so both must be hopeless.
        if least > most && above.iter().all(|edits| *edits > most) {
            return None;
        }
        before = std::mem::replace(&mut above, row);
    }
    Some(above)
}

/// How likely it is, in percent, that somebody who meant `meant` typed `typed`.
///
/// Of one edit: fingers swap and drop letters in a few ways, but hit a wrong or further key in two
/// dozen, so for one given pair swaps and missing letters are likelier; a doubled letter or a
/// neighbouring key is likelier than any other. First letters are rarely wrong.
pub fn likelihood(typed: &[char], meant: &[char], edits: usize) -> u32 {
    let same = typed.iter().zip(meant).take_while(|(a, b)| a == b).count();
    let first = if same == 0 { 80 } else { 100 };
    if edits != 1 {
        return 25 * first / 100;
    }
    let kind = match typed.len() as isize - meant.len() as isize {
        -1 => 65,
        1 if same > 0 && typed[same] == typed[same - 1] => 60,
        1 => 45,
        _ if typed.get(same + 1) == meant.get(same) && typed.get(same) == meant.get(same + 1) => 65,
        _ if typed.get(same).zip(meant.get(same)).is_some_and(neighbours) => 55,
        _ => 45,
    };
    kind * first / 100
}

/// Whether two keys lie side by side.
fn neighbours((a, b): (&char, &char)) -> bool {
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let place = |c: char| {
        let found = |(y, row): (usize, &&str)| row.find(c).map(|x| (x as isize, y as isize));
        ROWS.iter().enumerate().find_map(found)
    };
    match (place(*a), place(*b)) {
        // Each row is moved half a key to the right of the one above.
        (Some((x, y)), Some((u, v))) => {
            (y == v && (x - u).abs() == 1)
                || (v - y == 1 && (x - u == 0 || x - u == 1))
                || (y - v == 1 && (u - x == 0 || u - x == 1))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;

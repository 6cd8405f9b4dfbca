//! What a process takes, as the system tells: memory, files, threads; and what its log takes.

use std::path::Path;

/// One look at a process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    /// Seconds since the first look.
    pub at: u64,
    /// Resident memory, in kilobytes.
    pub memory: u64,
    pub files: u64,
    pub threads: u64,
    /// The write-ahead log of SQLite, in kilobytes.
    pub log: u64,
}

/// Looks at a process and at the folder of its shop.
pub fn look(process: u32, folder: &Path, at: u64) -> Look {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let number = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    };
    let files = std::fs::read_dir(format!("/proc/{process}/fd"));
    let files = files.map_or(0, |files| files.count() as u64);
    let log = std::fs::metadata(folder.join("pinwheel.db-wal")).map_or(0, |log| log.len() / 1024);
    Look { at, memory: number("VmRSS:"), files, threads: number("Threads:"), log }
}

/// By how much of a thousandth something grows in an hour, by least squares over looks.
pub fn slope(looks: &[Look], of: impl Fn(&Look) -> u64) -> i128 {
    let count = looks.len() as i128;
    let (mut x, mut y, mut xx, mut xy) = (0, 0, 0, 0);
    for look in looks {
        let (at, value) = (i128::from(look.at), i128::from(of(look)));
        x += at;
        y += value;
        xx += at * at;
        xy += at * value;
    }
    let below = count * xx - x * x;
    if below == 0 { 0 } else { (count * xy - x * y) * 3_600 * 1_000 / below }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_is_by_the_hour() {
        let looks = |step: u64| -> Vec<Look> {
            (0..10)
                .map(|n| Look { at: n * 60, memory: 100 + n * step, ..Look::default() })
                .collect()
        };
        assert_eq!(slope(&looks(0), |look| look.memory), 0);
        assert_eq!(slope(&looks(1), |look| look.memory), 60_000);
        assert_eq!(slope(&[], |look| look.memory), 0);
    }
}

//! Shades of a shop's own colour that can be read.
//!
//! A merchant chooses one colour. What is written in it, and what is written on it, must keep a
//! contrast of 4.5 (WCAG 2.2, success criterion 1.4.3), by day and by night, so the colour is
//! darkened or lightened until it does. Luminance and contrast are WCAG's own formulas.

/// Red, green and blue, each 0 to 255.
pub type Rgb = [u8; 3];

/// The contrast that text needs.
pub const READABLE: f64 = 4.5;

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];

/// One colour as it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shades {
    /// The colour itself, for lines and marks.
    pub accent: Rgb,
    /// Written on any of our papers.
    pub text: Rgb,
    /// Below white words.
    pub fill: Rgb,
    pub fill_hover: Rgb,
    /// Behind words in `text`.
    pub wash: Rgb,
}

/// How light a colour is, 0 to 1.
pub fn luminance(colour: Rgb) -> f64 {
    let part = |value: u8| {
        let share = f64::from(value) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = colour;
    0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
}

/// How well one is seen on the other: 1 to 21.
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// `share` hundredths of `b` in `a`.
pub fn mix(a: Rgb, b: Rgb, share: u32) -> Rgb {
    let part = |n: usize| (u32::from(a[n]) * (100 - share) + u32::from(b[n]) * share) / 100;
    // A mean of two bytes is one.
    [part(0), part(1), part(2)].map(|value| value.min(255) as u8)
}

/// The colour, moved towards `pole` until it can be read on everything in `on`.
fn readable(colour: Rgb, pole: Rgb, on: &[Rgb]) -> Rgb {
    let enough = |one: &Rgb| on.iter().all(|paper| contrast(*one, *paper) >= READABLE);
    let mixed = (0..=100).map(|share| mix(colour, pole, share));
    mixed.into_iter().find(enough).unwrap_or(pole)
}

/// The shades for dark ink on light `papers`.
pub fn by_day(colour: Rgb, papers: &[Rgb]) -> Shades {
    let wash = mix(colour, WHITE, 90);
    let mut on = papers.to_vec();
    on.push(wash);
    let fill = readable(colour, BLACK, &[WHITE]);
    Shades {
        accent: colour,
        text: readable(colour, BLACK, &on),
        fill,
        fill_hover: mix(fill, BLACK, 14),
        wash,
    }
}

/// The shades for light ink on dark `papers`.
pub fn by_night(colour: Rgb, papers: &[Rgb]) -> Shades {
    let wash = mix(colour, papers.first().copied().unwrap_or(BLACK), 82);
    let mut on = papers.to_vec();
    on.push(wash);
    let fill = readable(colour, BLACK, &[WHITE]);
    Shades {
        accent: mix(colour, WHITE, 10),
        text: readable(colour, WHITE, &on),
        fill,
        fill_hover: mix(fill, BLACK, 14),
        wash,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PAPERS: [Rgb; 3] = [[0xfb, 0xfa, 0xf7], WHITE, [0xf3, 0xf0, 0xe9]];
    const NIGHT: [Rgb; 4] =
        [[0x14, 0x13, 0x0f], [0x1d, 0x1b, 0x16], [0x25, 0x23, 0x1d], [0x2a, 0x28, 0x21]];

    #[test]
    fn contrast_is_as_the_guideline_has_it() {
        assert!((contrast(WHITE, BLACK) - 21.0).abs() < 1e-9);
        assert!((contrast(WHITE, WHITE) - 1.0).abs() < 1e-9);
        // The guideline's own example: #777777 on white just fails.
        assert!((contrast([0x77; 3], WHITE) - 4.478).abs() < 0.001);
        assert!((contrast([0x76; 3], WHITE) - 4.542).abs() < 0.001);
    }

    #[test]
    fn a_colour_that_can_be_read_stays() {
        let green = [0x17, 0x60, 0x40];
        assert_eq!(by_day(green, &PAPERS).text, green);
        assert_eq!(by_day(green, &PAPERS).fill, green);
    }

    proptest! {
        #[test]
        fn whatever_is_chosen_can_be_read(colour in proptest::array::uniform3(0_u8..)) {
            for (shades, papers) in
                [(by_day(colour, &PAPERS), &PAPERS[..]), (by_night(colour, &NIGHT), &NIGHT[..])]
            {
                for paper in papers.iter().chain([&shades.wash]) {
                    prop_assert!(contrast(shades.text, *paper) >= READABLE);
                }
                prop_assert!(contrast(WHITE, shades.fill) >= READABLE);
                prop_assert!(contrast(WHITE, shades.fill_hover) >= READABLE);
            }
        }
    }
}

//! Pictures from outside: judged by what they hold, not by what they are called, and drawn anew.
//!
//! A picture is decoded within limits (a small file can claim to be a huge picture), turned the
//! way its camera says, made smaller and encoded again: what else the file carried, such as where
//! it was taken, is left behind.

use std::io::Cursor;

use domain::catalog::Refusal;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// The largest file that is read.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;
const MOST_PIXELS: u64 = 40_000_000;
const LONGEST_SIDE: u32 = 20_000;
/// Room for forty million pixels of four bytes, twice.
const MOST_MEMORY: u64 = 320 * 1024 * 1024;
const LARGE: u32 = 1_200;
const SMALL: u32 = 480;
const QUALITY: u8 = 82;

/// A picture as it is kept.
pub struct Prepared {
    pub mime: &'static str,
    pub large: Vec<u8>,
    pub small: Vec<u8>,
    pub width: i64,
    pub height: i64,
    /// The average colour: `#e8e2d6`.
    pub color: String,
}

/// Makes a picture ready to be kept, or refuses it.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, Refusal> {
    if bytes.len() > MOST_BYTES {
        return Err(Refusal::BadPicture);
    }
    let picture = decode(bytes).ok_or(Refusal::BadPicture)?;
    let seen_through = has_holes(&picture);
    let large = within(&picture, LARGE);
    let small = within(&large, SMALL);
    let color = average(&small);
    let encode = |picture: &DynamicImage| {
        let bytes = if seen_through { webp(picture) } else { jpeg(picture) };
        bytes.ok_or(Refusal::BadPicture)
    };
    Ok(Prepared {
        mime: if seen_through { "image/webp" } else { "image/jpeg" },
        width: i64::from(large.width()),
        height: i64::from(large.height()),
        large: encode(&large)?,
        small: encode(&small)?,
        color,
    })
}

fn decode(bytes: &[u8]) -> Option<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    match reader.format()? {
        ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif => {}
        _ => return None,
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > MOST_PIXELS {
        return None;
    }
    let turned = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if let Some(turned) = turned {
        picture.apply_orientation(turned);
    }
    Some(picture)
}

fn has_holes(picture: &DynamicImage) -> bool {
    picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255)
}

fn within(picture: &DynamicImage, side: u32) -> DynamicImage {
    if picture.width() <= side && picture.height() <= side {
        return picture.clone();
    }
    picture.resize(side, side, FilterType::CatmullRom)
}

fn jpeg(picture: &DynamicImage) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    picture.to_rgb8().write_with_encoder(encoder).ok()?;
    Some(bytes)
}

fn webp(picture: &DynamicImage) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    picture.to_rgba8().write_with_encoder(WebPEncoder::new_lossless(&mut bytes)).ok()?;
    Some(bytes)
}

/// The average of what is not see-through.
fn average(picture: &DynamicImage) -> String {
    let mut sums = [0u64; 4];
    for pixel in picture.to_rgba8().pixels() {
        let [red, green, blue, alpha] = pixel.0.map(u64::from);
        sums[0] += red * alpha;
        sums[1] += green * alpha;
        sums[2] += blue * alpha;
        sums[3] += alpha;
    }
    if sums[3] == 0 {
        return "#ffffff".to_string();
    }
    let [red, green, blue, weight] = sums;
    format!("#{:02x}{:02x}{:02x}", red / weight, green / weight, blue / weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32, alpha: u8) -> Vec<u8> {
        let picture =
            image::RgbaImage::from_pixel(width, height, image::Rgba([200, 100, 50, alpha]));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_large_picture_becomes_smaller() {
        let kept = prepare(&png(3_000, 1_500, 255)).unwrap();
        assert_eq!((kept.width, kept.height, kept.mime), (1_200, 600, "image/jpeg"));
        assert_eq!(kept.color, "#c86432");
        let small = image::load_from_memory(&kept.small).unwrap();
        assert_eq!((small.width(), small.height()), (480, 240));
    }

    #[test]
    fn holes_stay_holes() {
        assert_eq!(prepare(&png(10, 10, 0)).unwrap().mime, "image/webp");
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(prepare(b"<svg xmlns='http://www.w3.org/2000/svg'/>").is_err());
        assert!(prepare(&png(10, 10, 255)[..40]).is_err());
        assert!(prepare(&vec![0; MOST_BYTES + 1]).is_err());
        // A few bytes that claim a billion pixels.
        let mut bomb = png(10, 10, 255);
        bomb[16..24].copy_from_slice(&[0, 0, 0x80, 0, 0, 0, 0x80, 0]);
        assert!(prepare(&bomb).is_err());
    }
}

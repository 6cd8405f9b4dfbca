//! An invoice on paper: a PDF of one or more pages of A4, the same bytes for the same invoice.
//!
//! Its labels are in both languages, since whoever gets it need not be who bought. Chinese is
//! written in the song face that PDF readers bring along for `Adobe-GB1`, so that no font has to be
//! shipped or found; Latin letters and figures are in Helvetica, whose widths are known here.

use domain::money::Money;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::InvoiceView;
use crate::failure::Failure;
use crate::shop;

/// What the way of the goods is called on an invoice.
pub const SHIPPING: &str = "运费 Shipping";

/// A4 in points, and what stays free at its edges.
const WIDTH: i64 = 595;
const HEIGHT: i64 = 842;
const EDGE: i64 = 48;
/// How many lines are on one page.
const ROWS: usize = 26;

/// The right edges of the columns of figures.
const QUANTITY: i64 = 345;
const NET: i64 = 410;
const RATE: i64 = 448;
const TAX: i64 = 495;
const TOTAL: i64 = WIDTH - EDGE;

/// How wide Helvetica's letters are from the space to the tilde, in thousandths of their size.
const WIDTHS: [i64; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// How wide a text is, in thousandths of its size.
fn width(text: &str) -> i64 {
    let one = |letter: char| match u32::from(letter) {
        code @ 32..=126 => WIDTHS[code as usize - 32],
        _ => 1_000,
    };
    text.chars().map(one).sum()
}

/// The text cut to what fits into so many points.
fn cut(text: &str, size: i64, most: i64) -> String {
    if width(text) * size <= most * 1_000 {
        return text.to_string();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        if (width(&kept) + width(&letter.to_string()) + 1_000) * size > most * 1_000 {
            break;
        }
        kept.push(letter);
    }
    kept + "…"
}

/// The text in lines of so many points.
fn wrapped(text: &str, size: i64, most: i64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for letter in text.chars() {
        let line = lines.last_mut().expect("there is one from the start");
        if (width(line) + width(&letter.to_string())) * size > most * 1_000 && !line.is_empty() {
            lines.push(letter.to_string());
        } else {
            line.push(letter);
        }
    }
    lines
}

/// A page being drawn. Places are counted from its upper left corner.
struct Page(Content);

#[allow(clippy::disallowed_types, reason = "a drawing")]
fn points(n: i64) -> f32 {
    // Places on a page are small.
    n as f32
}

#[allow(clippy::disallowed_types, reason = "a drawing")]
fn thousandths(n: i64) -> f32 {
    n as f32 / 1_000.0
}

impl Page {
    fn text(&mut self, (x, y): (i64, i64), size: i64, text: &str) {
        let mut at = x * 1_000;
        for run in runs(text) {
            let latin = run.is_ascii();
            let font = if latin { Name(b"L") } else { Name(b"C") };
            let bytes: Vec<u8> = match latin {
                true => run.bytes().collect(),
                false => run.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            };
            self.0.begin_text();
            self.0.set_font(font, points(size));
            let place = [1.0, 0.0, 0.0, 1.0, thousandths(at), points(HEIGHT - y)];
            self.0.set_text_matrix(place);
            self.0.show(Str(&bytes));
            self.0.end_text();
            at += width(&run) * size;
        }
    }

    /// The same with its end at `x`.
    fn right(&mut self, (x, y): (i64, i64), size: i64, text: &str) {
        let long = width(text) * size / 1_000;
        self.text((x - long, y), size, text);
    }

    fn rule(&mut self, y: i64) {
        self.0.set_line_width(thousandths(500));
        self.0.move_to(points(EDGE), points(HEIGHT - y));
        self.0.line_to(points(WIDTH - EDGE), points(HEIGHT - y));
        self.0.stroke();
    }
}

/// Parts of a text that are written in one font.
fn runs(text: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    // What is beyond the plane the font knows, and what cannot be seen, is drawn as a box.
    let plain = text.chars().map(|letter| match letter {
        letter if letter.is_control() || u32::from(letter) > 0xffff => '□',
        letter => letter,
    });
    for letter in plain {
        match runs.last_mut() {
            Some(run) if run.is_ascii() == letter.is_ascii() => run.push(letter),
            _ => runs.push(letter.to_string()),
        }
    }
    runs
}

fn percent(points: i64) -> String {
    match points % 100 {
        0 => format!("{}%", points / 100),
        part => format!("{}.{:02}%", points / 100, part).replace("0%", "%"),
    }
}

fn amount(money: Money) -> String {
    money.decimal()
}

/// The invoice as a PDF.
pub fn file(invoice: &InvoiceView) -> Result<Vec<u8>, Failure> {
    let rows = rows(invoice);
    let pages: Vec<&[Row]> = rows.chunks(ROWS).collect();
    let mut pdf = Pdf::new();
    let (catalog, tree, info) = (Ref::new(1), Ref::new(2), Ref::new(3));
    let fonts = [Ref::new(4), Ref::new(5), Ref::new(6), Ref::new(7)];
    let page_ref = |n: usize| Ref::new(10 + 2 * n as i32);
    let content_ref = |n: usize| Ref::new(11 + 2 * n as i32);
    pdf.catalog(catalog).pages(tree);
    let count = i32::try_from(pages.len()).map_err(Failure::broken)?;
    pdf.pages(tree).kids((0..pages.len()).map(page_ref)).count(count);
    add_fonts(&mut pdf, fonts);
    let day = day(invoice)?;
    for (n, some) in pages.iter().enumerate() {
        let mut page = pdf.page(page_ref(n));
        page.parent(tree).media_box(Rect::new(0.0, 0.0, points(WIDTH), points(HEIGHT)));
        page.contents(content_ref(n));
        page.resources().fonts().pair(Name(b"L"), fonts[0]).pair(Name(b"C"), fonts[1]);
        page.finish();
        let drawn = draw(invoice, &day, some, (n + 1, pages.len()));
        pdf.stream(content_ref(n), &drawn.0.finish());
    }
    let mut about = pdf.document_info(info);
    about.title(TextStr(&invoice.number)).producer(TextStr("Pinwheel"));
    about.finish();
    Ok(pdf.finish())
}

fn add_fonts(pdf: &mut Pdf, [latin, song, cid, about]: [Ref; 4]) {
    let name = Name(b"Helvetica");
    pdf.type1_font(latin).base_font(name).encoding_predefined(Name(b"WinAnsiEncoding"));
    pdf.type0_font(song)
        .base_font(Name(b"STSong-Light-UniGB-UCS2-H"))
        .encoding_predefined(Name(b"UniGB-UCS2-H"))
        .descendant_font(cid);
    let system = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"GB1"), supplement: 4 };
    pdf.cid_font(cid)
        .subtype(CidFontType::Type0)
        .base_font(Name(b"STSong-Light"))
        .system_info(system)
        .font_descriptor(about)
        .default_width(points(1_000));
    pdf.font_descriptor(about)
        .name(Name(b"STSong-Light"))
        .flags(FontFlags::SYMBOLIC | FontFlags::SERIF)
        .bbox(Rect::new(points(-25), points(-254), points(1_000), points(880)))
        .italic_angle(0.0)
        .ascent(points(880))
        .descent(points(-120))
        .cap_height(points(880))
        .stem_v(points(93));
}

/// The day it was issued, where the shop is.
fn day(invoice: &InvoiceView) -> Result<String, Failure> {
    let at = jiff::Timestamp::from_microsecond(invoice.issued_at.0).map_err(Failure::broken)?;
    let there = at.in_tz(shop::ZONE).map_err(Failure::broken)?;
    Ok(there.strftime("%Y-%m-%d").to_string())
}

/// One row of the table: a line of it, or what follows of a long name.
struct Row {
    name: String,
    figures: Option<[String; 5]>,
}

fn rows(invoice: &InvoiceView) -> Vec<Row> {
    let mut rows = Vec::new();
    for line in &invoice.lines {
        let name = match line.spec.is_empty() {
            true => line.name.clone(),
            false => format!("{} / {}", line.name, line.spec),
        };
        let figures = [
            line.quantity.to_string(),
            amount(line.net()),
            percent(line.rate.basis_points()),
            amount(line.tax),
            amount(line.amount),
        ];
        let mut figures = Some(figures);
        for name in wrapped(&name, 9, QUANTITY - EDGE - 40).into_iter().take(3) {
            rows.push(Row { name, figures: figures.take() });
        }
    }
    rows
}

fn draw(invoice: &InvoiceView, day: &str, rows: &[Row], (n, of): (usize, usize)) -> Page {
    let mut page = Page(Content::new());
    let red = invoice.reverses.is_some();
    let heading = if red { "红字发票 Credit note" } else { "发票 Invoice" };
    page.text((EDGE, 70), 20, heading);
    page.right((TOTAL, 60), 10, &format!("号码 No. {}", invoice.number));
    page.right((TOTAL, 76), 10, &format!("开票日期 Date {day}"));
    page.right((TOTAL, 92), 9, &format!("订单 Order {}", invoice.order));
    if let Some(number) = &invoice.reverses_number {
        page.text((EDGE, 92), 9, &format!("冲销 Takes back {number}"));
    }
    page.rule(104);
    let middle = WIDTH / 2 + 8;
    let seller = &invoice.seller;
    let buyer = &invoice.title;
    party(
        &mut page,
        EDGE,
        "销售方 Seller",
        [
            (&seller.name, ""),
            (&seller.tax_number, "税号 Tax no. "),
            (&seller.address, ""),
            (&seller.bank, ""),
        ],
    );
    party(
        &mut page,
        middle,
        "购买方 Buyer",
        [
            (&buyer.name, ""),
            (&buyer.tax_number, "税号 Tax no. "),
            (&buyer.address, ""),
            (&String::new(), ""),
        ],
    );
    page.rule(208);
    let currency = invoice.sums.total.currency.code();
    page.text((EDGE, 222), 8, "项目 Item");
    page.right((QUANTITY, 222), 8, "数量 Qty");
    page.right((NET, 222), 8, "金额 Net");
    page.right((RATE, 222), 8, "税率");
    page.right((TAX, 222), 8, "税额 Tax");
    page.right((TOTAL, 222), 8, &format!("合计 {currency}"));
    page.rule(228);
    let mut y = 228;
    for row in rows {
        y += 15;
        page.text((EDGE, y), 9, &row.name);
        let Some(figures) = &row.figures else { continue };
        for (right, figure) in [QUANTITY, NET, RATE, TAX, TOTAL].into_iter().zip(figures) {
            page.right((right, y), 9, figure);
        }
    }
    page.rule(y + 8);
    if n == of {
        sums(&mut page, invoice, y + 24, currency);
    }
    page.text((EDGE, HEIGHT - 40), 7, &format!("{}   {n}/{of}", invoice.hash));
    page
}

fn party(page: &mut Page, x: i64, heading: &str, lines: [(&String, &str); 4]) {
    let room = WIDTH / 2 - EDGE - 12;
    page.text((x, 120), 8, heading);
    let mut y = 120;
    for (text, label) in lines.iter().filter(|(text, _)| !text.is_empty()) {
        for line in wrapped(&format!("{label}{text}"), 10, room).into_iter().take(2) {
            y += 14;
            page.text((x, y), 10, &cut(&line, 10, room));
        }
    }
}

fn sums(page: &mut Page, invoice: &InvoiceView, from: i64, currency: &str) {
    let mut y = from;
    for of in invoice.by_rate.iter().filter(|_| invoice.by_rate.len() > 1) {
        page.right((NET, y), 9, &amount(of.sums.net));
        page.right((RATE, y), 9, &percent(of.rate.basis_points()));
        page.right((TAX, y), 9, &amount(of.sums.tax));
        page.right((TOTAL, y), 9, &amount(of.sums.total));
        y += 14;
    }
    let sums = &invoice.sums;
    page.text((EDGE, y), 10, &format!("价税合计 Total {currency}"));
    page.right((NET, y), 9, &amount(sums.net));
    page.right((TAX, y), 9, &amount(sums.tax));
    page.right((TOTAL, y), 10, &amount(sums.total));
    if !invoice.reason.is_empty() {
        page.text((EDGE, y + 24), 9, &format!("原因 Reason: {}", reason(&invoice.reason)));
    }
}

/// Why it was taken back: ours in words, staff's as they wrote it.
fn reason(code: &str) -> String {
    match code {
        "refund" => "退款 Money went back".to_string(),
        said => cut(said, 9, WIDTH - 2 * EDGE - 90),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_parted_by_font_and_measured() {
        assert_eq!(runs("茶 tea"), ["茶", " tea"]);
        assert_eq!(runs("a\u{1f375}\u{7}"), ["a", "□□"]);
        assert_eq!((width("茶"), width("0.1"), width("")), (1_000, 1_390, 0));
        assert_eq!(cut("茶茶茶茶", 10, 30), "茶茶…");
        assert_eq!(cut("茶茶茶", 10, 30), "茶茶茶");
        assert_eq!(wrapped("茶茶茶", 10, 20), ["茶茶", "茶"]);
        assert_eq!(wrapped("", 10, 20), [""]);
    }

    #[test]
    fn rates_are_percents() {
        assert_eq!(
            (percent(1_300), percent(650), percent(725)),
            ("13%".into(), "6.5%".into(), { "7.25%".to_string() })
        );
        assert_eq!(percent(0), "0%");
    }
}

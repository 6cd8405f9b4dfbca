//! Writes down China's provinces with their cities and districts, as the crate `idcard` has them
//! (GB/T 2260, by the ministry's list of 2022), each beside how it sounds: `src/division.rs` reads
//! it. The crates are asked here, while the shop is built, so that nothing of them is in the shop.

use std::path::PathBuf;
use std::{env, fs, io};

use pinyin::ToPinyin;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let written = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let provinces = (11..=65).filter_map(|code| Some((code, name(code * 10_000)?)));
    let cities = provinces.flat_map(|(code, name)| cities(code, &name));
    let lines: Vec<String> = cities.map(|line| both(&line)).collect();
    // A table of another shape would be noticed by nobody but buyers.
    if !(350..450).contains(&lines.len()) {
        return Err(io::Error::other(format!("{} cities", lines.len())));
    }
    fs::write(written.join("divisions.txt"), lines.join("\n"))
}

/// What a number of six digits stands for, behind everything it is in.
fn name(code: u32) -> Option<String> {
    idcard::region::query(&format!("{code:06}")).map(str::to_string)
}

/// A line for each city of a province: the province, the city, its districts.
fn cities(province: u32, its_name: &str) -> Vec<Vec<String>> {
    let mut lines: Vec<Vec<String>> = Vec::new();
    for city in province * 100 + 1..province * 100 + 100 {
        let whole = name(city * 100);
        let inside = whole.as_deref().unwrap_or(its_name);
        let bare = |name: String| name.strip_prefix(inside).map(str::to_string).unwrap_or(name);
        let parts = (city * 100 + 1..city * 100 + 100).filter_map(name).map(bare);
        let parts: Vec<String> = parts.collect();
        let line = |city: &str| vec![its_name.to_string(), city.to_string()];
        match &whole {
            Some(whole) => {
                let city = whole.strip_prefix(its_name).unwrap_or(whole);
                lines.push([line(city), parts].concat());
            }
            None if parts.is_empty() => {}
            // What a province rules itself, with no city between, is a city to who lives there.
            None if city % 100 == 90 => lines.extend(parts.iter().map(|city| line(city))),
            // A municipality is one city, whose districts and counties have two numbers.
            None => match lines.last_mut() {
                Some(last) => last.extend(parts),
                None => lines.push([line(its_name), parts].concat()),
            },
        }
    }
    lines
}

/// The line with each name beside its sound; the province has an English name already.
fn both(line: &[String]) -> String {
    let places = line[1..].iter().map(|name| format!("{name}|{}", sound(name)));
    let first = [line[0].clone()].into_iter();
    first.chain(places).collect::<Vec<_>>().join("\t")
}

/// What places are, longest first; it is not said in English.
const KINDS: [&str; 10] =
    ["自治县", "自治州", "自治旗", "地区", "特区", "市", "区", "县", "旗", "盟"];

/// Peoples, of whom a place is called autonomous: neither is that.
const PEOPLES: [&str; 38] = [
    "各族",
    "回族",
    "蒙古",
    "藏族",
    "维吾尔",
    "苗族",
    "彝族",
    "壮族",
    "布依",
    "朝鲜",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家",
    "哈尼",
    "哈萨克",
    "傣族",
    "黎族",
    "傈僳",
    "佤族",
    "畲族",
    "拉祜",
    "水族",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土族",
    "达斡尔",
    "仫佬",
    "羌族",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "塔吉克",
];

/// How places sound whose signs sound otherwise elsewhere.
const NAMES: [(&str, &str); 40] = [
    ("六安", "lu an"),
    ("六合", "lu he"),
    ("乐清", "yue qing"),
    ("乐陵", "lao ling"),
    ("乐亭", "lao ting"),
    ("东阿", "dong e"),
    ("番禺", "pan yu"),
    ("大埔", "da bu"),
    ("铅山", "yan shan"),
    ("浚县", "xun xian"),
    ("涡阳", "guo yang"),
    ("尉犁", "yu li"),
    ("蔚县", "yu xian"),
    ("任丘", "ren qiu"),
    ("句容", "ju rong"),
    ("洪洞", "hong tong"),
    ("繁峙", "fan shi"),
    ("莘县", "shen xian"),
    ("吐鲁番", "tu lu fan"),
    ("丽水", "li shui"),
    ("闵行", "min hang"),
    ("犍为", "qian wei"),
    ("蚌埠", "beng bu"),
    ("佛山", "fo shan"),
    ("筠连", "jun lian"),
    ("荥经", "ying jing"),
    ("牟定", "mou ding"),
    ("黄陂", "huang pi"),
    ("泌阳", "bi yang"),
    ("珲春", "hun chun"),
    ("枞阳", "zong yang"),
    ("神农架林", "shen nong jia"),
    // What is known by its name in another language.
    ("呼和浩特", "hohhot"),
    ("鄂尔多斯", "ordos"),
    ("呼伦贝尔", "hulunbuir"),
    ("哈尔滨", "harbin"),
    ("齐齐哈尔", "qiqihar"),
    ("拉萨", "lhasa"),
    ("日喀则", "shigatse"),
    ("乌鲁木齐", "urumqi"),
];

/// How signs sound in the names of places, when that is not their first sound.
const SIGNS: [(char, &str); 24] = [
    ('长', "chang"),
    ('朝', "chao"),
    ('重', "chong"),
    ('乐', "le"),
    ('曾', "zeng"),
    ('单', "shan"),
    ('都', "du"),
    ('和', "he"),
    ('阿', "a"),
    ('厦', "xia"),
    ('台', "tai"),
    ('会', "hui"),
    ('藏', "zang"),
    ('曲', "qu"),
    ('夏', "xia"),
    ('石', "shi"),
    ('大', "da"),
    ('华', "hua"),
    ('六', "liu"),
    ('颍', "ying"),
    ('勒', "le"),
    ('什', "shi"),
    ('泊', "bo"),
    ('牟', "mu"),
];

/// The name as it sounds, without what kind of place it is: `Xi'an` for 西安市.
fn sound(name: &str) -> String {
    let kind = KINDS.iter().find_map(|kind| name.strip_suffix(kind));
    // One sign alone is said with its kind: 郊区 is Jiaoqu.
    let bare = kind.filter(|bare| bare.chars().count() > 1).unwrap_or(name);
    let autonomous = name.contains("自治");
    let people = PEOPLES.iter().filter_map(|people| bare.find(people)).filter(|at| *at > 0).min();
    let bare = people.filter(|_| autonomous).map_or(bare, |at| &bare[..at]);
    let mut syllables: Vec<&str> = Vec::new();
    let mut rest = bare;
    while let Some(sign) = rest.chars().next() {
        let whole = NAMES.iter().find(|(known, _)| rest.starts_with(known));
        let own = SIGNS.iter().find(|(known, _)| *known == sign).map(|(_, sound)| *sound);
        match whole {
            Some((known, sounds)) => {
                syllables.extend(sounds.split(' '));
                rest = &rest[known.len()..];
            }
            None => {
                syllables.extend(own.or_else(|| sign.to_pinyin().map(|sound| sound.plain())));
                rest = &rest[sign.len_utf8()..];
            }
        }
    }
    let mut sound = String::new();
    for syllable in syllables {
        // Where a syllable begins is not to be guessed: Xi'an is not Xian.
        if !sound.is_empty() && syllable.starts_with(['a', 'e', 'o']) {
            sound.push('\'');
        }
        sound.push_str(syllable);
    }
    let sound = sound.replace(['ü', 'v'], "u");
    let mut letters = sound.chars();
    letters
        .next()
        .map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

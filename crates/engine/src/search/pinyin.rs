//! How Han characters sound, and how typed letters are cut into sounds.
//!
//! A sound is a syllable without its tone. Syllables are numbered in alphabetical order, so that
//! all that begin with the same letters, down to a single initial, are one range of numbers.

use std::ops::Range;

use pinyin::{ToPinyin, ToPinyinMulti};

/// The number of a syllable: its place among [`SYLLABLES`].
pub type Syllable = u16;

/// Every syllable of the language, in order; `v` is how `ü` is typed.
const ALL: &str = "\
    a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can \
    cang cao ce cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai \
    chuan chuang chui chun chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de dei den \
    deng di dia dian diao die ding diu dong dou du duan dui dun duo e ei en eng er fa fan fang \
    fei fen feng fiao fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan \
    guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui \
    hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke \
    kei ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei len leng \
    li lia lian liang liao lie lin ling liu lo long lou lu luan lue lun luo lv lve ma mai man \
    mang mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei \
    nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nue nun nuo nv nve o ou pa pai \
    pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin \
    qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo \
    sa sai san sang sao se sen seng sha shai shan shang shao she shei shen sheng shi shou shu \
    shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang tao \
    te tei teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng \
    wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi \
    yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang \
    zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong \
    zou zu zuan zui zun zuo";

/// The syllables, split once.
static SYLLABLES: std::sync::LazyLock<Vec<&str>> =
    std::sync::LazyLock::new(|| ALL.split_whitespace().collect());

/// The number of a whole syllable.
pub fn number(syllable: &str) -> Option<Syllable> {
    SYLLABLES.binary_search(&syllable).ok().map(|at| at as Syllable)
}

/// The syllables that begin with these letters.
pub fn beginning(letters: &str) -> Range<Syllable> {
    let from = SYLLABLES.partition_point(|syllable| *syllable < letters);
    let more = SYLLABLES[from..].partition_point(|syllable| syllable.starts_with(letters));
    from as Syllable..(from + more) as Syllable
}

/// Rarer readings than the first few are in dictionaries only.
const READINGS: usize = 3;

/// How a character may be read, the usual reading first.
pub fn readings(c: char) -> Vec<Syllable> {
    let usual = c.to_pinyin().into_iter();
    let others = c.to_pinyin_multi().into_iter().flatten();
    let mut found = Vec::new();
    for reading in usual.chain(others).take(1 + READINGS) {
        let typed = reading.plain().replace('ü', "v");
        let alias = typed.contains('v').then(|| typed.replace('v', "u"));
        for syllable in [Some(typed), alias].into_iter().flatten() {
            found.extend(number(&syllable).filter(|syllable| !found.contains(syllable)));
        }
    }
    found
}

/// A typed part of a sound: the syllables it may stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    pub may_be: Range<Syllable>,
    /// The syllable was typed to its end.
    pub whole: bool,
}

impl Sound {
    fn whole(syllable: Syllable) -> Sound {
        Sound { may_be: syllable..syllable + 1, whole: true }
    }

    fn part(letters: &str) -> Option<Sound> {
        let may_be = beginning(letters);
        (!may_be.is_empty()).then_some(Sound { may_be, whole: false })
    }
}

/// Ways to cut letters into syllables, longest first syllable first, at most four. The last
/// syllable may be unfinished if `open`.
pub fn cut(letters: &str, open: bool) -> Vec<Vec<Sound>> {
    const MOST: usize = 4;
    let mut found = Vec::new();
    if letters.bytes().all(|b| b.is_ascii_lowercase()) {
        let mut dead = vec![false; letters.len() + 1];
        cut_rest(letters, 0, open, &mut Vec::new(), &mut dead, &mut |way| {
            found.push(way.to_vec());
            found.len() < MOST
        });
    }
    found
}

/// Cuts from `at` on; says each way, and stops when told. `dead` are places that lead nowhere.
fn cut_rest(
    letters: &str,
    at: usize,
    open: bool,
    way: &mut Vec<Sound>,
    dead: &mut [bool],
    say: &mut dyn FnMut(&[Sound]) -> bool,
) -> bool {
    if at == letters.len() {
        return way.is_empty() || say(way);
    }
    let mut any = false;
    for end in (at + 1..=letters.len().min(at + 6)).rev() {
        let part = &letters[at..end];
        let last = open && end == letters.len();
        let unfinished = || if last && at > 0 { Sound::part(part) } else { None };
        let Some(sound) = number(part).map(Sound::whole).or_else(unfinished) else { continue };
        if dead[end] {
            continue;
        }
        any = true;
        way.push(sound);
        let more = cut_rest(letters, end, open, way, dead, say);
        way.pop();
        if !more {
            return false;
        }
    }
    dead[at] = !any;
    true
}

/// A word that is only the beginning of a syllable.
pub fn unfinished(letters: &str) -> Option<Vec<Sound>> {
    Sound::part(letters).map(|sound| vec![sound])
}

/// The letters of a sound: of its first syllable, if it may be several.
pub fn text(sound: &Sound) -> &'static str {
    SYLLABLES.get(usize::from(sound.may_be.start)).copied().unwrap_or_default()
}

/// Each letter as the initial of a syllable, if every one can be.
pub fn initials(letters: &str) -> Option<Vec<Sound>> {
    if !(2..=8).contains(&letters.len()) || !letters.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    (0..letters.len()).map(|at| Sound::part(&letters[at..at + 1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_in_order() {
        assert!(SYLLABLES.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(beginning("zhu").len(), 8);
        assert!(beginning("i").is_empty() && beginning("xyz").is_empty());
    }

    #[test]
    fn letters_are_cut_into_syllables() {
        let check = |line: &str, open: bool| {
            let (letters, want) = line.split_once(" | ").unwrap();
            let shown: Vec<String> = cut(letters, open)
                .iter()
                .map(|way| {
                    let parts = way.iter().map(|sound| {
                        let first = SYLLABLES[sound.may_be.start as usize];
                        if sound.whole { first.to_string() } else { format!("{first}…") }
                    });
                    parts.collect::<Vec<_>>().join(" ")
                })
                .collect();
            assert_eq!(shown.join(", "), want, "{letters}");
        };
        check("yiti | yi ti", false);
        check("xian | xian, xi an", false);
        check("buxiugang | bu xiu gang", false);
        check("fangan | fang an, fan gan", false);
        check("yit | ", false);
        check("yit | yi ta…", true);
        check("t | ", true);
        check("candle | ", false);
        check("lvge | lv ge", false);
    }

    #[test]
    fn nothing_takes_long_to_cut() {
        let long = "xian".repeat(10);
        assert_eq!(cut(&long, true).len(), 4);
        assert!(cut(&format!("{}!", "xian".repeat(10)), true).is_empty());
        assert!(cut(&format!("{}q", "xian".repeat(9)), false).is_empty());
    }

    #[test]
    fn characters_are_read() {
        let read = |c| readings(c).into_iter().map(|s| SYLLABLES[s as usize]).collect::<Vec<_>>();
        assert_eq!(read('茶'), ["cha"]);
        assert_eq!(read('绿')[..2], ["lv", "lu"]);
        assert!(read('重').contains(&"chong") && read('重').contains(&"zhong"));
        assert!(read('a').is_empty() && read('カ').is_empty());
    }

    #[test]
    fn initials_are_letters_that_begin_syllables() {
        assert_eq!(initials("bxg").map(|sounds| sounds.len()), Some(3));
        assert_eq!(initials("tv"), None);
        assert_eq!(initials("b"), None);
    }
}

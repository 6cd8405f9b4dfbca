//! Where a rule holds: a country, a province in it or a city in that, however people write them.

use serde::{Deserialize, Serialize};

use crate::place::Address;

/// A province, municipality, autonomous or special administrative region of China.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Province {
    /// ISO 3166-2.
    pub code: &'static str,
    /// Its full name, as on a parcel.
    pub name: &'static str,
    pub name_en: &'static str,
}

const fn province(code: &'static str, name: &'static str, name_en: &'static str) -> Province {
    Province { code, name, name_en }
}

/// All of them, in the order of their numbers in GB/T 2260.
pub const PROVINCES: [Province; 34] = [
    province("CN-BJ", "北京市", "Beijing"),
    province("CN-TJ", "天津市", "Tianjin"),
    province("CN-HE", "河北省", "Hebei"),
    province("CN-SX", "山西省", "Shanxi"),
    province("CN-NM", "内蒙古自治区", "Inner Mongolia"),
    province("CN-LN", "辽宁省", "Liaoning"),
    province("CN-JL", "吉林省", "Jilin"),
    province("CN-HL", "黑龙江省", "Heilongjiang"),
    province("CN-SH", "上海市", "Shanghai"),
    province("CN-JS", "江苏省", "Jiangsu"),
    province("CN-ZJ", "浙江省", "Zhejiang"),
    province("CN-AH", "安徽省", "Anhui"),
    province("CN-FJ", "福建省", "Fujian"),
    province("CN-JX", "江西省", "Jiangxi"),
    province("CN-SD", "山东省", "Shandong"),
    province("CN-HA", "河南省", "Henan"),
    province("CN-HB", "湖北省", "Hubei"),
    province("CN-HN", "湖南省", "Hunan"),
    province("CN-GD", "广东省", "Guangdong"),
    province("CN-GX", "广西壮族自治区", "Guangxi"),
    province("CN-HI", "海南省", "Hainan"),
    province("CN-CQ", "重庆市", "Chongqing"),
    province("CN-SC", "四川省", "Sichuan"),
    province("CN-GZ", "贵州省", "Guizhou"),
    province("CN-YN", "云南省", "Yunnan"),
    province("CN-XZ", "西藏自治区", "Tibet"),
    province("CN-SN", "陕西省", "Shaanxi"),
    province("CN-GS", "甘肃省", "Gansu"),
    province("CN-QH", "青海省", "Qinghai"),
    province("CN-NX", "宁夏回族自治区", "Ningxia"),
    province("CN-XJ", "新疆维吾尔自治区", "Xinjiang"),
    province("CN-TW", "台湾省", "Taiwan"),
    province("CN-HK", "香港特别行政区", "Hong Kong"),
    province("CN-MO", "澳门特别行政区", "Macao"),
];

/// What the kinds of places are called; a name means the same with and without.
const KINDS: [&str; 14] = [
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "自治州",
    "地区",
    "省",
    "市",
    "盟",
    " province",
    " city",
    " municipality",
    " autonomous region",
];

/// The name without what kind of place it is, in lower case: `浙江省` and `浙江` are one place.
fn bare(name: &str) -> String {
    let name = name.trim().to_lowercase();
    let cut = KINDS.iter().find_map(|kind| name.strip_suffix(kind).filter(|rest| !rest.is_empty()));
    cut.unwrap_or(&name).to_string()
}

/// What districts are called besides cities.
const SMALL_KINDS: [&str; 5] = ["自治县", "县", "区", "自治旗", "旗"];

/// The name of a district without what kind of place it is.
fn short(name: &str) -> String {
    let cut = SMALL_KINDS.iter().find_map(|kind| name.trim().strip_suffix(kind));
    cut.filter(|rest| !rest.is_empty()).map_or_else(|| bare(name), str::to_string)
}

/// Whether two names are of one place: `西湖` is `西湖区`, while 伊宁市 and 伊宁县 are two.
pub fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim().to_lowercase(), other.trim().to_lowercase());
    one == other || short(&one) == other || one == short(&other)
}

impl Province {
    /// The province people mean by this: its code or a name in either language, full or short.
    pub fn find(text: &str) -> Option<Province> {
        let wanted = bare(text);
        PROVINCES.into_iter().find(|province| {
            let names = [province.code, province.name, province.name_en];
            names.into_iter().any(|name| bare(name) == wanted)
                || province.code.strip_prefix("CN-").is_some_and(|code| bare(code) == wanted)
        })
    }
}

/// Whether two names are of one region of a country.
fn same_region(country: &str, one: &str, other: &str) -> bool {
    if country == "CN"
        && let (Some(one), Some(other)) = (Province::find(one), Province::find(other))
    {
        return one == other;
    }
    bare(one) == bare(other)
}

/// A part of the world: everything, a country, a region of it, a city in that or a district.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Area {
    /// Two capital letters; empty for everywhere.
    country: String,
    region: String,
    city: String,
    district: String,
}

/// It is not `*`, `CN`, `CN/浙江`, `CN/浙江/杭州` or `CN/浙江/杭州/西湖`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadArea;

impl Area {
    /// Wherever nothing else is said.
    pub fn everywhere() -> Area {
        let none = String::new;
        Area { country: none(), region: none(), city: none(), district: none() }
    }

    /// Reads `*`, `CN`, `CN/浙江`, `CN/浙江/杭州` or `CN/浙江/杭州/西湖`. A province of China gets
    /// its full name.
    pub fn parse(text: &str) -> Result<Area, BadArea> {
        let text = text.trim();
        if text == "*" {
            return Ok(Area::everywhere());
        }
        let mut parts = text.split('/').map(str::trim);
        let country = parts.next().unwrap_or("").to_uppercase();
        let region = parts.next().unwrap_or("");
        let city = parts.next().unwrap_or("").to_string();
        let district = parts.next().unwrap_or("").to_string();
        let named = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
        let filled =
            (city.is_empty() || !region.is_empty()) && (district.is_empty() || !city.is_empty());
        let whole = parts.next().is_none() && filled;
        if !named || !whole || text.chars().count() > 100 || text.ends_with('/') {
            return Err(BadArea);
        }
        let known = Province::find(region).filter(|_| country == "CN" && !region.is_empty());
        let region = known.map_or(region, |province| province.name).to_string();
        Ok(Area { country, region, city, district })
    }

    /// How exactly it names where the address is: 0 by everywhere, 4 by its district. `None` when
    /// the address is elsewhere, or does not say enough.
    pub fn covers(&self, address: &Address) -> Option<u8> {
        if self.country.is_empty() {
            return Some(0);
        }
        if self.country != address.country {
            return None;
        }
        if self.region.is_empty() {
            return Some(1);
        }
        if !same_region(&self.country, &self.region, &address.region) {
            return None;
        }
        if self.city.is_empty() {
            return Some(2);
        }
        // A municipality is its own city, and people write its name once, or twice.
        if bare(&self.city) != bare(&address.city) {
            return None;
        }
        match self.district.is_empty() {
            true => Some(3),
            false => alike(&self.district, &address.district).then_some(4),
        }
    }
}

impl std::fmt::Display for Area {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        if self.country.is_empty() {
            return f.write_str("*");
        }
        f.write_str(&self.country)?;
        for part in [&self.region, &self.city, &self.district] {
            if !part.is_empty() {
                write!(f, "/{part}")?;
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for Area {
    type Error = String;

    fn try_from(text: String) -> Result<Area, String> {
        Area::parse(&text).map_err(|BadArea| format!("`{text}` is no area"))
    }
}

impl From<Area> for String {
    fn from(area: Area) -> String {
        area.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(country: &str, region: &str, city: &str) -> Address {
        let text = str::to_string;
        let (country, region, city) = (text(country), text(region), text(city));
        Address { country, region, city, ..Address::default() }
    }

    #[test]
    fn provinces_are_found_as_people_write_them() {
        let check = |text, code| assert_eq!(Province::find(text).map(|p| p.code), code, "{text}");
        for text in ["浙江", "浙江省", "Zhejiang", "zhejiang province", "CN-ZJ", "zj", " 浙江 "]
        {
            check(text, Some("CN-ZJ"));
        }
        check("新疆", Some("CN-XJ"));
        check("广西", Some("CN-GX"));
        check("香港", Some("CN-HK"));
        check("市", None);
        check("", None);
        check("Atlantis", None);
        // Shanxi and Shaanxi are two.
        assert_ne!(Province::find("Shanxi"), Province::find("Shaanxi"));
    }

    #[test]
    fn small_places_are_one_with_and_without_their_kind() {
        assert!(alike("西湖", "西湖区") && alike("西湖区", " 西湖区 ") && alike("义乌", "义乌市"));
        assert!(!alike("伊宁市", "伊宁县") && !alike("西湖", "余杭区") && !alike("区", ""));
    }

    #[test]
    fn an_area_says_how_exactly_it_names_a_place() {
        let check = |area: &str, address: &Address, covers: Option<u8>| {
            assert_eq!(Area::parse(area).unwrap().covers(address), covers, "{area} {address:?}");
        };
        let hangzhou = at("CN", "浙江省", "杭州市");
        check("*", &hangzhou, Some(0));
        check("CN", &hangzhou, Some(1));
        check("CN/Zhejiang", &hangzhou, Some(2));
        check("CN/浙江/杭州", &hangzhou, Some(3));
        check("CN/浙江/宁波", &hangzhou, None);
        check("CN/浙江/杭州/西湖", &hangzhou, None);
        let by_the_lake = Address { district: "西湖区".into(), ..hangzhou.clone() };
        check("CN/浙江/杭州/西湖", &by_the_lake, Some(4));
        check("CN/浙江/杭州/西湖区", &by_the_lake, Some(4));
        check("CN/浙江/杭州/余杭区", &by_the_lake, None);
        check("CN/浙江/杭州", &by_the_lake, Some(3));
        check("US", &hangzhou, None);
        check("CN/上海/上海", &at("CN", "上海", "上海市"), Some(3));
        check("US/CA", &at("US", "ca", "San Jose"), Some(2));
        check("US/CA/San Jose", &at("US", "CA", "san jose"), Some(3));
        check("CN/浙江", &at("CN", "", ""), None);
    }

    #[test]
    fn what_is_no_area_is_refused() {
        for text in
            ["", "China", "C", "12", "CN/", "CN//杭州", "CN/浙江//西湖", "CN/浙江/杭州/西湖/翁家山"]
                .into_iter()
                .chain(["/", "CN/浙江/"])
        {
            assert_eq!(Area::parse(text), Err(BadArea), "{text}");
        }
        assert_eq!(Area::parse("cn/浙江").unwrap().to_string(), "CN/浙江省");
    }

    #[test]
    fn every_province_is_found_by_each_of_its_names() {
        for province in PROVINCES {
            for name in [province.code, province.name, province.name_en] {
                assert_eq!(Province::find(name), Some(province), "{name}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_an_area_or_refused(text in ".{0,120}") {
            if let Ok(area) = Area::parse(&text) {
                prop_assert_eq!(Area::parse(&area.to_string()), Ok(area));
            }
        }
    }
}

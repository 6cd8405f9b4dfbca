//! How China is divided: the cities of its provinces and the districts of its cities.
//!
//! The list is of one year, and places are founded, joined and renamed. So it offers and it asks;
//! it never says that a place it does not know does not exist.

use std::sync::LazyLock;

use crate::place::Address;
use crate::region::{PROVINCES, Province, alike};

/// A place with how it sounds, for those who read no Chinese.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// As on a parcel.
    pub name: &'static str,
    pub sound: &'static str,
}

/// A city with what is around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct City {
    pub place: Place,
    /// Districts, counties and smaller cities; none where a city has none.
    pub districts: Vec<Place>,
}

/// Written while this was built (`build.rs`): province, city and its districts, a city a line.
static LIST: &str = include_str!(concat!(env!("OUT_DIR"), "/divisions.txt"));

/// The cities of each province, in the order of `PROVINCES`.
static CITIES: LazyLock<Vec<Vec<City>>> = LazyLock::new(|| {
    let line = |line: &'static str| {
        let (province, rest) = line.split_once('\t')?;
        let places = rest.split('\t').filter_map(|place| place.split_once('|'));
        let mut places = places.map(|(name, sound)| Place { name, sound });
        Some((province, City { place: places.next()?, districts: places.collect() }))
    };
    let all: Vec<_> = LIST.lines().filter_map(line).collect();
    let of = |province: Province| {
        let own = all.iter().filter(|(name, _)| *name == province.name);
        own.map(|(_, city)| city.clone()).collect()
    };
    PROVINCES.into_iter().map(of).collect()
});

/// The cities of a province, in the order of their numbers. None are known of Taiwan, Hong Kong
/// and Macao.
pub fn cities(province: Province) -> &'static [City] {
    let at = PROVINCES.into_iter().position(|one| one == province);
    at.and_then(|at| CITIES.get(at)).map_or(&[], Vec::as_slice)
}

/// The city of a province people mean by this.
pub fn city(province: Province, text: &str) -> Option<&'static City> {
    let all = cities(province);
    let exactly = all.iter().find(|city| city.place.name == text.trim());
    exactly.or_else(|| all.iter().find(|city| city.place.is(text)))
}

impl Place {
    /// Whether people mean it by this: its name, with or without what kind of place it is, or how
    /// it sounds.
    fn is(&self, text: &str) -> bool {
        alike(self.name, text) || self.sound.eq_ignore_ascii_case(text.trim())
    }
}

impl City {
    /// The district of this city people mean by this.
    pub fn district(&self, text: &str) -> Option<Place> {
        let exactly = self.districts.iter().find(|place| place.name == text.trim());
        exactly.or_else(|| self.districts.iter().find(|place| place.is(text))).copied()
    }
}

/// What an address says that the list knows better. Its writer is asked, and may know better still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The city is not in this province, but in that one.
    City { city: Place, province: Province },
    /// The district is not in this city, but in that one.
    District { district: Place, city: Place, province: Province },
}

/// What looks wrong about an address in China: a part of it is known, and known to be elsewhere.
pub fn doubt(address: &Address) -> Option<Doubt> {
    let province = Province::find(&address.region).filter(|_| address.country == "CN")?;
    let known = cities(province);
    let Some(city) = city(province, &address.city) else {
        // A city of the second rank stands where a city does: 义乌 is as good as 金华.
        let within = known.iter().any(|city| city.district(&address.city).is_some());
        let elsewhere = PROVINCES.into_iter().filter(|_| !known.is_empty() && !within);
        return elsewhere.filter(|other| *other != province).find_map(|other| {
            let found = cities(other).iter().find(|city| alike(city.place.name, &address.city))?;
            Some(Doubt::City { city: found.place, province: other })
        });
    };
    let wanted = address.district.trim();
    if wanted.is_empty() || city.districts.is_empty() || city.district(wanted).is_some() {
        return None;
    }
    // Of the same province first: that is the likelier slip.
    let others = PROVINCES.into_iter().filter(|other| *other != province);
    std::iter::once(province).chain(others).find_map(|province| {
        cities(province).iter().find_map(|city| {
            let district = city.districts.iter().copied().find(|place| place.name == wanted)?;
            Some(Doubt::District { district, city: city.place, province })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn province(text: &str) -> Province {
        Province::find(text).unwrap()
    }

    fn at(region: &str, city: &str, district: &str) -> Address {
        let text = str::to_string;
        let (region, city, district) = (text(region), text(city), text(district));
        Address { country: "CN".into(), region, city, district, ..Address::default() }
    }

    #[test]
    fn every_province_of_the_list_has_its_cities_and_every_city_its_districts() {
        let all: Vec<&City> = PROVINCES.into_iter().flat_map(cities).collect();
        let districts: usize = all.iter().map(|city| city.districts.len()).sum();
        assert_eq!((all.len(), LIST.lines().count()), (368, 368));
        assert!((2_750..2_950).contains(&districts), "{districts}");
        for province in PROVINCES {
            let far = ["台湾省", "香港特别行政区", "澳门特别行政区"].contains(&province.name);
            assert_eq!(cities(province).is_empty(), far, "{}", province.name);
            for city in cities(province) {
                for Place { name, sound } in city.districts.iter().chain([&city.place]) {
                    let whole = name.chars().count() > 1 && !name.contains('|');
                    let letters = sound.chars().all(|c| c.is_ascii_alphabetic() || c == '\'');
                    let first = sound.starts_with(|c: char| c.is_ascii_uppercase());
                    assert!(whole && letters && first, "{name} {sound}");
                }
                assert_eq!(super::city(province, city.place.name), Some(city));
                for district in &city.districts {
                    assert_eq!(city.district(district.name), Some(*district));
                    let whole = at(province.name, city.place.name, district.name);
                    assert_eq!(doubt(&whole), None, "{whole:?}");
                }
            }
        }
    }

    #[test]
    fn places_are_found_as_people_write_them() {
        let check = |region, city, district, found: Option<&str>| {
            let city = super::city(province(region), city).unwrap();
            let place = city.district(district);
            assert_eq!(place.map(|place| place.name), found, "{region} {district}");
        };
        check("浙江", "杭州", "西湖", Some("西湖区"));
        check("浙江", "杭州市", " 西湖区 ", Some("西湖区"));
        check("Zhejiang", "Hangzhou", "xihu", Some("西湖区"));
        check("浙江", "杭州市", "海淀区", None);
        check("北京", "北京", "海淀", Some("海淀区"));
        check("重庆", "重庆市", "云阳县", Some("云阳县"));
        check("新疆", "伊犁哈萨克自治州", "伊宁县", Some("伊宁县"));
        check("新疆", "伊犁哈萨克自治州", "伊宁市", Some("伊宁市"));
        check("内蒙古", "呼伦贝尔", "鄂温克族自治旗", Some("鄂温克族自治旗"));
        assert_eq!(city(province("湖北"), "仙桃").map(|city| city.place.name), Some("仙桃市"));
        assert_eq!(city(province("广东"), "东莞").unwrap().districts.len(), 0);
        assert_eq!(city(province("浙江"), "Atlantis"), None);
    }

    #[test]
    fn places_sound_as_they_are_called() {
        let check = |region, city, sound| {
            let found = super::city(province(region), city).unwrap();
            assert_eq!(found.place.sound, sound, "{city}");
        };
        for (region, city, sound) in [
            ("浙江", "杭州市", "Hangzhou"),
            ("陕西", "西安市", "Xi'an"),
            ("安徽", "六安市", "Lu'an"),
            ("湖南", "长沙市", "Changsha"),
            ("重庆", "重庆市", "Chongqing"),
            ("福建", "厦门市", "Xiamen"),
            ("四川", "成都市", "Chengdu"),
            ("四川", "乐山市", "Leshan"),
            ("吉林", "延边朝鲜族自治州", "Yanbian"),
            ("辽宁", "朝阳市", "Chaoyang"),
            ("浙江", "丽水市", "Lishui"),
            ("浙江", "台州市", "Taizhou"),
            ("安徽", "蚌埠市", "Bengbu"),
            ("安徽", "亳州市", "Bozhou"),
            ("湖北", "神农架林区", "Shennongjia"),
            ("新疆", "乌鲁木齐市", "Urumqi"),
        ] {
            check(region, city, sound);
        }
        let chaoyang = super::city(province("北京"), "北京").unwrap().district("朝阳区").unwrap();
        assert_eq!(chaoyang.sound, "Chaoyang");
    }

    #[test]
    fn only_what_is_known_to_be_elsewhere_is_asked_about() {
        let check = |address: Address, city: Option<&str>| {
            let of = match doubt(&address) {
                Some(Doubt::City { province, .. }) => Some(province.name),
                Some(Doubt::District { city, .. }) => Some(city.name),
                None => None,
            };
            assert_eq!(of, city, "{address:?}");
        };
        check(at("浙江省", "杭州市", "西湖区"), None);
        check(at("浙江省", "杭州市", "海淀区"), Some("北京市"));
        // The same province comes first: 鼓楼区 is in four cities.
        check(at("江苏省", "苏州市", "鼓楼区"), Some("南京市"));
        check(at("浙江省", "南京市", "玄武区"), Some("江苏省"));
        // What nobody knows may be new, or a name of the neighbourhood.
        check(at("浙江省", "杭州市", "云上新区"), None);
        check(at("浙江省", "杭州市", ""), None);
        check(at("浙江省", "云上市", "西湖区"), None);
        check(at("浙江省", "义乌市", "稠城街道"), None);
        check(at("广东省", "东莞市", "西湖区"), None);
        check(at("香港", "九龙", "油尖旺区"), None);
        check(at("Atlantis", "杭州市", "海淀区"), None);
        check(Address { country: "SG".into(), ..at("浙江省", "杭州市", "海淀区") }, None);
    }
}

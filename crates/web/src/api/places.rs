//! How China is divided, for whoever lets an address be picked.

use app::failure::Failure;
use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use describe::ToSchema;
use domain::division::{self, City, Place};
use domain::region::{PROVINCES, Province};
use serde::Serialize;

use super::input::Named;
use super::output::{self, Listed};
use crate::answer::AsJson;

operations! {
    /// The routes of places.
    "/api/v1/provinces": get list;
    "/api/v1/provinces/{province}": get show;
}

/// It changes with a release, and no faster.
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// A province, municipality, autonomous or special administrative region of China
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Province)]
struct ProvinceView {
    /// ISO 3166-2, such as `CN-ZJ`.
    code: &'static str,
    /// Its full name, as on a parcel.
    name: &'static str,
    name_en: &'static str,
}

impl ProvinceView {
    fn of(province: Province) -> ProvinceView {
        ProvinceView { code: province.code, name: province.name, name_en: province.name_en }
    }
}

/// A district, a county or a smaller city
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = District)]
struct DistrictView {
    /// As on a parcel.
    name: &'static str,
    /// How it sounds, without what kind of place it is: `Xihu`.
    sound: &'static str,
}

/// A city
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = City)]
struct CityView {
    name: &'static str,
    sound: &'static str,
    /// None where it has none.
    districts: Vec<DistrictView>,
}

impl CityView {
    fn of(city: &City) -> CityView {
        let district = |place: &Place| DistrictView { name: place.name, sound: place.sound };
        let Place { name, sound } = city.place;
        CityView { name, sound, districts: city.districts.iter().map(district).collect() }
    }
}

/// A province with its cities
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProvinceCities)]
struct CitiesView {
    #[serde(flatten)]
    province: ProvinceView,
    /// In the order of their numbers in GB/T 2260; none are known of Taiwan, Hong Kong and Macao.
    cities: Vec<CityView>,
}

/// What says how long an answer may be kept.
type Kept = [(HeaderName, HeaderValue); 1];
const KEPT: Kept = [(header::CACHE_CONTROL, A_DAY)];

/// List the provinces of China
#[describe::path(get, path = "/api/v1/provinces",
    operation_id = "list_provinces", tag = "places",
    responses((status = 200, body = Listed<ProvinceView>)))]
async fn list() -> (Kept, Json<Listed<ProvinceView>>) {
    (KEPT, output::all(PROVINCES.map(ProvinceView::of).to_vec()))
}

/// Show a province with its cities and their districts
///
/// To pick an address from. The list is of one year: an address may name what is not in it.
#[describe::path(get, path = "/api/v1/provinces/{province}",
    operation_id = "show_province", tag = "places",
    params(("province" = String, Path, description = "Its code, or its name in either language.")),
    responses((status = 200, body = CitiesView)))]
async fn show(Named(name): Named) -> Result<(Kept, Json<CitiesView>), AsJson> {
    let province = Province::find(&name).ok_or(Failure::NotFound)?;
    let cities = division::cities(province).iter().map(CityView::of).collect();
    Ok((KEPT, Json(CitiesView { province: ProvinceView::of(province), cities })))
}

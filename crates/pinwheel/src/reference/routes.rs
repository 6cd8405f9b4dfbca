//! Every route, read from the routers themselves.
//!
//! A router does not list its routes, but it prints them when it is debugged: which methods a
//! route takes, and then which path it has. A test makes sure that the print is understood.

use super::opening;

/// A route as it is served.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub path: String,
    pub method: String,
}

/// The parts of the shop, with what each is for.
fn parts() -> Vec<(&'static str, String)> {
    vec![
        ("Storefront", format!("{:?}", web::storefront::routes())),
        ("Console", format!("{:?}", web::console::routes())),
        ("API", format!("{:?}", web::api::routes())),
        ("What providers tell us", format!("{:?}", web::hooks::routes())),
        ("The sandbox payment provider", format!("{:?}", web::sandbox::routes())),
        ("Assets", format!("{:?}", web::asset::routes())),
        ("Health", format!("{:?}", web::health::routes())),
    ]
}

/// Every route, by path.
pub fn all() -> Vec<Route> {
    let mut all: Vec<Route> = parts().iter().flat_map(|(_, printed)| read(printed)).collect();
    all.sort();
    all
}

/// The routes in a printed router: `RouteId(3): MethodRouter(… allow_header: Bytes(b"GET,HEAD") …`
/// for each, and after them `paths: {RouteId(3): "/cart", …`.
fn read(printed: &str) -> Vec<Route> {
    // The first `paths` belongs to the routes; later ones to fallbacks, which have none of ours.
    let Some((routes, rest)) = printed.split_once("paths: {") else { return Vec::new() };
    let paths = end_of_paths(rest);
    let mut found = Vec::new();
    for route in routes.split("RouteId(").skip(1) {
        let number = route.split(')').next().unwrap_or_default();
        let methods = route.rsplit("allow_header: Bytes(b\"").next().unwrap_or_default();
        let methods = methods.split('"').next().unwrap_or_default();
        let after = paths.split(&format!("RouteId({number}): \"")).nth(1);
        let Some(path) = after.and_then(|path| path.split('"').next()) else { continue };
        for method in methods.split(',').filter(|method| *method != "HEAD") {
            found.push(Route { path: path.to_string(), method: method.to_string() });
        }
    }
    found.sort();
    found
}

/// Up to the end of the list: paths have braces of their own, but never a quote before one.
fn end_of_paths(rest: &str) -> &str {
    rest.find("\"}").map_or(rest, |end| &rest[..=end])
}

pub fn page() -> String {
    let mut page = opening("Routes", "developers");
    page.push_str(
        "Pages are for people, `/api` is for programs (the same actions; see `/api` of a running \
         shop, or `/api/openapi.json`). Every `GET` answers `HEAD` too.\n",
    );
    for (name, printed) in parts() {
        page.push_str(&format!("\n## {name}\n\n| method | path |\n| --- | --- |\n"));
        for route in read(&printed) {
            page.push_str(&format!("| {} | `{}` |\n", route.method, route.path));
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_routers_are_understood() {
        let all = all();
        let check = |method: &str, path: &str| {
            let route = Route { path: path.into(), method: method.into() };
            assert!(all.contains(&route), "{route:?} of {all:?}");
        };
        check("GET", "/healthz");
        check("GET", "/console/orders/{id}");
        check("POST", "/console/group-buys");
        check("GET", "/console/group-buys");
    }
}

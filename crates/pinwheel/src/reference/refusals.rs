//! Every code a refusal can have, with what people are told.

use app::failure::CODES;
use web::answer::refusal_id;
use web::locale::Locale;

use super::{cell, opening};

pub fn page() -> String {
    let mut page = opening("Refusals", "developers");
    page.push_str(
        "The rules say no with a stable code: it is the `code` of a problem in the API \
         (RFC 9457), and what pages show is made from it. What a message needs to know is in the \
         problem's `args`.\n\n| code | in Chinese | in English |\n| --- | --- | --- |\n",
    );
    for code in CODES {
        let id = refusal_id(code);
        let [chinese, english] =
            [Locale::Chinese, Locale::English].map(|locale| cell(&locale.plain(&id)));
        page.push_str(&format!("| `{code}` | {chinese} | {english} |\n"));
    }
    page
}

//! Nothing, under the names of what describes the API.
//!
//! Types and handlers say with `#[derive(ToSchema)]` and `#[path(…)]` what the OpenAPI document is
//! made of. It is made ahead of time (`pinwheel reference`) and kept in
//! `docs/reference/openapi.json`: only the tests and whoever makes it anew build with the feature
//! `schema`, where those names are `utoipa`'s. Everybody else builds with these and waits less
//! (docs/decisions/0010-build-time.md).

use proc_macro::TokenStream;

/// What a value of a type looks like.
#[proc_macro_derive(ToSchema, attributes(schema))]
pub fn to_schema(_: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// The fields of a type as parameters of a request.
#[proc_macro_derive(IntoParams, attributes(into_params, param))]
pub fn into_params(_: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// What a handler takes and answers.
#[proc_macro_attribute]
pub fn path(_: TokenStream, handler: TokenStream) -> TokenStream {
    handler
}

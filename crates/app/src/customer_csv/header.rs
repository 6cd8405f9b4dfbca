//! The columns of a customer file.

/// A column we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Id,
    Name,
    FirstName,
    LastName,
    Email,
    Phone,
    Language,
    Tags,
    Note,
    EmailYes,
    EmailSource,
    EmailAt,
    SmsYes,
    SmsSource,
    SmsAt,
    ToName,
    ToPhone,
    Country,
    Region,
    City,
    District,
    Line1,
    Line2,
    Postcode,
    Orders,
    Spent,
    Joined,
}

/// Every column as it is written, Shopify's names first where it has one.
pub const COLUMNS: &[(Column, &str)] = &[
    (Column::Id, "Customer ID"),
    (Column::FirstName, "First Name"),
    (Column::LastName, "Last Name"),
    (Column::Email, "Email"),
    (Column::EmailYes, "Accepts Email Marketing"),
    (Column::Line1, "Default Address Address1"),
    (Column::Line2, "Default Address Address2"),
    (Column::City, "Default Address City"),
    (Column::Region, "Default Address Province Code"),
    (Column::Country, "Default Address Country Code"),
    (Column::Postcode, "Default Address Zip"),
    (Column::ToPhone, "Default Address Phone"),
    (Column::Phone, "Phone"),
    (Column::SmsYes, "Accepts SMS Marketing"),
    (Column::Spent, "Total Spent"),
    (Column::Orders, "Total Orders"),
    (Column::Note, "Note"),
    (Column::Tags, "Tags"),
    (Column::Name, "Name"),
    (Column::Language, "Language"),
    (Column::ToName, "Default Address Name"),
    (Column::District, "Default Address District"),
    (Column::EmailSource, "Email Consent Source"),
    (Column::EmailAt, "Email Consent At"),
    (Column::SmsSource, "SMS Consent Source"),
    (Column::SmsAt, "SMS Consent At"),
    (Column::Joined, "Joined At"),
];

/// Other names of the same columns.
const OTHERS: &[(Column, &str)] = &[
    (Column::EmailYes, "Accepts Marketing"),
    (Column::EmailYes, "Email Marketing Status"),
    (Column::SmsYes, "SMS Marketing Status"),
    (Column::Line1, "Address1"),
    (Column::Line2, "Address2"),
    (Column::City, "City"),
    (Column::Region, "Province"),
    (Column::Region, "Default Address Province"),
    (Column::Country, "Country Code"),
    (Column::Postcode, "Zip"),
    (Column::ToPhone, "Address Phone"),
    (Column::Name, "姓名"),
    (Column::Email, "邮箱"),
    (Column::Phone, "手机"),
    (Column::Tags, "标签"),
    (Column::Note, "备注"),
];

/// What stands in each column of a file, by its header.
pub fn read(cells: &[Vec<u8>]) -> Vec<Option<Column>> {
    let known = |cell: &Vec<u8>| {
        let name = String::from_utf8_lossy(cell).trim().to_lowercase();
        let all = COLUMNS.iter().chain(OTHERS);
        all.clone().find(|(_, known)| known.to_lowercase() == name).map(|(column, _)| *column)
    };
    cells.iter().map(known).collect()
}

/// The name of a column, as a report says it.
pub fn name(column: Column) -> &'static str {
    COLUMNS.iter().find(|(known, _)| *known == column).map_or("", |(_, name)| name)
}

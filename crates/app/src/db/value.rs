//! What goes into a statement and comes out of a row: integers, text, bytes and nulls.

use domain::id::Id;
use domain::moment::Moment;

/// One value of a column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// One row of an answer.
pub struct Row(pub(super) Vec<Value>);

impl Row {
    /// The value of a column. A column of another type than asked for is our mistake.
    pub fn get<T: FromValue>(&self, column: usize) -> T {
        T::from_value(&self.0[column])
    }

    /// Every value, in the order of its columns.
    pub fn values(&self) -> &[Value] {
        &self.0
    }

    /// Every value, for people to read.
    pub fn in_words(&self) -> String {
        let word = |value: &Value| match value {
            Value::Null => "nothing".to_string(),
            Value::Int(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        };
        self.0.iter().map(word).collect::<Vec<_>>().join(" ")
    }
}

/// A type a column can be read as.
pub trait FromValue {
    fn from_value(value: &Value) -> Self;
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> i64 {
        match value {
            Value::Int(number) => *number,
            other => panic!("expected a number, the column has {other:?}"),
        }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> bool {
        i64::from_value(value) != 0
    }
}

impl FromValue for Moment {
    fn from_value(value: &Value) -> Moment {
        Moment(i64::from_value(value))
    }
}

impl<T> FromValue for Id<T> {
    fn from_value(value: &Value) -> Id<T> {
        Id::new(i64::from_value(value))
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> String {
        match value {
            Value::Text(text) => text.clone(),
            other => panic!("expected a text, the column has {other:?}"),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Vec<u8> {
        match value {
            Value::Bytes(bytes) => bytes.clone(),
            other => panic!("expected bytes, the column has {other:?}"),
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<T> {
        match value {
            Value::Null => None,
            other => Some(T::from_value(other)),
        }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Int(number)
    }
}
impl From<bool> for Value {
    fn from(flag: bool) -> Value {
        Value::Int(i64::from(flag))
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Value {
        text.to_string().into()
    }
}
/// A zero byte is no part of any text: PostgreSQL keeps none, and to SQLite a pattern ends at one.
/// It becomes the sign for what cannot be shown, on both.
impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text })
    }
}
impl From<&String> for Value {
    fn from(text: &String) -> Value {
        text.as_str().into()
    }
}
impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Value {
        Value::Bytes(bytes.to_vec())
    }
}
impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Value {
        Value::Bytes(bytes)
    }
}
impl From<Moment> for Value {
    fn from(moment: Moment) -> Value {
        Value::Int(moment.0)
    }
}
impl<T> From<Id<T>> for Value {
    fn from(id: Id<T>) -> Value {
        Value::Int(id.0)
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

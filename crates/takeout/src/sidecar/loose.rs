//! Reading values that may come in another shape than expected.

use serde_json::{Map, Value};

pub(super) fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(super) fn some_text(object: &Map<String, Value>, key: &str) -> Option<String> {
    text(object, key).filter(|text| !text.is_empty())
}

/// A whole number, given as a number or as text.
pub(super) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(from_float)),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| text.parse().ok().and_then(from_float))
        }
        _ => None,
    }
}

fn from_float(number: f64) -> Option<i64> {
    // Beyond 2^53 a float no longer says which second is meant.
    (number.is_finite() && number.abs() < 9e15).then_some(number.floor() as i64)
}

pub(super) fn real(object: &Map<String, Value>, key: &str) -> Option<f64> {
    let number = match object.get(key)? {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// Unix seconds of a `{timestamp, formatted}` object, or of a bare number. `formatted` is never read: it is localised.
pub(super) fn seconds(object: &Map<String, Value>, key: &str) -> Option<i64> {
    match object.get(key)? {
        Value::Object(time) => whole(time.get("timestamp")?),
        other => whole(other),
    }
}

/// A flag: only `true` counts, as text too.
pub(super) fn flag(object: &Map<String, Value>, key: &str) -> bool {
    match object.get(key) {
        Some(Value::Bool(set)) => *set,
        Some(Value::String(text)) => text == "true",
        _ => false,
    }
}

pub(super) fn object<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a Map<String, Value>> {
    object.get(key)?.as_object()
}

/// The objects of a list; anything else in it is passed over.
pub(super) fn objects<'a>(object: &'a Map<String, Value>, key: &str) -> impl Iterator<Item = &'a Map<String, Value>> {
    object.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

pub(super) fn has_any(object: &Map<String, Value>, keys: &[&str]) -> bool {
    keys.iter().any(|key| object.contains_key(*key))
}

/// The text with every lone surrogate escape replaced by U+FFFD; `None` if there is none.
pub(super) fn without_lone_surrogates(text: &str) -> Option<String> {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find('\\') {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match (escaped_unit(rest), rest.get(6..).and_then(escaped_unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                found = true;
                mended.push('\u{fffd}');
                rest = &rest[6..];
                continue;
            }
            // Any other escape: the backslash and the character after it belong together.
            _ => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        mended.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    mended.push_str(rest);
    found.then_some(mended)
}

fn escaped_unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}

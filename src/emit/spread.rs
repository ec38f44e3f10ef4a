//! JSON over lines, for people and their diffs: short where nothing is lost by it, a line for each thing otherwise.
//!
//! An object in a list is one thing, such as a way out of a block, and takes one line. An object under a key takes a
//! line for each of its keys, unless it has only one or only numbers. A list takes one line if it holds only scalars.
//! Nothing longer than [`page::LINE_BYTES_MAX`] is put on one line. So what changes one parameter or one way out changes one
//! line.

//!
//! [`Pen`] writes a value on a [`Page`] as serde tells it; `serde_json` says how texts are escaped and numbers are written.

use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant,
};
use serde::{Serialize, Serializer};
use serde_json::Error;

use super::page::Page;

/// A value as JSON over lines, with a newline at the end. `bytes` is about how long it will be.
pub(super) fn spread<T: Serialize + ?Sized>(value: &T, bytes: usize) -> String {
    let mut page = Page::new(bytes);
    // Nothing that is given here can fail to be written: keys are strings, and memory is the sink.
    let _ = value.serialize(Pen(&mut page));
    page.lines()
}

/// Writes one value.
struct Pen<'p>(&'p mut Page);

impl Pen<'_> {
    /// What `serde_json` writes without marks.
    fn plain<T: Serialize>(self, value: &T) -> Result<(), Error> {
        self.0.plain(&serde_json::to_string(value)?);
        Ok(())
    }
}

/// The numbers.
macro_rules! plain {
    ($($method:ident: $kind:ty),*) => {
        $(fn $method(self, value: $kind) -> Result<(), Error> {
            self.plain(&value)
        })*
    };
}

impl<'p> Serializer for Pen<'p> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Within<'p>;
    type SerializeTuple = Within<'p>;
    type SerializeTupleStruct = Within<'p>;
    type SerializeTupleVariant = Within<'p>;
    type SerializeMap = Within<'p>;
    type SerializeStruct = Within<'p>;
    type SerializeStructVariant = Within<'p>;

    plain!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_f32: f32, serialize_f64: f64
    );

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.0.plain(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.0.text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.0.plain("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let mut object = Within::object(self.0);
        object.serialize_entry(variant, value)?;
        SerializeMap::end(object)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Within<'p>, Error> {
        Ok(Within::list(self.0))
    }

    fn serialize_tuple(self, _: usize) -> Result<Within<'p>, Error> {
        Ok(Within::list(self.0))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Within<'p>, Error> {
        Ok(Within::list(self.0))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Within<'p>, Error> {
        begin_variant(self.0, variant);
        Ok(Within { is_wrapped: true, ..Within::list(self.0) })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Within<'p>, Error> {
        Ok(Within::object(self.0))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Within<'p>, Error> {
        Ok(Within::object(self.0))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Within<'p>, Error> {
        begin_variant(self.0, variant);
        Ok(Within { is_wrapped: true, ..Within::object(self.0) })
    }
}

/// Begins an object whose one key is the name of a variant.
fn begin_variant(page: &mut Page, variant: &str) {
    page.begin_object();
    page.key(true);
    page.text(variant);
    page.colon();
}

/// Ends it.
fn end_variant(page: &mut Page, is_wrapped: bool) {
    if is_wrapped {
        page.end_value();
        page.end_object();
    }
}

/// Writes what stands within a list or an object.
struct Within<'p> {
    page: &'p mut Page,
    is_first: bool,
    /// Whether an object with the name of a variant is around it.
    is_wrapped: bool,
}

impl<'p> Within<'p> {
    fn list(page: &'p mut Page) -> Self {
        page.begin_list();
        Self { page, is_first: true, is_wrapped: false }
    }

    fn object(page: &'p mut Page) -> Self {
        page.begin_object();
        Self { page, is_first: true, is_wrapped: false }
    }
}

impl SerializeSeq for Within<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.page.element(std::mem::take(&mut self.is_first));
        value.serialize(Pen(self.page))
    }

    fn end(self) -> Result<(), Error> {
        self.page.end_list();
        end_variant(self.page, self.is_wrapped);
        Ok(())
    }
}

impl SerializeMap for Within<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.page.key(std::mem::take(&mut self.is_first));
        self.page.quoted(|page| key.serialize(Pen(page)))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.page.colon();
        value.serialize(Pen(self.page))?;
        self.page.end_value();
        Ok(())
    }

    fn end(self) -> Result<(), Error> {
        self.page.end_object();
        end_variant(self.page, self.is_wrapped);
        Ok(())
    }
}

/// What serde tells apart and JSON does not: all sorts of lists, and all sorts of objects.
macro_rules! alike {
    (lists: $($list:ident $method:ident),*; objects: $($object:ident),*) => {
        $(impl $list for Within<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                SerializeSeq::serialize_element(self, value)
            }

            fn end(self) -> Result<(), Error> {
                SerializeSeq::end(self)
            }
        })*
        $(impl $object for Within<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
                self.serialize_entry(key, value)
            }

            fn end(self) -> Result<(), Error> {
                SerializeMap::end(self)
            }
        })*
    };
}

alike!(
    lists: SerializeTuple serialize_element, SerializeTupleStruct serialize_field, SerializeTupleVariant serialize_field;
    objects: SerializeStruct, SerializeStructVariant
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::super::page::LINE_BYTES_MAX;
    use super::*;

    fn parsed(json: &str) -> String {
        spread(&serde_json::from_str::<Value>(json).unwrap(), 0)
    }

    #[test]
    fn one_thing_takes_one_line() {
        let compact = r#"{"a":{"x":1,"y":2},"b":{"t":"1"},"c":{"t":"1","u":"2"},"d":[{"n":"1","c":{"o":["}"]}},{"n":"\"{,"}],"e":[],"f":["1",2]}"#;
        let expected = r#"{
  "a": { "x": 1, "y": 2 },
  "b": { "t": "1" },
  "c": {
    "t": "1",
    "u": "2"
  },
  "d": [
    { "n": "1", "c": { "o": ["}"] } },
    { "n": "\"{," }
  ],
  "e": [],
  "f": ["1", 2]
}
"#;
        assert_eq!(parsed(compact), expected);
    }

    #[test]
    fn what_is_long_takes_several_lines() {
        let long = "x".repeat(LINE_BYTES_MAX);
        assert_eq!(parsed(&format!(r#"{{"a":["{long}"]}}"#)), format!("{{\n  \"a\": [\n    \"{long}\"\n  ]\n}}\n"));
        assert_eq!(parsed(r#"{"a":{"b":{"c":""}}}"#), "{ \"a\": { \"b\": { \"c\": \"\" } } }\n");
        assert_eq!(parsed("{}"), "{}\n");
    }

    #[test]
    fn whatever_serde_tells_is_written_as_serde_json_would() {
        #[derive(Serialize)]
        enum Sort {
            Unit,
            New(f64),
            Pair(u8, bool),
            Named { letter: char, none: Option<i8> },
        }
        #[derive(Serialize)]
        struct Nothing;
        #[derive(Serialize)]
        struct New(&'static [u8]);
        let sorts = [Sort::Unit, Sort::New(1e300), Sort::Pair(1, true), Sort::Named { letter: '"', none: None }];
        let keys = std::collections::BTreeMap::from([(1, "\u{1}"), (-2, "\u{7f}/")]);
        let all = (sorts, keys, (Nothing, New(b"\0a"), Some(()), f64::NAN, u64::MAX));
        let written: Value = serde_json::from_str(&spread(&all, 0)).unwrap();
        assert_eq!(written.to_string(), serde_json::to_value(&all).unwrap().to_string());
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(Value::from),
            "[a-z\"\\\\{}:,\\[ é\n]{0,40}".prop_map(Value::from)
        ];
        leaf.prop_recursive(6, 60, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec(("[a-z\"{]{0,9}", inner), 0..6)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_but_spaces_is_added(value in json()) {
            let compact = value.to_string();
            let text = spread(&value, 0);
            let again: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(again.to_string(), compact);
            prop_assert!(text.lines().all(|line| line.trim_end() == line && !line.is_empty()));
        }
    }
}

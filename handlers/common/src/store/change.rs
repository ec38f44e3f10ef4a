//! A conditional change of one item, as a value that every store carries out in its own way.

use serde_json::Value;

#[cfg(feature = "embedded")]
use super::Item;
#[cfg(feature = "embedded")]
use crate::Failure;

/// What must hold of an item. Fields are named by paths with dots: `info.verified`. A comparison with a field that is
/// not there does not hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    Absent(String),
    Equals(String, Value),
    Less(String, i64),
    AtLeast(String, i64),
}

/// Fields to write, add to and remove, and the conditions, all of which must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Change {
    pub(super) set: Vec<(String, Value)>,
    pub(super) add: Vec<(String, i64)>,
    pub(super) remove: Vec<String>,
    pub(super) tests: Vec<Test>,
}

impl Change {
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a field. The map that it is in must be there.
    pub fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.set.push((field.to_owned(), value.into()));
        self
    }

    /// Adds to a number, which is 0 if it is not there.
    pub fn add(mut self, field: &str, number: i64) -> Self {
        self.add.push((field.to_owned(), number));
        self
    }

    pub fn remove(mut self, field: &str) -> Self {
        self.remove.push(field.to_owned());
        self
    }

    pub fn only_if(mut self, test: Test) -> Self {
        self.tests.push(test);
        self
    }

    pub fn only_if_equal(self, field: &str, value: impl Into<Value>) -> Self {
        self.only_if(Test::Equals(field.to_owned(), value.into()))
    }

    pub fn only_if_absent(self, field: &str) -> Self {
        self.only_if(Test::Absent(field.to_owned()))
    }

    pub fn only_if_less(self, field: &str, number: i64) -> Self {
        self.only_if(Test::Less(field.to_owned(), number))
    }

    pub fn only_if_at_least(self, field: &str, number: i64) -> Self {
        self.only_if(Test::AtLeast(field.to_owned(), number))
    }
}

/// What DynamoDB does by itself.
#[cfg(feature = "embedded")]
impl Change {
    /// Whether the conditions hold of an item.
    pub(super) fn holds(&self, item: &Item) -> bool {
        self.tests.iter().all(|test| match test {
            Test::Absent(path) => find(item, path).is_none(),
            Test::Equals(path, value) => find(item, path) == Some(value),
            Test::Less(path, number) => find(item, path).and_then(Value::as_i64).is_some_and(|found| found < *number),
            Test::AtLeast(path, number) => {
                find(item, path).and_then(Value::as_i64).is_some_and(|found| found >= *number)
            }
        })
    }

    /// The item as it is afterwards.
    pub(super) fn applied_to(&self, item: &Item) -> Result<Item, Failure> {
        let mut changed = item.clone();
        for (path, value) in &self.set {
            let (map, name) = parent(&mut changed, path)?;
            map.insert(name.to_owned(), value.clone());
        }
        for (path, number) in &self.add {
            // From the item as it was, as DynamoDB does it.
            let sum = match find(item, path) {
                None => Some(*number),
                Some(found) => found.as_i64().and_then(|found| found.checked_add(*number)),
            };
            let sum = sum.ok_or_else(|| Failure::Store(format!("`{path}` is no number that can be added to")))?;
            let (map, name) = parent(&mut changed, path)?;
            map.insert(name.to_owned(), sum.into());
        }
        for path in &self.remove {
            let (map, name) = parent(&mut changed, path)?;
            map.shift_remove(name);
        }
        Ok(changed)
    }
}

#[cfg(feature = "embedded")]
fn find<'a>(item: &'a Item, path: &str) -> Option<&'a Value> {
    let mut names = path.split('.');
    let first = item.get(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))
}

/// The map that a path's last name is in, and that name.
#[cfg(feature = "embedded")]
fn parent<'a, 'p>(item: &'a mut Item, path: &'p str) -> Result<(&'a mut Item, &'p str), Failure> {
    let Some((maps, name)) = path.rsplit_once('.') else { return Ok((item, path)) };
    let mut map = item;
    for part in maps.split('.') {
        map = map
            .get_mut(part)
            .and_then(Value::as_object_mut)
            .ok_or_else(|| Failure::Store(format!("there is no map `{maps}` to hold `{name}`")))?;
    }
    Ok((map, name))
}

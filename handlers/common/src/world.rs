//! What a handler needs of the world: each capability a trait, so that a test decides what time it is and what chance
//! brings, and [`World`] is all of them at once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};

use crate::Failure;

pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

pub trait Random: Send + Sync {
    /// Fills the bytes with what nobody can foresee.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Failure>;
}

pub trait Environment: Send + Sync {
    fn variable(&self, name: &str) -> Option<String>;
}

/// A text of decimal digits, every one equally likely.
pub fn random_digits(random: &(impl Random + ?Sized), length: usize) -> Result<String, Failure> {
    let mut digits = String::with_capacity(length);
    while digits.len() < length {
        let mut bytes = [0; 16];
        random.fill(&mut bytes)?;
        // 250 is the last multiple of ten: bytes from there on would make the small digits more likely.
        let fair = bytes.into_iter().filter(|byte| *byte < 250);
        digits.extend(fair.take(length - digits.len()).map(|byte| char::from(b'0' + byte % 10)));
    }
    Ok(digits)
}

/// A random text of hexadecimal digits, two per byte.
pub fn random_token(random: &(impl Random + ?Sized), bytes: usize) -> Result<String, Failure> {
    let mut token = vec![0; bytes];
    random.fill(&mut token)?;
    Ok(hex(&token))
}

/// Bytes as hexadecimal digits, two for each.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Failure> {
        SecureRandom::fill(self, bytes)
            .map_err(|_| Failure::Configuration("the machine gives no randomness".to_owned()))
    }
}

/// A clock that tests move by hand.
pub struct HandClock(AtomicI64);

impl HandClock {
    pub fn at(time: &str) -> Result<Self, jiff::Error> {
        Ok(Self(AtomicI64::new(time.parse::<Timestamp>()?.as_millisecond())))
    }

    pub fn advance(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl<T: Clock + ?Sized> Clock for std::sync::Arc<T> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

/// Chance that is the same in every run: a counter, spread out. For tests.
#[derive(Default)]
pub struct Counter(AtomicU64);

impl Random for Counter {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Failure> {
        for chunk in bytes.chunks_mut(8) {
            // The step of SplitMix64.
            let mut word = self.0.fetch_add(1, Ordering::SeqCst).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.iter_mut().zip((word ^ (word >> 31)).to_le_bytes()).for_each(|(byte, random)| *byte = random);
        }
        Ok(())
    }
}

/// All capabilities in one value. `S` is a store and `H` reaches other services, where a handler needs one.
pub struct World<S = (), H = ()> {
    clock: Box<dyn Clock>,
    random: Box<dyn Random>,
    environment: BTreeMap<String, String>,
    pub(crate) store: S,
    pub(crate) http: H,
}

impl World {
    /// The real one. The environment is read once, here.
    pub fn real() -> Self {
        // Variables that are not text cannot be settings of ours.
        let variables =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self {
            clock: Box::new(SystemClock),
            random: Box::new(SystemRandom::new()),
            environment: variables.collect(),
            store: (),
            http: (),
        }
    }

    /// One in which nothing happens by itself: an empty environment, countable chance, and no time passing.
    pub fn still() -> Self {
        Self {
            clock: Box::new(HandClock(AtomicI64::new(0))),
            random: Box::new(Counter::default()),
            environment: BTreeMap::new(),
            store: (),
            http: (),
        }
    }
}

impl<S, H> World<S, H> {
    pub fn with_clock(self, clock: impl Clock + 'static) -> Self {
        Self { clock: Box::new(clock), ..self }
    }

    pub fn with_random(self, random: impl Random + 'static) -> Self {
        Self { random: Box::new(random), ..self }
    }

    pub fn variable_set(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn with_store<T>(self, store: T) -> World<T, H> {
        World { clock: self.clock, random: self.random, environment: self.environment, store, http: self.http }
    }

    pub fn with_http<T>(self, http: T) -> World<S, T> {
        World { clock: self.clock, random: self.random, environment: self.environment, store: self.store, http }
    }

    /// The way to other services as it is, for what a handler keeps beside it.
    pub fn http_part(&self) -> &H {
        &self.http
    }

    /// The store as it is, for tests that look at what a handler left in it.
    pub fn store(&self) -> &S {
        &self.store
    }
}

impl<S: Sync + Send, H: Sync + Send> Clock for World<S, H> {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl<S: Sync + Send, H: Sync + Send> Random for World<S, H> {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Failure> {
        self.random.fill(bytes)
    }
}

impl<S: Sync + Send, H: Sync + Send> Environment for World<S, H> {
    fn variable(&self, name: &str) -> Option<String> {
        self.environment.get(name).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_digits_have_the_length_asked_for_and_use_every_digit() {
        let digits = random_digits(&Counter::default(), 1000).unwrap();
        assert_eq!(digits.len(), 1000);
        assert!(('0'..='9').all(|digit| digits.matches(digit).count() > 60), "{digits}");
    }

    #[test]
    fn the_real_world_has_time_and_chance() {
        let world = World::real();
        assert!(world.now().as_second() > 1_700_000_000);
        assert_ne!(random_token(&world, 16), random_token(&world, 16));
    }
}

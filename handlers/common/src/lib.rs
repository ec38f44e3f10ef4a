//! What the Lambda handlers share. Each handler is a function from an event and its capabilities to an answer; what it
//! takes to write such a function, to test it without the world and to run it in the world, is here.
//!
//! A handler names the features that it needs: `embedded` and `dynamodb` are the two stores, `http` reaches other
//! services, `runtime` wires a program.

#[cfg(feature = "http")]
pub mod aws;
pub mod connect;
pub mod failure;
#[cfg(feature = "http")]
pub mod http;
#[cfg(any(feature = "runtime", feature = "testing"))]
pub mod log;
pub mod mask;
pub mod phone;
#[cfg(feature = "runtime")]
pub mod runtime;
#[cfg(feature = "http")]
pub mod secret;
pub mod settings;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
pub mod web;
pub mod world;

pub use failure::Failure;

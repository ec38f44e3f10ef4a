//! Answers the addresses of an instance's resources by the keys that compiled flows read.
//!
//! The map is data: a file in the package, a parameter of SSM, or an item of the store. Nothing in it is ever code.

#[cfg(test)]
mod contract;
mod map;
pub mod source;

use handler_common::Failure;
use handler_common::connect::{Answer, Event, flatten};
use handler_common::world::Environment;
use serde_json::Value;
use tracing::info;

use map::ResourceMap;
use source::Source;

/// What the handler needs of the world.
pub trait Capabilities: Source + Environment {}

impl<T: Source + Environment> Capabilities for T {}

/// The keys of the instance that asks, and their addresses.
pub async fn handle(event: Event, world: &impl Capabilities) -> Result<Answer, Failure> {
    let Some(instance) = event.instance_arn() else {
        return Err(Failure::Event("the contact has no `InstanceARN`".to_owned()));
    };
    let text = world.text(instance).await?;
    let map = ResourceMap::read(&text, world)?;
    let resources = map.of_instance(instance)?;
    info!(instance, keys = resources.len(), "answering the map");
    let resources = resources.iter().map(|(key, address)| (key.clone(), Value::String(address.clone())));
    flatten(&Value::Object(resources.collect()))
}

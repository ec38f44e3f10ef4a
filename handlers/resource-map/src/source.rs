//! Where the map comes from. It is read again after a while, so that a new one is served without a deployment.

use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use handler_common::Failure;
use handler_common::aws::Aws;
use handler_common::http::{Deadline, HttpClient};
use handler_common::settings;
use handler_common::store::{ChosenStore, Key, Store, Table};
use handler_common::world::{Clock, Environment, World};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::Mutex;

/// How long, in seconds, a map is used before it is read again.
const FRESH: i64 = 60;

/// All that reading may take; a flow waits for eight seconds at most.
const BUDGET: Duration = Duration::from_secs(6);

pub trait Source: Send + Sync {
    /// The map that holds an instance, as JSON.
    fn text(&self, instance: &str) -> impl Future<Output = Result<String, Failure>> + Send;
}

enum Place {
    File(PathBuf),
    Parameter(Box<Aws>, String),
    Store(Box<ChosenStore>),
}

/// The world and the place that `RESOURCE_MAP` names: `file:<path>`, `ssm:<parameter>` or `store`.
pub struct Configured {
    world: World<(), HttpClient>,
    place: Place,
    /// The text with the instance and the moment for which it was read.
    last: Mutex<Option<(String, Timestamp, String)>>,
}

impl Configured {
    pub fn new(world: World) -> Result<Self, Failure> {
        let named = settings::configured(&world, "RESOURCE_MAP");
        let place = match named.as_deref().map(|named| named.split_once(':').unwrap_or((named, ""))) {
            // Lambda unpacks the package there; anywhere else it is the working directory.
            None => Place::File(
                PathBuf::from(world.variable("LAMBDA_TASK_ROOT").unwrap_or_default()).join("resource-map.json"),
            ),
            Some(("file", path)) if !path.is_empty() => Place::File(PathBuf::from(path)),
            Some(("ssm", name)) if !name.is_empty() => {
                Place::Parameter(Box::new(Aws::from_environment(&world)?), name.to_owned())
            }
            Some(("store", "")) => {
                let table = Table { name: "ResourceMap".to_owned(), partition_key: "instanceArn", sort_key: None };
                Place::Store(Box::new(ChosenStore::open(&world, table)?))
            }
            Some(_) => {
                let forms = "`RESOURCE_MAP` is none of `file:<path>`, `ssm:<parameter>` and `store`";
                return Err(Failure::Configuration(forms.to_owned()));
            }
        };
        Ok(Self { world: world.with_http(HttpClient::new()?), place, last: Mutex::new(None) })
    }

    async fn read(&self, instance: &str) -> Result<String, Failure> {
        match &self.place {
            Place::File(path) => tokio::fs::read_to_string(path)
                .await
                .map_err(|error| Failure::Configuration(format!("the resource map in {}: {error}", path.display()))),
            Place::Parameter(aws, name) => {
                let body = json!({ "Name": name, "WithDecryption": true });
                let answer = aws.json(&self.world, "ssm", "AmazonSSM.GetParameter", &body, Deadline::after(BUDGET));
                let answer = answer.await?.map_err(Failure::from)?;
                let text = answer.pointer("/Parameter/Value").and_then(Value::as_str);
                text.map(str::to_owned).ok_or_else(|| Failure::Upstream("SSM answered without a value".to_owned()))
            }
            Place::Store(store) => {
                let item = store.get(&Key::new(instance)).await?;
                let resources = item.as_ref().and_then(|item| item.get("resources"));
                let resources = resources.ok_or_else(|| {
                    Failure::Configuration(format!("the store has no resource map for the instance {instance}"))
                })?;
                Ok(json!({ instance: resources }).to_string())
            }
        }
    }
}

impl Source for Configured {
    async fn text(&self, instance: &str) -> Result<String, Failure> {
        let now = self.world.now();
        let mut last = self.last.lock().await;
        if let Some((known, at, text)) = &*last
            && known == instance
            && (0..FRESH).contains(&(now.as_second() - at.as_second()))
        {
            return Ok(text.clone());
        }
        let text = self.read(instance).await?;
        *last = Some((instance.to_owned(), now, text.clone()));
        Ok(text)
    }
}

impl Environment for Configured {
    fn variable(&self, name: &str) -> Option<String> {
        self.world.variable(name)
    }
}

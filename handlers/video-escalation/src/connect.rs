//! The calls of Connect's API.

use handler_common::Failure;
use handler_common::aws::{Aws, Refusal, escaped};
use handler_common::http::Deadline;
use handler_common::settings;
use serde_json::{Value, json};

use crate::Capabilities;

pub struct Connect<'a, W> {
    world: &'a W,
    aws: Aws,
    instance: String,
    deadline: Deadline,
}

impl<'a, W: Capabilities> Connect<'a, W> {
    pub fn new(world: &'a W, deadline: Deadline) -> Result<Self, Failure> {
        let instance = settings::required(world, "CONNECT_INSTANCE_ID")?;
        Ok(Self { world, aws: Aws::from_environment(world)?, instance: escaped(&instance), deadline })
    }

    /// The same as somebody else.
    pub fn signed_by(self, aws: Aws) -> Self {
        Self { aws, ..self }
    }

    async fn call(
        &self,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Result<Value, Refusal>, Failure> {
        self.aws.rest(self.world, "connect", method, path, body, self.deadline).await
    }

    fn with_instance(&self, mut body: Value) -> Value {
        if let Some(fields) = body.as_object_mut() {
            fields.insert("InstanceId".to_owned(), self.instance.clone().into());
        }
        body
    }

    pub async fn start_chat(&self, body: Value) -> Result<Value, Failure> {
        let body = self.with_instance(body);
        self.call("PUT", "/contact/chat", Some(&body)).await?.map_err(Failure::from)
    }

    pub async fn set_attribute(&self, contact: &str, name: &str, value: &str) -> Result<(), Failure> {
        let body = self.with_instance(json!({ "InitialContactId": contact, "Attributes": { name: value } }));
        self.call("POST", "/contact/attributes", Some(&body)).await?.map(|_| ()).map_err(Failure::from)
    }

    pub async fn federation(&self) -> Result<Result<Value, Refusal>, Failure> {
        self.call("GET", &format!("/user/federate/{}", self.instance), None).await
    }

    /// A user, or nothing where there is none.
    pub async fn user(&self, id: &str) -> Result<Option<Value>, Failure> {
        let path = format!("/users/{}/{}", self.instance, escaped(id));
        match self.call("GET", &path, None).await? {
            Ok(answer) => Ok(answer.get("User").cloned()),
            Err(refusal) if refusal.status == 404 || refusal.kind == "ResourceNotFoundException" => Ok(None),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// The ids of a group of the hierarchy and of those above it, from the top.
    pub async fn group_path(&self, id: &str) -> Result<Vec<String>, Failure> {
        let path = format!("/user-hierarchy-groups/{}/{}", self.instance, escaped(id));
        let answer = self.call("GET", &path, None).await?.map_err(Failure::from)?;
        let levels = ["LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive"];
        let id_at = |level: &&str| {
            let id = answer.pointer(&format!("/HierarchyGroup/HierarchyPath/{level}/Id"))?;
            id.as_str().map(str::to_owned)
        };
        let mut path: Vec<String> = levels.iter().filter_map(id_at).collect();
        if path.last().map(String::as_str) != Some(id) {
            path.push(id.to_owned());
        }
        Ok(path)
    }
}

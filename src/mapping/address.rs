//! Addresses: whole from an id, and whether they can be what they are given for.

use crate::catalogue::ResourceKind;
use crate::catalogue::resources::{AddressSpec, IdShape};

/// An instance of Connect, from its ARN.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Instance {
    pub arn: String,
    pub partition: String,
    pub region: String,
    pub account: String,
    pub id: String,
}

impl Instance {
    /// Reads the ARN of an instance; what is wrong with it, if it is none.
    pub fn parse(arn: &str) -> Result<Self, String> {
        let parts =
            Parts::of(arn).ok_or("it does not have the form `arn:aws:connect:<region>:<account>:instance/<id>`")?;
        if parts.service != "connect" {
            return Err(format!("it belongs to the service `{}`, not to `connect`", parts.service));
        }
        check_region(parts.region)?;
        check_account(parts.account)?;
        let id = parts.resource.strip_prefix("instance/").unwrap_or_default();
        if !is_uuid(id) {
            return Err("it does not end in `instance/` and the id of an instance".to_owned());
        }
        let [partition, region, account, id] = [parts.partition, parts.region, parts.account, id].map(str::to_owned);
        Ok(Self { arn: arn.to_owned(), partition, region, account, id })
    }
}

/// The whole address of a resource, from an ARN or an id; what is wrong with it, if it cannot be one.
pub fn complete(kind: ResourceKind, text: &str, instance: &Instance) -> Result<String, String> {
    let spec = kind.address();
    if text.starts_with("arn:") {
        whole(kind, &spec, text, instance)?;
        return Ok(text.to_owned());
    }
    let Instance { arn, partition, region, account, .. } = instance;
    let prefix = |path: &str| {
        if spec.in_instance {
            format!("{arn}/{path}")
        } else {
            format!("arn:{partition}:{}:{region}:{account}:{path}", spec.service)
        }
    };
    match spec.id {
        IdShape::PhoneNumber if is_phone_number(text) => Ok(text.to_owned()),
        IdShape::Plain if !text.trim().is_empty() => Ok(text.to_owned()),
        IdShape::Plain => Err("it is empty".to_owned()),
        IdShape::Uuid | IdShape::PhoneNumber => {
            if is_uuid(unqualified(text)) {
                Ok(prefix(spec.path) + text)
            } else {
                Err(format!("`{text}` is neither an ARN nor an id such as `0f1e2d3c-1111-4222-8333-444455556666`"))
            }
        }
        IdShape::Function if is_function_name(unqualified(text)) => Ok(prefix(spec.path) + text),
        IdShape::Function => Err(format!("`{text}` is neither an ARN nor the name of a function")),
        IdShape::BotAlias if is_bot_alias(text) => Ok(prefix(spec.path) + text),
        IdShape::BotAlias => {
            Err(format!("`{text}` is neither an ARN nor a bot's and its alias's ids, `BOTID/ALIASID`"))
        }
    }
}

/// Holds an ARN against the kind and the instance.
fn whole(kind: ResourceKind, spec: &AddressSpec, arn: &str, instance: &Instance) -> Result<(), String> {
    let word = kind.word();
    let parts = Parts::of(arn).ok_or("an ARN has six parts with colons between them")?;
    if parts.service != spec.service {
        return Err(format!("the ARN of a {word} belongs to `{}`, not to `{}`", spec.service, parts.service));
    }
    if parts.partition != instance.partition {
        return Err(format!("it lies in `{}`, and the instance in `{}`", parts.partition, instance.partition));
    }
    if parts.region != instance.region {
        return Err(format!("it lies in `{}`, and the instance in `{}`", parts.region, instance.region));
    }
    // Views that come with the service belong to nobody.
    if kind == ResourceKind::View && parts.account == "aws" && parts.resource.starts_with("view/") {
        return Ok(());
    }
    check_account(parts.account)?;
    let path = if spec.in_instance {
        let Some((id, path)) = parts.resource.strip_prefix("instance/").and_then(|rest| rest.split_once('/')) else {
            return Err(format!("the ARN of a {word} goes through an instance: `instance/<id>/{}<id>`", spec.path));
        };
        if id != instance.id {
            return Err(format!("it belongs to the instance `{id}`, not to this environment's `{}`", instance.id));
        }
        if parts.account != instance.account {
            return Err(format!("it belongs to the account {}, not to {}", parts.account, instance.account));
        }
        path
    } else {
        parts.resource
    };
    let id = spec.also.and_then(|also| path.strip_prefix(also)).or_else(|| path.strip_prefix(spec.path));
    let fits = match (spec.id, id) {
        (_, None) => false,
        (IdShape::Uuid | IdShape::PhoneNumber, Some(id)) => is_uuid(unqualified(id)),
        (IdShape::Function, Some(id)) => is_function_name(unqualified(id)),
        (IdShape::BotAlias, Some(id)) => is_bot_alias(id),
        (IdShape::Plain, Some(id)) => !id.is_empty(),
    };
    if fits {
        return Ok(());
    }
    let found = path.split(['/', ':']).next().unwrap_or(path);
    let wanted = spec.path.split(['/', ':']).next().unwrap_or(spec.path);
    Err(if found == wanted {
        format!("what stands behind `{}` is no id of a {word}", spec.path)
    } else {
        format!("it is the ARN of a `{found}`, where a `{wanted}` is meant")
    })
}

struct Parts<'a> {
    partition: &'a str,
    service: &'a str,
    region: &'a str,
    account: &'a str,
    resource: &'a str,
}

impl<'a> Parts<'a> {
    fn of(arn: &'a str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':');
        let (arn, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
        let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
        (arn == "arn" && !partition.is_empty()).then_some(Self { partition, service, region, account, resource })
    }
}

fn check_region(region: &str) -> Result<(), String> {
    let parts: Vec<&str> = region.split('-').collect();
    let fits = parts.len() >= 3
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
        && parts.last().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    if fits { Ok(()) } else { Err(format!("`{region}` is not a region such as `us-east-1`")) }
}

fn check_account(account: &str) -> Result<(), String> {
    let fits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(()) } else { Err(format!("`{account}` is not an account: those have twelve digits")) }
}

/// Without the version or alias behind a colon.
fn unqualified(id: &str) -> &str {
    match id.split_once(':') {
        Some((id, qualifier)) if !qualifier.is_empty() => id,
        _ => id,
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

fn is_function_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

fn is_bot_alias(text: &str) -> bool {
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric());
    text.split_once('/').is_some_and(|(bot, alias)| is_id(bot) && is_id(alias))
}

fn is_phone_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (2..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "aaaaaaaa-1111-4222-8333-444455556666";

    fn instance() -> Instance {
        Instance::parse("arn:aws:connect:us-east-1:111122223333:instance/0f1e2d3c-1111-4222-8333-444455556666").unwrap()
    }

    #[test]
    fn an_id_becomes_the_whole_address() {
        let of = |kind, text: &str| complete(kind, text, &instance()).unwrap();
        let arn = instance().arn;
        assert_eq!(of(ResourceKind::Queue, ID), format!("{arn}/queue/{ID}"));
        assert_eq!(of(ResourceKind::Hours, ID), format!("{arn}/operating-hours/{ID}"));
        assert_eq!(of(ResourceKind::Module, &format!("{ID}:3")), format!("{arn}/flow-module/{ID}:3"));
        assert_eq!(of(ResourceKind::Lambda, "find"), "arn:aws:lambda:us-east-1:111122223333:function:find");
        assert_eq!(
            of(ResourceKind::Bot, "ABC/TSTALIASID"),
            "arn:aws:lex:us-east-1:111122223333:bot-alias/ABC/TSTALIASID"
        );
        assert_eq!(of(ResourceKind::PhoneNumber, "+12065550100"), "+12065550100");
    }

    #[test]
    fn a_whole_address_is_kept() {
        let arn = instance().arn;
        for (kind, address) in [
            (ResourceKind::Queue, format!("{arn}/queue/{ID}")),
            (ResourceKind::Queue, format!("{arn}/queue/agent/{ID}")),
            (ResourceKind::Flow, format!("{arn}/contact-flow/{ID}:$LATEST")),
            (ResourceKind::View, "arn:aws:connect:us-east-1:aws:view/form:1".to_owned()),
            (ResourceKind::Lambda, "arn:aws:lambda:us-east-1:444455556666:function:find:live".to_owned()),
        ] {
            assert_eq!(complete(kind, &address, &instance()), Ok(address));
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_a_reason() {
        let arn = instance().arn;
        let other = arn.replace("0f1e2d3c", "99999999");
        for (kind, address, reason) in [
            (ResourceKind::Queue, format!("{arn}/prompt/{ID}"), "the ARN of a `prompt`"),
            (ResourceKind::Queue, format!("{other}/queue/{ID}"), "belongs to the instance `99999999"),
            (ResourceKind::Queue, format!("{arn}/queue/{ID}").replace("us-east-1", "us-west-2"), "lies in `us-west-2`"),
            (
                ResourceKind::Queue,
                format!("{arn}/queue/{ID}").replace("1111222", "1111333"),
                "the account 111133323333",
            ),
            (ResourceKind::Queue, format!("{arn}/queue/x"), "no id of a queue"),
            (ResourceKind::Queue, "Basic Queue".to_owned(), "neither an ARN nor an id"),
            (ResourceKind::Lambda, format!("{arn}/queue/{ID}"), "belongs to `lambda`, not to `connect`"),
            (ResourceKind::Lambda, "arn:aws:lambda:us-east-1:1:function:x".to_owned(), "twelve digits"),
            (ResourceKind::Lambda, "arn:aws-cn:lambda:us-east-1:111122223333:function:x".to_owned(), "`aws-cn`"),
            (ResourceKind::Bot, "arn:aws:lex".to_owned(), "six parts"),
        ] {
            let problem = complete(kind, &address, &instance()).unwrap_err();
            assert!(problem.contains(reason), "{address}: {problem}");
        }
        for arn in ["x", "arn:aws:lex:us-east-1:111122223333:instance/1", "arn:aws:connect:us:111122223333:instance/1"]
        {
            assert!(Instance::parse(arn).is_err(), "{arn}");
        }
    }
}

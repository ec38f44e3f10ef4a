//! The settings of the pages, as the script that both load. Served from here, there is no file to copy, to keep in step
//! and to clean up.

use handler_common::settings;
use handler_common::world::Environment;
use serde_json::{Map, Value};

use crate::answer::Reply;

/// What the pages call a setting, and the variable that it is in.
const SETTINGS: [(&str, &str); 19] = [
    ("identityPoolId", "IDENTITY_POOL_ID"),
    ("userPoolId", "USER_POOL_ID"),
    ("userPoolWebClientId", "FRONTEND_CLIENT_ID"),
    ("cognitoDomainURL", "COGNITO_DOMAIN_URL"),
    ("connectAPI", "API_URL"),
    ("chimeAPI", "API_URL"),
    ("meetingAPI", "API_URL"),
    ("chatAPI", "API_URL"),
    ("routingAPI", "API_URL"),
    ("recordingAPI", "API_URL"),
    ("backendRegion", "AWS_REGION"),
    ("connectInstanceARN", "CONNECT_INSTANCE_ARN"),
    ("connectInstanceURL", "CONNECT_INSTANCE_URL"),
    ("cognitoSAMLEnabled", "COGNITO_SAML_ENABLED"),
    ("cognitoSAMLIdentityProviderName", "COGNITO_SAML_PROVIDER"),
    ("connectDefaultContactFlowId", "CONTACT_FLOW_ID"),
    ("websiteAdHocRouteBaseURL", "WEBSITE_AD_HOC_URL"),
    ("deployRecordingStack", "RECORDING_ENABLED"),
    ("recordingAttendeeName", "RECORDING_ATTENDEE_NAME"),
];

/// GET /frontend-config.js
pub fn script(environment: &impl Environment) -> Reply {
    let value = |variable: &str| {
        let text = settings::configured(environment, variable).unwrap_or_else(|| "not-defined".to_owned());
        // All are texts, also one that reads `true`.
        Value::from(if variable == "API_URL" { with_slash(text) } else { text })
    };
    let config: Map<String, Value> =
        SETTINGS.iter().map(|(name, variable)| ((*name).to_owned(), value(variable))).collect();
    // Where a script stands inside of a page, nothing in it may end it.
    let text = Value::Object(config).to_string().replace('<', "\\u003c");
    Reply::Script(format!("window.vceConfig = {text};\n"))
}

fn with_slash(url: String) -> String {
    if url.ends_with('/') || url == "not-defined" { url } else { format!("{url}/") }
}

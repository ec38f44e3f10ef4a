//! Customer profiles: who is calling, and what is known about them.

use crate::catalogue::Piece::{Map, Name, Optional, Slot, Words};
use crate::catalogue::builders::{ERROR, ERROR_OPTIONAL, FALLIBLE, ROW, name, present, required, set, text, texts};
use crate::catalogue::{
    ActionSpec, Allowed, Evidence, Family, FlowType, Holds, Keys, Kind, Mark, Next, OutletSpec, Param, Results, Seen,
    Sentence, Setting, Variant, Witness,
};

const PROFILES: &str = "a Customer Profiles domain";

const CUSTOMER: Option<Results> =
    Some(Results { namespace: "$.Customer", root: "$.Customer", scalar: false, special: &[] });

const RESPONSE: Param =
    Param::new("ProfileResponseData", Kind::List(&Kind::Text { what: "a field's name", max: 32_768 }))
        .optional()
        .note("fields to load into `$.Customer`");
const LOAD: Setting = set("load", "ProfileResponseData");

const PROFILE_ID: Param = Param::new("ProfileId", text("a profile id")).mixed();
const PROFILE_FIELDS: Param = Param::new("ProfileRequestData", texts(Keys::Any))
    .mixed()
    .note("profile field: value; own ones as `Attributes.<name>`");

const SEVERAL: OutletSpec = required("several", "MultipleFoundError");
const NONE: OutletSpec = required("none", "NoneFoundError");

/// A standard field to search by.
const fn field(field: &'static str, what: &'static str) -> Param {
    Param::new(field, text(what)).mixed().one_of("search").note("older form of the search by an identifier")
}

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "GetCustomerProfile",
        block: "Customer profiles (get profile)",
        family: Family::CustomerProfiles,
        summary: "Finds a customer's profile and loads what is asked for into `$.Customer`.",
        params: &[
            Param::new(
                "ProfileRequestData",
                Kind::Object(&[
                    Param::new("IdentifierName", name("an identifier"))
                        .mixed()
                        .one_of("search")
                        .note("such as `_phone`, `_email`, `_account`, `_profileId`"),
                    Param::new("IdentifierValue", text("a value")).mixed().when(present("ProfileRequestData.IdentifierName")),
                    Param::new("SearchCriteria", Kind::List(&Kind::Json))
                        .mixed()
                        .one_of("search")
                        .note("up to 5 identifiers"),
                    Param::new("LogicalOperator", Kind::Choice(&[("and", "AND"), ("or", "OR")])).optional(),
                    field("PhoneNumber", "a phone number"),
                    field("EmailAddress", "an e-mail address"),
                    field("AccountNumber", "an account number"),
                ]),
            ),
            RESPONSE,
        ],
        variants: &[Variant::new(Next::Continues, &[ERROR, SEVERAL, NONE])],
        results: CUSTOMER,
        clobbers: &["$.Customer"],
        needs: PROFILES,
        sentences: &[
            Sentence::new(
                &[
                    Words("find customer by"),
                    Slot("ProfileRequestData.IdentifierName"),
                    Slot("ProfileRequestData.IdentifierValue"),
                    Optional(&[Words("as"), Name]),
                ],
                r#"find customer by _phone $.CustomerEndpoint.Address as caller (load: ["FirstName"]) { none, several -> next }"#,
            )
            .settings(&[LOAD]),
            Sentence::new(
                &[
                    Words("find customer by phone number"),
                    Slot("ProfileRequestData.PhoneNumber"),
                    Optional(&[Words("as"), Name]),
                ],
                r#"find customer by phone number $.CustomerEndpoint.Address (load: ["FirstName"]) { none, several -> next }"#,
            )
            .settings(&[LOAD]),
            Sentence::new(
                &[
                    Words("find customer by email address"),
                    Slot("ProfileRequestData.EmailAddress"),
                    Optional(&[Words("as"), Name]),
                ],
                "find customer by email address $.Attributes.email { none, several -> next }",
            )
            .settings(&[LOAD]),
            Sentence::new(
                &[
                    Words("find customer by account number"),
                    Slot("ProfileRequestData.AccountNumber"),
                    Optional(&[Words("as"), Name]),
                ],
                "find customer by account number $.StoredCustomerInput { none, several -> next }",
            )
            .settings(&[LOAD]),
            Sentence::new(
                &[
                    Words("find customer where"),
                    Slot("ProfileRequestData.SearchCriteria"),
                    Optional(&[Words("as"), Name]),
                ],
                r#"find customer where [{ IdentifierName: "_phone", IdentifierValue: $.CustomerEndpoint.Address }] (match: or) { none, several -> next }"#,
            )
            .settings(&[set("match", "ProfileRequestData.LogicalOperator"), LOAD]),
        ],
        designer: &[
            Mark::new("useDynamic", Holds::SwitchedOn("ProfileRequestData")),
            Mark::new("customerProfilesAction", Holds::Text("GetCustomerProfile")),
        ],
        ..ROW
    },
    ActionSpec {
        name: "CreateCustomerProfile",
        block: "Customer profiles (create profile)",
        family: Family::CustomerProfiles,
        summary: "Creates a customer's profile.",
        params: &[PROFILE_FIELDS, RESPONSE],
        variants: FALLIBLE,
        results: CUSTOMER,
        clobbers: &["$.Customer"],
        needs: PROFILES,
        sentences: &[Sentence::new(
            &[Words("create customer with"), Map("ProfileRequestData"), Optional(&[Words("as"), Name])],
            r#"create customer with (PhoneNumber: $.CustomerEndpoint.Address, "Attributes.tier": "gold") (load: ["ProfileId"])"#,
        )
        .settings(&[LOAD])],
        designer: &[
            Mark::new("useDynamic", Holds::SwitchedOn("ProfileRequestData")),
            Mark::new("customerProfilesAction", Holds::Text("CreateCustomerProfile")),
        ],
        ..ROW
    },
    ActionSpec {
        name: "UpdateCustomerProfile",
        block: "Customer profiles (update profile)",
        family: Family::CustomerProfiles,
        summary: "Changes the profile that was found or created last.",
        params: &[PROFILE_FIELDS, RESPONSE],
        variants: FALLIBLE,
        results: CUSTOMER,
        clobbers: &["$.Customer"],
        seen: Seen::Never,
        sources: &[Witness::Reference, Witness::Guide],
        needs: PROFILES,
        notes: &["works on the profile that `$.Customer.ProfileId` names"],
        sentences: &[Sentence::new(
            &[Words("update customer with"), Map("ProfileRequestData"), Optional(&[Words("as"), Name])],
            "update customer with (EmailAddress: $.Attributes.email)",
        )
        .settings(&[LOAD])],
        ..ROW
    },
    ActionSpec {
        name: "GetCustomerProfileObject",
        block: "Customer profiles (get profile object)",
        family: Family::CustomerProfiles,
        summary: "Loads an object that belongs to a profile, such as an order.",
        params: &[
            Param::new(
                "ProfileRequestData",
                Kind::Object(&[
                    PROFILE_ID,
                    Param::new("ObjectType", name("an object type"))
                        .note("such as `_asset`, `_order`, `_case`, or one of your own"),
                    Param::new("UseLatest", Kind::Flag)
                        .one_of("selector")
                        .note("a real boolean, as one third party has it"),
                    Param::new("IdentifierName", name("an identifier"))
                        .mixed()
                        .one_of("selector"),
                    Param::new("IdentifierValue", text("a value"))
                        .mixed()
                        .when(present("ProfileRequestData.IdentifierName")),
                ]),
            ),
            RESPONSE,
        ],
        variants: &[Variant::new(Next::Continues, &[ERROR, NONE])],
        results: CUSTOMER,
        clobbers: &["$.Customer"],
        seen: Seen::Never,
        sources: &[Witness::Reference, Witness::Guide, Witness::Samples],
        needs: PROFILES,
        sentences: &[
            Sentence::new(
                &[
                    Words("get latest"),
                    Slot("ProfileRequestData.ObjectType"),
                    Words("of customer"),
                    Slot("ProfileRequestData.ProfileId"),
                    Optional(&[Words("as"), Name]),
                ],
                r#"get latest _order of customer $.Customer.ProfileId (load: ["Status"]) { none -> next }"#,
            )
            .fixed(&[("ProfileRequestData.UseLatest", "true")])
            .settings(&[LOAD]),
            Sentence::new(
                &[
                    Words("get"),
                    Slot("ProfileRequestData.ObjectType"),
                    Words("of customer"),
                    Slot("ProfileRequestData.ProfileId"),
                    Words("by"),
                    Slot("ProfileRequestData.IdentifierName"),
                    Slot("ProfileRequestData.IdentifierValue"),
                    Optional(&[Words("as"), Name]),
                ],
                "get _order of customer $.Customer.ProfileId by _orderId $.Attributes.order as order { none -> next }",
            )
            .settings(&[LOAD]),
        ],
        ..ROW
    },
    ActionSpec {
        name: "GetCalculatedAttributesForCustomerProfile",
        block: "Customer profiles (get calculated attributes)",
        family: Family::CustomerProfiles,
        summary: "Loads what the service has worked out about a customer.",
        params: &[Param::new("ProfileRequestData", Kind::Object(&[PROFILE_ID])), RESPONSE],
        variants: &[Variant::new(Next::Continues, &[ERROR, NONE])],
        results: CUSTOMER,
        clobbers: &["$.Customer"],
        seen: Seen::Never,
        sources: &[Witness::Reference, Witness::Guide],
        needs: PROFILES,
        notes: &["the names to load look like `CalculatedAttributes.<name>`"],
        sentences: &[Sentence::new(
            &[
                Words("get calculated attributes of customer"),
                Slot("ProfileRequestData.ProfileId"),
                Optional(&[Words("as"), Name]),
            ],
            r#"get calculated attributes of customer $.Customer.ProfileId (load: ["CalculatedAttributes._cases_count"]) { none -> next }"#,
        )
        .settings(&[LOAD])],
        ..ROW
    },
    ActionSpec {
        name: "AssociateContactToCustomerProfile",
        block: "Customer profiles (associate contact)",
        family: Family::CustomerProfiles,
        summary: "Adds a contact to the history of a customer.",
        params: &[Param::new(
            "ProfileRequestData",
            Kind::Object(&[PROFILE_ID, Param::new("ContactId", text("a contact id")).mixed()]),
        )],
        variants: FALLIBLE,
        seen: Seen::Elsewhere,
        sources: &[Witness::Reference, Witness::Guide],
        needs: PROFILES,
        sentences: &[Sentence::new(
            &[
                Words("link contact"),
                Slot("ProfileRequestData.ContactId"),
                Words("to customer"),
                Slot("ProfileRequestData.ProfileId"),
            ],
            "link contact $.ContactId to customer $.Customer.ProfileId",
        )],
        ..ROW
    },
    ActionSpec {
        name: "CheckSegmentMembership",
        block: "Customer profiles (check segment membership)",
        family: Family::CustomerProfiles,
        doubt: "an instance without Customer Profiles answers that it does not know the action",
        summary: "Asks whether a customer belongs to a segment.",
        variants: &[Variant::new(Next::Continues, &[ERROR_OPTIONAL])],
        flow_types: Allowed::only(&[FlowType::Campaign]),
        evidence: Evidence::Guess,
        seen: Seen::Never,
        sources: &[Witness::Guide],
        needs: "Customer Profiles segments",
        notes: &["its parameters are not published", "in other types of flow one instance refused the name"],
        open: true,
        ..ROW
    },
];

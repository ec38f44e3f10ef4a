//! Cases: opening, finding and changing them.

use crate::catalogue::Piece::{Map, Name, Optional, Slot, Words};
use crate::catalogue::builders::{ERROR, ROW, equal, required, resource, set, switch, text, texts};
use crate::catalogue::{
    ActionSpec, Basis, Demand, Family, Holds, Keys, Kind, Mark, Next, OutletSpec, Param, ResourceKind, Results,
    Sentence, Setting, Variant,
};

const CASES: &str = "a Cases domain";

const CASE: Option<Results> =
    Some(Results { namespace: "$.Case", root: "$.Case", scalar: false, special: &[("id", "$.Case.case_id")] });

const LINK: Param = Param::new("LinkContactToCase", switch("true", "false")).default("true");
const FIELDS: Param = Param::new("CaseRequestFields", texts(Keys::Any)).mixed().note("case field id: value");
const SET_LINK: Setting = set("link", "LinkContactToCase");

const NOT_LINKED: OutletSpec = required("not-linked", "ContactNotLinked")
    .when(equal("LinkContactToCase", "true"))
    .rests(&[(Demand::Applicability, Basis::Refusal("the branch where no contact is linked"))]);

/// The same where only a page says that it is refused without a link.
const NEW_NOT_LINKED: OutletSpec = NOT_LINKED.rests(&[]);

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "CreateCase",
        block: "Cases (create case)",
        family: Family::Cases,
        summary: "Opens a case from a template.",
        params: &[
            LINK,
            Param::new("CaseTemplateId", resource(ResourceKind::CaseTemplate)).single(),
            FIELDS,
            Param::new("ContactToLink", Kind::Choice(&[("current", "Current"), ("related", "Related")]))
                .optional()
                .note("a newer key of the console; `related` is inferred"),
        ],
        variants: &[Variant::new(Next::Continues, &[NEW_NOT_LINKED, ERROR])],
        results: CASE,
        clobbers: &["$.Case"],
        needs: CASES,
        sentences: &[Sentence::new(
            &[
                Words("create case from"),
                Slot("CaseTemplateId"),
                Words("with"),
                Map("CaseRequestFields"),
                Optional(&[Words("as"), Name]),
            ],
            r#"create case from Refund with (title: "Refund wanted", customer_id: $.Customer.ProfileARN) as refund (link: yes)"#,
        )
        .settings(&[SET_LINK, set("contact", "ContactToLink")])],
        designer: &[Mark::new("action", Holds::Text("createCaseAction"))],
        ..ROW
    },
    ActionSpec {
        name: "GetCase",
        block: "Cases (get case)",
        family: Family::Cases,
        summary: "Finds a case by its fields and loads what is asked for into `$.Case`.",
        params: &[
            LINK,
            Param::new("GetLastUpdatedCase", switch("true", "false"))
                .default("true")
                .note("of several cases, the one that was updated last"),
            Param::new("CustomerId", text("an id"))
                .mixed()
                .optional()
                .note("documented, absent from exports: they search by the field `customer_id`"),
            Param::new("CaseResponseFields", Kind::List(&Kind::Text { what: "a case field id", max: 32_768 }))
                .optional()
                .note("case field ids to load"),
            FIELDS,
        ],
        variants: &[Variant::new(
            Next::Continues,
            &[NOT_LINKED, required("several", "MultipleFound"), required("none", "NoneFound"), ERROR],
        )],
        results: CASE,
        clobbers: &["$.Case"],
        needs: CASES,
        sentences: &[Sentence::new(
            &[Words("find case by"), Map("CaseRequestFields"), Optional(&[Words("as"), Name])],
            r#"find case by (customer_id: $.Customer.ProfileARN) as found (load: ["status", "title"]) { none, several -> next }"#,
        )
        .settings(&[
            set("load", "CaseResponseFields"),
            set("last-updated", "GetLastUpdatedCase"),
            set("customer", "CustomerId"),
            SET_LINK,
        ])],
        designer: &[Mark::new("action", Holds::Text("getCaseAction"))],
        ..ROW
    },
    ActionSpec {
        name: "UpdateCase",
        block: "Cases (update case)",
        family: Family::Cases,
        summary: "Changes fields of a case.",
        params: &[LINK, Param::new("CaseId", text("a case id")).mixed(), FIELDS],
        variants: &[Variant::new(Next::Continues, &[NOT_LINKED, ERROR])],
        needs: CASES,
        sentences: &[Sentence::new(
            &[Words("update case"), Slot("CaseId"), Words("with"), Map("CaseRequestFields")],
            r#"update case $.Case.case_id with (status: "closed") (link: no)"#,
        )
        .settings(&[SET_LINK])],
        ..ROW
    },
];

//! Data tables: looking values up, listing them, writing them.

use crate::catalogue::Piece::{Map, Name, Optional, Slot, Words};
use crate::catalogue::builders::{FALLIBLE, ROW, name, resource, set, text};
use crate::catalogue::{ActionSpec, Evidence, Family, Kind, Param, ResourceKind, Results, Seen, Sentence, Witness};

const TABLE: Param = Param::new("DataTableId", resource(ResourceKind::DataTable)).single();

const VALUE: Param = Param::new("Value", text("a value")).mixed();

/// What chooses a row: the value of each of its keys.
const KEYS: Param =
    Param::new("PrimaryValues", Kind::Pairs(&[Param::new("Name", text("a key")).mixed(), VALUE])).mixed().optional();

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "EvaluateDataTableValues",
        block: "Data Table (evaluate)",
        family: Family::DataTables,
        summary: "Looks attributes up in a data table.",
        params: &[
            TABLE,
            Param::new(
                "Queries",
                Kind::List(&Kind::Object(&[
                    Param::new("QueryName", name("a name")).note("of its own; the result is read by it"),
                    Param::new("Attributes", Kind::List(&Kind::Text { what: "an attribute", max: 32_768 })),
                    Param::new(
                        "PrimaryValues",
                        Kind::Pairs(&[Param::new("AttributeName", text("a key")).mixed(), VALUE]),
                    )
                    .mixed()
                    .optional(),
                ])),
            )
            .note("1 to 5"),
        ],
        variants: FALLIBLE,
        results: Some(Results { namespace: "$.DataTables", root: "$.DataTables", scalar: false, special: &[] }),
        clobbers: &["$.DataTables"],
        evidence: Evidence::Observed,
        seen: Seen::Never,
        sources: &[Witness::Guide, Witness::Samples],
        notes: &["a value is read as `$.DataTables.<QueryName>.<Attribute>`"],
        sentences: &[
            Sentence::new(
                &[
                    Words("look up"),
                    Slot("Queries.0.Attributes"),
                    Words("in data table"),
                    Slot("DataTableId"),
                    Optional(&[Words("where"), Map("Queries.0.PrimaryValues")]),
                    Optional(&[Words("as"), Name]),
                ],
                r#"look up ["price"] in data table Prices where (sku: $.Attributes.sku) (query: price)"#,
            )
            .settings(&[set("query", "Queries.0.QueryName")]),
            Sentence::new(
                &[
                    Words("query data table"),
                    Slot("DataTableId"),
                    Words("for"),
                    Slot("Queries"),
                    Optional(&[Words("as"), Name]),
                ],
                r#"query data table Prices for [{ QueryName: new, Attributes: ["price"], PrimaryValues: { sku: "A1" } }, { QueryName: old, Attributes: ["price"], PrimaryValues: { sku: "A0" } }]"#,
            ),
        ],
        ..ROW
    },
    ActionSpec {
        name: "ListDataTableValues",
        block: "Data Table (list)",
        family: Family::DataTables,
        summary: "Lists rows of a data table.",
        params: &[
            TABLE,
            Param::new(
                "PrimaryKeyGroups",
                Kind::List(&Kind::Object(&[Param::new("PrimaryKeyGroupName", name("a name")), KEYS])),
            )
            .mixed()
            .note("1 to 5; a sample gives them as one reference"),
        ],
        variants: FALLIBLE,
        results: Some(Results {
            namespace: "$.DataTableList",
            root: "$.DataTableList.ResultData",
            scalar: false,
            special: &[],
        }),
        clobbers: &["$.DataTableList"],
        evidence: Evidence::Observed,
        seen: Seen::Never,
        sources: &[Witness::Guide, Witness::Samples],
        sentences: &[
            Sentence::new(
                &[
                    Words("list data table"),
                    Slot("DataTableId"),
                    Optional(&[Words("where"), Map("PrimaryKeyGroups.0.PrimaryValues")]),
                    Optional(&[Words("as"), Name]),
                ],
                r#"list data table Prices where (region: "EU") as prices (group: european)"#,
            )
            .settings(&[set("group", "PrimaryKeyGroups.0.PrimaryKeyGroupName")]),
            Sentence::new(
                &[
                    Words("list data table"),
                    Slot("DataTableId"),
                    Words("by"),
                    Slot("PrimaryKeyGroups"),
                    Optional(&[Words("as"), Name]),
                ],
                "list data table Prices by $.External.keys as prices",
            ),
        ],
        ..ROW
    },
    ActionSpec {
        name: "UpsertDataTableValues",
        block: "Data Table (write)",
        family: Family::DataTables,
        summary: "Writes rows of a data table, new ones and old ones.",
        params: &[
            TABLE,
            Param::new("LockVersion", text("a version")).mixed().optional().note(
                "a copy of `$.DataTableList.ResultData.lockVersion.dataTable`; whether it may be left out is not known",
            ),
            Param::new(
                "DataTableUpsertAttributes",
                Kind::List(&Kind::Object(&[
                    Param::new("PrimaryKeyGroupName", name("a name")).optional(),
                    KEYS,
                    Param::new(
                        "Attributes",
                        Kind::Pairs(&[
                            Param::new("Name", text("an attribute")).mixed(),
                            VALUE.optional(),
                            Param::new("UseDefaultValue", Kind::Flag).optional(),
                        ]),
                    )
                    .mixed(),
                ])),
            )
            .mixed()
            .note("1 to 25; a sample gives them as one reference"),
        ],
        variants: FALLIBLE,
        evidence: Evidence::Observed,
        seen: Seen::Never,
        sources: &[Witness::Guide, Witness::Samples],
        sentences: &[
            Sentence::new(
                &[
                    Words("write"),
                    Map("DataTableUpsertAttributes.0.Attributes"),
                    Words("to data table"),
                    Slot("DataTableId"),
                    Optional(&[Words("where"), Map("DataTableUpsertAttributes.0.PrimaryValues")]),
                ],
                r#"write (price: "5.00") to data table Prices where (sku: "A1") (lock: $.FlowAttributes.lock)"#,
            )
            .settings(&[set("group", "DataTableUpsertAttributes.0.PrimaryKeyGroupName"), set("lock", "LockVersion")]),
            Sentence::new(
                &[Words("write"), Slot("DataTableUpsertAttributes"), Words("to data table"), Slot("DataTableId")],
                "write $.External.rows to data table Prices (lock: $.FlowAttributes.lock)",
            )
            .settings(&[set("lock", "LockVersion")]),
        ],
        ..ROW
    },
];

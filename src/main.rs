use flowc::flow::build::{self, Index, Options, Unit};
fn main() {
    let mut sources = vec![];
    for (i, p) in std::env::args().skip(1).enumerate() {
        let text = std::fs::read_to_string(&p).unwrap();
        sources.push(flowc::source::Source::new(flowc::source::SourceId(i as u32), p.clone(), text));
    }
    let parsed: Vec<_> = sources.iter().map(flowc::syntax::parse).collect();
    let units: Vec<_> = sources.iter().zip(&parsed).map(|(source, p)| Unit { source, file: &p.file }).collect();
    let mut options = Options::default();
    for k in ["TwilioNumber", "VideoRecordingAutoStart", "VideoRecordingStartStop"] {
        options.values.insert(k.into(), "x".into());
    }
    let (index, mut diags) = Index::new(&units, &options);
    for p in &parsed {
        diags.extend(p.diagnostics.clone());
    }
    let t = std::time::Instant::now();
    for u in &units {
        for d in &u.file.declarations {
            let (f, dd) = build::flow(&index, d);
            diags.extend(dd);
            if let Some(f) = f {
                println!("flow {} blocks {}", f.name.value, f.len());
                if std::env::var("DUMP").is_ok() {
                    for (id, b) in f.blocks() {
                        println!(
                            "  {:2} [{}] {} | {} {:?}",
                            id.index(),
                            b.step,
                            b.action.name(),
                            b.label,
                            b.args.iter().map(|a| format!("{}={}", a.name.value, show(&a.value))).collect::<Vec<_>>()
                        );
                        for e in f.exits(id) {
                            println!("        {:?} -> {}", e.outlet, e.target.index());
                        }
                    }
                }
            }
        }
    }
    println!("{:?}", t.elapsed());
    for d in diags {
        let s = &sources[d.primary.span.source.0 as usize];
        let l = s.lines();
        println!(
            "{}:{:?} {} {} [{}] help: {:?} {:?}",
            s.path,
            l.position(&s.text, d.primary.span.start as usize),
            d.code.id(),
            d.message,
            d.primary.text,
            d.help,
            d.secondary
        );
    }
}
fn show(v: &flowc::flow::Value) -> String {
    use flowc::flow::*;
    match v {
        Value::Text(t) => t
            .parts
            .iter()
            .map(|p| match p {
                Part::Literal(s) | Part::Path(s) => s.clone(),
                Part::Resource(k, n) => flowc::catalogue::resources::placeholder(*k, n),
            })
            .collect(),
        Value::Plain(j, _) => j.to_string(),
        Value::List(l, _) => format!("[{}]", l.iter().map(show).collect::<Vec<_>>().join(",")),
        Value::Map(m, _) => format!(
            "{{{}}}",
            m.iter().map(|a| format!("{}:{}", a.name.value, show(&a.value))).collect::<Vec<_>>().join(",")
        ),
    }
}

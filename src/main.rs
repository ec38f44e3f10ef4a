fn main() {
    for (i, p) in std::env::args().skip(1).enumerate() {
        let text = std::fs::read_to_string(&p).unwrap();
        let s = flowc::source::Source::new(flowc::source::SourceId(i as u32), p.clone(), text);
        let t = std::time::Instant::now();
        let r = flowc::syntax::parse(&s);
        println!("{p}: {} decls {:?}", r.file.declarations.len(), t.elapsed());
        for d in r.diagnostics.iter() {
            let l = s.lines();
            println!(
                "  {:?} {} {} [{}] {:?}",
                l.position(&s.text, d.primary.span.start as usize),
                d.code.id(),
                d.message,
                d.primary.text,
                d.secondary
            );
        }
        if std::env::var("DUMP").is_ok() {
            println!("{:#?}", r.file);
        }
    }
}

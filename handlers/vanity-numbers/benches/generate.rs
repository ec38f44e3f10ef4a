//! How long one number takes, the word list being read already, and how long the first one takes.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use vanity_numbers::keypad::generate;

fn numbers(criterion: &mut Criterion) {
    // The second has the most ways: two words, each of several on the same keys.
    for number in ["7183569377", "7182272270", "7180101010"] {
        criterion.bench_function(number, |bench| bench.iter(|| generate(black_box(number), 5)));
    }
}

criterion_group!(benches, numbers);
criterion_main!(benches);

//! Numbers by chance that are the same on every machine (splitmix64).

pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        let mut dice = Self(seed);
        dice.roll();
        dice
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below this.
    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.roll() % count.max(1) as u64).unwrap_or_default()
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = self.below(from.len());
        &from[at]
    }

    /// Letters that are no word of any language.
    pub fn word(&mut self) -> String {
        (0..8).map(|at| char::from(if at % 2 == 0 { *self.pick(b"bdgklmnrtvz") } else { *self.pick(b"aou") })).collect()
    }

    pub fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'1' + u8::try_from(self.below(9)).unwrap_or_default())).collect()
    }
}

//! Which language a text is in, as far as a few common words tell. It rather says nothing than something wrong.

use std::collections::BTreeSet;

/// The languages that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Spanish,
    French,
    German,
    Portuguese,
    Italian,
    Dutch,
}

impl Language {
    const ALL: [Self; 7] =
        [Self::English, Self::Spanish, Self::French, Self::German, Self::Portuguese, Self::Italian, Self::Dutch];

    /// The language of a code such as `en-US`.
    pub(super) fn of_code(code: &str) -> Option<Self> {
        let code = code.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))
    }

    fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::French => "fr",
            Self::German => "de",
            Self::Portuguese => "pt",
            Self::Italian => "it",
            Self::Dutch => "nl",
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Spanish",
            Self::French => "French",
            Self::German => "German",
            Self::Portuguese => "Portuguese",
            Self::Italian => "Italian",
            Self::Dutch => "Dutch",
        }
    }

    /// Words that hardly any sentence of the language does without, and that sentences of a call centre have.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::English => &[
                "the", "and", "you", "your", "for", "please", "press", "with", "are", "our", "will", "have", "this",
                "thank", "is", "we", "to", "of", "one", "calling", "call", "welcome", "agent", "hold",
            ],
            Self::Spanish => &[
                "el",
                "los",
                "las",
                "para",
                "por",
                "favor",
                "gracias",
                "usted",
                "su",
                "oprima",
                "marque",
                "presione",
                "nuestro",
                "nuestra",
                "nuestros",
                "llamar",
                "llamada",
                "bienvenido",
                "bienvenida",
                "está",
                "están",
                "hola",
                "espere",
                "agente",
                "español",
                "y",
                "un",
                "una",
                "con",
                "del",
                "es",
                "momento",
                "pulse",
                "número",
            ],
            Self::French => &[
                "le",
                "les",
                "des",
                "pour",
                "vous",
                "votre",
                "merci",
                "veuillez",
                "appuyez",
                "nous",
                "notre",
                "nos",
                "est",
                "sont",
                "et",
                "avec",
                "bonjour",
                "bienvenue",
                "appel",
                "tapez",
                "une",
                "sur",
                "du",
                "dans",
                "touche",
            ],
            Self::German => &[
                "der",
                "die",
                "das",
                "und",
                "sie",
                "ihr",
                "ihre",
                "ihren",
                "für",
                "bitte",
                "drücken",
                "wählen",
                "mit",
                "ist",
                "sind",
                "wir",
                "uns",
                "unser",
                "unsere",
                "willkommen",
                "vielen",
                "dank",
                "anruf",
                "nicht",
                "ein",
                "eine",
                "einen",
                "zu",
                "warten",
                "haben",
                "hallo",
            ],
            Self::Portuguese => &[
                "o",
                "os",
                "você",
                "para",
                "por",
                "favor",
                "obrigado",
                "obrigada",
                "seu",
                "sua",
                "nosso",
                "nossa",
                "pressione",
                "digite",
                "tecle",
                "ligar",
                "ligação",
                "não",
                "são",
                "está",
                "bem-vindo",
                "vindo",
                "e",
                "um",
                "uma",
                "com",
                "do",
                "da",
                "atendente",
                "aguarde",
                "olá",
                "em",
            ],
            Self::Italian => &[
                "il",
                "gli",
                "lo",
                "per",
                "favore",
                "grazie",
                "premere",
                "prema",
                "suo",
                "sua",
                "nostro",
                "nostra",
                "chiamata",
                "chiamare",
                "benvenuto",
                "benvenuti",
                "non",
                "sono",
                "è",
                "e",
                "un",
                "una",
                "con",
                "del",
                "della",
                "attendere",
                "attenda",
                "di",
                "che",
                "buongiorno",
                "operatore",
            ],
            Self::Dutch => &[
                "de",
                "het",
                "een",
                "en",
                "van",
                "voor",
                "uw",
                "wij",
                "ons",
                "onze",
                "toets",
                "druk",
                "kies",
                "bedankt",
                "welkom",
                "bellen",
                "wacht",
                "niet",
                "zijn",
                "met",
                "bij",
                "naar",
                "aan",
                "goedendag",
                "medewerker",
                "u",
            ],
        }
    }
}

/// Shorter texts tell nothing.
const WORDS_MIN: usize = 4;
/// So many different words of a language make a text one of it.
const FOUND_MIN: usize = 3;

/// The language of a text, where it plainly is another than the expected one: it has several of the other's words, and none of
/// its own.
pub(super) fn detect(text: &str, expected: Language) -> Option<Language> {
    let text = text.to_lowercase();
    let all: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-').filter(|word| !word.is_empty()).collect();
    if all.len() < WORDS_MIN {
        return None;
    }
    let found = |language: Language| {
        let found: BTreeSet<&str> = all.iter().copied().filter(|word| language.words().contains(word)).collect();
        found
    };
    let own = found(expected);
    let (best, theirs) =
        Language::ALL.into_iter().map(|language| (language, found(language))).max_by_key(|(_, found)| found.len())?;
    // Words that both have tell nothing either way.
    let only_own = own.difference(&theirs).count();
    let only_theirs = theirs.difference(&own).count();
    (best != expected && only_own == 0 && only_theirs >= FOUND_MIN && only_theirs * 4 >= all.len()).then_some(best)
}

/// The language that a voice speaks, for the voices that there are by name.
pub(super) fn of_voice(voice: &str) -> Option<Language> {
    VOICES
        .iter()
        .find(|(_, voices)| voices.iter().any(|name| name.eq_ignore_ascii_case(voice)))
        .map(|(language, _)| *language)
}

const VOICES: [(Language, &[&str]); 7] = [
    (
        Language::English,
        &[
            "Joanna", "Matthew", "Ivy", "Justin", "Kendra", "Kevin", "Kimberly", "Salli", "Joey", "Ruth", "Stephen",
            "Gregory", "Danielle", "Patrick", "Tiffany", "Amy", "Emma", "Brian", "Arthur", "Olivia", "Nicole",
            "Russell", "Raveena", "Ayanda", "Aria", "Niamh", "Geraint", "Jasmine",
        ],
    ),
    (
        Language::Spanish,
        &[
            "Lupe",
            "Pedro",
            "Penelope",
            "Penélope",
            "Miguel",
            "Mia",
            "Andres",
            "Andrés",
            "Conchita",
            "Enrique",
            "Lucia",
            "Sergio",
            "Raul",
            "Alba",
        ],
    ),
    (
        Language::French,
        &[
            "Celine",
            "Céline",
            "Lea",
            "Léa",
            "Mathieu",
            "Remi",
            "Rémi",
            "Chantal",
            "Gabrielle",
            "Liam",
            "Isabelle",
            "Ambre",
            "Florian",
        ],
    ),
    (Language::German, &["Marlene", "Vicki", "Hans", "Daniel", "Hannah", "Sabrina", "Tim", "Lennart"]),
    (Language::Portuguese, &["Camila", "Vitoria", "Vitória", "Ricardo", "Thiago", "Ines", "Inês", "Cristiano"]),
    (Language::Italian, &["Carla", "Bianca", "Giorgio", "Adriano", "Beatrice", "Lorenzo"]),
    (Language::Dutch, &["Lotte", "Laura", "Ruben", "Lisa"]),
];

#[cfg(test)]
mod tests {
    use super::{Language, detect};

    #[test]
    fn a_text_is_of_another_language_only_where_it_plainly_is() {
        let english = "Thank you for calling. Please hold, and an agent will be with you.";
        let spanish = "Gracias por llamar. Por favor espere, un agente le atenderá.";
        assert_eq!(detect(spanish, Language::English), Some(Language::Spanish));
        assert_eq!(detect(english, Language::Spanish), Some(Language::English));
        assert_eq!(detect(english, Language::English), None);
        // Two languages in one sentence, names, and what is too short.
        assert_eq!(detect("For English, press 1. Para español, oprima el dos, por favor.", Language::English), None);
        assert_eq!(detect("Acme Global Logistics Amsterdam", Language::English), None);
        assert_eq!(detect("Gracias por llamar", Language::English), None);
    }
}

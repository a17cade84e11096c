//! From candidates to findings: named tests of what matched. One file a check, one row a check in [`CHECKS`]. A check sees the
//! text around a candidate and knows nothing of where the text came from or who will read about it.

mod base58check;
mod base64_text;
mod basic_auth;
mod context;
mod crc32_base62;
mod entropy;
mod jwt;
mod key_body;
mod known_example;
mod letters;
mod marking;
mod not_placeholder;
mod not_reference;
mod not_template;
mod not_word;
mod secret_name;

use crate::model::{Candidate, Class, Confidence, Half};
use crate::rules::{CheckKind, Method, Near, Rule};

/// A check: its name, and what it does.
struct Check {
    kind: CheckKind,
    run: fn(&Subject<'_>, f32) -> Said,
}

/// Every check that a rule can name, sorted by name.
const CHECKS: &[Check] = &[
    pending(CheckKind::AlgorandMnemonic),
    pending(CheckKind::AnsibleVault),
    pending(CheckKind::AtlassianChecksum),
    pending(CheckKind::AtlassianDcToken),
    pending(CheckKind::AwsId),
    pending(CheckKind::AzureCask),
    pending(CheckKind::AzureDevops),
    pending(CheckKind::AzureEntra),
    pending(CheckKind::AzureKey),
    base58check::CHECK,
    pending(CheckKind::Base64Bytes),
    base64_text::CHECK,
    basic_auth::CHECK,
    pending(CheckKind::Bech32),
    pending(CheckKind::BedrockKey),
    pending(CheckKind::Bip39),
    pending(CheckKind::BitbucketChecksum),
    pending(CheckKind::CiscoType7),
    pending(CheckKind::CloudflareChecksum),
    pending(CheckKind::CloudflareTunnel),
    pending(CheckKind::ConfluentChecksum),
    pending(CheckKind::CratesIoChecksum),
    crc32_base62::CHECK,
    pending(CheckKind::DiscordSnowflake),
    pending(CheckKind::ElasticsearchKey),
    pending(CheckKind::ElectrumSeed),
    entropy::CHECK,
    pending(CheckKind::EosKey),
    pending(CheckKind::FlyMacaroon),
    pending(CheckKind::GitlabRoutable),
    pending(CheckKind::GppCpassword),
    pending(CheckKind::GrafanaChecksum),
    pending(CheckKind::GrafanaCloudToken),
    pending(CheckKind::GrafanaLegacyKey),
    pending(CheckKind::Iban),
    pending(CheckKind::IntercomToken),
    pending(CheckKind::JfrogReference),
    pending(CheckKind::Jwe),
    pending(CheckKind::Jwk),
    jwt::CHECK,
    key_body::CHECK,
    pending(CheckKind::Ksuid),
    pending(CheckKind::LndMacaroon),
    pending(CheckKind::Luhn),
    pending(CheckKind::MapboxToken),
    marking::CHECK,
    pending(CheckKind::MasChecksum),
    pending(CheckKind::MoneroMnemonic),
    pending(CheckKind::NearKey),
    pending(CheckKind::NgcKey),
    pending(CheckKind::NkeySeed),
    not_placeholder::CHECK,
    not_reference::CHECK,
    not_template::CHECK,
    not_word::CHECK,
    pending(CheckKind::ObjectId),
    pending(CheckKind::OnepasswordSecretKey),
    pending(CheckKind::OnepasswordToken),
    pending(CheckKind::OpensshKey),
    pending(CheckKind::Paseto),
    pending(CheckKind::PasswordHash),
    pending(CheckKind::PemKey),
    pending(CheckKind::PgpKey),
    pending(CheckKind::Pkcs12),
    pending(CheckKind::PuttyKey),
    pending(CheckKind::PypiMacaroon),
    pending(CheckKind::SaladChecksum),
    pending(CheckKind::Secp256k1Key),
    secret_name::CHECK,
    pending(CheckKind::SentryOrgToken),
    pending(CheckKind::SesPassword),
    pending(CheckKind::SolanaKey),
    pending(CheckKind::StellarSeed),
    pending(CheckKind::SupabaseChecksum),
    pending(CheckKind::SynapseChecksum),
    pending(CheckKind::TeamcityToken),
    pending(CheckKind::TezosKey),
    pending(CheckKind::TinybirdToken),
    pending(CheckKind::Ulid),
    pending(CheckKind::Uuid),
    pending(CheckKind::VapidKey),
    pending(CheckKind::VaultToken),
    pending(CheckKind::VercelChecksum),
    pending(CheckKind::WireguardKey),
    pending(CheckKind::WpaPsk),
    pending(CheckKind::XrpSeed),
    pending(CheckKind::ZuploChecksum),
];

const fn pending(kind: CheckKind) -> Check {
    Check {
        kind,
        run: |_, _| Said::Passed,
    }
}

/// What a proven secret is worth: a checksum can be right by chance.
const PROVEN: Confidence = Confidence::from_thousandths(990);

/// What a secret is worth whose checksum is wrong: below the default threshold, but there for whoever asks.
const DISPROVEN: Confidence = Confidence::from_thousandths(400);

/// What a value that a vendor publishes as an example is worth.
const PUBLISHED: Confidence = Confidence::from_thousandths(100);

/// What a check looks at.
struct Subject<'t> {
    /// What must not get out.
    secret: &'t [u8],
    /// The name that it is given to, if the rule looks for one.
    name: Option<&'t [u8]>,
    /// Whether it stands in quotes.
    quoted: bool,
    /// All that matched: with a rule that finds by context, from the word or the name to the secret.
    whole: &'t [u8],
    /// What the name has before and after the context's word, if the word is a part of it.
    beside_word: Option<(&'t [u8], &'t [u8])>,
    /// All that is before it in the view.
    head: &'t [u8],
    /// Up to a hundred bytes after it, for what cannot be told from the value alone.
    after: &'t [u8],
}

/// What a check says.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Said {
    /// Nothing against it.
    Passed,
    /// It is what it looks like.
    Proven,
    /// It may be, but no surer than this.
    AtMost(Confidence),
    /// It is not, for this reason.
    Rejected(&'static str),
}

/// Why a candidate is no finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reject {
    /// For `--explain` and for tests; never the secret.
    pub(crate) why: &'static str,
}

/// How much a check sees of what follows, in bytes.
const CONTEXT: usize = 100;

/// Runs a rule's checks over a candidate in `text`.
pub(crate) fn run(rule: &Rule, text: &[u8], candidate: &Candidate) -> Result<Confidence, Reject> {
    let secret = candidate.secret;
    let subject = Subject {
        secret: secret.of(text),
        name: candidate.name.map(|name| name.of(text)),
        quoted: candidate.quoted,
        whole: candidate.whole.of(text),
        beside_word: beside_word(text, candidate),
        head: &text[..secret.start],
        after: &text[secret.end..text.len().min(secret.end + CONTEXT)],
    };
    let mut confidence = rule.confidence;
    let mut at_most = PROVEN;
    if let Method::Context { distinctive, .. } = rule.method {
        match context::judge(&subject, distinctive) {
            Said::AtMost(limit) => at_most = limit,
            Said::Rejected(why) => return Err(Reject { why }),
            Said::Passed | Said::Proven => {}
        }
    }
    // A rule's checks are about the half that it reports; what stands alone is the other one, and may be a placeholder.
    let lone = match (candidate.half, &rule.method) {
        (
            Half::Alone,
            Method::Pattern {
                near: Some(Near {
                    alone: Some(alone), ..
                }),
                ..
            },
        ) => {
            confidence = *alone;
            true
        }
        _ => false,
    };
    let specs = rule.checks.iter();
    for spec in specs.filter(|spec| !lone || spec.kind == CheckKind::NotPlaceholder) {
        let check = CHECKS
            .iter()
            .find(|check| check.kind == spec.kind)
            .expect("every kind has a row; a test compares them");
        match (check.run)(&subject, spec.parameter) {
            Said::Passed => {}
            Said::Proven => confidence = PROVEN,
            Said::AtMost(limit) => at_most = at_most.min(limit),
            Said::Rejected(why) => return Err(Reject { why }),
        }
    }
    if rule.card.class == Class::Secret && known_example::is_published(subject.secret) {
        at_most = at_most.min(PUBLISHED);
    }
    Ok(confidence.min(at_most))
}

/// What the name has before and after the word, if the word is a part of it.
fn beside_word<'t>(text: &'t [u8], candidate: &Candidate) -> Option<(&'t [u8], &'t [u8])> {
    let (word, name) = (candidate.word?, candidate.name?);
    let within = name.start <= word.start && word.end <= name.end;
    within.then(|| (&text[name.start..word.start], &text[word.end..name.end]))
}

#[cfg(test)]
impl<'t> Subject<'t> {
    /// A value in quotes with no name and no surroundings.
    const fn bare(secret: &'t [u8]) -> Subject<'t> {
        Subject {
            secret,
            name: None,
            quoted: true,
            whole: secret,
            beside_word: None,
            head: b"",
            after: b"",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_lists_every_kind_in_order() {
        let rows: Vec<CheckKind> = CHECKS.iter().map(|check| check.kind).collect();
        let kinds: Vec<CheckKind> = CheckKind::ALL.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(rows, kinds);
        assert!(CheckKind::ALL.is_sorted_by_key(|(_, name)| *name));
    }
}

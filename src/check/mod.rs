//! From candidates to findings: named tests of what matched. One row a check in [`CHECKS`]; checks of one family share a file or
//! a folder. A check sees the text around a candidate and knows nothing of where the text came from or who will read about it.

mod azure;
mod base64_text;
mod basic_auth;
mod chain;
mod context;
mod crc;
mod encoded;
mod entropy;
mod ids;
mod keys;
mod known_example;
mod letters;
mod macaroons;
mod marking;
mod not_placeholder;
mod not_reference;
mod not_template;
mod not_word;
mod numbers;
mod packed;
mod passwords;
mod place;
mod primitives;
mod score;
mod secret_name;
mod supabase;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod vectors;

use std::fmt::Display;
use std::time::{Duration, Instant};

use crate::model::{Candidate, Class, Confidence, Half, Step};
use crate::rules::{CheckKind, Method, Near, Rule};
pub(crate) use score::{ItemPath, Score};

/// A check: its name, and what it does.
struct Check {
    kind: CheckKind,
    run: fn(&Subject<'_>, f32) -> Said,
}

/// Every check that a rule can name, sorted by name.
const CHECKS: &[Check] = &[
    row(CheckKind::AlgorandMnemonic, chain::algorand),
    row(CheckKind::AnsibleVault, passwords::ansible_vault),
    row(CheckKind::AtlassianChecksum, crc::atlassian),
    row(CheckKind::AtlassianDcToken, encoded::atlassian_dc),
    row(CheckKind::AwsId, ids::aws),
    row(CheckKind::AzureCask, azure::cask),
    row(CheckKind::AzureDevops, azure::devops),
    row(CheckKind::AzureEntra, azure::entra),
    row(CheckKind::AzureKey, azure::key),
    row(CheckKind::Base58Check, chain::base58check),
    row(CheckKind::Base64Bytes, encoded::base64_bytes),
    base64_text::CHECK,
    basic_auth::CHECK,
    row(CheckKind::Bech32, chain::bech32),
    row(CheckKind::BedrockKey, encoded::bedrock),
    row(CheckKind::Bip39, chain::bip39),
    row(CheckKind::BitbucketChecksum, crc::bitbucket),
    row(CheckKind::CiscoType7, passwords::cisco_type7),
    row(CheckKind::CloudflareChecksum, crc::cloudflare),
    row(CheckKind::CloudflareTunnel, encoded::cloudflare_tunnel),
    row(CheckKind::ConfluentChecksum, crc::confluent),
    row(CheckKind::CratesIoChecksum, crc::crates_io),
    row(CheckKind::Crc32Base62, crc::crc32_base62),
    row(CheckKind::DiscordSnowflake, ids::discord),
    row(CheckKind::ElasticsearchKey, encoded::elasticsearch),
    row(CheckKind::ElectrumSeed, chain::electrum),
    entropy::CHECK,
    row(CheckKind::EosKey, chain::eos),
    row(CheckKind::FlyMacaroon, macaroons::fly),
    row(CheckKind::GitlabRoutable, crc::gitlab_routable),
    row(CheckKind::GppCpassword, passwords::gpp_cpassword),
    row(CheckKind::GrafanaChecksum, crc::grafana),
    row(CheckKind::GrafanaCloudToken, encoded::grafana_cloud),
    row(CheckKind::GrafanaLegacyKey, encoded::grafana_legacy),
    row(CheckKind::Iban, numbers::iban),
    row(CheckKind::IntercomToken, encoded::intercom),
    row(CheckKind::JfrogReference, encoded::jfrog),
    row(CheckKind::Jwe, encoded::jwe),
    row(CheckKind::Jwk, encoded::jwk),
    row(CheckKind::Jwt, encoded::jwt),
    row(CheckKind::KeyBody, keys::key_body),
    row(CheckKind::Ksuid, ids::ksuid),
    row(CheckKind::LndMacaroon, macaroons::lnd),
    row(CheckKind::Luhn, numbers::luhn),
    row(CheckKind::MapboxToken, encoded::mapbox),
    marking::CHECK,
    row(CheckKind::MasChecksum, crc::mas),
    row(CheckKind::MoneroMnemonic, chain::monero),
    row(CheckKind::NearKey, chain::near),
    row(CheckKind::NgcKey, encoded::ngc),
    row(CheckKind::NkeySeed, chain::nkey),
    not_placeholder::CHECK,
    not_reference::CHECK,
    not_template::CHECK,
    not_word::CHECK,
    row(CheckKind::ObjectId, ids::object_id),
    row(CheckKind::OnepasswordSecretKey, ids::onepassword_secret_key),
    row(CheckKind::OnepasswordToken, encoded::onepassword),
    row(CheckKind::OpensshKey, keys::openssh),
    row(CheckKind::Paseto, encoded::paseto),
    row(CheckKind::PasswordHash, passwords::password_hash),
    row(CheckKind::PemKey, keys::pem),
    row(CheckKind::PgpKey, keys::pgp),
    row(CheckKind::Pkcs12, keys::pkcs12),
    row(CheckKind::PuttyKey, keys::putty),
    row(CheckKind::PypiMacaroon, macaroons::pypi),
    row(CheckKind::SaladChecksum, crc::salad),
    score::CHECK,
    row(CheckKind::Secp256k1Key, chain::secp256k1),
    secret_name::CHECK,
    row(CheckKind::SentryOrgToken, encoded::sentry),
    row(CheckKind::SesPassword, encoded::ses),
    row(CheckKind::SolanaKey, chain::solana),
    row(CheckKind::StellarSeed, chain::stellar),
    row(CheckKind::SupabaseChecksum, supabase::supabase),
    row(CheckKind::SynapseChecksum, crc::synapse),
    row(CheckKind::TeamcityToken, encoded::teamcity),
    row(CheckKind::TezosKey, chain::tezos),
    row(CheckKind::TinybirdToken, encoded::tinybird),
    row(CheckKind::Ulid, ids::ulid),
    row(CheckKind::Uuid, ids::uuid),
    row(CheckKind::VapidKey, keys::vapid),
    row(CheckKind::VaultToken, encoded::vault),
    row(CheckKind::VercelChecksum, crc::vercel),
    row(CheckKind::WireguardKey, keys::wireguard),
    row(CheckKind::WpaPsk, keys::wpa_psk),
    row(CheckKind::XrpSeed, chain::xrp),
    row(CheckKind::ZuploChecksum, crc::zuplo),
];

const fn row(kind: CheckKind, run: fn(&Subject<'_>, f32) -> Said) -> Check {
    Check { kind, run }
}

/// What a proven secret is worth: a checksum can be right by chance.
const PROVEN: Confidence = Confidence::from_thousandths(990);

/// What a secret is worth whose checksum is wrong: below the default threshold, but there for whoever asks.
const DISPROVEN: Confidence = Confidence::from_thousandths(400);

/// What a secret is worth that something speaks against, or that a passphrase protects: it is reported all the same.
const DOUBTED: Confidence = Confidence::from_thousandths(600);

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
    /// How much of that is before the secret, in bytes.
    lead: usize,
    /// What the name has before and after the context's word, if the word is a part of it.
    beside_word: Option<(&'t [u8], &'t [u8])>,
    /// All that is before it in the view.
    head: &'t [u8],
    /// Up to a hundred bytes after it, for what cannot be told from the value alone.
    after: &'t [u8],
    /// All that is after it in the view; a check looks no further into it than it must.
    tail: &'t [u8],
    /// The path of the item.
    path: &'t ItemPath<'t>,
}

/// What a check says; whatever changes something carries its reason, as an explanation prints it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Said {
    /// Nothing against it.
    Passed,
    /// It is what it looks like.
    Proven(&'static str),
    /// It is so sure, whatever the rule says.
    Scored(Confidence),
    /// It may be, but no surer than this.
    AtMost(Confidence, &'static str),
    /// It is not.
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

/// Runs a rule's checks over a candidate in `text`, a view of the item at `path`.
pub(crate) fn run(
    rule: &Rule,
    (text, path): (&[u8], &ItemPath<'_>),
    candidate: &Candidate,
) -> Result<Confidence, Reject> {
    let subject = subject(text, path, candidate);
    // Most of what is scored is words, and soon told; in an explanation each check has its turn.
    if rule.is_scored() {
        score::told_at_once(&subject).map_err(|why| Reject { why })?;
    }
    run_telling(rule, &subject, candidate, |_, _| {})
}

/// Runs a rule's checks over a candidate and gives what each of them said, in order.
pub(crate) fn explain(
    rule: &Rule,
    (text, path): (&[u8], &ItemPath<'_>),
    candidate: &Candidate,
    steps: &mut Vec<Step>,
) -> Result<Confidence, Reject> {
    let subject = subject(text, path, candidate);
    run_telling(rule, &subject, candidate, |check, said| {
        let (said, why) = match said {
            Said::Scored(confidence) => {
                let reasons = score::reasons(&subject);
                (format!("scored {confidence}, {reasons}"), "")
            }
            Said::Passed => ("passed".to_owned(), ""),
            Said::Proven(why) => ("proven".to_owned(), why),
            Said::AtMost(limit, why) => (format!("at most {limit}"), why),
            Said::Rejected(why) => ("rejected".to_owned(), why),
        };
        steps.push(Step {
            check: check.to_string(),
            said,
            why,
        });
    })
}

/// What a rule's checks see of a candidate.
fn subject<'t>(text: &'t [u8], path: &'t ItemPath<'t>, candidate: &Candidate) -> Subject<'t> {
    let secret = candidate.secret;
    Subject {
        secret: secret.of(text),
        name: candidate.name.map(|name| name.of(text)),
        quoted: candidate.quoted,
        whole: candidate.whole.of(text),
        lead: secret.start.saturating_sub(candidate.whole.start),
        beside_word: beside_word(text, candidate),
        head: &text[..secret.start],
        after: &text[secret.end..text.len().min(secret.end + CONTEXT)],
        tail: &text[secret.end..],
        path,
    }
}

/// Runs a rule's checks; `tell` hears what each said.
fn run_telling(
    rule: &Rule,
    subject: &Subject<'_>,
    candidate: &Candidate,
    mut tell: impl FnMut(&dyn Display, Said),
) -> Result<Confidence, Reject> {
    let mut confidence = rule.confidence;
    let mut at_most = PROVEN;
    // What stands around a value tells less than the value's own checksum.
    let mut unless_proven = PROVEN;
    if let Method::Context { distinctive, .. } = rule.method {
        let said = context::judge(subject, distinctive);
        tell(&"surroundings", said);
        match said {
            Said::AtMost(limit, _) => unless_proven = limit,
            Said::Rejected(why) => return Err(Reject { why }),
            Said::Passed | Said::Proven(_) | Said::Scored(_) => {}
        }
    }
    if rule.card.class == Class::Secret {
        let said = place::judge(subject);
        if let Said::Rejected(why) = said {
            tell(&"place", said);
            return Err(Reject { why });
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
        let said = (check.run)(subject, spec.parameter);
        tell(spec, said);
        match said {
            Said::Passed => {}
            Said::Proven(_) => {
                confidence = PROVEN;
                unless_proven = PROVEN;
            }
            Said::Scored(score) => confidence = score,
            Said::AtMost(limit, _) => at_most = at_most.min(limit),
            Said::Rejected(why) => return Err(Reject { why }),
        }
    }
    if rule.card.class == Class::Secret && known_example::is_published(subject.secret) {
        tell(
            &"known-example",
            Said::AtMost(
                PUBLISHED,
                "a vendor or a standard publishes it as an example",
            ),
        );
        at_most = at_most.min(PUBLISHED);
    }
    Ok(confidence.min(at_most).min(unless_proven))
}

/// What the learned score says of a candidate, for training; nothing of what it is never asked about.
pub(crate) fn described(
    rule: &Rule,
    (text, path): (&[u8], &ItemPath<'_>),
    candidate: &Candidate,
) -> Option<Score> {
    let subject = subject(text, path, candidate);
    match is_asked(rule, &subject) {
        true => score::described(&subject),
        false => None,
    }
}

/// How long scoring a candidate takes, between two looks at the clock, and whether the trees are asked about it; nothing of what no
/// score is asked about.
pub(crate) fn time_score(
    rule: &Rule,
    (text, path): (&[u8], &ItemPath<'_>),
    candidate: &Candidate,
    now: fn() -> Instant,
) -> Option<(Duration, bool)> {
    let subject = subject(text, path, candidate);
    if !is_asked(rule, &subject) {
        return None;
    }
    let start = now();
    std::hint::black_box((score::CHECK.run)(&subject, 0.0));
    let took = now() - start;
    Some((took, score::is_asked(&subject)))
}

/// Whether a rule comes to its score, whatever it is.
fn is_asked(rule: &Rule, subject: &Subject<'_>) -> bool {
    let kinds = rule.checks.iter().map(|check| check.kind);
    let Some(score) = kinds.clone().position(|kind| kind == CheckKind::Score) else {
        return false;
    };
    let rejects = |said: Said| matches!(said, Said::Rejected(_));
    let mut before = CHECKS
        .iter()
        .filter(|check| kinds.clone().take(score).any(|kind| kind == check.kind));
    !rejects(place::judge(subject)) && !before.any(|check| rejects((check.run)(subject, 0.0)))
}

/// Whether a word is one of some; most are not, and mostly their first letters say so.
fn is_among(word: &str, words: &[&str]) -> bool {
    let first = word.as_bytes().first();
    let mut words = words.iter();
    words.any(|known| known.as_bytes().first() == first && *known == word)
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
    fn bare(secret: &'t [u8]) -> Subject<'t> {
        Subject {
            secret,
            name: None,
            quoted: true,
            whole: secret,
            lead: 0,
            beside_word: None,
            head: b"",
            after: b"",
            tail: b"",
            path: Box::leak(Box::new(ItemPath::new(""))),
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

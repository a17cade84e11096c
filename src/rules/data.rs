//! A valid rule, ready to be compiled: what `build.rs` writes into the program and what a user's file becomes.
//! Compiles no pattern.

use std::borrow::Cow;
use std::fmt;

use super::bounds::{Bounds, Start};
use super::sieve::Place;
use crate::model::{Confidence, RuleCard};

/// Text that is in the program, or was read from a user's file.
pub(crate) type Text = Cow<'static, str>;

/// A literal that a text is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    /// The literal as its file writes it.
    pub(crate) text: Text,
    /// Where in it the bytes are that tell most, and with which others they are asked for; chosen when the program is built.
    pub(crate) place: Place,
}

/// The place of a literal that was read at run time.
pub(crate) const UNPLACED: Place = Place {
    offset: 0,
    group: u8::MAX,
};

/// A rule whose every part is known to be valid.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RuleData {
    /// What reports say about it.
    pub(crate) card: RuleCard,
    /// Whose credential it is, in lower case: the file's stem, or what a one-line rule says.
    pub(crate) provider: Text,
    /// How sure a match is before any check has spoken.
    pub(crate) confidence: Confidence,
    /// How it finds.
    pub(crate) method: Method,
    /// The checks, in the order they run.
    pub(crate) checks: Cow<'static, [CheckSpec]>,
    /// Globs of which the item's path must match one; empty for any path.
    pub(crate) only: Cow<'static, [Text]>,
    /// Globs of which the item's path must match none.
    pub(crate) never: Cow<'static, [Text]>,
    /// Whether it gives way to any other finding in the same place.
    pub(crate) fallback: bool,
    /// Whether it is on by default.
    pub(crate) enabled: bool,
}

/// How a rule finds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Method {
    /// A pattern in a window around an anchor.
    Pattern {
        /// Literals of which every match holds one.
        anchors: Cow<'static, [Literal]>,
        /// Whether the anchors count in any ASCII case.
        ignore_case: bool,
        /// Whether no match has a letter, a digit or an underscore right before its anchor.
        begins: bool,
        /// How many letters of a token every match has behind its anchor, as far as is asked.
        run: u8,
        /// The pattern; its group `secret` is what must not get out.
        pattern: Text,
        /// The longest match, in bytes: the window reaches that far behind the anchor's start.
        reach: usize,
        /// The most that a match has before its anchor, in bytes: the window begins that far before it.
        lead: usize,
        /// A byte that every match has behind its anchor: where it is missing, the pattern need not be tried.
        then: Option<u8>,
        /// A second pattern that must match close by.
        near: Option<Near>,
    },
    /// The value given to a name that holds an anchor.
    Value {
        /// Parts of names, in any ASCII case.
        anchors: Cow<'static, [Literal]>,
        /// The pattern that the whole value must match.
        value: Text,
    },
    /// A value of a shape that many have, told by the words around it.
    Context {
        /// The words, in any ASCII case: a provider's names and hosts.
        words: Cow<'static, [Literal]>,
        /// Whether the words are so common that they must be part of the value's name or of a host.
        ordinary: bool,
        /// The pattern that the whole value must match.
        body: Text,
        /// Whether a part of every value is fixed, so that it says more than its shape.
        distinctive: bool,
        /// The lengths of the shortest and the longest value, in bytes.
        lengths: (usize, usize),
    },
    /// The file itself, or lines of it.
    File {
        /// Globs on its path.
        names: Cow<'static, [Text]>,
        /// What its first bytes may be.
        magic: Cow<'static, [Magic]>,
        /// What to report of it; the file as a whole where there is none.
        line: Option<Line>,
    },
}

impl Method {
    /// What texts are searched for; none if it is about files.
    pub(crate) fn anchors(&self) -> &[Literal] {
        match self {
            Method::Pattern { anchors, .. }
            | Method::Value { anchors, .. }
            | Method::Context { words: anchors, .. } => anchors,
            Method::File { .. } => &[],
        }
    }

    /// What must be beside one of its anchors.
    pub(crate) fn bounds(&self, anchor: &str) -> Bounds {
        match self {
            Method::Pattern { begins, run, .. } => Bounds {
                start: if *begins {
                    Start::Word
                } else {
                    Start::Anywhere
                },
                run: *run,
                ..Bounds::NONE
            },
            Method::Value { .. } => Bounds::of_name(anchor),
            Method::Context { .. } => Bounds::of_word(anchor),
            Method::File { .. } => Bounds::NONE,
        }
    }

    /// Whether its anchors count in the case in which they are written only.
    pub(crate) const fn is_exact(&self) -> bool {
        matches!(
            self,
            Method::Pattern {
                ignore_case: false,
                ..
            }
        )
    }
}

/// A file's first bytes; any byte may be where there is none.
pub(crate) type Magic = Cow<'static, [Option<u8>]>;

/// What is reported of a file that is known by its name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// The pattern; its group `secret` is what must not get out.
    pub(crate) pattern: Text,
    /// Literals of which the file's text must hold one; empty for any text.
    pub(crate) holds: Cow<'static, [Text]>,
}

/// A second pattern that must match close to the first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Near {
    /// The pattern; if it has a group `secret`, that is what is reported.
    pub(crate) pattern: Text,
    /// How many lines away it may be, before or after.
    pub(crate) lines: usize,
    /// What the first is worth without the second; nothing is reported where there is none.
    pub(crate) alone: Option<Confidence>,
}

/// A check and its parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CheckSpec {
    /// Which check.
    pub(crate) kind: CheckKind,
    /// Its parameter; 0 for those that take none.
    pub(crate) parameter: f32,
}

impl fmt::Display for CheckSpec {
    /// As rule files write it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.kind.name())?;
        if self.kind.takes_parameter() {
            write!(out, ":{}", self.parameter)?;
        }
        Ok(())
    }
}

/// The checks that rules can name. What they do is in the room `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CheckKind {
    AlgorandMnemonic,
    AnsibleVault,
    AtlassianChecksum,
    AtlassianDcToken,
    AwsId,
    AzureCask,
    AzureDevops,
    AzureEntra,
    AzureKey,
    Base58Check,
    Base64Bytes,
    Base64Text,
    BasicAuth,
    Bech32,
    BedrockKey,
    Bip39,
    BitbucketChecksum,
    CiscoType7,
    CloudflareChecksum,
    CloudflareTunnel,
    ConfluentChecksum,
    CratesIoChecksum,
    Crc32Base62,
    DiscordSnowflake,
    ElasticsearchKey,
    ElectrumSeed,
    Entropy,
    EosKey,
    FlyMacaroon,
    GitlabRoutable,
    GppCpassword,
    GrafanaChecksum,
    GrafanaCloudToken,
    GrafanaLegacyKey,
    Iban,
    IntercomToken,
    JfrogReference,
    Jwe,
    Jwk,
    Jwt,
    KeyBody,
    Ksuid,
    LndMacaroon,
    Luhn,
    MapboxToken,
    Marking,
    MasChecksum,
    MoneroMnemonic,
    NearKey,
    NgcKey,
    NkeySeed,
    NotPlaceholder,
    NotReference,
    NotTemplate,
    NotWord,
    ObjectId,
    OnepasswordSecretKey,
    OnepasswordToken,
    OpensshKey,
    Paseto,
    PasswordHash,
    PemKey,
    PgpKey,
    Pkcs12,
    PuttyKey,
    PypiMacaroon,
    SaladChecksum,
    Score,
    Secp256k1Key,
    SecretName,
    SentryOrgToken,
    SesPassword,
    SolanaKey,
    StellarSeed,
    SupabaseChecksum,
    SynapseChecksum,
    TeamcityToken,
    TezosKey,
    TinybirdToken,
    Ulid,
    Uuid,
    VapidKey,
    VaultToken,
    VercelChecksum,
    WireguardKey,
    WpaPsk,
    XrpSeed,
    ZuploChecksum,
}

impl CheckKind {
    /// Every check, sorted by name.
    pub(crate) const ALL: &'static [(CheckKind, &'static str)] = &[
        (CheckKind::AlgorandMnemonic, "algorand-mnemonic"),
        (CheckKind::AnsibleVault, "ansible-vault"),
        (CheckKind::AtlassianChecksum, "atlassian-checksum"),
        (CheckKind::AtlassianDcToken, "atlassian-dc-token"),
        (CheckKind::AwsId, "aws-id"),
        (CheckKind::AzureCask, "azure-cask"),
        (CheckKind::AzureDevops, "azure-devops"),
        (CheckKind::AzureEntra, "azure-entra"),
        (CheckKind::AzureKey, "azure-key"),
        (CheckKind::Base58Check, "base58check"),
        (CheckKind::Base64Bytes, "base64-bytes"),
        (CheckKind::Base64Text, "base64-text"),
        (CheckKind::BasicAuth, "basic-auth"),
        (CheckKind::Bech32, "bech32"),
        (CheckKind::BedrockKey, "bedrock-key"),
        (CheckKind::Bip39, "bip39"),
        (CheckKind::BitbucketChecksum, "bitbucket-checksum"),
        (CheckKind::CiscoType7, "cisco-type7"),
        (CheckKind::CloudflareChecksum, "cloudflare-checksum"),
        (CheckKind::CloudflareTunnel, "cloudflare-tunnel"),
        (CheckKind::ConfluentChecksum, "confluent-checksum"),
        (CheckKind::CratesIoChecksum, "crates-io-checksum"),
        (CheckKind::Crc32Base62, "crc32-base62"),
        (CheckKind::DiscordSnowflake, "discord-snowflake"),
        (CheckKind::ElasticsearchKey, "elasticsearch-key"),
        (CheckKind::ElectrumSeed, "electrum-seed"),
        (CheckKind::Entropy, "entropy"),
        (CheckKind::EosKey, "eos-key"),
        (CheckKind::FlyMacaroon, "fly-macaroon"),
        (CheckKind::GitlabRoutable, "gitlab-routable"),
        (CheckKind::GppCpassword, "gpp-cpassword"),
        (CheckKind::GrafanaChecksum, "grafana-checksum"),
        (CheckKind::GrafanaCloudToken, "grafana-cloud-token"),
        (CheckKind::GrafanaLegacyKey, "grafana-legacy-key"),
        (CheckKind::Iban, "iban"),
        (CheckKind::IntercomToken, "intercom-token"),
        (CheckKind::JfrogReference, "jfrog-reference"),
        (CheckKind::Jwe, "jwe"),
        (CheckKind::Jwk, "jwk"),
        (CheckKind::Jwt, "jwt"),
        (CheckKind::KeyBody, "key-body"),
        (CheckKind::Ksuid, "ksuid"),
        (CheckKind::LndMacaroon, "lnd-macaroon"),
        (CheckKind::Luhn, "luhn"),
        (CheckKind::MapboxToken, "mapbox-token"),
        (CheckKind::Marking, "marking"),
        (CheckKind::MasChecksum, "mas-checksum"),
        (CheckKind::MoneroMnemonic, "monero-mnemonic"),
        (CheckKind::NearKey, "near-key"),
        (CheckKind::NgcKey, "ngc-key"),
        (CheckKind::NkeySeed, "nkey-seed"),
        (CheckKind::NotPlaceholder, "not-placeholder"),
        (CheckKind::NotReference, "not-reference"),
        (CheckKind::NotTemplate, "not-template"),
        (CheckKind::NotWord, "not-word"),
        (CheckKind::ObjectId, "object-id"),
        (CheckKind::OnepasswordSecretKey, "onepassword-secret-key"),
        (CheckKind::OnepasswordToken, "onepassword-token"),
        (CheckKind::OpensshKey, "openssh-key"),
        (CheckKind::Paseto, "paseto"),
        (CheckKind::PasswordHash, "password-hash"),
        (CheckKind::PemKey, "pem-key"),
        (CheckKind::PgpKey, "pgp-key"),
        (CheckKind::Pkcs12, "pkcs12"),
        (CheckKind::PuttyKey, "putty-key"),
        (CheckKind::PypiMacaroon, "pypi-macaroon"),
        (CheckKind::SaladChecksum, "salad-checksum"),
        (CheckKind::Score, "score"),
        (CheckKind::Secp256k1Key, "secp256k1-key"),
        (CheckKind::SecretName, "secret-name"),
        (CheckKind::SentryOrgToken, "sentry-org-token"),
        (CheckKind::SesPassword, "ses-password"),
        (CheckKind::SolanaKey, "solana-key"),
        (CheckKind::StellarSeed, "stellar-seed"),
        (CheckKind::SupabaseChecksum, "supabase-checksum"),
        (CheckKind::SynapseChecksum, "synapse-checksum"),
        (CheckKind::TeamcityToken, "teamcity-token"),
        (CheckKind::TezosKey, "tezos-key"),
        (CheckKind::TinybirdToken, "tinybird-token"),
        (CheckKind::Ulid, "ulid"),
        (CheckKind::Uuid, "uuid"),
        (CheckKind::VapidKey, "vapid-key"),
        (CheckKind::VaultToken, "vault-token"),
        (CheckKind::VercelChecksum, "vercel-checksum"),
        (CheckKind::WireguardKey, "wireguard-key"),
        (CheckKind::WpaPsk, "wpa-psk"),
        (CheckKind::XrpSeed, "xrp-seed"),
        (CheckKind::ZuploChecksum, "zuplo-checksum"),
    ];

    /// What rule files call it.
    pub(crate) fn name(self) -> &'static str {
        CheckKind::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, name)| name)
    }

    /// Whether it needs a number after a colon.
    pub(crate) const fn takes_parameter(self) -> bool {
        matches!(self, CheckKind::Entropy | CheckKind::Base64Bytes)
    }
}

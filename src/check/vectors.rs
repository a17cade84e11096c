//! Every check against made-up values with right checksums, against those values with one character changed, and against noise.
//! The values are counters and the pattern Aa0Bb1…, computed apart from this program; none opens anything.

use super::testing::unbroken;
use super::{CHECKS, Check, Said, Subject};
use crate::rules::CheckKind;

/// Which characters of a value the checksum covers.
enum Covers {
    /// From here to the end.
    From(usize),
    /// Up to here.
    Until(usize),
    /// All of them.
    All,
    /// Too few for a change to be told.
    Structure,
}

use Covers::{All, From, Structure, Until};

const PROVEN: &[(CheckKind, Covers, &str)] = &[
    (
        CheckKind::Crc32Base62,
        From(4),
        "gh~p_Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj937zBg7",
    ),
    (
        CheckKind::Crc32Base62,
        From(4),
        "gh~p_Zz000000000000000000000000017700updo",
    ),
    (
        CheckKind::Crc32Base62,
        From(4),
        "gh~r_Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2D1eUvaG",
    ),
    (
        CheckKind::Crc32Base62,
        From(4),
        "np~m_Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj937zBg7",
    ),
    (
        CheckKind::Crc32Base62,
        From(10),
        "pol~ar_oat_Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1C0G6LSs",
    ),
    (
        CheckKind::SaladChecksum,
        From(17),
        "sal~ad_cloud_acme_Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj937zBg7",
    ),
    (
        CheckKind::VercelChecksum,
        From(4),
        "vc~p_Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2Dd3Ee4Ff5Gg2wQJgb",
    ),
    (
        CheckKind::SynapseChecksum,
        All,
        "sy~t_YWxpY2U_abcdefghijklmnopqrst_1TMI8I",
    ),
    (
        CheckKind::MasChecksum,
        All,
        "ma~t_Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9_jYac02",
    ),
    (
        CheckKind::CloudflareChecksum,
        From(5),
        "cf~ut_Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2Dc2389c83",
    ),
    (
        CheckKind::GrafanaChecksum,
        All,
        "gl~sa_Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Kk_43a396ac",
    ),
    (
        CheckKind::AtlassianChecksum,
        All,
        "AT~ATT3xFfGF0Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2D=39DC2ECC",
    ),
    (
        CheckKind::AtlassianChecksum,
        All,
        "AT~CTT3xFfGN0Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2D=890E2789",
    ),
    (
        CheckKind::AtlassianChecksum,
        All,
        "AT~CTT3xFfGN0Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2D\\=890E2789",
    ),
    (
        CheckKind::AtlassianChecksum,
        Structure,
        "AT~CTT3xFfGN0Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2D%3D890E2789",
    ),
    (
        CheckKind::BitbucketChecksum,
        All,
        "AT~BBAa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7C16BF91B",
    ),
    (
        CheckKind::ZuploChecksum,
        From(5),
        "zp~ka_0123456789abcdef0123456789abcdef_7759b50e",
    ),
    (
        CheckKind::ConfluentChecksum,
        From(4),
        "cf~ltAa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh74PJPSg",
    ),
    (
        CheckKind::GitlabRoutable,
        All,
        "gl~pat-AAECAwQFBgcICQoLDA0OD286MQp1OjIH.01.0w0v26tqw",
    ),
    (
        CheckKind::GitlabRoutable,
        All,
        "gl~agent-AAECAwQFBgcICQoLDA0OD286MQp1OjIH.01.0w051pl04",
    ),
    (
        CheckKind::GitlabRoutable,
        All,
        "gl~pat-bzoxCnU6MgABAgMEBQYHCAkKCwwNDg8H.0w1k7tfst",
    ),
    (
        CheckKind::CratesIoChecksum,
        From(7),
        "cio~_tp_Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9KM",
    ),
    (
        CheckKind::SupabaseChecksum,
        All,
        "sb~_secret_AbCdEfGhIjKlMnOpQrStUv_W9_g6tBN",
    ),
    (
        CheckKind::AtlassianDcToken,
        Structure,
        "BB~DC-MTIzNDU2Nzg5MDEyOsjJysvMzc7P0NHS09TV1tfY2drb",
    ),
    (
        CheckKind::AtlassianDcToken,
        Structure,
        "MTIzNDU2Nzg5MDEy~OsjJysvMzc7P0NHS09TV1tfY2drb",
    ),
    (
        CheckKind::JfrogReference,
        Structure,
        "cmVmd~GtuOjAxOjE3MDAwMDAwMDA6YWJjZGVmZ2hpamtsbW5vcHFyc3R1dncxMjM0",
    ),
    (
        CheckKind::AzureKey,
        All,
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4+A~StY5ep4A==",
    ),
    (
        CheckKind::AzureKey,
        All,
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGA~zCaD49ZsM=",
    ),
    (
        CheckKind::AzureKey,
        All,
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHhA~zSeDHnhJD",
    ),
    (
        CheckKind::AzureKey,
        All,
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gA~zFusvnZbw==",
    ),
    (
        CheckKind::AzureCask,
        Structure,
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAJQ~QJ99BKAAAAAAAAAAAAAAAAAZEG1hf6",
    ),
    (
        CheckKind::AzureCask,
        Structure,
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAJQ~QJ99BKAAAAAAAAAAAAAAAAAZEG1hf6Qw==",
    ),
    (
        CheckKind::AzureEntra,
        All,
        "abc8~Q~~dddddddddddddddddddddddddddddddcWb",
    ),
    // The last character has four bits that the bytes do not have.
    (
        CheckKind::AzureDevops,
        Until(51),
        "aaatoaqdaqc3cyiga4eascqlbqg~q4dyqcejhaeyuculbogazdinq",
    ),
    (
        CheckKind::BedrockKey,
        Structure,
        "AB~SKQmVkcm9ja0FQSUtleS1hYmNkLWF0LTEyMzQ1Njc4OTAxMjpBQUVDQXdRRkJnY0lDUW9MREEwT0R4QVJFaE1VRlJZWEdCa2FHeHdkSGg4PQ==",
    ),
    (
        CheckKind::SentryOrgToken,
        Structure,
        "sn~trys_eyJpYXQiOjE3MDAwMDAwMDAuMCwidXJsIjoiaHR0cHM6Ly9zZW50cnkuZXhhbXBsZSIsInJlZ2lvbl91cmwiOiJodHRwczovL3VzLnNlbnRyeS5leGFtcGxlIiwib3JnIjoiYWNtZSJ9_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    ),
    (
        CheckKind::GrafanaCloudToken,
        Structure,
        "gl~c_eyJvIjoiMTIzNCIsIm4iOiJzdGFjay0xLWRlbW8iLCJrIjoiQWEwQmIxQ2MyRGQzRWU0RmY1R2c2SGg3IiwibSI6eyJyIjoidXMifX0=",
    ),
    (
        CheckKind::GrafanaLegacyKey,
        Structure,
        "eyJ~rIjoiQWEwQmIxQ2MyRGQzRWU0RmY1R2c2SGg3SWk4Smo5S2siLCJuIjoiZGVtbyIsImlkIjoxfQ==",
    ),
    (
        CheckKind::MapboxToken,
        Structure,
        "sk~.eyJ1IjoiZGVtbyIsImEiOiJjbDAwMDAwMDAwMDAwMDAwMDAwMDBkZW1vIn0.Aa0Bb1Cc2Dd3Ee4Ff5Gg6H",
    ),
    (
        CheckKind::TinybirdToken,
        Structure,
        "p~.eyJ1IjogIjExMTExMTExLTIyMjItMzMzMy00NDQ0LTU1NTU1NTU1NTU1NSIsICJpZCI6ICI2NjY2NjY2Ni03Nzc3LTg4ODgtOTk5OS0wMDAwMDAwMDAwMDAifQ.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    ),
    (
        CheckKind::CloudflareTunnel,
        Structure,
        "eyJ~hIjoiMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYiLCJ0IjoiMTExMTExMTEtMjIyMi0zMzMzLTQ0NDQtNTU1NTU1NTU1NTU1IiwicyI6IkFBRUNBd1FGQmdjSUNRb0xEQTBPRHhBUkVoTVVGUllYR0JrYUd4d2RIaDg9In0=",
    ),
    (
        CheckKind::OnepasswordToken,
        Structure,
        "op~s_eyJzaWduSW5BZGRyZXNzIjoiZGVtby4xcGFzc3dvcmQuY29tIiwidXNlckF1dGgiOnsibWV0aG9kIjoiU1JQZy00MDk2In0sImVtYWlsIjoieEBleGFtcGxlLmNvbSIsInNycFgiOiIwMCIsIm11ayI6e30sInNlY3JldEtleSI6I~kEzLUFCQ0RFRi1HSEpLTE0tTlBRUlMtVFZXWFktWjIzNDUtNjc4OTIiLCJ0aHJvdHRsZVNlY3JldCI6e30sImRldmljZVV1aWQiOiJkZW1vIn0=",
    ),
    (
        CheckKind::TeamcityToken,
        Structure,
        "ey~J0eXAiOiAiVENWMiJ9.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBka.MTExMTExMTEtMjIyMi0zMzMzLTQ0NDQtNTU1NTU1NTU1NTU1",
    ),
    (
        CheckKind::ElasticsearchKey,
        Structure,
        "QWEwQmIxQ2MyRGQzRWU0RmY1R2c6QWEw~QmIxQ2MyRGQzRWU0RmY1R2c2SA==",
    ),
    (
        CheckKind::NgcKey,
        Structure,
        "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo6MTExMTEx~MTEtMjIyMi0zMzMzLTQ0NDQtNTU1NTU1NTU1NTU1",
    ),
    (
        CheckKind::IntercomToken,
        Structure,
        "dG9~rOjAxMjM0NTY3Xzg5YWJfY2RlZl8wMTIzXzQ1Njc4OWFiY2RlZjoxOjA=",
    ),
    (
        CheckKind::PypiMacaroon,
        Structure,
        "py~pi-AgEIcHlwaS5vcmcCJDAwMDAwMDAwLTExMTEtMjIyMi0zMzMzLTQ0NDQ0NDQ0NDQ0NAACB1swLDEsMl0AAAYgAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    ),
    (
        CheckKind::LndMacaroon,
        Structure,
        "0201036c~6e640216030a10000102030405060708090a0b0c0d0e0f12013000000620000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    ),
    (CheckKind::Iban, All, "DE74~123456780000000042"),
    (
        CheckKind::Base58Check,
        All,
        "5HpjKrb7dH5kKQQ~zmbjB87Mxova7mek5bXUTWfndcX6tBoqUwzm",
    ),
    (
        CheckKind::Base58Check,
        All,
        "KwFfpDsaF7yxCEL~uyrH9gP5XL7TAt5b9HPWC1xCQbmrxvhJgMQHb",
    ),
    (
        CheckKind::Base58Check,
        All,
        "cMcfH8sRgBgDMfp~BNG6H3haaxLkaYXgqMRef8Nev6tWyBSNr6c3n",
    ),
    (
        CheckKind::Base58Check,
        All,
        "xpr~v9s21ZrQH143K24MoUenttLtWQNeeDZvsczTUeCMmb85Mn2qbbmZbpre8QqQH8wmA4GoUD2xSkMuhS1ZpWEdfVghKKi9zEKeNYi1LLmTE6Ra",
    ),
    (
        CheckKind::Base58Check,
        All,
        "6PRHv2PqiXQZ6AN~LtvBE3sxDY6XYsfWcuW4eV35P8ZBnRZmayzSmzbSCJ4",
    ),
    (CheckKind::XrpSeed, All, "sp6JdwovBCsiwn~MhXuvZGZtPUoGVj"),
    (CheckKind::XrpSeed, All, "sEdSJHdnVumf99~WfaHTnU8DaQkx5Q4n"),
    (
        CheckKind::TezosKey,
        All,
        "eds~k2gM2LioC6YfkHSgkD1opuvCLS8Ao7ytPf4QXmaupPwVgF27wFW",
    ),
    (
        CheckKind::EosKey,
        All,
        "PVT_~K1_SkB92YpWm4Q2ijQHH34cqbKkCZWszsiQgHVjtNeFF2FtepK2",
    ),
    (
        CheckKind::NearKey,
        All,
        "ed25~519:1GMkH3brNXiNNs1tiFZHu4yZSRrzJwxi5wB9bHFtMikjwpAW9DMZzU2Pqakc5it8X3N5vPmqdN7KF4CCUpmKhq",
    ),
    (
        CheckKind::SolanaKey,
        All,
        "1GMkH3brNXiNNs1tiFZHu4yZSRrzJwxi5wB9bHFt~MikjwpAW9DMZzU2Pqakc5it8X3N5vPmqdN7KF4CCUpmKhq",
    ),
    (
        CheckKind::Bech32,
        All,
        "AGE-SEC~RET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SWRYDWG",
    ),
    (
        CheckKind::Bech32,
        All,
        "ns~ec1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0s8zu3a4",
    ),
    (
        CheckKind::Bech32,
        All,
        "suipr~ivkey1qqqqzqsrqszsvpcgpy9qkrqdpc83qygjzv2p29shrqv35xcur50p74yefn7",
    ),
    (
        CheckKind::StellarSeed,
        All,
        "SAAACAQDAQCQMBYIBEFAWDANBYHR~AEISCMKBKFQXDAMRUGY4DUPB6NKI",
    ),
    (
        CheckKind::NkeySeed,
        All,
        "SUAAAAICAMCAKBQHBAEQUCYMBUHA~6EARCIJRIFIWC4MBSGQ3DQOR4H776Y",
    ),
    (
        CheckKind::PemKey,
        Structure,
        "-----BEGIN PRIV~ATE KEY-----\nMC4CAQAwBQYDK2VwBCIE~IAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n-----END PRIV~ATE KEY-----",
    ),
    (
        CheckKind::PemKey,
        Structure,
        "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAQIDBAUGBwgJCgsM~DQ4PEBESExQVFhcYGRobHB0eHyChRANCAARRXD1uueOWuQTT/sp/VP3NDMHpl783XcpRWtCmw7QDX0U2vjpQ8xj7+aVHWQKiIVAr7w1X4IxTsswKVvF9n5NU",
    ),
    (
        CheckKind::PemKey,
        Structure,
        "MHcCAQEEIAECAwQFBgcICQoLDA0ODxAREhMUFRYX~GBkaGxwdHh8goAoGCCqGSM49AwEHoUQDQgAEUVw9brnjlrkE0/7Kf1T9zQzB6Ze/N13KUVrQpsO0A19FNr46UPMY+/mlR1kCoiFQK+8NV+CMU7LMClbxfZ+TVA==",
    ),
    (CheckKind::OpensshKey, Structure, OPENSSH),
    (CheckKind::CiscoType7, Structure, "072A394~D4319150046"),
    (
        CheckKind::GppCpassword,
        Structure,
        "kcr6LkkXfl8z5rysYS~/EhXX761HuHUKP+58ieyM0cgo",
    ),
    (
        CheckKind::Jwt,
        Structure,
        "ey~JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJkZW1vIiwiaWF0IjoxNzAwMDAwMDAwfQ.2l2y0rkOEnMHc8ZZta7Y_foR1UnjC4uv0DJJft2TfP0",
    ),
    (
        CheckKind::Jwk,
        Structure,
        r#"{"kty": "OKP", "crv": "Ed25519", "x": "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg", "~d": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#,
    ),
    (
        CheckKind::Bip39,
        Structure,
        "abandon amount liar amount expire ad~just cage candy arch gather drum buyer",
    ),
    (
        CheckKind::ElectrumSeed,
        Structure,
        "force hidden knock method orient pro~vide run soap task unveil yard artist",
    ),
];

/// A key whose two check numbers are the same.
const OPENSSH: &str = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUA~AAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQAAACADoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuAAAAIgBAgMEAQIDBAAAAAtzc2gtZWQyNTUxOQAAACADoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuAAAAEAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHwOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4AAAABHRlc3QB";

fn check(kind: CheckKind) -> &'static Check {
    CHECKS.iter().find(|check| check.kind == kind).unwrap()
}

fn said(check: &Check, secret: &[u8]) -> Said {
    (check.run)(&Subject::bare(secret), 33.0)
}

/// Another character of the same kind, and of the same case.
fn another(byte: u8) -> Option<u8> {
    Some(match byte {
        b'9' => b'0',
        b'0'..=b'8' | b'a'..=b'y' | b'A'..=b'Y' => byte + 1,
        b'z' => b'a',
        b'Z' => b'A',
        _ => return None,
    })
}

#[test]
fn right_checksums_and_structures_prove() {
    for (kind, _, value) in PROVEN {
        let found = said(check(*kind), unbroken(value).as_bytes());
        assert!(
            matches!(found, Said::Proven(_)),
            "{kind:?}: {found:?}: {value}"
        );
    }
}

#[test]
fn any_changed_character_that_is_covered_does_not() {
    for (kind, covers, value) in PROVEN {
        let value = unbroken(value).into_bytes();
        let covered = match covers {
            From(from) => *from..value.len(),
            Until(end) => 0..*end,
            All => 0..value.len(),
            Structure => continue,
        };
        for at in covered {
            let Some(other) = another(value[at]) else {
                continue;
            };
            let mut changed = value.clone();
            changed[at] = other;
            let found = said(check(*kind), &changed);
            assert!(
                !matches!(found, Said::Proven(_)),
                "{kind:?} at {at}: {}",
                String::from_utf8_lossy(&changed)
            );
        }
    }
}

#[test]
fn unequal_check_numbers_are_a_typo() {
    let key = unbroken(OPENSSH).replace("AQIDBAAA", "AQIDBQAA");
    let found = said(check(CheckKind::OpensshKey), key.as_bytes());
    assert!(matches!(found, Said::AtMost(..)), "{found:?}");
}

#[test]
fn exercises_in_rsa_are_too_short() {
    let key = "MIGqAgEAAiEA4QOr2UiS4+dK/XJL8o54Nm2WdrzMcBGL0KoZaNuxQ9ECAwEAAQIhAMUUixrXxthYR8Uuq7h58mzM7o63DSKC3GBQMJwY+F2FAhEA9+df3EaQZ~//cToR8UfRS3wIRAOhc7VSvV+U+CSET5i9Db08CEGte4i0EvwzcS64SQco5OR8CEGcfHqDPtIVjc6+/Yg+lsNcCEB2gW9esSSDnnb8jHrdkkWE=";
    let found = said(check(CheckKind::PemKey), unbroken(key).as_bytes());
    assert!(
        matches!(found, Said::AtMost(_, why) if why.contains("short")),
        "{found:?}"
    );
}

/// Numbers that are the same in every run.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize
    }
}

/// Bytes that some format gives a meaning.
const TELLING: &[u8] = b"=.-_~:;,$%\\{}[]\"+/\n \0\x02\x30\x80\x84\xff";

fn mutated(value: &[u8], noise: &mut Noise) -> Vec<u8> {
    let mut changed = value.to_vec();
    for _ in 0..=noise.next() % 4 {
        let at = noise.next() % (changed.len() + 1);
        match noise.next() % 5 {
            0 => changed.truncate(at),
            1 => changed.insert(at, TELLING[noise.next() % TELLING.len()]),
            2 => {
                let end = (at + noise.next() % 8).min(changed.len());
                drop(changed.drain(at..end));
            }
            3 => {
                let end = (at + noise.next() % 64).min(changed.len());
                let copy = changed[at..end].to_vec();
                changed.splice(at..at, copy);
            }
            _ => {
                if let Some(byte) = changed.get_mut(at) {
                    *byte = (noise.next() & 0xff) as u8;
                }
            }
        }
    }
    changed
}

#[test]
fn no_check_falls_over_anything() {
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    let values: Vec<Vec<u8>> = PROVEN
        .iter()
        .map(|(_, _, value)| unbroken(value).into_bytes())
        .collect();
    for check in CHECKS {
        for value in &values {
            for _ in 0..6 {
                let changed = mutated(value, &mut noise);
                let cut = noise.next() % (changed.len() + 1);
                let (before, behind) = changed.split_at(cut);
                let from = noise.next() % (before.len() + 1);
                said(check, &changed);
                let subject = Subject {
                    head: &before[..from],
                    after: &behind[..behind.len().min(100)],
                    tail: behind,
                    ..Subject::bare(&before[from..])
                };
                (check.run)(&subject, 32.0);
            }
        }
    }
}

/// Decoded values are changed as well, and encoded again: the readers behind the encodings meet noise too.
#[test]
fn no_reader_falls_over_anything() {
    let mut noise = Noise(0x2545_f491_4f6c_dd1d);
    for (kind, covers, value) in PROVEN {
        if !matches!(covers, Structure) {
            continue;
        }
        let value = unbroken(value);
        let begin = value.find(['_', '.', '-']);
        for from in [0, begin.map_or(0, |at| at + 1)] {
            let Some(bytes) = super::primitives::encoding::base64(&value.as_bytes()[from..]) else {
                continue;
            };
            for _ in 0..300 {
                let changed = data_encoding::BASE64.encode(&mutated(&bytes, &mut noise));
                said(
                    check(*kind),
                    format!("{}{changed}", &value[..from]).as_bytes(),
                );
            }
        }
    }
}

#[test]
fn long_texts_take_no_long() {
    const LENGTH: usize = 1 << 15;
    for check in CHECKS {
        for pattern in [
            "A",
            "1",
            "a ",
            "z",
            "eyJ",
            "{",
            "[",
            "$",
            "0x",
            "\n",
            "-----BEGIN X-----A\\n",
            "=",
            "\u{94}",
        ] {
            let text = pattern.repeat(LENGTH / pattern.len());
            said(check, text.as_bytes());
        }
    }
}

//! Configuration: from what files and flags say to what the program needs, with nothing left open. Knows no rule's
//! meaning and reads no environment.

mod discover;
mod file;
mod settings;

pub use discover::{ConfigFiles, project_file};
pub use settings::{
    ConfigError, Destination, Loaded, Marks, Overrides, PathRule, Setting, Settings, Source, load,
};

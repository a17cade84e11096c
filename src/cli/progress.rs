//! How far a long run has come, with rate and time left: on a terminal, and never in CI.

use std::env;
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use withhold::model::Progress;

/// How long a run is before anything is shown, and then between two pictures of it.
const TICK: Duration = Duration::from_millis(100);

const TEMPLATE: &str = "{bar:30} {human_pos}/{human_len} looked at, {per_sec}, {eta} left";

/// Does `work` and shows meanwhile how far it has come; nothing of that stays on the terminal.
pub(super) fn shown<T: Send>(work: impl FnOnce(&Progress) -> T + Send) -> T {
    let progress = Progress::default();
    if !is_wanted() {
        return work(&progress);
    }
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        let drawer = scope.spawn(|| draw(&progress, &is_done));
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&progress)));
        is_done.store(true, Ordering::Relaxed);
        drawer.thread().unpark();
        result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the environment belongs"
)]
fn is_wanted() -> bool {
    io::stderr().is_terminal() && env::var_os("CI").is_none_or(|ci| ci.is_empty())
}

fn draw(progress: &Progress, is_done: &AtomicBool) {
    let mut bar: Option<ProgressBar> = None;
    loop {
        thread::park_timeout(TICK);
        if is_done.load(Ordering::Relaxed) {
            break;
        }
        let (done, total) = progress.so_far();
        if total > 0 {
            bar.get_or_insert_with(|| new_bar(total)).set_position(done);
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

fn new_bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    match ProgressStyle::with_template(TEMPLATE) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

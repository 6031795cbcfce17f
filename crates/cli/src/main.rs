//! `photokeep`: the headless front end. Reads the environment, talks to the terminal, and leaves everything else to
//! `photokeep-app`.

mod arguments;
mod background;
mod commands;
mod environment;
mod exit;
mod output;
mod progress;
mod serve;
mod words;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    environment::start_log();
    // Downloads write and hash in place; a few more threads than cores keep the network busy meanwhile.
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).max(2);
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::complain!("photokeep: the program could not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(commands::run(arguments.command));
    // A thread that still waits for a line of input must not hold the program back.
    runtime.shutdown_background();
    code
}

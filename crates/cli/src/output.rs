//! The standard output, written so that a reader who went away (`| head`) is no reason to stop keeping photos.

use std::fmt::Arguments;
use std::io::Write;

/// Writes to the standard output; a closed pipe is the reader's choice.
pub fn write(text: Arguments<'_>) {
    let _ = std::io::stdout().lock().write_fmt(text);
}

/// Writes to the error output, with the same patience.
pub fn write_error(text: Arguments<'_>) {
    let _ = std::io::stderr().lock().write_fmt(text);
}

/// As `println!`, without its panic when nobody reads any more.
macro_rules! say {
    () => { $crate::output::write(format_args!("\n")) };
    ($($text:tt)*) => { $crate::output::write(format_args!("{}\n", format_args!($($text)*))) };
}

/// As `eprintln!`, without its panic when nobody reads any more.
macro_rules! complain {
    ($($text:tt)*) => { $crate::output::write_error(format_args!("{}\n", format_args!($($text)*))) };
}

pub(crate) use {complain, say};

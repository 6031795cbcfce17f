//! Hands what the fuzzer makes up to [`photokeep_fuzz::zip_directory::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| photokeep_fuzz::zip_directory::check(data));

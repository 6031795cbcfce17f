//! Hands what the fuzzer makes up to [`photokeep_fuzz::archive_page::check`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| photokeep_fuzz::archive_page::check(data));

//! Flash video: size and length out of its `onMetaData` block. Its dates are free text of the encoder's, and not read.

use std::io::{self, Read, Seek};
use std::time::Duration;

use crate::facts::Facts;
use crate::source::Source;

/// The block stands first in the file.
const SEARCHED: usize = 64 * 1024;

/// Fills in what the block tells.
pub(crate) fn read<R: Read + Seek>(source: &mut Source<R>, facts: &mut Facts) -> io::Result<()> {
    let bytes = source.block(0, SEARCHED)?;
    let Some(at) = memchr::memmem::find(&bytes, b"onMetaData") else { return Ok(()) };
    let block = &bytes[at..];
    let pixels = |name| number(block, name).filter(|n| (1.0..65_536.0).contains(n)).map(|n| n as u32);
    if let (Some(width), Some(height)) = (pixels("width"), pixels("height")) {
        (facts.width, facts.height) = (Some(width), Some(height));
    }
    let seconds = number(block, "duration").filter(|n| *n > 0.0);
    facts.duration = seconds.and_then(|n| Duration::try_from_secs_f64(n).ok());
    Ok(())
}

/// A number of AMF0: the name with its length before it, the type 0, eight bytes.
fn number(block: &[u8], name: &str) -> Option<f64> {
    let key = [&(name.len() as u16).to_be_bytes()[..], name.as_bytes(), &[0]].concat();
    let at = memchr::memmem::find(block, &key)? + key.len();
    block.get(at..)?.first_chunk().map(|raw| f64::from_be_bytes(*raw))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::file_type;
    use std::io::Cursor;

    fn facts_of(values: &[(&str, f64)]) -> Facts {
        let mut file = b"FLV\x01\x05\0\0\0\x09\0\0\0\0\x12\0\0\0\0\0\0\0\0\0\0\x02\0\x0AonMetaData\x08\0\0\0\x03".to_vec();
        for (name, value) in values {
            file.extend((name.len() as u16).to_be_bytes());
            file.extend(name.as_bytes());
            file.push(0);
            file.extend(value.to_be_bytes());
        }
        let mut facts = Facts::new(file_type::FLV);
        read(&mut Source::new(Cursor::new(file)).unwrap(), &mut facts).unwrap();
        facts
    }

    #[test]
    fn size_and_length() {
        let facts = facts_of(&[("duration", 12.5), ("width", 480.0), ("height", 360.0)]);
        assert_eq!((facts.width, facts.height, facts.duration), (Some(480), Some(360), Some(Duration::from_millis(12_500))));
    }

    #[test]
    fn numbers_that_cannot_be() {
        let facts = facts_of(&[("duration", f64::NAN), ("width", -1.0), ("height", f64::INFINITY)]);
        assert_eq!((facts.width, facts.height, facts.duration), (None, None, None));
    }
}

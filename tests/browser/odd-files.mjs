// Pictures that no browser shows, made byte by byte: small enough to be written here instead of kept as files.

/** A JPEG by its first and last bytes, with nothing between that could be decoded. */
export function brokenJpeg() {
  const start = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex');
  return Buffer.concat([start, Buffer.alloc(4000, 0x5a), Buffer.from('ffd9', 'hex')]);
}

function box(kind, ...parts) {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(kind, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** A HEIC by its brands, with the boxes that a reader looks for first, and no picture in it (ISO/IEC 23008-12). */
export function smallestHeic() {
  const version = Buffer.alloc(4);
  const handler = box('hdlr', version, Buffer.alloc(4), Buffer.from('pict', 'latin1'), Buffer.alloc(13));
  const primary = box('pitm', version, Buffer.from([0, 1]));
  return Buffer.concat([
    box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1')),
    box('meta', version, handler, primary),
    box('mdat', Buffer.alloc(3000, 0x33)),
  ]);
}

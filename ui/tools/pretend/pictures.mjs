// Drawn pictures for the pretended library: soft skies over hills, another one for every number.

const hash = (number, salt) => {
  let value = Math.imul(number + 1, 2654435761) ^ Math.imul(salt + 1, 40503);
  value = Math.imul(value ^ (value >>> 15), 2246822519);
  return ((value ^ (value >>> 13)) >>> 0) / 4294967296;
};

/** Width by height of a file. */
export function ratio(file) {
  const dice = hash(file, 1);
  if (dice < 0.55) return 4 / 3;
  if (dice < 0.75) return 3 / 4;
  if (dice < 0.93) return 16 / 9;
  return dice < 0.96 ? 1 : 2.6;
}

export const isVideo = (file) => hash(file, 2) < 0.08;
export const isRaw = (file) => hash(file, 3) < 0.03;

/** The colour that stands in until the picture is there. */
export function color(file) {
  const hue = hash(file, 4) < 0.6 ? 200 + hash(file, 5) * 40 : 15 + hash(file, 5) * 60;
  return toHex(hue, 0.35, 0.55);
}

function toHex(hue, saturation, lightness) {
  const at = (n) => {
    const k = (n + hue / 30) % 12;
    const value = lightness - saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${at(0)}${at(8)}${at(4)}`;
}

export function picture(file) {
  const width = Math.round(320 * Math.sqrt(ratio(file)));
  const height = Math.round(320 / Math.sqrt(ratio(file)));
  const hue = hash(file, 4) < 0.6 ? 200 + hash(file, 5) * 40 : 15 + hash(file, 5) * 60;
  const h = (salt) => hash(file, salt);
  const hill = (base, salt) =>
    `M0 ${height} V${base + h(salt) * 30} C${width * 0.3} ${base - 60 * h(salt + 1)} ${width * 0.5} ${base + 50 * h(salt + 2)} ${width} ${base - 40 * h(salt + 3)} V${height} Z`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<linearGradient id="s" x2="0" y2="1"><stop stop-color="hsl(${hue} 45% ${42 + h(6) * 25}%)"/><stop offset="1" stop-color="hsl(${(hue + 170) % 360} 60% 80%)"/></linearGradient>
<rect width="${width}" height="${height}" fill="url(#s)"/>
<circle cx="${width * (0.2 + h(7) * 0.6)}" cy="${height * (0.2 + h(8) * 0.25)}" r="${height * 0.08}" fill="hsl(45 90% 88%)"/>
<path d="${hill(height * 0.6, 9)}" fill="hsl(${hue} 25% 45%)"/><path d="${hill(height * 0.75, 13)}" fill="hsl(${hue} 28% 30%)"/><path d="${hill(height * 0.88, 17)}" fill="hsl(${hue + 20} 30% 20%)"/>
</svg>`;
}

// Which files a web view can show as they are. WebKitGTK knows no HEIC and no raw formats; what it cannot show gets a drawn
// stand-in with the name of its type instead of a broken picture.

const pictures = new Set(['JPEG', 'JPG', 'PNG', 'GIF', 'WEBP', 'AVIF', 'BMP', 'X-MS-BMP']);

/** Takes the word of `Bucket.types`. */
export function webShowable(type: string): boolean {
  return pictures.has(type.toUpperCase());
}

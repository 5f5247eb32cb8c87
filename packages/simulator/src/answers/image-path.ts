import type { ImageSpec } from "./png.ts"

/** Keeps what one request can cost small; no real size is larger. */
export const MAX_IMAGE_SIDE = 4096
const IMAGE_PATH = /^\/__images\/([1-9]\d{0,3})x([1-9]\d{0,3})-([0-9a-f]{6})\.png$/

/** Where the simulator serves an image. The path says all about it, so nothing is stored. */
export function imagePath({ width, height, colour }: ImageSpec): string {
  return `/__images/${width}x${height}-${colour}.png`
}

/** The image that a path names; null if it names none. */
export function parseImagePath(path: string): ImageSpec | null {
  const [, left, right, colour] = IMAGE_PATH.exec(path) ?? []
  const [width, height] = [Number(left), Number(right)]
  return colour === undefined || Math.max(width, height) > MAX_IMAGE_SIDE ? null : { width, height, colour }
}

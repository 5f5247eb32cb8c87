/** Decodes a segment of a path. One that is not validly encoded names nothing, so it may stay as it is. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

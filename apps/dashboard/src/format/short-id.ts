const shownChars = 8

/** The end of an id, by which jobs of the same moment differ: `…b60a1b2c`. */
export function shortId(id: string): string {
  const cut = id.lastIndexOf("_") + 1
  return id.length - cut <= shownChars + 1 ? id : `${id.slice(0, cut)}…${id.slice(-shownChars)}`
}

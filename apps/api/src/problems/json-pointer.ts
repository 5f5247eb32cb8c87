const maxSegmentChars = 80

/**
 * A JSON Pointer as URI fragment (RFC 6901, sections 3 and 6): `#/input/messages/0/role`. Names longer than 80
 * characters are cut, since they are the caller's own text.
 */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return ["#", ...path.map(segment)].join("/")
}

function segment(key: PropertyKey): string {
  const name = String(key)
  const short = name.length > maxSegmentChars ? `${name.slice(0, maxSegmentChars)}…` : name
  return encodeURI(short.toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1")).replaceAll("#", "%23")
}

const plainName = /^[\p{L}_][\p{L}\p{N}_-]*$/u

function formatSegment(segment: PropertyKey, isFirst: boolean): string {
  if (typeof segment === "number") return `[${segment}]`
  const name = String(segment)
  if (!plainName.test(name)) return `[${JSON.stringify(name)}]`
  return isFirst ? name : `.${name}`
}

/** `routes.chat.tiers[0].endpoints[1]`; names that would be mistaken are quoted: `headers["x.y"]`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.map((segment, index) => formatSegment(segment, index === 0)).join("")
}

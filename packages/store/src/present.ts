export type Present<T> = { [K in keyof T]?: NonNullable<T[K]> }

/** The fields that are neither null nor undefined. */
export function present<T extends object>(fields: T): Present<T> {
  const result: Present<T> = {}
  for (const key in fields) {
    const value = fields[key]
    if (value !== null && value !== undefined) result[key] = value
  }
  return result
}

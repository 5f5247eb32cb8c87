/** Fails to compile when a switch over a closed union forgets a member, and throws if one slips in at run time. */
export function assertExhaustive(value: never, what: string): never {
  throw new Error(`Unexpected ${what}: ${JSON.stringify(value)}`)
}
